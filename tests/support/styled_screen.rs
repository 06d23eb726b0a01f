//! The body of a screen as text, with the attributes of its cells.

use std::fmt::Write as _;

use convrating::editor::view::theme::Theme;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::model_harness::ModelHarness;

/// The sizes at which a screen is looked at, in columns and rows.
pub const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// What stands between the header's rule and the last line that is neither empty nor the footer, and below it each run of
/// cells with a style of its own.
pub fn styled_body(harness: &ModelHarness, theme: &Theme) -> String {
    let buffer = harness.cells(theme);
    let lines: Vec<_> = buffer.content.chunks(usize::from(buffer.area.width)).collect();
    let is_rule = |line: &&[Cell]| ["─", "-"].contains(&line[0].symbol());
    let first = lines.iter().position(is_rule).expect("a rule below the header");
    let last = lines.iter().rposition(is_rule).filter(|last| *last > first).unwrap_or(lines.len() - 1);
    let mut shown = lines[first..last].to_vec();
    while shown.last().is_some_and(|line| text(line).is_empty()) {
        shown.pop();
    }
    let screen: Vec<_> = shown.iter().map(|line| text(line)).collect();
    describe_lines(screen, &shown)
}

/// The whole screen, and below it each run of cells with a style of its own. Empty lines that follow each other are counted.
pub fn styled_screen(harness: &ModelHarness, theme: &Theme) -> String {
    let buffer = harness.cells(theme);
    let lines: Vec<_> = buffer.content.chunks(usize::from(buffer.area.width)).collect();
    let is_empty = |line: &&[Cell]| text(line).is_empty();
    let runs = lines.chunk_by(|left, right| is_empty(left) && is_empty(right));
    let is_rule = |text: &str| !text.is_empty() && text.chars().all(|letter| ['─', '-'].contains(&letter));
    let shown = runs.map(|run| match run {
        [line] if is_rule(&text(line)) => "(rule)".to_owned(),
        [line] => text(line),
        run => format!("({} empty lines)", run.len()),
    });
    describe_lines(shown.collect(), &lines)
}

fn text(cells: &[Cell]) -> String {
    cells.iter().map(Cell::symbol).collect::<String>().trim_end().to_owned()
}

fn describe_lines(mut screen: Vec<String>, lines: &[&[Cell]]) -> String {
    screen.push("styles:".to_owned());
    screen.extend(lines.iter().enumerate().flat_map(|(number, line)| styles(number, line)));
    screen.join("\n")
}

/// The runs of cells in one line that have a style, such as `2: reversed red " Conflict "`.
fn styles(number: usize, line: &[Cell]) -> Vec<String> {
    let style = |cell: &Cell| (cell.fg, cell.bg, cell.modifier);
    let runs = line.chunk_by(|left, right| style(left) == style(right));
    let described = runs.filter_map(|run| {
        let words = describe(&run[0])?;
        let text: String = run.iter().map(Cell::symbol).collect();
        Some(format!("{number}:{words} {text:?}"))
    });
    described.collect()
}

fn describe(cell: &Cell) -> Option<String> {
    let mut words = String::new();
    for (modifier, word) in [(Modifier::REVERSED, "reversed"), (Modifier::BOLD, "bold")] {
        if cell.modifier.contains(modifier) {
            let _ = write!(words, " {word}");
        }
    }
    for (place, colour) in [("", cell.fg), ("on ", cell.bg)] {
        if colour != Color::Reset {
            let _ = write!(words, " {place}{colour:?}");
        }
    }
    (!words.is_empty()).then_some(words)
}
