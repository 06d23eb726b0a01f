//! The status: what is going on, what happened last, and what is true of the draft. Beside it, one line about the focused row.

use ratatui::text::{Line, Span};

use super::super::keymap::Scope;
use super::super::model::{Dialog, Form, FormRow, Model, Notice, Session, Tone};
use super::super::pages::{count_unsaved, doing, unknown, warning};
use super::text::{INDENT, cut, cut_front, width, wrap_with_lead};
use super::theme::Theme;
use crate::save::Outcome;
use crate::settings::{Item, Position, Row, catalog};
use crate::visible::visible;
use crate::words::list_changes;

/// Under this width only the short sentences fit.
const NARROW: u16 = 60;

/// A text below the form.
pub(super) struct StatusText {
    lines: Vec<Line<'static>>,
    /// True for a text about the present draft. Its first line is shown even where there is little room.
    stays: bool,
}

/// The texts, the most important first.
pub(super) fn texts(model: &Model, theme: &Theme, columns: u16) -> Vec<StatusText> {
    let plain = |text: String| (Tone::Plain, text);
    let search = search(model).map(plain);
    let passing = [doing(model).map(plain), model.hint.clone().map(plain), model.warning.clone().map(plain)];
    // A dialog has its own text about what matters there.
    let form = model.shown_form();
    let notice = model.notice.as_ref().filter(|_| model.dialog.is_none());
    let ended = notice.map(|notice| (notice.tone(), notice.text(model)));
    let standing = [
        demo_about(model).map(plain),
        form.and_then(|form| unknown(model, form)).map(|text| (Tone::Bad, text)),
        form.and_then(warning).map(plain),
    ];
    let text = |stays: bool| {
        move |(tone, text): (Tone, String)| {
            let lines = wrap_with_lead(&theme.words(&text), columns, theme.lead(tone));
            StatusText { lines, stays }
        }
    };
    let passing = passing.into_iter().chain([ended]).flatten().map(text(false));
    // The user has to see what is typed.
    let search = search.into_iter().map(text(true));
    let unsaved = form.map(|form| unsaved(model, form, theme, columns)).unwrap_or_default();
    search.chain(passing).chain(standing.into_iter().flatten().map(text(true))).chain(unsaved).collect()
}

/// The texts in at most `room` lines. Each text that stays keeps its first line. A text that was cut ends with `…`; the page
/// that `l` opens shows all of it.
pub(super) fn fit(texts: Vec<StatusText>, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut kept = texts.iter().filter(|text| text.stays).count().min(room);
    let mut left = room - kept;
    let mut lines = Vec::new();
    for text in texts {
        let own = usize::from(text.stays && kept > 0);
        kept -= own;
        let shown = text.lines.len().min(left + own);
        left -= shown - own.min(shown);
        let is_cut = shown < text.lines.len();
        lines.extend(text.lines.into_iter().take(shown));
        if let (true, true, Some(last)) = (is_cut, shown > 0, lines.last_mut()) {
            last.push_span(theme.charset.ellipsis().to_string());
        }
    }
    lines
}

/// The field of the search.
fn search(model: &Model) -> Option<String> {
    let is_here = matches!(Scope::from_model(model), Scope::Search);
    let field = model.search.field.as_ref().filter(|_| is_here)?;
    let text = field.input.value();
    let is_missing = !text.is_empty() && model.find_rows(text).is_empty();
    let missing = if is_missing { " (not found)" } else { "" };
    Some(format!("Find: {}{missing}", visible(text)))
}

/// The unsaved changes, and what becomes of them: one line each, so that a change of the count moves no line. Nothing while a
/// save is under way, because their state is not known then.
fn unsaved(model: &Model, form: &Form, theme: &Theme, columns: u16) -> Vec<StatusText> {
    if form.saving().is_some() || !form.draft.is_dirty() {
        return Vec::new();
    }
    let changes = form.draft.changes();
    let lead = format!(" {} ", count_unsaved(&changes));
    let room = usize::from(columns).saturating_sub(width(&lead) + 5);
    let list = cut(&theme.words(&list_changes(&changes)), room, theme);
    let first = vec![Span::raw("  "), Span::styled(lead, theme.focus), Span::raw(format!("  {list}"))];
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1);
    let next = describe_next(model, form, theme, room);
    let text = |line, stays| StatusText { lines: vec![line], stays };
    vec![text(Line::from(first), true), text(next, false)]
}

/// What `s` does with the unsaved changes, in one line.
fn describe_next(model: &Model, form: &Form, theme: &Theme, room: usize) -> Line<'static> {
    let is_narrow = room < usize::from(NARROW);
    let (before, after) = match (model.read_only(), form.unknown().is_some()) {
        (Some(_), _) => return Line::from(format!("{INDENT}[READ ONLY]: nothing can be sent.")),
        // The save of unknown outcome may have sent something.
        (None, true) if is_narrow => ("", " reads first."),
        (None, true) => ("", " reads first, then sends only what is missing."),
        (None, false) if is_narrow => ("", " saves to "),
        (None, false) => ("Nothing was sent yet. ", " saves to "),
    };
    let key = Span::styled("s", theme.strong);
    let mut spans = vec![Span::raw(format!("{INDENT}{before}")), key, Span::raw(after)];
    if form.unknown().is_none() {
        let target = model.session.as_ref().map(Session::short_target);
        let left = room.saturating_sub(width(before) + width(after) + 2);
        spans.push(Span::styled(cut(&theme.name(&target.unwrap_or_default()), left, theme), theme.strong));
        spans.push(Span::raw("."));
    }
    Line::from(spans)
}

impl Notice {
    fn tone(&self) -> Tone {
        match self {
            Self::Said(tone, _) => *tone,
            Self::Ended(outcome, _) => match **outcome {
                Outcome::Saved { .. } => Tone::Good,
                Outcome::TookTheirs(_) => Tone::Plain,
                _ => Tone::Bad,
            },
        }
    }
}

/// What the focused agent of the demo shows, in the list of profiles.
fn demo_about(model: &Model) -> Option<String> {
    let Some(Dialog::Profiles(list)) = &model.dialog else { return None };
    let profile = model.profiles.get(list.focus)?;
    let name = profile.name.as_deref().unwrap_or_default();
    profile.demo_about.as_ref().map(|about| format!("{name}: {about}"))
}

/// A line about the focused row. For a code that does not fit into its row it is the end of the code.
pub(super) fn about(model: &Model, theme: &Theme, columns: u16) -> Line<'static> {
    let Some(form) = model.shown_form() else { return Line::default() };
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1);
    if let FormRow::Item(Row { item: Item::Code(code), .. }) = form.focused() {
        let code = code.to_string();
        if super::form::is_cut(&code, columns) {
            return Line::from(format!("{INDENT}{}", cut_front(&theme.name(&code), room, theme)));
        }
    }
    Line::from(format!("{INDENT}{}", cut(&theme.words(&about_row(form)), room, theme)))
}

fn about_row(form: &Form) -> String {
    match form.focused() {
        FormRow::Item(Row { item: Item::Switch(switch), now: Position::Mixed, .. }) => {
            form.draft.baseline().describe_disagreement(*switch, "Space")
        }
        FormRow::Item(Row { item: Item::Switch(switch), .. }) => switch.definition().about.to_owned(),
        FormRow::Item(Row { item: Item::Code(code), .. }) => match catalog::lookup(code) {
            Some(known) => format!("asks {}", known.about),
            None => "a code that Quickchat does not document; kept exactly as it is".to_owned(),
        },
        FormRow::Add => "for a code that is not in the list".to_owned(),
    }
}
