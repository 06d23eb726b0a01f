//! The attributes that the terminal draws the next character with, and the codes that change them.
//!
//! ratatui's own backend writes the 16 colours as colours of a palette of 256, which not every terminal has
//! (<https://github.com/crossterm-rs/crossterm/issues/844>).

use std::io::{self, Write};

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Back to the terminal's own attributes, in fewer bytes than any number takes. It ends each drawing too.
pub(super) const RESET: &[u8] = b"\x1b[m";

/// The modifiers that are drawn, each with the number that sets it. Other modifiers are not drawn.
const MODIFIERS: [(Modifier, u8); 2] = [(Modifier::BOLD, 1), (Modifier::REVERSED, 7)];
const DRAWN: Modifier = Modifier::BOLD.union(Modifier::REVERSED);

/// What the number of a background colour is more than that of the same colour of the foreground.
const TO_BACKGROUND: u8 = 10;

/// Writes a number. Formatting it takes several times as long.
pub(super) fn write_number(output: &mut impl Write, number: u16) -> io::Result<()> {
    if number > 9 {
        write_number(output, number / 10)?;
    }
    let digit = usize::from(number % 10);
    output.write_all(&b"0123456789"[digit..=digit])
}

/// True if the terminal's own background is all that is seen of the cell.
pub(super) fn is_blank(cell: &Cell) -> bool {
    cell.symbol() == " " && cell.bg == Color::Reset && !cell.modifier.contains(Modifier::REVERSED)
}

/// The attributes that the terminal draws the next character with.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Pen {
    colour: Color,
    background: Color,
    modifiers: Modifier,
}

impl From<&Cell> for Pen {
    fn from(cell: &Cell) -> Self {
        Self { colour: cell.fg, background: cell.bg, modifiers: cell.modifier & DRAWN }
    }
}

impl Pen {
    /// True if `cell` looks right with these attributes. Of a space only the background is seen.
    pub(super) fn draws(self, cell: &Cell) -> bool {
        let is_plain = || self.background == Color::Reset && !self.modifiers.contains(Modifier::REVERSED);
        self == Self::from(cell) || is_blank(cell) && is_plain()
    }

    /// Changes the attributes to some that `cell` looks right with, where it does not now.
    pub(super) fn change_to(&mut self, output: &mut impl Write, cell: &Cell) -> io::Result<()> {
        if self.draws(cell) {
            return Ok(());
        }
        let plain = Self::default();
        let next = if plain.draws(cell) { plain } else { Self::from(cell) };
        std::mem::replace(self, next).write_change(output, next)
    }

    fn write_change(self, output: &mut impl Write, next: Self) -> io::Result<()> {
        let plain = Self::default();
        if next == plain {
            return output.write_all(RESET);
        }
        // To clear everything takes fewer bytes than to clear anything else: a missing number is 0, which does that.
        let (was, mut before) = if self.has_more_than(next) { (plain, "\x1b[;") } else { (self, "\x1b[") };
        let new = next.modifiers - was.modifiers;
        let modifiers =
            MODIFIERS.into_iter().filter_map(|(modifier, number)| new.contains(modifier).then_some(number));
        let colour = (was.colour != next.colour).then(|| foreground_number(next.colour));
        let background = || foreground_number(next.background) + TO_BACKGROUND;
        let background = (was.background != next.background).then(background);
        for number in modifiers.chain(colour).chain(background) {
            output.write_all(before.as_bytes())?;
            write_number(output, number.into())?;
            before = ";";
        }
        output.write_all(b"m")
    }

    /// True if something of these attributes has to be cleared to have those of `next`.
    fn has_more_than(self, next: Self) -> bool {
        let is_cleared = |was: Color, is: Color| was != is && is == Color::Reset;
        !next.modifiers.contains(self.modifiers)
            || is_cleared(self.colour, next.colour)
            || is_cleared(self.background, next.background)
    }
}

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
    use super::*;

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
