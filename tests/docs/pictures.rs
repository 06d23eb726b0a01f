//! The pictures of the screen, made by this test from the real view. `UPDATE_PICTURES=1` writes them anew.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use convrating::editor::message::Message;
use convrating::editor::model::{ProfileState, Session};
use convrating::editor::view::theme::Theme;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use crate::support::configuration::{mixed, settings};
use crate::support::model_harness::{ModelHarness, session};
use convrating::save::Event;

/// A cell's size in the picture, in pixels.
const CELL: (usize, usize) = (9, 19);

/// The colours of a terminal.
struct Paper {
    name: &'static str,
    background: &'static str,
    foreground: &'static str,
    green: &'static str,
    red: &'static str,
    magenta: &'static str,
}

const PAPERS: [Paper; 2] = [
    Paper {
        name: "dark",
        background: "#101418",
        foreground: "#d8dee6",
        green: "#4ec06a",
        red: "#d9534f",
        magenta: "#e39ae0",
    },
    Paper {
        name: "light",
        background: "#ffffff",
        foreground: "#1c2126",
        green: "#2f9e4f",
        red: "#c0342f",
        magenta: "#9a2f95",
    },
];

impl Paper {
    /// The colour of a cell's foreground or background; `other` is the terminal's own.
    fn colour(&self, colour: Color, other: &'static str) -> &'static str {
        match colour {
            Color::Black => "#101418",
            Color::White => "#ffffff",
            Color::Green => self.green,
            Color::Red => self.red,
            Color::Magenta => self.magenta,
            _ => other,
        }
    }
}

fn picture(harness: &ModelHarness, paper: &Paper) -> String {
    svg(&harness.cells(&Theme::COLOUR), paper)
}

fn svg(buffer: &Buffer, paper: &Paper) -> String {
    let columns = usize::from(buffer.area.width);
    let (width, height) = (columns * CELL.0 + 20, usize::from(buffer.area.height) * CELL.1 + 20);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"15\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{}\"/>\n",
        paper.background
    );
    for (row, cells) in buffer.content.chunks(columns).enumerate() {
        let mut column = 0;
        while column < columns {
            let run = cells[column..].iter().take_while(|cell| is_alike(cell, &cells[column])).count();
            let text: String = cells[column..column + run].iter().map(Cell::symbol).collect();
            push(&mut svg, paper, (column, row), &text, &cells[column]);
            column += run;
        }
    }
    svg.push_str("</svg>\n");
    svg
}

fn is_alike(left: &Cell, right: &Cell) -> bool {
    (left.fg, left.bg, left.modifier) == (right.fg, right.bg, right.modifier)
}

fn push(svg: &mut String, paper: &Paper, (column, row): (usize, usize), text: &str, cell: &Cell) {
    let mut colours = [paper.colour(cell.fg, paper.foreground), paper.colour(cell.bg, paper.background)];
    if cell.modifier.contains(Modifier::REVERSED) {
        colours.reverse();
    }
    let [fill, behind] = colours;
    let (x, y) = (column * CELL.0 + 10, row * CELL.1 + 10);
    let length = text.chars().count() * CELL.0;
    if behind != paper.background {
        let height = CELL.1;
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"{height}\" fill=\"{behind}\"/>"
        );
    }
    if text.trim().is_empty() {
        return;
    }
    let weight = if cell.modifier.contains(Modifier::BOLD) { " font-weight=\"bold\"" } else { "" };
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let baseline = y + 14;
    let _ = writeln!(
        svg,
        "<text x=\"{x}\" y=\"{baseline}\" textLength=\"{length}\" xml:space=\"preserve\" fill=\"{fill}\"{weight}>{text}</text>"
    );
}

fn two_changes_at(columns: u16, rows: u16) -> ModelHarness {
    let acme = settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE");
    let mut harness = ModelHarness::reading_at(acme, columns, rows);
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("space 3 space 1");
    harness
}

fn two_changes() -> ModelHarness {
    two_changes_at(80, 24)
}

fn saved() -> ModelHarness {
    let mut harness = two_changes();
    harness.press("s tab enter").save_steps([
        Event::Read(Ok(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS NPS_SCORE"))),
        Event::Answered(Ok(settings(true, "HELPFUL_THUMBS NPS_SCORE"))),
    ]);
    harness
}

fn conflict() -> ModelHarness {
    let mut harness = two_changes();
    harness
        .press("s tab enter")
        .save_steps([Event::Read(Ok(settings(false, "HELPFUL_THUMBS EXPERIENCE_THUMBS CSAT")))]);
    harness
}

fn profiles() -> ModelHarness {
    let mut harness = two_changes();
    let named = |(name, number): (&str, usize)| {
        let mut profile = Session { name: Some(name.to_owned()), ..session() };
        profile.identity.agent = Some(format!("demoagent{number}"));
        profile.is_protected = name == "acme-prod";
        profile
    };
    harness.model.profiles = [("acme-prod", 1), ("acme-staging", 2), ("acme-eu", 3)].map(named).into();
    harness.press("p");
    let request = harness.model.newest;
    let states =
        [settings(true, "HELPFUL_THUMBS"), settings(false, "A B"), mixed([true, false], "HELPFUL_THUMBS")];
    for (index, read) in states.into_iter().enumerate() {
        let identity = harness.model.profiles[index].identity.clone();
        let state = ProfileState::Read(read.into(), identity);
        harness.tell(Message::Surveyed { request, index, state });
    }
    harness
}

#[test]
fn the_pictures_show_the_screen_as_it_is() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/screenshots");
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let screens = [
        ("form", two_changes()),
        ("saved", saved()),
        ("conflict", conflict()),
        ("profiles", profiles()),
        ("wide", two_changes_at(120, 40)),
    ];
    for ((name, harness), paper) in
        screens.iter().flat_map(|screen| PAPERS.iter().map(move |paper| (screen, paper)))
    {
        let file = format!("{name}-{}.svg", paper.name);
        assert!(readme.contains(&format!("assets/screenshots/{file}")), "the README does not show {file}");
        let path = directory.join(&file);
        let drawn = picture(harness, paper);
        if std::env::var_os("UPDATE_PICTURES").is_some() {
            fs::write(&path, &drawn).expect("written");
        }
        let stored = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            stored == drawn,
            "{file} shows another screen: run this test with UPDATE_PICTURES=1 and look at it"
        );
    }
}
