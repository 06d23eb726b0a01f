//! All styles. They use the 16 ANSI colours and the terminal's own foreground and background. No meaning is shown by colour
//! alone.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::Line;

use super::super::model::Tone;
use crate::visible::ascii;

/// Named styles, and whether anything but ASCII may be drawn.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Headings and the product's name.
    pub heading: Style,
    /// `[DEMO]`, `[READ ONLY]`, `[PROTECTED]`.
    pub badge: Style,
    /// The mark of the focused row, the chosen button.
    pub focus: Style,
    good: Style,
    bad: Style,
    is_ascii: bool,
}

impl Theme {
    /// With colours.
    pub const COLOUR: Self = Self {
        heading: Style::new().add_modifier(Modifier::BOLD),
        badge: Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
        focus: Style::new().add_modifier(Modifier::REVERSED),
        good: Style::new().fg(Color::Green),
        bad: Style::new().fg(Color::Red),
        is_ascii: false,
    };

    /// Without colours: bold and reverse stay.
    pub const PLAIN: Self = Self {
        badge: Style::new().add_modifier(Modifier::BOLD),
        good: Style::new(),
        bad: Style::new().add_modifier(Modifier::BOLD),
        ..Self::COLOUR
    };

    /// The same styles, and only ASCII is drawn.
    #[must_use]
    pub fn ascii(mut self) -> Self {
        self.is_ascii = true;
        self
    }

    /// The style of a notice.
    pub(crate) fn tone(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => Style::new(),
            Tone::Good => self.good,
            Tone::Bad => self.bad,
        }
    }

    /// `text` as it can be drawn. Where only ASCII is drawn, each other character is spelled out.
    pub fn words(&self, text: &str) -> String {
        if self.is_ascii { ascii(text).into_owned() } else { text.to_owned() }
    }

    /// True where only ASCII is drawn.
    pub fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// The last step of a frame. Where only ASCII is drawn, it replaces all other characters in the buffer.
    pub(crate) fn finish(&self, buffer: &mut Buffer) {
        if !self.is_ascii {
            return;
        }
        for cell in buffer.content.iter_mut().filter(|cell| !cell.symbol().is_ascii()) {
            let plain = substitute(cell.symbol());
            cell.set_char(plain);
        }
    }
}

/// The ASCII character that stands for one that is not.
fn substitute(symbol: &str) -> char {
    match symbol {
        "─" => '-',
        "…" => '~',
        _ => '?',
    }
}

/// A line across the screen, with `word` near its right end; `word` may be empty. The line is set cell by cell, because
/// ratatui would look up the width of each character of a text.
pub(super) fn rule(frame: &mut Frame<'_>, area: Rect, word: &str) {
    for position in area.positions() {
        frame.buffer_mut()[position].set_symbol("─");
    }
    let word = Line::from(format!(" {word} "));
    let width = u16::try_from(word.width()).unwrap_or(u16::MAX);
    if width > 2 && width + 2 <= area.width {
        frame.render_widget(word, Rect { x: area.right() - 2 - width, width, ..area });
    }
}
