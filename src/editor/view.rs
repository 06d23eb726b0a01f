//! The screen as a function of the model.
//!
//! ```text
//! header     the agent that is edited     view/header.rs   2 lines, up to 4 where it is narrow
//! rule
//! body       the form, a page, a question view/form.rs, view/dialog.rs … the lines that are left; it scrolls
//!            beside it, below it          view/illustration.rs, view/panes.rs, where there is room
//! status     what happened, what is true  view/status.rs   as many lines as the texts need
//! about      what the focused row is                       1 line, always at the same place; on a low
//!                                                          screen a dialog or a long text takes it
//! rule       (where there are 16 rows, and not while nothing is read yet)
//! footer     the keys that work now       view/footer.rs   1 line
//! ```

mod body;
mod conflict;
mod dialog;
mod field;
mod first_start;
mod footer;
mod form;
mod header;
mod illustration;
mod panes;
mod profiles;
mod status;
mod table;
mod text;
pub mod theme;
mod widths;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use self::body::VisibleBody;
use self::theme::Theme;
use self::widths::WIDEST;
use super::model::{Dialog, Model, Page, Phase, Question, Size, Tone};
use super::pages;
use crate::terminal::Picture;

/// From this height on there is room for a rule above the footer.
const TALL: u16 = 16;
/// The body has at least so many lines.
const MIN_BODY: u16 = 2;
/// So many lines below a form are kept free for the status, on a tall screen and on a low one.
const KEPT_STATUS: [usize; 2] = [3, 2];

/// The whole screen, and how far what is on it can be scrolled, in lines, for [`Model::note_scroll_end`]; `None` where nothing
/// scrolls.
pub fn render(model: &Model, theme: &Theme) -> (Picture, Option<usize>) {
    let Size { columns, rows } = model.size;
    let mut picture = Picture::new(columns, rows, theme.charset.is_ascii());
    if model.size.is_too_small() {
        picture.put(picture.area(), too_small(model, theme));
        return (picture, None);
    }
    let scroll_end = render_all(&mut picture, model, theme);
    (picture, scroll_end)
}

fn render_all(picture: &mut Picture, model: &Model, theme: &Theme) -> Option<usize> {
    let area = picture.area();
    let plan = Plan::new(model, theme, area);
    let [head, rule, body, below, line, rule_below, foot] = plan.regions;
    picture.put(head, plan.header);
    picture.put(below, plan.status);
    picture.put(line, [about(model, theme, area.width)]);
    // While nothing is read yet the first frame is smaller without it.
    if !matches!(model.phase, Phase::Opening(_) | Phase::Loading(_)) {
        put_rule(picture, rule_below, "", theme);
    }
    picture.put(foot, [footer::line(model, theme, area.width)]);
    let shown = render_body(picture, body, plan.grown, model, theme);
    put_rule(picture, rule, &scrolled(&shown), theme);
    shown.scroll_end
}

/// A line across the screen, with `word` near its right end; `word` may be empty.
fn put_rule(picture: &mut Picture, area: Rect, word: &str, theme: &Theme) {
    picture.put(area, [Line::from(theme.charset.rule().repeat(area.width.into()))]);
    if word.is_empty() {
        return;
    }
    let word = format!(" {word} ");
    let width = u16::try_from(text::width(&word)).unwrap_or(u16::MAX);
    if width + 2 <= area.width {
        picture.put(Rect { x: area.right() - 2 - width, width, ..area }, [Line::from(word)]);
    }
}

/// The regions from top to bottom, and the lines of the two regions that are as high as their text.
struct Plan {
    header: Vec<Line<'static>>,
    status: Vec<Line<'static>>,
    /// How many lines the status takes beyond those that are kept free for it.
    grown: usize,
    regions: [Rect; 7],
}

