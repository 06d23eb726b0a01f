//! Cells as bytes: as few bytes as possible, because on a slow line the user waits for each.
//!
//! ratatui's own backend writes the 16 colours as colours of a palette of 256, which not every terminal has
//! (<https://github.com/crossterm-rs/crossterm/issues/844>), and ends each frame with three resets where one is enough.

use std::io::{self, Write};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Back to the terminal's own attributes, in fewer bytes than any number takes. Each drawing begins and ends with them.
const RESET: &[u8] = b"\x1b[m";

/// The modifiers that are drawn, each with the number that sets it and the number that clears it. Other modifiers are not
/// drawn.
const MODIFIERS: [(Modifier, u8, u8); 2] = [(Modifier::BOLD, 1, 22), (Modifier::REVERSED, 7, 27)];

/// To the first column of the next line. In raw mode the terminal's driver leaves these bytes as they are.
const LINE_END: &str = "\r\n";

/// Erases to the end of the line.
const ERASE_TO_END: &[u8] = b"\x1b[K";

/// Writes cells, each with its column and row, from left to right and from top to bottom. `shown` is what stands on the
/// screen; the cells are noted in it.
///
/// # Errors
/// The output's.
pub(super) fn write_cells<'a>(
    output: &mut impl Write,
    cells: impl Iterator<Item = (u16, u16, &'a Cell)>,
    shown: &mut Buffer,
) -> io::Result<()> {
    let cells: Vec<_> = cells.map(|(x, y, cell)| (Position { x, y }, cell)).collect();
    for (place, cell) in &cells {
        note(shown, *place, cell);
    }
    let mut pen = Pen::default();
    // Where the cursor stands. That is not known at first, nor after a character in the last column.
    let mut at: Option<Position> = None;
    for row in cells.chunk_by(|left, right| left.0.y == right.0.y) {
        // From here on the line is empty. Where the last of these cells is not, that does not matter.
        let end = row.last().filter(|(_, cell)| is_blank(cell)).map(|(place, _)| end_of_text(shown, place.y));
        let end = end.unwrap_or(u16::MAX);
        let text = row.partition_point(|(place, _)| place.x < end);
        let (text, behind) = row.split_at(text);
        let (text, erased) =
            if behind.len() > ERASE_TO_END.len() { (text, behind.first()) } else { (row, None) };
        for (to, cell) in text {
            pen.move_to(output, shown, at, *to, cell)?;
            output.write_all(cell.symbol().as_bytes())?;
            let next = to.x.saturating_add(columns_of(cell));
            at = (next < shown.area.width).then_some(Position { x: next, y: to.y });
        }
        if let Some((to, _)) = erased {
            // What was written ends where the line is empty from, or before.
            let from = at.filter(|at| at.y == to.y && at.x >= end).unwrap_or(*to);
            pen.move_to(output, shown, at, from, &Cell::EMPTY)?;
            output.write_all(ERASE_TO_END)?;
            at = Some(from);
        }
    }
    pen.write_change(output, Pen::default())
}

/// How many columns a cell takes.
fn columns_of(cell: &Cell) -> u16 {
    if cell.symbol().len() == 1 {
        return 1;
    }
    u16::try_from(cell.symbol().width()).unwrap_or(1).max(1)
}

/// Notes a cell in `shown`. The cells that a wide character covers are noted as empty: they are drawn anew before they are seen.
fn note(shown: &mut Buffer, place: Position, cell: &Cell) {
    for x in place.x + 1..place.x.saturating_add(columns_of(cell)) {
        if let Some(covered) = shown.cell_mut(Position { x, ..place }) {
            covered.reset();
        }
    }
    if let Some(noted) = shown.cell_mut(place) {
        *noted = cell.clone();
    }
}

/// The column behind the last one of a row where something is seen.
fn end_of_text(shown: &Buffer, y: u16) -> u16 {
    let width = usize::from(shown.area.width);
    let row = shown.content.chunks(width.max(1)).nth(y.into()).unwrap_or_default();
    let last = row.iter().rposition(|cell| !is_blank(cell));
    let end = last.map_or(0, |last| last + usize::from(columns_of(&row[last])));
    u16::try_from(end).unwrap_or(u16::MAX)
}

/// True if the terminal's own background is all that is seen of the cell.
fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.contains(Modifier::REVERSED)
}

/// The escape code that moves the cursor to the right.
fn jump_code(columns: u16) -> String {
    if columns == 1 { "\x1b[C".to_owned() } else { format!("\x1b[{columns}C") }
}

