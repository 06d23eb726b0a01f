//! The list of profiles, each with the state that its server answered with. Only the rows on screen are laid out.
//!
//! ```text
//!    PROFILES   4 of 5 answered
//!    profile                       agent       rating    asked   token
//!  > acme-prod [PROTECTED] (open)  demoagent1  ON        1 of 3  41 weeks
//!    acme-eu                       demoagent3  DISAGREE  2 of 3  5 days
//!    acme-old [READ ONLY]          demoagent4  ?                 refused 401
//!    acme-us                       demoagent5  unreachable
//!
//!    acme-prod: app.quickchat.ai, token from login
//! ```

mod row;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use self::row::{ListColumn, ListedProfile, ProfileRow};
use super::super::model::{Model, ProfileList, ProfileState, Size};
use super::body::VisibleBody;
use super::table;
use super::text::{INDENT, MARK, heading, wrap};
use super::theme::Theme;

/// The column of the cursor.
const NAME_COLUMN: u16 = 3;
/// The space between two columns of the table.
const GAP: usize = 2;
/// No column of the table is left out for a name that is longer.
const LONG_NAME: usize = 28;
/// Where the rating is the last column, it is as wide as the longest failure in it, but not wider than this.
const LONG_FAILURE: usize = 13;
/// The column of the agents takes at most one in so many columns of the terminal, or its least width.
const AGENT_SHARE: usize = 5;
/// From this height on there is room for the names of the columns, an empty line, and a second line about the focused profile.
const TALL: u16 = 10;

const NO_PROFILES: &str = "There are no profiles on this machine: convrating login NAME adds one.";

/// The list's lines.
pub(super) fn body(model: &Model, theme: &Theme, list: &ProfileList, size: Size) -> VisibleBody {
    let total = list.states.len();
    if total == 0 {
        let lines =
            [vec![title(list, theme)], wrap(NO_PROFILES, size.columns, INDENT, Style::new())].concat();
        return VisibleBody::page(lines, 0, size.rows);
    }
    let is_tall = size.rows >= TALL;
    let [above, about] = if is_tall { [2, 2] } else { [1, 1] };
    let rows = size.rows.saturating_sub(above + about + u16::from(is_tall)).max(1);
    let shown = VisibleBody::rows_on_screen(total, list.focus, rows);
    let entries: Vec<_> = shown.clone().map(|place| entry(model, theme, list, place)).collect();
    let table = lay_out(&entries, size.columns);
    let mut lines = vec![title(list, theme)];
    lines.extend(is_tall.then(|| table.headings(theme)));
    lines.extend(entries.iter().map(|entry| table.line(entry)));
    lines.extend(is_tall.then(Line::default));
    let focused = entry(model, theme, list, list.focus).describe(&table.columns, is_tall);
    lines.extend(cut_lines(&focused, size.columns, about, theme));
    VisibleBody::with_rows(lines, shown, total).with_cursor(NAME_COLUMN, list.focus + usize::from(above))
}

fn title(list: &ProfileList, theme: &Theme) -> Line<'static> {
    let answered = list.states.iter().filter(|state| **state != ProfileState::Asked).count();
    let mut title = heading("PROFILES", theme.strong);
    title.push_span(Span::raw(format!("   {answered} of {} answered", list.states.len())));
    title
}

fn entry<'a>(model: &'a Model, theme: &'a Theme, list: &'a ProfileList, place: usize) -> ListedProfile<'a> {
    let profile = &model.profiles[place];
    ListedProfile {
        profile,
        state: &list.states[place],
        is_open: model.is_open(profile),
        is_focused: place == list.focus,
        now: model.now.local.timestamp().as_second(),
        theme,
    }
}

/// The columns that there is room for, and their widths.
struct ListLayout {
    columns: Vec<ListColumn>,
    widths: Vec<usize>,
    /// The columns of the terminal that a row may take.
    room: usize,
}

/// Leaves out columns from the right until the names have room. The positions of the switches stay: they are what a user looks for
/// in the list, and the agent of the focused profile stands below it.
fn lay_out(entries: &[ListedProfile<'_>], columns: u16) -> ListLayout {
    let room = usize::from(columns).saturating_sub(INDENT.len() + 1);
    let mut layout = ListLayout { columns: ListColumn::all(), widths: Vec::new(), room };
    loop {
        layout.widths = layout.measure(entries);
        let name = layout.widths[0];
        let others = table::total_width(&layout.widths, GAP) - name;
        let last = layout.columns.iter().rposition(|column| column.can_be_left_out());
        match last {
            Some(last) if others + name.min(LONG_NAME) > room => drop(layout.columns.remove(last)),
            _ => {
                layout.widths[0] = name.min(room.saturating_sub(others));
                return layout;
            }
        }
    }
}

impl ListLayout {
    fn measure(&self, entries: &[ListedProfile<'_>]) -> Vec<usize> {
        let rows: Vec<_> = entries.iter().map(|entry| entry.row(&self.columns)).collect();
        let ends_with_switch = matches!(self.columns.last(), Some(ListColumn::Switch(_)));
        let failure = rows.iter().filter_map(|row| row.failure.as_ref()).map(Line::width).max().unwrap_or(0);
        let cells: Vec<_> = rows.into_iter().map(|row| row.cells).collect();
        let measured = table::measure(self.columns.len(), &cells);
        let widest = |(column, width): (&ListColumn, usize)| match column {
            ListColumn::Switch(_) if ends_with_switch => width.max(failure.min(LONG_FAILURE)),
            ListColumn::Agent => width.min(self.room / AGENT_SHARE),
            _ => width,
        };
        let widest = |(column, width)| widest((column, width)).max(column.least_width());
        self.columns.iter().zip(measured).map(widest).collect()
    }

    fn headings(&self, theme: &Theme) -> Line<'static> {
        let cells = self.columns.iter().map(|column| table::styled(column.heading(), theme.strong));
        table::line(INDENT, cells.collect(), &self.widths, GAP, theme)
    }

    /// A failure takes the place of all columns from the first switch on.
    fn line(&self, entry: &ListedProfile<'_>) -> Line<'static> {
        let ProfileRow { mut cells, failure } = entry.row(&self.columns);
        if entry.is_open && cells[0].width() > self.widths[0] {
            // The header says which profile is open. The name needs the room more.
            cells[0].spans.pop();
        }
        let mut widths = self.widths.clone();
        if let Some(failure) = failure {
            widths.truncate(cells.len());
            widths.push(self.room.saturating_sub(table::total_width(&widths, GAP) + GAP));
            cells.push(failure);
        }
        table::line(if entry.is_focused { MARK } else { INDENT }, cells, &widths, GAP, entry.theme)
    }
}

/// `text` in at most so many lines. Where it is too long, `…` stands at the end.
fn cut_lines(text: &str, columns: u16, height: u16, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = wrap(&theme.words(text), columns, INDENT, Style::new());
    let is_cut = lines.len() > usize::from(height);
    lines.truncate(height.into());
    if let (true, Some(last)) = (is_cut, lines.last_mut()) {
        last.push_span(theme.charset.ellipsis().to_string());
    }
    lines
}
