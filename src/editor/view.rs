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
mod preview;
mod profiles;
mod status;
mod text;
pub mod theme;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Text};

use self::theme::Theme;
use super::model::{Dialog, Model, Page, Phase, Question, Size};
use super::pages;

/// From this width on there is room for the illustration beside the form.
const WIDE: u16 = 100;
/// The illustration's width in columns.
const PREVIEW_WIDTH: u16 = 40;
/// From this height on there is room for a rule above the footer.
const TALL: u16 = 16;
/// The lines that the body has at least.
const MIN_BODY: u16 = 3;

/// What fills the body: its lines, which of them must be seen, and where the cursor stands.
#[derive(Debug, Default)]
struct Body {
    lines: Vec<Line<'static>>,
    /// The line that must be on screen.
    focus: usize,
    /// The cursor: column and line.
    cursor: Option<(u16, usize)>,
    /// True for a page, whose first line on screen is `focus`.
    is_page: bool,
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
    let (shown, total) = render_body(frame, body, model, theme);
    theme::rule(frame, rule, &scrolled(shown, total));
}

/// How many lines the body has: what a page scrolls by.
pub(super) fn body_height(model: &Model) -> usize {
    let Size { columns, rows } = model.size;
    let [_, _, body, ..] = Plan::of(model, &Theme::PLAIN, Rect::new(0, 0, columns, rows)).regions;
    body.height.into()
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
        let mut status = status::lines(model, theme, area.width);
        let rule_below = u16::from(area.height >= TALL);
        let about = u16::from(area.height >= TALL || model.dialog.is_none());
        let fixed = height(&header) + 1 + about + rule_below + 1;
        status::fit(&mut status, usize::from(area.height.saturating_sub(fixed + MIN_BODY)));
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

/// Draws the body, and the illustration where there is room. Which lines are shown, and of how many.
fn render_body(
    frame: &mut Frame<'_>,
    area: Rect,
    model: &Model,
    theme: &Theme,
) -> (std::ops::Range<usize>, usize) {
    let has_preview = area.width >= WIDE && model.dialog.is_none() && model.form().is_some();
    let preview_width = if has_preview { PREVIEW_WIDTH } else { 0 };
    let left = Rect { width: area.width - preview_width, ..area };
    let right = Rect { x: left.right(), width: preview_width, ..area };
    if let (true, Some(form)) = (has_preview, model.form()) {
        frame.render_widget(Text::from(preview::lines(form, theme)), right);
    }
    let body = body(model, theme, Size { columns: left.width, rows: left.height });
    let top = body.top(usize::from(left.height));
    let total = body.lines.len();
    let shown: Vec<Line<'static>> = body.lines.into_iter().skip(top).take(left.height.into()).collect();
    let range = top..top + shown.len();
    frame.render_widget(Text::from(shown), left);
    if let Some((column, line)) = body.cursor.filter(|(_, line)| range.contains(line)) {
        let row = u16::try_from(line - top).unwrap_or(0);
        frame.set_cursor_position(Position::new(
            left.x + column.min(left.width.saturating_sub(1)),
            left.y + row,
        ));
    }
    (range, total)
}

impl Body {
    /// The first line on screen: derived from the focus and the height, a screenful at a time, so that most moves
    /// leave every row where it is.
    fn top(&self, height: usize) -> usize {
        let last_top = self.lines.len().saturating_sub(height);
        if self.is_page {
            return self.focus.min(last_top);
        }
        (self.focus / height.max(1) * height).min(last_top)
    }
}

fn body(model: &Model, theme: &Theme, size: Size) -> Body {
    match (&model.dialog, &model.phase) {
        (Some(Dialog::Question { question, choice, top, .. }), _) => {
            dialog::question(model, theme, *question, (*choice, *top), size)
        }
        (Some(Dialog::Add { field, refusal }), _) => dialog::field(theme, field, *refusal, size),
        (Some(Dialog::Profiles(list)), _) => profiles::body(model, theme, list, size.columns),
        (Some(Dialog::Page(page, top)), _) => {
            let lines = page_lines(model, theme, *page, size.columns);
            Body { lines, focus: *top, cursor: None, is_page: true }
        }
        (None, Phase::AskToken(form)) => dialog::token(theme, form, size),
        (None, Phase::Loading(_) | Phase::LoadFailed(_)) => Body::default(),
        (None, Phase::Ready(form)) => form::body(form, theme, size.columns),
    }
}

/// A page's lines, its heading styled.
fn page_lines(model: &Model, theme: &Theme, page: Page, columns: u16) -> Vec<Line<'static>> {
    let lines = pages::lines(model, page, columns).into_iter().enumerate();
    let styled = |(index, line)| Line::styled(line, if index == 0 { theme.heading } else { Style::new() });
    lines.map(styled).collect()
}

/// `1-4 of 12`, where not all lines are on screen.
fn scrolled(shown: std::ops::Range<usize>, total: usize) -> String {
    if shown.len() >= total { String::new() } else { format!("{}-{} of {total}", shown.start + 1, shown.end) }
}

/// What is said where nothing else fits.
fn too_small(model: &Model) -> Text<'static> {
    let Size { columns, rows } = Size::LEAST;
    let unsaved = match (&model.dialog, model.has_unsaved_changes()) {
        (Some(Dialog::Question { question: Question::Quit, .. }), _) => {
            " Unsaved changes: n quits, Esc stays."
        }
        (_, true) => " Your changes are kept.",
        (_, false) => "",
    };
    let text = format!("Needs {columns}x{rows}. q quits.{unsaved}");
    text::wrap(&text, model.size.columns + 1, "", Style::new()).into()
}

fn height(lines: &[Line<'_>]) -> u16 {
    u16::try_from(lines.len()).unwrap_or(u16::MAX)
}
