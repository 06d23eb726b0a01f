//! The screen as a function of the model.
//!
//! ```text
//! header     whom we talk to              view/header.rs   2 lines, up to 4 where it is narrow
//! rule
//! body       the form, a page, a question view/form.rs, view/dialog.rs … what is left; it scrolls
//! status     what happened, what is true  view/status.rs   as many lines as it takes
//! about      what the focused row is                       1 line, always at the same place; on a low
//!                                                          screen a dialog has it
//! rule       (where there are 16 rows)
//! footer     the keys that work now       view/footer.rs   1 line
//! ```

mod dialog;
mod footer;
mod form;
mod header;
mod illustration;
mod profiles;
mod status;
mod text;
pub mod theme;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Text};

use self::theme::Theme;
use super::model::{Dialog, Model, Page, Phase, Question, Size, Tone};
use super::pages;

/// From this width on there is room for the illustration beside the form.
const WIDE: u16 = 100;
/// The illustration's width in columns.
const ILLUSTRATION_WIDTH: u16 = 40;
/// From this height on there is room for a rule above the footer.
const TALL: u16 = 16;
/// The lines that the body has at least.
const MIN_BODY: u16 = 2;
/// The lines that are kept for what is said below a form, on a tall screen and on a low one.
const KEPT_STATUS: [usize; 2] = [2, 1];

/// What of the body is on screen: its lines, which of all they are, and where the cursor stands.
#[derive(Debug, Default)]
struct Body {
    lines: Vec<Line<'static>>,
    /// The number of the first one.
    top: usize,
    /// How many they are.
    shown: usize,
    /// How many there would be in all.
    total: usize,
    /// The cursor: column, and line of all.
    cursor: Option<(u16, usize)>,
}

impl Body {
    /// The part of `total` lines that must be seen for line `focus`: a screenful at a time, so that most moves leave every
    /// row where it is. Only lines that are seen are made.
    fn window(total: usize, focus: usize, height: u16, line: impl FnMut(usize) -> Line<'static>) -> Self {
        let height = usize::from(height);
        Self::from_line(total, focus / height.max(1) * height, height, line)
    }

    /// A text in the lines from `top` on, or as far down as there is text.
    fn page(lines: Vec<Line<'static>>, top: usize, height: u16) -> Self {
        let mut lines: Vec<_> = lines.into_iter().map(Some).collect();
        let total = lines.len();
        Self::from_line(total, top, height.into(), |place| lines[place].take().unwrap_or_default())
    }

    fn from_line(total: usize, top: usize, height: usize, line: impl FnMut(usize) -> Line<'static>) -> Self {
        let top = top.min(total.saturating_sub(height));
        let lines: Vec<_> = (top..total.min(top + height)).map(line).collect();
        Self { top, shown: lines.len(), total, lines, cursor: None }
    }

    fn with_cursor(self, column: u16, line: usize) -> Self {
        Self { cursor: Some((column, line)), ..self }
    }
}

/// Draws the whole screen.
pub fn render(frame: &mut Frame<'_>, model: &Model, theme: &Theme) {
    let area = frame.area();
    if model.size.is_too_small() {
        frame.render_widget(too_small(model), area);
    } else {
        render_all(frame, area, model, theme);
    }
    theme.finish(frame.buffer_mut());
}

fn render_all(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme) {
    let plan = Plan::of(model, theme, area);
    let [head, rule, body, below, line, rule_below, foot] = plan.regions;
    frame.render_widget(Text::from(plan.header), head);
    frame.render_widget(Text::from(plan.status), below);
    frame.render_widget(status::about(model, area.width), line);
    theme::rule(frame, rule_below, "");
    frame.render_widget(footer::line(model, area.width), foot);
    let shown = render_body(frame, body, model, theme);
    theme::rule(frame, rule, &scrolled(&shown));
}

/// The last line that what is open can be scrolled to.
pub(super) fn last_top(model: &Model) -> usize {
    let theme = Theme::PLAIN;
    let Size { columns, rows } = model.size;
    let [_, _, area, ..] = Plan::of(model, &theme, Rect::new(0, 0, columns, rows)).regions;
    let height = usize::from(area.height);
    match &model.dialog {
        Some(Dialog::Page(page, _)) => {
            pages::lines(model, *page, columns, theme.is_ascii()).len().saturating_sub(height)
        }
        Some(Dialog::Question { question, choice, .. }) => {
            dialog::last_top(model, &theme, *question, *choice, Size { columns, rows: area.height })
        }
        _ => 0,
    }
}

/// The regions from top to bottom, and the two whose height is that of their text.
struct Plan {
    header: Vec<Line<'static>>,
    status: Vec<Line<'static>>,
    regions: [Rect; 7],
}