/// The escape code that moves the cursor anywhere.
fn move_code(to: Position) -> String {
    format!("\x1b[{};{}H", to.y + 1, to.x + 1)
}

/// The attributes that the terminal draws the next character with.
#[derive(Clone, Copy, Default, PartialEq)]
struct Pen {
    colour: Color,
    background: Color,
    modifiers: Modifier,
}

impl Pen {
    /// True if `cell` looks right with these attributes. Of a space only the background is seen.
    fn draws(&self, cell: &Cell) -> bool {
        let is_plain = self.background == Color::Reset && !self.modifiers.contains(Modifier::REVERSED);
        (self.colour, self.background, self.modifiers) == (cell.fg, cell.bg, cell.modifier)
            || is_plain && is_blank(cell)
    }

    /// These attributes where `cell` looks right with them, and otherwise others.
    fn for_cell(self, cell: &Cell) -> Self {
        let own = Self { colour: cell.fg, background: cell.bg, modifiers: cell.modifier };
        [self, Self::default()].into_iter().find(|pen| pen.draws(cell)).unwrap_or(own)
    }

    /// Moves the cursor, and takes the attributes of `cell`, which comes next. What stands between is written again with the
    /// attributes from before and from after, where that is shorter than an escape code. The next line is
    /// reached by its end.
    fn move_to(
        &mut self,
        output: &mut impl Write,
        shown: &Buffer,
        at: Option<Position>,
        to: Position,
        cell: &Cell,
    ) -> io::Result<()> {
        if at == Some(to) {
            return self.change_to(output, cell);
        }
        let (line_end, code, again) = match at {
            Some(at) if at.y == to.y && at.x < to.x => {
                let code = jump_code(to.x - at.x);
                let again = self.repeat(shown, at, to, code.len(), cell);
                ("", code, again)
            }
            Some(at) if at.y + 1 == to.y => {
                let code = move_code(to);
                let again =
                    self.repeat(shown, Position { x: 0, ..to }, to, code.len() - LINE_END.len(), cell);
                (LINE_END, code, again)
            }
            _ => ("", move_code(to), None),
        };
        let Some((before, after)) = again else {
            output.write_all(code.as_bytes())?;
            return self.change_to(output, cell);
        };
        output.write_all(line_end.as_bytes())?;
        output.write_all(before.as_bytes())?;
        self.change_to(output, cell)?;
        output.write_all(after.as_bytes())
    }

    /// The characters between two places of one line: those to be written with these attributes, and those with the attributes of
    /// `cell`, which stands behind them. `None` where that cannot be, or takes more than `longest` bytes.
    fn repeat(
        self,
        shown: &Buffer,
        from: Position,
        to: Position,
        longest: usize,
        cell: &Cell,
    ) -> Option<(String, String)> {
        if usize::from(to.x - from.x) > longest {
            return None;
        }
        let (mut texts, next) = ((String::new(), String::new()), self.for_cell(cell));
        for x in from.x..to.x {
            let gap = shown.cell(Position { x, y: to.y }).filter(|gap| gap.symbol().width() == 1)?;
            if texts.1.is_empty() && self.draws(gap) {
                texts.0.push_str(gap.symbol());
            } else if next.draws(gap) {
                texts.1.push_str(gap.symbol());
            } else {
                return None;
            }
        }
        (texts.0.len() + texts.1.len() <= longest).then_some(texts)
    }

    /// Changes them to those of `cell`, where they differ.
    fn change_to(&mut self, output: &mut impl Write, cell: &Cell) -> io::Result<()> {
        let next = self.for_cell(cell);
        let was = std::mem::replace(self, next);
        was.write_change(output, next)
    }

    /// Writes the escape code that changes these attributes to others, where they differ.
    fn write_change(self, output: &mut impl Write, next: Self) -> io::Result<()> {
        if self == next {
            return Ok(());
        }
        if next == Self::default() {
            return output.write_all(RESET);
        }
        let mut numbers = Vec::new();
        for (modifier, on, off) in MODIFIERS {
            let (was, is) = (self.modifiers.contains(modifier), next.modifiers.contains(modifier));
            numbers.extend((was != is).then_some(if is { on } else { off }));
        }
        numbers.extend((self.colour != next.colour).then(|| foreground_number(next.colour)));
        let background = || foreground_number(next.background) + TO_BACKGROUND;
        numbers.extend((self.background != next.background).then(background));
        if numbers.is_empty() {
            return Ok(());
        }
        let numbers: Vec<_> = numbers.iter().map(u8::to_string).collect();
        write!(output, "\x1b[{}m", numbers.join(";"))
    }
}

