//! What a high screen has room for below the form: the changes, the request that `s` would send, and the last requests of the run.

use ratatui::text::{Line, Span};

use super::super::model::{Form, Model};
use super::super::pages;
use super::text::{cut, heading, width};
use super::theme::Theme;
use crate::settings::{Change, QUESTION_CODES, flag_names};
use crate::visible::json_visible;

/// From this height of the screen on, in rows, the changes and the request stand below the form.
const HIGH: u16 = 30;
/// From this height on the last requests do too.
const HIGHER: u16 = 36;
/// So many of the last requests.
const LAST: usize = 5;
/// A warning takes so many lines of the status.
const WARNING: usize = 2;
/// The changes have so many lines at least, where there is room: an edit does not move the request below them.
const LEAST_CHANGES: usize = 4;
/// The names of changes take so many columns at least: an edit does not move what they are changed to.
const LEAST_NAME: usize = 17;
/// The space before the lines of a pane.
const PANE_INDENT: &str = "     ";

/// The lines of a pane, or of several.
type Pane = Vec<Line<'static>>;

/// The panes below a form, in `room` lines of `columns`, which were `grown` lines more before the status grew. A pane that does not
/// fit whole is left out.
///
/// ```text
///  form ─► CHANGES, REQUEST      they come with the first edit, and go with the last
///          blank lines
///          THIS RUN              at the bottom, where nothing that comes above moves it
/// ```
pub(super) fn lines(
    model: &Model,
    form: &Form,
    theme: &Theme,
    columns: u16,
    (room, grown): (usize, usize),
) -> Pane {
    // While a save is under way it is not known what the server has of the changes.
    let is_high = model.size.rows >= HIGH && form.draft.is_dirty() && form.saving().is_none();
    let would_send = form.unknown().is_none() && model.read_only().is_none();
    let changes = is_high.then(|| list_changes(form, theme));
    let request = (is_high && would_send).then(|| request(form, theme, columns));
    let run = (model.size.rows >= HIGHER && !model.log.is_empty()).then(|| this_run(model, theme));
    let mut lines = put_below([changes, request], room, run.as_ref().map_or(0, |run| run.len() + 1));
    if let Some(run) = run {
        put_at_bottom(&mut lines, run, room, room + grown);
    }
    lines.into_iter().map(|line| cut_line(line, columns, theme)).collect()
}

/// The panes, one below the other. They take more lines than they need only where the `rest` of what is to come has room too.
fn put_below([changes, request]: [Option<Pane>; 2], room: usize, rest: usize) -> Pane {
    let height =
        |pane: &Option<Pane>, least: usize| pane.as_ref().map_or(0, |pane| pane.len().max(least) + 1);
    let is_roomy = height(&changes, LEAST_CHANGES) + height(&request, 0) + rest <= room;
    let mut lines = Pane::new();
    for (pane, least) in [(changes, if is_roomy { LEAST_CHANGES } else { 0 }), (request, 0)] {
        if let Some(pane) = pane.filter(|pane| lines.len() + pane.len() < room) {
            let end = lines.len() + 1 + pane.len().max(least);
            lines.push(Line::default());
            lines.extend(pane);
            lines.resize(end, Line::default());
        }
    }
    lines
}

/// Puts a pane at the bottom of `room`, with a blank line before it. Where there is room for that, its heading stands where it stands
/// when the pane is full and the status, which once left `room_before`, is as high as a warning makes it.
fn put_at_bottom(lines: &mut Pane, pane: Pane, room: usize, room_before: usize) {
    let Some(lowest) = room.checked_sub(pane.len()).filter(|lowest| *lowest > lines.len()) else { return };
    let fixed = room_before.saturating_sub(1 + LAST + WARNING);
    lines.resize(fixed.clamp(lines.len() + 1, lowest), Line::default());
    lines.extend(pane);
}

/// A heading, and what is said about it beside it.
fn title(text: &'static str, about: &str, theme: &Theme) -> Line<'static> {
    let mut title = heading(text, theme.strong);
    title.push_span(Span::raw(format!("   {about}")));
    title
}

fn list_changes(form: &Form, theme: &Theme) -> Pane {
    let changes = form.draft.changes();
    let names: Vec<_> = changes.iter().map(|change| theme.name(&change.item.to_string())).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or_default().max(LEAST_NAME);
    let line = |(change, name): (&Change, &String)| {
        let padding = " ".repeat(widest - width(name));
        let words = format!("{} → {}", change.before.word(&change.item), change.after.word(&change.item));
        Line::from(format!("{PANE_INDENT}{name}{padding}   {}", theme.words(&words)))
    };
    let sent = if form.unknown().is_some() { "may have been sent" } else { "not sent yet" };
    let title = title("CHANGES", &format!("{}, {sent}", changes.len()), theme);
    std::iter::once(title).chain(changes.iter().zip(&names).map(line)).collect()
}

/// The method, and the body with one field on each line.
fn request(form: &Form, theme: &Theme, columns: u16) -> Pane {
    let body = form.patch().cut_to(columns.into()).to_json();
    let body = json_visible(&body, theme.charset.is_ascii()).into_owned();
    let body = flag_names()
        .chain([QUESTION_CODES])
        .fold(body, |body, name| body.replace(&format!(",\"{name}\":"), &format!(",\n \"{name}\":")));
    let body = body.lines().map(|line| Line::from(format!("{PANE_INDENT}{line}")));
    let title = title("REQUEST", "what s would send: v shows all of it", theme);
    [title, Line::from(format!("{PANE_INDENT}PATCH"))].into_iter().chain(body).collect()
}

fn this_run(model: &Model, theme: &Theme) -> Pane {
    let last = model.log.iter().rev().take(LAST);
    let entries = last.map(|logged| {
        let entry = pages::describe_request(&logged.record, &model.now.local);
        Line::from(format!("{PANE_INDENT}{}", theme.words(&entry)))
    });
    let title = title("THIS RUN", "the last requests: l shows all of them", theme);
    std::iter::once(title).chain(entries).collect()
}

/// A pane shows only the beginning of a long line.
fn cut_line(line: Line<'static>, columns: u16, theme: &Theme) -> Line<'static> {
    let room = usize::from(columns).saturating_sub(2);
    if line.width() <= room {
        return line;
    }
    let text: String = line.spans.iter().map(|span| span.content.as_ref()).collect();
    Line::from(cut(&text, room, theme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_pane_that_fits_is_shown_whole_and_none_is_cut() {
        let pane = |text: &'static str, height: usize| vec![Line::from(text); height];
        for (room, changes) in (0..40).flat_map(|room| (2..8).map(move |changes| (room, changes))) {
            for (request, run) in (3..7).flat_map(|request| (2..7).map(move |run| (request, run))) {
                let above = [Some(pane("changes", changes)), Some(pane("request", request))];
                let mut lines = put_below(above, room, run + 1);
                put_at_bottom(&mut lines, pane("run", run), room, room);
                let heights = [("changes", changes), ("request", request), ("run", run)];
                let shown =
                    heights.map(|(text, _)| lines.iter().filter(|line| line.to_string() == text).count());
                let whole = heights.map(|(_, height)| height);
                let case = format!("{whole:?} in {room}: {shown:?}");
                assert!(lines.len() <= room, "{case}");
                assert!(
                    shown.iter().zip(whole).all(|(shown, whole)| *shown == 0 || *shown == whole),
                    "{case}"
                );
                if whole.iter().map(|height| height + 1).sum::<usize>() <= room {
                    assert_eq!(shown, whole, "{case}");
                }
            }
        }
    }
}