impl Plan {
    fn new(model: &Model, theme: &Theme, area: Rect) -> Self {
        let header = header::lines(model, theme, area.width.min(WIDEST));
        let rule_below = u16::from(area.height >= TALL);
        let texts = status::texts(model, theme, area.width);
        let without_about = height(&header) + 1 + rule_below + 1;
        let room = |fixed| usize::from(area.height.saturating_sub(fixed + MIN_BODY));
        // On a low screen a dialog or a long text takes the line about the focused row.
        let is_crowded = model.dialog.is_some() || status::count_lines(&texts) > room(without_about + 1);
        let about = u16::from(area.height >= TALL || !is_crowded);
        let fixed = without_about + about;
        let room = room(fixed);
        let mut status = status::fit(texts, room, theme);
        // Lines are kept free for the status, so that the rows of the form do not move when a text appears.
        let [tall, low] = KEPT_STATUS;
        let kept = if area.height >= TALL { tall } else { low };
        let kept = if model.shown_form().is_some() { kept.min(room) } else { 0 };
        let (missing, grown) = (kept.saturating_sub(status.len()), status.len().saturating_sub(kept));
        status.splice(0..0, std::iter::repeat_n(Line::default(), missing));
        let body = area.height.saturating_sub(fixed + height(&status));
        let heights = [height(&header), 1, body, height(&status), about, rule_below, 1];
        Self { header, status, grown, regions: stack(area, heights) }
    }
}

/// Regions of these heights, one below the other. A region outside the area has no height. This does not use ratatui's
/// `Layout`: its solver took more time than all the drawing, and fixed heights need no solver.
fn stack<const N: usize>(area: Rect, heights: [u16; N]) -> [Rect; N] {
    let mut top = area.y;
    heights.map(|height| {
        let region = Rect { y: top, height, ..area }.intersection(area);
        top = top.saturating_add(height);
        region
    })
}

/// Draws the body, and the illustration where there is room. `grown` is how many lines the status has taken from the body. Returns the
/// part of the body that is on screen. Its lines are drawn, and no longer in it.
fn render_body(picture: &mut Picture, area: Rect, grown: usize, model: &Model, theme: &Theme) -> VisibleBody {
    let form = model.shown_form();
    // On a wide screen nothing stands far from what it belongs to.
    let area = if form.is_some() { Rect { width: area.width.min(WIDEST), ..area } } else { area };
    let preview_width = form.map_or(0, |_| illustration::width(area.width));
    let left = Rect { width: area.width - preview_width, ..area };
    let right = Rect { x: left.right(), width: preview_width, ..area };
    if let Some(form) = form.filter(|_| preview_width > 0) {
        let lines = illustration::lines(form, theme, preview_width, right.height);
        picture.put(right, lines);
    }
    let mut body = body(model, theme, Size { columns: left.width, rows: left.height });
    if let Some(form) = form.filter(|_| body.shown == body.total) {
        let room = usize::from(left.height).saturating_sub(body.total);
        body.lines.extend(panes::lines(model, form, theme, left.width, (room, grown)));
    }
    picture.put(left, std::mem::take(&mut body.lines));
    if let Some((column, line)) = body.cursor
        && let Some(row) = line.checked_sub(body.top).and_then(|row| u16::try_from(row).ok())
        && row < left.height
    {
        let column = column.min(left.width.saturating_sub(1));
        picture.put_cursor(Position::new(left.x + column, left.y + row));
    }
    body
}

fn body(model: &Model, theme: &Theme, size: Size) -> VisibleBody {
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Question { question, choice, scroll, .. }), _) => {
            dialog::question(model, theme, question, (*choice, scroll.top), size)
        }
        (Some(Dialog::Add { field, refusal }), _) => dialog::field(theme, field, *refusal, size),
        (Some(Dialog::Token { field, refusal, request }), _) => {
            let shown = (model.session.as_ref(), field);
            dialog::new_token(theme, shown, refusal.as_deref(), request.is_some(), size)
        }
        (Some(Dialog::Profiles(list)), _) => profiles::body(model, theme, list, size),
        (Some(Dialog::Page(page, scroll)), _) => {
            let lines = pages::lines(model, *page, size.columns, theme.charset);
            let lines = match page {
                Page::Help => style_groups(lines, theme),
                Page::Log | Page::Request => style_heading(lines, theme),
            };
            VisibleBody::page(lines, scroll.top, size.rows)
        }
        (Some(Dialog::History(page)), _) => {
            let lines = pages::history(model, page, size.columns, theme.charset);
            VisibleBody::page(style_heading(lines, theme), page.scroll.top, size.rows)
        }
        (None, Phase::AskToken(first)) => first_start::body(first, &model.profiles, theme, size),
        (None, Phase::Opening(_) | Phase::Loading(_)) => VisibleBody::default(),
        (None, Phase::LoadFailed(failure, scroll)) => {
            let explained = pages::not_read(model, failure);
            let parts = text::explanation_parts(&explained, size.columns, theme.lead(Tone::Bad), theme);
            VisibleBody::page(todo_in_view(parts, size.rows, theme), scroll.top, size.rows)
        }
        (None, Phase::Ready(form)) => form::body(form, theme, size),
    }
}

