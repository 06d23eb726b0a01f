//! The pictures of the screen, made by this test from the real view. `UPDATE_PICTURES=1` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use convrating::editor::view::render;
use convrating::editor::view::theme::Theme;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use ratatui::{Frame, Terminal};

use crate::support::configuration::settings;
use crate::support::model_harness::ModelHarness;
use convrating::save::Event;

/// A cell's size in the picture, in pixels.
const CELL: (usize, usize) = (9, 19);

/// The picture's colours: background, then foreground.
const PAPER: (&str, &str) = ("#101418", "#d8dee6");

fn picture(harness: &ModelHarness) -> String {
    let size = harness.model.size;
    let mut terminal = Terminal::new(TestBackend::new(size.columns, size.rows)).expect("a terminal");
    let draw = |frame: &mut Frame<'_>| {
        let _ = render(frame, &harness.model, &Theme::COLOUR);
    };
    svg(terminal.draw(draw).expect("a frame").buffer)
}

fn svg(buffer: &Buffer) -> String {
    let columns = usize::from(buffer.area.width);
    let (width, height) = (columns * CELL.0 + 20, usize::from(buffer.area.height) * CELL.1 + 20);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n",
        PAPER.0
    );
    for (row, cells) in buffer.content.chunks(columns).enumerate() {
        let mut column = 0;
        while column < columns {
            let run = cells[column..].iter().take_while(|cell| is_alike(cell, &cells[column])).count();
            let text: String = cells[column..column + run].iter().map(Cell::symbol).collect();
            push(&mut svg, (column, row), &text, &cells[column]);
            column += run;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn is_alike(left: &Cell, right: &Cell) -> bool {
    (left.fg, left.modifier) == (right.fg, right.modifier)
}

fn push(svg: &mut String, (column, row): (usize, usize), text: &str, cell: &Cell) {
    if text.trim().is_empty() && !cell.modifier.contains(Modifier::REVERSED) {
        return;
    }
    let (x, y) = (column * CELL.0 + 10, row * CELL.1 + 10);
    let length = text.chars().count() * CELL.0;
    let colour = match cell.fg {
        Color::Green => "#7fd18a",
        Color::Red => "#ff8a80",
        Color::Magenta => "#e39ae0",
        _ => PAPER.1,
    };
    let is_reversed = cell.modifier.contains(Modifier::REVERSED);
    if is_reversed {
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"{}\" fill=\"{colour}\"/>",
            CELL.1
        );
    }
    let fill = if is_reversed { PAPER.0 } else { colour };
    let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let baseline = y + 14;
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{baseline}\" textLength=\"{length}\" xml:space=\"preserve\" fill=\"{fill}\"{weight}>{text}</text>"
    );
}

fn two_changes() -> ModelHarness {
    let acme = || settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE");
    let mut harness = ModelHarness::reading(acme());
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("space 3 space 1");
    harness
}

fn conflict() -> ModelHarness {
    let mut harness = two_changes();
    harness
        .press("s tab enter")
        .save_steps([Event::Read(Ok(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT")))]);
    harness
}

#[test]
fn the_pictures_show_the_screen_as_it_is() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots");
    for (name, harness) in [("form.svg", two_changes()), ("conflict.svg", conflict())] {
        let path = directory.join(name);
        let drawn = picture(&harness);
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            fs::write(&path, &drawn).expect("written");
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == drawn,
            "{name} shows another screen: run this test with UPDATE_PICTURES=1 and look at it"
        );
    }
}
