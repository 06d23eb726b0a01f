//! The screen of an editor that has no token: three choices, the name of a new profile, and the field for a token.
//!
//! ```text
//!    Welcome. There is no profile on this machine yet.
//!
//!  > [ Add a profile ]      the token is kept on this machine
//!    [ Use a token once ]   the token is not stored
//!    [ Open the demo ]      no token, no network
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::super::model::{
    FIND_TOKEN, FirstChoice, FirstStart, FirstStep, HiddenInput, Session, Size, TokenUse,
};
use super::body::VisibleBody;
use super::field::{FIELD_COLUMN, field_text, hidden};
use super::text::{INDENT, MARK, cut, heading, width, wrap};
use super::theme::Theme;
use super::widths::NARROW;

/// The columns of a button with the space behind it.
const BUTTON_WIDTH: usize = 23;

const WITHOUT_EDITOR: &str = "Without the editor: convrating login NAME, then convrating get or set";

/// What the user is asked now.
pub(super) fn body(first: &FirstStart, profiles: &[Session], theme: &Theme, size: Size) -> VisibleBody {
    match &first.step {
        FirstStep::Choosing(chosen) => {
            let welcome = welcome(!profiles.is_empty(), size.columns);
            choices(first, *chosen, welcome, theme, size)
        }
        FirstStep::Naming(field) => name(first, field, theme, size),
        FirstStep::Typing { token_use, field } => token(first, token_use, field, theme, size),
    }
}

/// The line above the footer: what the chosen button means where it does not stand beside the button, or the way without the
/// editor.
pub(super) fn about(first: &FirstStart, theme: &Theme, columns: u16) -> Line<'static> {
    let FirstStep::Choosing(chosen) = &first.step else { return Line::default() };
    let text = if columns < NARROW { chosen.about() } else { WITHOUT_EDITOR };
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1);
    Line::from(format!("{INDENT}{}", cut(text, room, theme)))
}

fn welcome(has_profiles: bool, columns: u16) -> &'static str {
    match has_profiles {
        true => "No profile is open. p lists them.",
        false if columns < NARROW => "Welcome. No profile is here yet.",
        false => "Welcome. There is no profile on this machine yet.",
    }
}

fn choices(
    first: &FirstStart,
    chosen: FirstChoice,
    welcome: &'static str,
    theme: &Theme,
    size: Size,
) -> VisibleBody {
    let mut lines = vec![heading(welcome, theme.strong), Line::default()];
    lines.extend(FirstChoice::ALL.map(|choice| button(choice, choice == chosen, theme, size.columns)));
    lines.extend(refusal(first, theme, size.columns));
    lines.push(Line::default());
    lines.extend(wrap(FIND_TOKEN, size.columns, INDENT, Style::new()));
    if lines.len() > usize::from(size.rows) {
        lines.retain(|line| line.width() > 0);
    }
    let is_chosen = |line: &Line<'_>| line.spans.first().is_some_and(|span| span.content == MARK);
    let cursor = lines.iter().position(is_chosen).unwrap_or(0);
    VisibleBody::page(lines, 0, size.rows).with_cursor(FIELD_COLUMN + 2, cursor)
}

fn button(choice: FirstChoice, is_chosen: bool, theme: &Theme, columns: u16) -> Line<'static> {
    let (mark, style) = if is_chosen { (MARK, theme.focus) } else { (INDENT, Style::new()) };
    let label = format!("[ {} ]", choice.label());
    let gap = " ".repeat(BUTTON_WIDTH.saturating_sub(width(&label)));
    let about = if columns < NARROW { String::new() } else { format!("{gap}{}", choice.about()) };
    Line::from(vec![Span::raw(mark), Span::styled(label, style), Span::raw(about)])
}

/// The field for the name of a new profile.
fn name(first: &FirstStart, field: &Input, theme: &Theme, size: Size) -> VisibleBody {
    let words = "A name for the agent on this machine, such as acme-prod:";
    let lines = FieldLines {
        title: "ADD A PROFILE",
        words: wrap(words, size.columns, INDENT, Style::new()),
        field: field_text(field, theme, size.columns),
        below: refusal(first, theme, size.columns),
    };
    lines.into_body(first.refusal.is_some(), theme, size)
}

/// The hidden field for a token.
fn token(
    first: &FirstStart,
    token_use: &TokenUse,
    field: &HiddenInput,
    theme: &Theme,
    size: Size,
) -> VisibleBody {
    let words = match token_use {
        TokenUse::Once => "Type or paste it. It is not shown and not stored.".to_owned(),
        TokenUse::Kept(name) => format!("For {name}. It is not shown, and kept only if it works."),
    };
    let typed = if first.request.is_some() { "trying it …".to_owned() } else { hidden(&field.0) };
    let refusal = refusal(first, theme, size.columns);
    let source = || {
        let lines = wrap(FIND_TOKEN, size.columns, INDENT, Style::new());
        std::iter::once(Line::default()).chain(lines).collect()
    };
    let lines = FieldLines {
        title: "API TOKEN",
        words: wrap(&theme.words(&words), size.columns, INDENT, Style::new()),
        field: (theme.words(&typed), 0),
        below: if refusal.is_empty() { source() } else { refusal },
    };
    lines.into_body(first.refusal.is_some(), theme, size)
}

/// The lines of a screen with one field.
struct FieldLines {
    title: &'static str,
    /// What the field is for.
    words: Vec<Line<'static>>,
    /// The field's text, and the caret's column in it.
    field: (String, u16),
    /// Why the last answer was not taken, or where the user finds one.
    below: Vec<Line<'static>>,
}

impl FieldLines {
    /// The body of the screen. Where not all of it fits, a refusal matters more than what the field is for.
    fn into_body(mut self, is_refused: bool, theme: &Theme, size: Size) -> VisibleBody {
        let rows = usize::from(size.rows);
        if self.words.len() + self.below.len() + 2 > rows {
            self.below.retain(|line| line.width() > 0);
            self.words.truncate(if is_refused { 0 } else { self.words.len() });
        }
        let (text, caret) = self.field;
        let field_line = self.words.len() + 1;
        let title = std::iter::once(heading(self.title, theme.strong));
        let field = Line::from(format!("{MARK}{text}"));
        let lines: Vec<_> = title.chain(self.words).chain([field]).chain(self.below).collect();
        let top = if is_refused { lines.len().saturating_sub(rows).min(field_line) } else { 0 };
        VisibleBody::page(lines, top, size.rows).with_cursor(FIELD_COLUMN + caret, field_line)
    }
}

fn refusal(first: &FirstStart, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let lines = |text: &String| wrap(&theme.words(text), columns, INDENT, theme.wrong);
    first.refusal.as_ref().map(lines).unwrap_or_default()
}
