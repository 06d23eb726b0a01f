//! The look: which attributes stand where, and what wide and high screens have room for.

use std::collections::BTreeSet;

use convrating::editor::message::Message;
use convrating::editor::model::{Dialog, ProfileList, ProfileState, Size, SurveyFailure};
use convrating::editor::view::theme::Theme;
use convrating::visible::Charset;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier};

use crate::support::configuration::settings;
use crate::support::gallery;
use crate::support::model_harness::{ModelHarness, session};
use crate::support::styled_screen::{SIZES, styled_screen};

/// The editor of the tests about a single form.
fn form(columns: u16, rows: u16) -> ModelHarness {
    gallery::changed(columns, rows)
}

/// All screens, without their names.
fn screens(columns: u16, rows: u16) -> Vec<ModelHarness> {
    gallery::screens(columns, rows).into_iter().map(|(_, harness)| harness).collect()
}

/// Each screen at each size with its attributes, one file for a screen.
#[test]
fn each_screen_at_every_size_with_its_attributes() {
    let names = gallery::screens(80, 24).into_iter().map(|(name, _)| name);
    for (place, name) in names.enumerate() {
        let at = |(columns, rows)| {
            let (_, harness) = gallery::screens(columns, rows).swap_remove(place);
            format!("=== {columns}x{rows}\n{}", styled_screen(&harness, &Theme::COLOUR))
        };
        insta::assert_snapshot!(format!("screen-{name}"), SIZES.map(at).join("\n"));
    }
}

#[test]
fn some_screens_without_colours_and_in_ascii() {
    let ascii = Theme::PLAIN.with_charset(Charset::Ascii);
    for (name, harness) in gallery::screens(80, 24) {
        assert!(styled_screen(&harness, &ascii).is_ascii(), "{name}");
        if ["form-changed", "not-saved", "conflict", "profiles", "saved"].contains(&name) {
            let shown = [("NO_COLOR", &Theme::PLAIN), ("ASCII", &ascii)]
                .map(|(title, theme)| format!("=== {title}\n{}", styled_screen(&harness, theme)));
            insta::assert_snapshot!(format!("screen-{name}-plain"), shown.join("\n"));
        }
    }
}

#[test]
fn green_and_red_are_a_background_or_one_of_a_few_bold_words_and_no_other_colour_is_used_but_for_badges() {
    let words = ["ON", "DISAGREE", "refused 401", "expired", "unreachable"];
    for (columns, rows) in SIZES {
        for harness in screens(columns, rows) {
            let buffer = harness.cells(&Theme::COLOUR);
            let lines: Vec<_> = buffer.content.chunks(usize::from(columns)).collect();
            let style = |cell: &ratatui::buffer::Cell| (cell.fg, cell.bg, cell.modifier);
            for run in lines.iter().flat_map(|line| line.chunk_by(|left, right| style(left) == style(right)))
            {
                let text: String = run.iter().map(ratatui::buffer::Cell::symbol).collect();
                let (cell, text) = (&run[0], text.trim());
                let is_bold = cell.modifier.contains(Modifier::BOLD);
                let is_known = match (cell.fg, cell.bg) {
                    (Color::Reset, Color::Reset) => true,
                    (Color::Magenta, Color::Reset) => is_bold && text.starts_with('['),
                    // Words of a refusal below a field are sentences.
                    (Color::Red, Color::Reset) => {
                        is_bold && (words.contains(&text) || text.ends_with(['.', '…']))
                    }
                    (Color::Green, Color::Reset) => is_bold && text == "ON",
                    (Color::Black, Color::Green) => text.starts_with("Saved"),
                    (Color::White, Color::Red) => ["Not saved", "Not read", "Conflict", "Outcome unknown"]
                        .iter()
                        .any(|lead| text.starts_with(lead)),
                    _ => false,
                };
                assert!(is_known, "{text:?} {:?}\n{}", style(cell), harness.screen());
            }
        }
    }
}

