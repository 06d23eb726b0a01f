//! All styles. They use the 16 ANSI colours and the terminal's own foreground and background. No meaning is shown by colour
//! alone.

use ratatui::style::{Color, Modifier, Style};

use super::super::model::Tone;
use crate::settings::Position;
use crate::visible::Charset;

/// The time that a token has left stands out if it is at most so many seconds: 30 days.
const WARN_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Named styles, and the characters that are drawn.
#[derive(Clone, Debug)]
pub struct Theme {
    /// Headings, names that matter, keys.
    pub strong: Style,
    /// `[DEMO]`, `[READ ONLY]`, `[PROTECTED]`.
    pub badge: Style,
    /// What the eye has to find first: the profile, the focused row, the chosen button.
    pub focus: Style,
    /// The word for a switch that is on.
    pub on: Style,
    /// A word for what is wrong: flags that disagree, a token that was refused or has expired.
    pub wrong: Style,
    good: Style,
    bad: Style,
    /// The characters that are drawn.
    pub charset: Charset,
}

impl Theme {
    /// With colours. Green and red are a background, or the colour of one bold word. Black on green and white on red can be read
    /// on every theme; green text on white cannot.
    pub const COLOUR: Self = Self {
        strong: Style::new().add_modifier(Modifier::BOLD),
        badge: Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
        focus: Style::new().add_modifier(Modifier::REVERSED),
        on: Style::new().fg(Color::Green).add_modifier(Modifier::BOLD),
        wrong: Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
        good: Style::new().fg(Color::Black).bg(Color::Green),
        bad: Style::new().fg(Color::White).bg(Color::Red),
        charset: Charset::Unicode,
    };

    /// Without colours: bold and reverse stay.
    pub const PLAIN: Self = Self {
        badge: Style::new().add_modifier(Modifier::BOLD),
        on: Style::new().add_modifier(Modifier::BOLD),
        wrong: Style::new().add_modifier(Modifier::BOLD),
        good: Style::new().add_modifier(Modifier::REVERSED),
        bad: Style::new().add_modifier(Modifier::REVERSED),
        ..Self::COLOUR
    };

    /// The same styles with these characters.
    #[must_use]
    pub fn with_charset(self, charset: Charset) -> Self {
        Self { charset, ..self }
    }

    /// The word for the position of a switch, and its style.
    pub(crate) fn position(&self, position: Position) -> (&'static str, Style) {
        match position {
            Position::On => ("ON", self.on),
            Position::Off => ("OFF", self.strong),
            Position::Mixed => ("DISAGREE", self.wrong),
        }
    }

    /// The style of the time that a token has left, in seconds; `None` where the token does not say it.
    pub(crate) fn time_left(&self, seconds: Option<i64>) -> Style {
        match seconds {
            Some(..=0) => self.wrong,
            Some(..=WARN_SECONDS) => self.strong,
            _ => Style::new(),
        }
    }

    /// The style of the lead word of a text.
    pub(crate) fn lead(&self, tone: Tone) -> Style {
        match tone {
            Tone::Plain => self.focus,
            Tone::Good => self.good,
            Tone::Bad => self.bad,
        }
    }

    /// A sentence of the editor as it can be drawn.
    pub fn words(&self, sentence: &str) -> String {
        self.charset.words(sentence).into_owned()
    }

    /// A text of the server or of the user as it can be drawn: a code, a name, a host.
    pub fn name(&self, text: &str) -> String {
        self.charset.name(text).into_owned()
    }
}
