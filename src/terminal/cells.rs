//! Cells as bytes: as few bytes as possible, because on a slow line the user waits for each.
//!
//! ratatui's own backend writes the 16 colours as colours of a palette of 256, which not every terminal has
//! (<https://github.com/crossterm-rs/crossterm/issues/844>), and ends each frame with three resets where one is enough.

use std::io::{self, Write};

use crossterm::cursor::MoveTo;
use crossterm::queue;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Back to the terminal's own attributes, in fewer bytes than any number takes. It ends each drawing too.
const RESET: &[u8] = b"\x1b[m";

/// The modifiers that are drawn, each with the number that sets it and the number that clears it. Other modifiers are not
/// drawn.
const MODIFIERS: [(Modifier, u8, u8); 2] = [(Modifier::BOLD, 1, 22), (Modifier::REVERSED, 7, 27)];

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
        // From here on the line is empty.
        let end = row.first().map_or(0, |(place, _)| end_of_text(shown, place.y));
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
    output.write_all(RESET)
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

/// The characters between two places of one line, or `None` where one of them looks otherwise with this pen, or where the escape
/// code that jumps over them is shorter.
fn repeat_gap(shown: &Buffer, from: Position, to: u16, longest: usize, pen: &Pen) -> Option<String> {
    let same = |x: u16| {
        let cell = shown.cell(Position { x, y: from.y })?;
        (pen.draws(cell) && cell.symbol().width() == 1).then(|| cell.symbol())
    };
    let again: Option<String> = (from.x..to).take(longest + 1).map(same).collect();
    again.filter(|again| again.len() <= longest)
}

/// The attributes that the terminal draws the next character with.
#[derive(Default)]
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

    /// Moves the cursor, and takes the attributes of `cell`, which comes next. A short gap is written again with the attributes
    /// from before or from after it, where that is shorter than the escape code that jumps over it.
    fn move_to(
        &mut self,
        output: &mut impl Write,
        shown: &Buffer,
        at: Option<Position>,
        to: Position,
        cell: &Cell,
    ) -> io::Result<()> {
        let Some(at) = at.filter(|at| at.y == to.y && at.x <= to.x) else {
            queue!(output, MoveTo(to.x, to.y))?;
            return self.change_to(output, cell);
        };
        let jump = match to.x - at.x {
            0 => String::new(),
            1 => "\x1b[C".to_owned(),
            columns => format!("\x1b[{columns}C"),
        };
        if let Some(gap) = repeat_gap(shown, at, to.x, jump.len(), self) {
            output.write_all(gap.as_bytes())?;
            return self.change_to(output, cell);
        }
        self.change_to(output, cell)?;
        let gap = repeat_gap(shown, at, to.x, jump.len(), self).unwrap_or(jump);
        output.write_all(gap.as_bytes())
    }

    /// Changes them to those of `cell`, where they differ.
    fn change_to(&mut self, output: &mut impl Write, cell: &Cell) -> io::Result<()> {
        if self.draws(cell) {
            return Ok(());
        }
        let plain = Self::default();
        if plain.draws(cell) {
            *self = plain;
            return output.write_all(RESET);
        }
        let mut numbers = Vec::new();
        for (modifier, on, off) in MODIFIERS {
            let (was, is) = (self.modifiers.contains(modifier), cell.modifier.contains(modifier));
            numbers.extend((was != is).then_some(if is { on } else { off }));
        }
        numbers.extend((self.colour != cell.fg).then(|| foreground_number(cell.fg)));
        numbers.extend((self.background != cell.bg).then(|| foreground_number(cell.bg) + TO_BACKGROUND));
        *self = Self { colour: cell.fg, background: cell.bg, modifiers: cell.modifier };
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
        assert_eq!(changed(&mut shown, &line("One Two of Three x")), "\x1b[1;1HOne T\x1b[6CT\x1b[5Cx\x1b[m");
    }

    #[test]
    fn a_gap_is_jumped_over_and_only_what_changes_is_set() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        let style = Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD);
        buffer.set_string(1, 0, "ab", Style::new());
        buffer.set_string(5, 0, "cd", style);
        buffer.set_string(0, 1, "e", Style::new().add_modifier(Modifier::REVERSED));
        assert_eq!(written(&buffer), "\x1b[1;2Hab  \x1b[1;35mcd\x1b[2;1H\x1b[22;7;39me\x1b[m");
    }

    #[test]
    fn behind_a_wide_character_and_the_last_column_the_cursor_is_where_it_is() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 2));
        buffer.set_string(0, 0, "満a", Style::new());
        buffer.set_string(4, 0, "yz", Style::new());
        buffer.set_string(0, 1, "b", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H満a yz\x1b[2;1Hb\x1b[m");
    }

    #[test]
    fn a_background_is_set_and_taken_back() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 1));
        buffer.set_string(0, 0, "ab", Style::new().fg(Color::White).bg(Color::Red));
        buffer.set_string(2, 0, "cd", Style::new());
        assert_eq!(written(&buffer), "\x1b[1;1H\x1b[97;41mab\x1b[mcd\x1b[m");
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