impl Plan {
    fn of(model: &Model, theme: &Theme, area: Rect) -> Self {
        let header = header::lines(model, theme, area.width);
        let rule_below = u16::from(area.height >= TALL);
        let about = u16::from(area.height >= TALL || model.dialog.is_none());
        let fixed = height(&header) + 1 + about + rule_below + 1;
        let room = usize::from(area.height.saturating_sub(fixed + MIN_BODY));
        let mut status = status::fit(status::messages(model, theme, area.width), room);
        // The form's rows do not move because something was said: its place is kept free.
        let [tall, low] = KEPT_STATUS;
        let kept = if area.height >= TALL { tall } else { low };
        let has_form = model.dialog.is_none() && model.form().is_some();
        let kept = if has_form { kept.min(room) } else { 0 };
        let missing = kept.saturating_sub(status.len());
        status.splice(0..0, std::iter::repeat_n(Line::default(), missing));
        let body = area.height.saturating_sub(fixed + height(&status));
        let heights = [height(&header), 1, body, height(&status), about, rule_below, 1];
        Self { header, status, regions: stack(area, heights) }
    }
}

/// Regions of these heights, one below the other; what is beyond the area has no height. Not ratatui's `Layout`: there is
/// nothing to solve here, and its solver took more time than all the drawing.
fn stack<const N: usize>(area: Rect, heights: [u16; N]) -> [Rect; N] {
    let mut top = area.y;
    heights.map(|height| {
        let region = Rect { y: top, height, ..area }.intersection(area);
        top = top.saturating_add(height);
        region
    })
}

/// Draws the body, and the illustration where there is room. Gives back what of the body is on screen.
fn render_body(frame: &mut Frame<'_>, area: Rect, model: &Model, theme: &Theme) -> Body {
    let has_preview = area.width >= WIDE && model.dialog.is_none() && model.form().is_some();
    let preview_width = if has_preview { ILLUSTRATION_WIDTH } else { 0 };
    let left = Rect { width: area.width - preview_width, ..area };
    let right = Rect { x: left.right(), width: preview_width, ..area };
    if let (true, Some(form)) = (has_preview, model.form()) {
        frame.render_widget(Text::from(illustration::lines(form, theme, right.height)), right);
    }
    let mut body = body(model, theme, Size { columns: left.width, rows: left.height });
    frame.render_widget(Text::from(std::mem::take(&mut body.lines)), left);
    if let Some((column, line)) = body.cursor
        && let Some(row) = line.checked_sub(body.top).and_then(|row| u16::try_from(row).ok())
        && row < left.height
    {
        let column = column.min(left.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(left.x + column, left.y + row));
    }
    Body { lines: Vec::new(), ..body }
}

fn body(model: &Model, theme: &Theme, size: Size) -> Body {
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Question { question, choice, top, .. }), _) => {
            dialog::question(model, theme, *question, (*choice, *top), size)
        }
        (Some(Dialog::Add { field, refusal }), _) => dialog::field(theme, field, *refusal, size),
        (Some(Dialog::Profiles(list)), _) => profiles::body(model, theme, list, size),
        (Some(Dialog::Page(page, top)), _) => {
            Body::page(page_lines(model, theme, *page, size.columns), *top, size.rows)
        }
        (None, Phase::AskToken(form)) => dialog::token(theme, form, size),
        (None, Phase::Opening(_) | Phase::Loading(_)) => Body::default(),
        (None, Phase::LoadFailed(failure)) => {
            let text = theme.words(&pages::not_read(model, failure));
            Body::page(text::wrap(&text, size.columns, text::INDENT, theme.tone(Tone::Bad)), 0, size.rows)
        }
        (None, Phase::Ready(form)) => form::body(form, theme, size),
    }
}

/// A page's lines, its heading styled.
fn page_lines(model: &Model, theme: &Theme, page: Page, columns: u16) -> Vec<Line<'static>> {
    let lines = pages::lines(model, page, columns, theme.is_ascii()).into_iter().enumerate();
    let styled = |(index, line)| Line::styled(line, if index == 0 { theme.heading } else { Style::new() });
    lines.map(styled).collect()
}

/// `1-4 of 12`, where not all lines are on screen.
fn scrolled(shown: &Body) -> String {
    let Body { top, shown, total, .. } = shown;
    if shown >= total { String::new() } else { format!("{}-{} of {total}", top + 1, top + shown) }
}

/// What is said where nothing else fits: first what is asked, or what is going on.
fn too_small(model: &Model) -> Text<'static> {
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
    text::wrap(&format!("{text}{hint}"), model.size.columns + 1, "", Style::new()).into()
}

fn height(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}