/// What the number of a background colour is more than that of the same colour of the foreground.
const TO_BACKGROUND: u8 = 10;

/// The number that sets a foreground colour: one of the 16 ANSI colours, which every terminal knows. For any other colour
/// it is the terminal's own foreground.
fn foreground_number(colour: Color) -> u8 {
    match colour {
        Color::Black => 30,
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        Color::Gray => 37,
        Color::DarkGray => 90,
        Color::LightRed => 91,
        Color::LightGreen => 92,
        Color::LightYellow => 93,
        Color::LightBlue => 94,
        Color::LightMagenta => 95,
        Color::LightCyan => 96,
        Color::White => 97,
        Color::Reset | Color::Rgb(..) | Color::Indexed(_) => 39,
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    /// The bytes that turn an empty screen into `buffer`.
    fn written(buffer: &Buffer) -> String {
        changed(&mut Buffer::empty(buffer.area), buffer)
    }

    /// The bytes that turn the screen `shown` into `buffer`.
    fn changed(shown: &mut Buffer, buffer: &Buffer) -> String {
        let before = shown.clone();
        let mut bytes = Vec::new();
        write_cells(&mut bytes, before.diff(buffer).into_iter(), shown).unwrap();
        assert_eq!(shown, buffer, "what is shown is noted");
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_short_gap_is_written_again_where_that_is_shorter() {
        let line = |text: &str| Buffer::with_lines([text]);
        let mut shown = line("one two of three  ");
        assert_eq!(changed(&mut shown, &line("One Two of Three x")), "\x1b[1;1HOne T\x1b[6CT\x1b[5Cx");
    }

    #[test]
    fn a_gap_is_written_again_with_the_attributes_from_before_and_from_after_it() {
        let reversed = Style::new().add_modifier(Modifier::REVERSED);
        let row = |mark: &str, text: &str| {
            let mut buffer = Buffer::with_lines([format!("{mark}      ")]);
            buffer.set_string(2, 0, text, reversed);
            buffer
        };
        let mut shown = row(" ", "[x] ");
        assert_eq!(changed(&mut shown, &row("*", "[ ] ")), "\x1b[1;1H* \x1b[7m[ \x1b[m");
    }

    #[test]
    fn the_next_line_is_reached_by_its_end_where_that_is_shorter() {
        let lines = |first: &str, second: &str| Buffer::with_lines([first, second]);
        let mut shown = lines("a  ", " >c            d");
        assert_eq!(changed(&mut shown, &lines("b  ", " >d            d")), "\x1b[1;1Hb\r\n >d");
        assert_eq!(changed(&mut shown, &lines("c  ", " >d            e")), "\x1b[1;1Hc\x1b[2;16He");
    }

    #[test]
    fn a_gap_is_jumped_over_and_only_what_changes_is_set() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        let style = Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD);
        buffer.set_string(1, 0, "ab", Style::new());
        buffer.set_string(5, 0, "cd", style);
        buffer.set_string(0, 1, "e", Style::new().add_modifier(Modifier::REVERSED));
        assert_eq!(written(&buffer), "\x1b[1;2Hab  \x1b[1;35mcd\r\n\x1b[22;7;39me\x1b[m");
    }

    #[test]
    fn behind_a_wide_character_and_the_last_column_the_cursor_is_where_it_is() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        buffer.set_string(0, 0, "満a", Style::new());
        buffer.set_string(4, 0, "yz", Style::new());
        buffer.set_string(0, 1, "b", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H満a yz\x1b[2;1Hb");
    }

    #[test]
    fn a_background_is_set_and_taken_back() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "ab", Style::new().fg(Color::White).bg(Color::Red));
        buffer.set_string(2, 0, "cd", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H\x1b[97;41mab\x1b[mcd");
    }

    #[test]
    fn sixteen_colours_are_sixteen_numbers() {
        let all = [
            Color::Black,
            Color::Red,
            Color::Green,
            Color::Yellow,
            Color::Blue,
            Color::Magenta,
            Color::Cyan,
            Color::Gray,
            Color::DarkGray,
            Color::LightRed,
            Color::LightGreen,
            Color::LightYellow,
            Color::LightBlue,
            Color::LightMagenta,
            Color::LightCyan,
            Color::White,
        ];
        let numbers: Vec<u8> = all.into_iter().map(foreground_number).collect();
        assert_eq!(numbers, (30..38).chain(90..98).collect::<Vec<_>>());
        assert_eq!(foreground_number(Color::Rgb(1, 2, 3)), 39);
    }
}
