//! The table of a conflict: one line for each row, or two where it would be too wide.

use std::ops::Range;

use ratatui::text::Line;

use super::super::super::model::Choice;
use super::super::super::pages::ComparedItem;
use super::super::table::{self, Cell, styled};
use super::super::text::INDENT;
use super::super::theme::Theme;
use crate::settings::Position;

/// The space before the values of a row with two lines, where there is room for it.
const VALUE_INDENT: &str = "     ";
/// The space between two columns, and the least.
const GAPS: [usize; 2] = [2, 1];
/// The names of the columns. The last one may say which button the result is of.
const HEADINGS: [&str; 5] = ["setting", "before", "server now", "yours", "result"];

/// The rows, and how they are laid out.
pub(super) struct ConflictTable<'a> {
    theme: &'a Theme,
    headings: Vec<Cell>,
    /// For each row the name of the setting, and the values.
    rows: Vec<[Vec<Cell>; 2]>,
    layout: TableLayout,
    room: usize,
}

enum TableLayout {
    /// One line for each row. The widths are those of the name and the values.
    OneLine(Vec<usize>),
    /// Two lines for each row: the widths, the indent and the gap of the values.
    TwoLines(Vec<usize>, &'static str, usize),
}

impl<'a> ConflictTable<'a> {
    /// The table in so many columns of the terminal.
    pub(super) fn new(items: &[ComparedItem], chosen: Choice, theme: &'a Theme, columns: usize) -> Self {
        let rows: Vec<_> = items.iter().map(|item| [vec![name(item, theme)], values(item, theme)]).collect();
        let headings = |last: String| -> Vec<Cell> {
            let [names @ .., _] = HEADINGS;
            let names = names.into_iter().map(str::to_owned).chain([last]);
            names.map(|name| styled(name, theme.strong)).collect()
        };
        let long = |choice: Choice| headings(format!("result of {}", choice.label()));
        let short = headings(HEADINGS[4].to_owned());
        let fits = |headings: &[Cell]| {
            let widths = measure(headings, &rows);
            INDENT.len() + table::total_width(&widths, GAPS[0]) <= columns
        };
        // With the longest of the three buttons, so that the table stays as it is when another one is chosen.
        let headings = if fits(&long(Choice::KeepEditing)) { long(chosen) } else { short };
        let widths = measure(&headings, &rows);
        let layout = if fits(&headings) { TableLayout::OneLine(widths) } else { two_lines(widths, columns) };
        Self { theme, headings, rows, layout, room: columns.saturating_sub(INDENT.len() + 1) }
    }

    /// The number of lines of the whole table.
    pub(super) fn line_count(&self) -> usize {
        1 + self.rows.len() * self.lines_per_row()
    }

    fn lines_per_row(&self) -> usize {
        match self.layout {
            TableLayout::OneLine(_) => 1,
            TableLayout::TwoLines(..) => 2,
        }
    }

    /// The rows from `top` on that fit into so many lines, and their numbers. The names of the columns stand above them. Where a line
    /// is left, it says that there is more, or is empty.
    pub(super) fn lines(&self, top: usize, height: usize) -> (Vec<Line<'static>>, Range<usize>) {
        let each = self.lines_per_row();
        let has_headings = height > each;
        let room = height - usize::from(has_headings);
        let is_whole = self.rows.len() * each <= room;
        // The line about the rows that are not seen takes no room from the last ones.
        let has_note = !is_whole && (!room.is_multiple_of(each) || room > 3 * each);
        let fitting = (room - usize::from(has_note)) / each;
        let top = top.min(self.rows.len().saturating_sub(fitting));
        let shown = top..self.rows.len().min(top + fitting);
        let mut lines: Vec<_> = has_headings.then(|| self.heading_line()).into_iter().collect();
        lines.extend(self.rows[shown.clone()].iter().flat_map(|row| self.row_lines(row)));
        let note = format!("… Up and Down scroll, {} of {}", shown.end, self.rows.len());
        let note = format!("{INDENT}{}", self.theme.words(&note));
        lines.extend(has_note.then(|| Line::from(note)));
        lines.extend((is_whole && lines.len() < height).then(Line::default));
        (lines, shown)
    }

    fn heading_line(&self) -> Line<'static> {
        let cells = self.headings.clone();
        match &self.layout {
            TableLayout::OneLine(widths) => table::line(INDENT, cells, widths, GAPS[0], self.theme),
            TableLayout::TwoLines(widths, indent, gap) => {
                table::line(indent, cells.into_iter().skip(1).collect(), widths, *gap, self.theme)
            }
        }
    }

    fn row_lines(&self, [name, values]: &[Vec<Cell>; 2]) -> Vec<Line<'static>> {
        match &self.layout {
            TableLayout::OneLine(widths) => {
                vec![table::line(INDENT, [name.as_slice(), values].concat(), widths, GAPS[0], self.theme)]
            }
            TableLayout::TwoLines(widths, indent, gap) => vec![
                table::line(INDENT, name.clone(), &[self.room], *gap, self.theme),
                table::line(indent, values.clone(), widths, *gap, self.theme),
            ],
        }
    }
}

/// The widths of all columns.
fn measure(headings: &[Cell], rows: &[[Vec<Cell>; 2]]) -> Vec<usize> {
    let rows = rows.iter().map(|row| row.concat());
    let rows: Vec<_> = rows.chain([headings.to_vec()]).collect();
    table::measure(headings.len(), &rows)
}

/// The values below the names. They are moved in and apart where there is room.
fn two_lines(mut widths: Vec<usize>, columns: usize) -> TableLayout {
    widths.remove(0);
    let [gap, least] = GAPS;
    if VALUE_INDENT.len() + table::total_width(&widths, gap) <= columns {
        TableLayout::TwoLines(widths, VALUE_INDENT, gap)
    } else {
        TableLayout::TwoLines(widths, INDENT, least)
    }
}

fn name(item: &ComparedItem, theme: &Theme) -> Cell {
    Line::from(theme.name(&item.item.to_string()))
}

/// The four values. What was changed stands out, and has a mark that tells by whom.
fn values(item: &ComparedItem, theme: &Theme) -> Vec<Cell> {
    let marked = |position, is_changed: bool, mark: &str| {
        let word = name_position(position);
        if is_changed { styled(format!("{word} {mark}"), theme.strong) } else { Line::from(word) }
    };
    vec![
        Line::from(name_position(item.before)),
        marked(item.theirs, item.is_changed_by_them, "!"),
        marked(item.yours, item.is_changed_by_you, "*"),
        Line::from(name_position(item.result)),
    ]
}

/// A position in one short word.
fn name_position(position: Position) -> &'static str {
    match position {
        Position::On => "on",
        Position::Off => "off",
        Position::Mixed => "disagree",
    }
}