#[test]
fn without_colours_the_same_text_stands_in_bold_and_reverse() {
    for (columns, rows) in SIZES {
        for harness in screens(columns, rows) {
            let (plain, coloured) = (harness.cells(&Theme::PLAIN), harness.cells(&Theme::COLOUR));
            let colours: BTreeSet<_> =
                plain.content.iter().map(|cell| format!("{:?} {:?}", cell.fg, cell.bg)).collect();
            assert_eq!(colours.into_iter().collect::<Vec<_>>(), ["Reset Reset"]);
            let symbols = |buffer: &Buffer| {
                buffer.content.iter().map(|cell| cell.symbol().to_owned()).collect::<Vec<_>>()
            };
            assert_eq!(symbols(&plain), symbols(&coloured));
            // What has a colour is set apart without colours too.
            for (bare, cell) in plain.content.iter().zip(&coloured.content) {
                let is_coloured = (cell.fg, cell.bg) != (Color::Reset, Color::Reset) && cell.symbol() != " ";
                assert!(
                    !is_coloured || !bare.modifier.is_empty(),
                    "{:?}\n{}",
                    cell.symbol(),
                    harness.screen()
                );
            }
        }
    }
}

#[test]
fn the_profile_is_reversed_in_every_state_and_size_and_without_one_the_agent_is() {
    for (columns, rows) in SIZES {
        for mut harness in screens(columns, rows) {
            let Some(session) = &mut harness.model.session else { continue };
            let name = session.name.clone().expect("a name");
            assert!(reversed(&harness.cells(&Theme::COLOUR)).contains(&name), "{}", harness.screen());
            harness.model.session.as_mut().expect("a session").name = None;
            assert!(
                reversed(&harness.cells(&Theme::COLOUR)).contains("agent demoagent1"),
                "{}",
                harness.screen()
            );
        }
    }
}

/// The reversed text of the first two lines.
fn reversed(buffer: &Buffer) -> String {
    let cells = buffer.content.iter().take(2 * usize::from(buffer.area.width));
    cells
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED))
        .map(ratatui::buffer::Cell::symbol)
        .collect()
}

/// No ornament of the program may be drawn where only ASCII is, and none may become a question mark there.
#[test]
fn what_a_small_screen_cuts_is_marked_in_ascii() {
    let codes: Vec<_> = (0..30).map(|number| format!("CODE_{number}")).collect();
    let mut question = ModelHarness::reading_at(settings(true, &codes.join(" ")), 40, 12);
    for _ in 0..20 {
        question.press("down space");
    }
    question.press("q");
    let mut list = ModelHarness::reading_at(settings(true, "A"), 40, 12);
    list.model.profiles = vec![session()];
    list.press("p");
    let Some(Dialog::Profiles(ProfileList { request, .. })) = list.model.dialog else {
        panic!("the list is open")
    };
    let failure =
        SurveyFailure { short: "failed".to_owned(), reason: "why ".repeat(60), is_about_token: false };
    list.tell(Message::Surveyed { request, index: 0, state: ProfileState::Failed(failure) });
    let mut tiny = ModelHarness::reading_at(settings(true, "A"), 80, 24);
    tiny.press("b");
    tiny.tell(Message::Resized(Size { columns: 38, rows: 8 }));
    for (mut harness, mark) in [(question, "... Up and Down scroll"), (list, "~"), (tiny, "history...")] {
        for charset in [Charset::PlainOrnaments, Charset::Ascii] {
            harness.theme = harness.theme.with_charset(charset);
            let screen = harness.screen();
            assert!(screen.contains(mark) && screen.is_ascii(), "{screen}");
        }
    }
}

#[test]
fn a_token_that_has_expired_stands_out_however_long_ago_it_did() {
    for expired in [i64::MIN, 1] {
        let mut harness = form(80, 24);
        harness.model.session.as_mut().expect("a session").identity.expires = Some(expired);
        let buffer = harness.cells(&Theme::COLOUR);
        let red = buffer.content.iter().filter(|cell| cell.fg == Color::Red);
        assert_eq!(red.map(ratatui::buffer::Cell::symbol).collect::<String>(), "expired", "{expired}");
    }
}