/// The lines of a text in parts. Where what happened would push what to do off the screen, its end stands behind that.
fn todo_in_view(parts: [Vec<Line<'static>>; 3], rows: u16, theme: &Theme) -> Vec<Line<'static>> {
    let [mut happened, todo, rest] = parts;
    let room = usize::from(rows).saturating_sub(todo.len());
    let end = happened.split_off(happened.len().min(room));
    if let Some(last) = happened.last_mut().filter(|_| !end.is_empty()) {
        last.push_span(theme.charset.ellipsis().to_string());
    }
    [happened, todo, end, rest].concat()
}

/// The line about what is focused.
fn about(model: &Model, theme: &Theme, columns: u16) -> Line<'static> {
    match (&model.dialog, &model.phase) {
        (None, Phase::AskToken(first)) => first_start::about(first, theme, columns),
        _ => status::about(model, theme, columns),
    }
}

/// The lines of a page, with a style for its heading.
fn style_heading(lines: Vec<String>, theme: &Theme) -> Vec<Line<'static>> {
    let styled = |(index, line)| Line::styled(line, if index == 0 { theme.strong } else { Style::new() });
    lines.into_iter().enumerate().map(styled).collect()
}

/// The lines of the help, with a style for the headings of its groups. Two of them may stand in one line.
fn style_groups(lines: Vec<String>, theme: &Theme) -> Vec<Line<'static>> {
    lines.into_iter().map(|line| style_words(&line, theme)).collect()
}

/// `line` with a style for each heading in it: it is a word in capitals between wider spaces.
fn style_words(line: &str, theme: &Theme) -> Line<'static> {
    let parts = line.split_inclusive("  ").map(|part| {
        let is_heading = pages::HELP_HEADINGS.contains(&part.trim());
        Span::styled(part.to_owned(), if is_heading { theme.strong } else { Style::new() })
    });
    Line::from(parts.collect::<Vec<_>>())
}

/// `1-4 of 12`; empty where all lines are on screen.
fn scrolled(shown: &VisibleBody) -> String {
    let VisibleBody { top, shown, total, .. } = shown;
    match shown {
        _ if shown >= total => String::new(),
        1 => format!("{} of {total}", top + 1),
        _ => format!("{}-{} of {total}", top + 1, top + shown),
    }
}

/// The text on a terminal that is too small for the form: first the question, or the request that is under way.
fn too_small(model: &Model, theme: &Theme) -> Vec<Line<'static>> {
    let Size { columns, rows } = Size::LEAST;
    let is_saving = model.form().is_some_and(|form| form.saving().is_some());
    let needs = format!("Needs {columns}x{rows}.");
    let text = match &model.dialog {
        Some(Dialog::Question { question: Question::Quit, .. }) => {
            format!("Unsaved: n quits, Esc stays. {needs}")
        }
        _ if is_saving => format!("Saving. {needs} q quits."),
        _ if model.has_unsaved_changes() => format!("{needs} q quits. Your changes are kept."),
        _ => format!("{needs} q quits."),
    };
    let hint = model.hint.as_ref().map(|hint| format!(" {hint}")).unwrap_or_default();
    text::wrap(&theme.words(&format!("{text}{hint}")), model.size.columns + 1, "", Style::new())
}

fn height(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}
