//! The status: what is going on, what happened last, and what is true of the draft. Beside it, one line about the focused row.

use std::collections::HashSet;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::keymap::Scope;
use super::super::model::{Dialog, Form, FormRow, Model, Notice, Session, Tone};
use super::super::pages::{count_unsaved, doing, unknown, warning};
use super::text::{INDENT, cut, cut_front, explanation_parts, width, wrap};
use super::theme::Theme;
use super::widths::NARROW;
use crate::save::Outcome;
use crate::settings::{Item, Position, Row, catalog};
use crate::visible::visible;
use crate::words::{Explanation, list_changes};

/// The columns of a count of changes and the space behind it.
const LIST_GAP: usize = 21;

/// A text below the form: its lines, and how soon each is left out where there is little room.
pub(super) struct StatusText(Vec<(Line<'static>, Need)>);

/// How much a line is needed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    /// How something ended, what to do about it, what the user types, and how many changes are unsaved.
    Most,
    /// The first line of a text about the present draft.
    Some,
    /// The rest. The page that `l` opens shows all of it.
    Least,
}

impl StatusText {
    /// `text` without a lead. Its first line has this need.
    fn plain(text: &str, first: Need, theme: &Theme, columns: u16) -> Self {
        let lines = wrap(&theme.words(text), columns, INDENT, Style::new()).into_iter();
        let first = std::iter::once(first).chain(std::iter::repeat(Need::Least));
        Self(lines.zip(first).collect())
    }

    /// A text in parts. How it ended and what to do stay longest.
    fn explained(explained: &Explanation, tone: Tone, theme: &Theme, columns: u16) -> Self {
        let parts = explanation_parts(explained, columns, theme.lead(tone), theme);
        let first = if explained.lead.is_empty() { Need::Least } else { Need::Most };
        let needs = [[first, Need::Least], [Need::Most; 2], [Need::Least; 2]];
        let lines = parts.into_iter().zip(needs).flat_map(|(lines, [first, further])| {
            lines.into_iter().zip(std::iter::once(first).chain(std::iter::repeat(further)))
        });
        Self(lines.collect())
    }
}

/// The number of lines of all texts.
pub(super) fn count_lines(texts: &[StatusText]) -> usize {
    texts.iter().map(|text| text.0.len()).sum()
}

/// The texts, the most important first.
pub(super) fn texts(model: &Model, theme: &Theme, columns: u16) -> Vec<StatusText> {
    let plain = |need| move |text: String| StatusText::plain(&text, need, theme, columns);
    let explained = |tone, explained: &Explanation| StatusText::explained(explained, tone, theme, columns);
    // A dialog has its own text about what matters there.
    let form = model.shown_form();
    let notice = model.notice.as_ref().filter(|_| model.dialog.is_none());
    let texts = [
        search(model).map(plain(Need::Most)),
        doing(model).map(plain(Need::Most)),
        model.hint.clone().map(plain(Need::Most)),
        model.warning.clone().map(plain(Need::Least)),
        notice.map(|notice| explained(notice.tone(), &notice.explain(model))),
        demo_about(model).map(plain(Need::Some)),
        form.and_then(|form| unknown(model, form)).map(|text| explained(Tone::Bad, &text)),
        form.and_then(warning).map(plain(Need::Some)),
    ];
    let unsaved = form.map(|form| unsaved(model, form, theme, columns)).unwrap_or_default();
    texts.into_iter().flatten().chain(unsaved).collect()
}

/// The texts in at most `room` lines. Where lines are left out, `…` stands at the end of the line before them.
pub(super) fn fit(texts: Vec<StatusText>, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let needs: Vec<_> = texts.iter().flat_map(|text| text.0.iter().map(|(_, need)| *need)).collect();
    let by_need = [Need::Most, Need::Some, Need::Least].into_iter().flat_map(|need| {
        let places = needs.iter().enumerate();
        places.filter(move |(_, own)| **own == need).map(|(place, _)| place)
    });
    let kept: HashSet<usize> = by_need.take(room).collect();
    let mut place = 0;
    let mut lines: Vec<Line<'static>> = Vec::new();
    for text in texts {
        let mut is_marked = true;
        for (line, _) in text.0 {
            let is_kept = kept.contains(&place);
            place += 1;
            if is_kept {
                lines.push(line);
            } else if let (false, Some(last)) = (is_marked, lines.last_mut()) {
                last.push_span(theme.charset.ellipsis().to_string());
            }
            is_marked = !is_kept;
        }
    }
    lines
}

/// The field of the search.
fn search(model: &Model) -> Option<String> {
    let is_here = matches!(Scope::from_model(model), Scope::Search);
    let field = model.search.field.as_ref().filter(|_| is_here)?;
    let text = field.input.value();
    let is_missing = !text.is_empty() && !model.has_row(text);
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
    let lead = [" ", &count_unsaved(&changes), " "].concat();
    // The list begins at one column, whether it is one change or more.
    let gap = LIST_GAP.saturating_sub(width(&lead)).max(2);
    let room = usize::from(columns).saturating_sub(width(&lead) + gap + 3);
    let list = cut(&theme.words(&list_changes(&changes)), room, theme);
    let first = vec![Span::raw("  "), Span::styled(lead, theme.focus), Span::raw(" ".repeat(gap) + &list)];
    let room = usize::from(columns).saturating_sub(width(INDENT) + 1);
    let next = describe_next(model, form, theme, room);
    [(Line::from(first), Need::Most), (next, Need::Least)].map(|line| StatusText(vec![line])).into()
}

/// What `s` does with the unsaved changes, in one line.
fn describe_next(model: &Model, form: &Form, theme: &Theme, room: usize) -> Line<'static> {
    let is_narrow = room < usize::from(NARROW);
    let (before, after) = match (model.read_only(), form.unknown().is_some()) {
        (Some(_), _) => return Line::from(format!("{INDENT}[READ ONLY]: nothing can be sent.")),
        // The save of unknown outcome may have sent something.
        (None, true) if is_narrow => ("", "reads first."),
        (None, true) => ("", "reads first, then sends only what is missing."),
        // After a save that did not end well the notice says what was sent.
        (None, false) if is_narrow || matches!(model.notice, Some(Notice::Ended(..))) => ("", "saves to "),
        (None, false) => ("Nothing was sent yet. ", "saves to "),
    };
    let key = Span::styled("s ", theme.strong);
    let mut spans = vec![Span::raw([INDENT, before].concat()), key, Span::raw(after)];
    if form.unknown().is_none() {
        let target = model.session.as_ref().map(Session::shortest_target);
        let left = room.saturating_sub(width(before) + width(after) + 3);
        let target = cut(&theme.name(&target.unwrap_or_default()), left, theme);
        // The dot is bold too: that does not show, and the terminal gets fewer bytes.
        spans.push(Span::styled(target + ".", theme.strong));
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
    model.profiles.get(list.focus)?.describe_demo()
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
    Line::from([INDENT, &cut(&theme.words(&about_row(form)), room, theme)].concat())
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
