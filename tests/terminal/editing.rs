//! The editor's main job, with the built binary: read, edit, save, quit; and what it does when a save is refused.

use convrating::demo::Method;
use serde_json::json;

use super::host::{FORM, HELP, Host, opened, within};
use super::screens::{Step, TO_TOKEN, walk};
use crate::support::pty::{Builder, Exit, Pty};

fn assert_left(pty: &Pty, code: i32, scrollback: &str) {
    assert_eq!(pty.wait_exit(), Exit::Code(code));
    pty.assert_restored();
    assert_eq!(pty.screen_text().trim(), scrollback);
}

#[test]
fn the_demo_is_toggled_saved_read_again_and_left() {
    let pty = opened(Builder::convrating(&["--demo"]));
    walk(
        &pty,
        &[
            (" ", "* [x] Ask visitors to rate the conversation"),
            ("", "Nothing was sent yet"),
            ("s", "Saved"),
            ("r", "Read again: the server has not changed."),
            ("", "   [x] Ask visitors to rate the conversation"),
        ],
    );
    assert!(!pty.words().contains("unsaved change"), "{}", pty.screen_text());
    pty.send("q");
    assert_left(&pty, 0, "convrating: saved to acme [DEMO] (agent demoagent1): rating off → on");
}

#[test]
fn a_save_reaches_the_server_and_nothing_does_before_s() {
    let host = Host::start();
    let pty = host.open();
    walk(&pty, &[(" ", "1 unsaved change")]);
    assert_eq!(host.hooks.attempts(Method::Patch), 0);
    walk(&pty, &[("s", "Saved")]);
    let held = host.hooks.configuration("acme");
    assert_eq!(
        (&held["conv_rating_active"], &held["conv_rating_popup_active"]),
        (&json!(true), &json!(true))
    );
    pty.send("q");
    assert_left(&pty, 0, "convrating: saved to no profile (agent demoagent1): rating off → on");
    assert_eq!(host.hooks.count(Method::Patch), 1);
}

#[test]
fn a_refused_save_keeps_the_draft_and_says_read_only() {
    let pty = opened(Builder::convrating(&["--demo=readonly"]));
    assert!(!pty.words().contains("[READ ONLY]"), "the server has not refused anything yet");
    walk(&pty, &[(" ", "1 unsaved change"), ("s", "Not saved   This token may only read (403)")]);
    let screen = pty.words();
    for words in ["[DEMO] [READ ONLY]", "* [ ] Ask visitors", "was: on", "1 unsaved change"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    walk(&pty, &[("q", "Quit without saving"), ("n", "")]);
    assert_left(&pty, 0, "convrating: nothing saved");
}

#[test]
fn each_answer_to_the_quit_question_does_what_it_says() {
    let asked: &[Step] = &[(" ", "1 unsaved change"), ("q", "> [ Keep editing ]")];
    let stays: [&[Step]; 2] = [&[("\r", "Nothing was sent yet")], &[("\x1b", "Nothing was sent yet")]];
    for answer in stays {
        let host = Host::start();
        let pty = host.open();
        walk(&pty, asked);
        walk(&pty, answer);
        walk(&pty, &[("u", "   [ ] Ask visitors"), ("q", "")]);
        assert_left(&pty, 0, "convrating: nothing saved");
    }
    let leaves: [(&[Step], i32, usize, &str); 5] = [
        (&[("\t", "> [ Save and quit ]"), ("\r", "")], 0, 1, SAVED),
        (&[("s", "")], 0, 1, SAVED),
        (&[("\t\t", "> [ Quit without saving ]"), ("\r", "")], 0, 0, "convrating: nothing saved"),
        (&[("n", "")], 0, 0, "convrating: nothing saved"),
        (&[("\x03", "")], 130, 0, "convrating: nothing saved"),
    ];
    for (answer, code, patches, scrollback) in leaves {
        let host = Host::start();
        let pty = host.open();
        walk(&pty, asked);
        walk(&pty, answer);
        assert_left(&pty, code, scrollback);
        assert_eq!(host.hooks.count(Method::Patch), patches, "{answer:?}");
    }
}

const SAVED: &str = "convrating: saved to no profile (agent demoagent1): rating off → on";

#[test]
fn a_resize_while_editing_keeps_the_draft_at_every_size() {
    let host = Host::start();
    let pty = host.open();
    walk(&pty, &[(" ", "1 unsaved change")]);
    for (columns, rows, words) in [
        (40, 12, "> * [x] Ask visitors"),
        (120, 40, "Rate this conversation"),
        (20, 5, "Needs 40x12. q quits. Your changes are kept."),
        (80, 24, "> * [x] Ask visitors"),
    ] {
        pty.resize(columns, rows);
        pty.wait_for_words(words, |screen| screen.contains(words));
    }
    walk(&pty, &[("", "1 unsaved change"), ("s", "Saved"), ("q", "")]);
    assert_left(&pty, 0, SAVED);
}

#[test]
fn without_a_token_it_is_asked_for_and_what_is_pasted_is_never_echoed() {
    let host = Host::start();
    let token = host.token("acme");
    let pty = Builder::convrating(&[]).env("QUICKCHAT_BASE_URL", &host.url).start();
    walk(&pty, TO_TOKEN);
    walk(&pty, &[("not a token", "(11 characters)")]);
    // Right behind a paste Enter is one of its line ends.
    pty.insist("\r", "Not taken: the token has white space");
    assert!(!pty.words().contains("characters)"), "a wrong answer is cleared: {}", pty.screen_text());
    pty.send(token);
    pty.wait_for_text(&format!("({} characters)", token.len()));
    pty.insist("\r", FORM);
    walk(&pty, &[("", "agent demoagent1"), ("l", "LOG"), ("v", "LOG"), ("q", FORM), ("q", "")]);
    assert_left(&pty, 0, "convrating: nothing saved");
    let raw = String::from_utf8(pty.raw_output()).unwrap();
    let shown = token.as_bytes().windows(8).find(|part| raw.contains(&String::from_utf8_lossy(part)[..]));
    assert_eq!(shown, None, "a part of the token");
    assert!(!raw.contains("not a token"), "{raw}");
}

#[test]
fn without_a_token_the_demo_is_a_few_keys_away() {
    let pty = Builder::convrating(&[]).start();
    let chosen = "> [ Open the demo ]";
    walk(&pty, &[("", "Add a profile"), ("\t\t", chosen), ("\r", FORM), ("", "[DEMO]")]);
    pty.send("q");
    assert_left(&pty, 0, "convrating: nothing saved");
}

#[test]
fn keys_typed_while_loading_are_not_kept_for_the_form() {
    let host = Host::start();
    let held = host.hooks.hold(Method::Get);
    let pty = host.editor().start();
    pty.wait_for_text("Loading");
    within(held.arrived());
    // Each would change something on the form. The help shows that they were heard.
    for key in [" ", "x", "s", "\r", "a", "2", " "] {
        pty.send(key);
    }
    walk(&pty, &[("?", HELP), ("\x1b", "Loading")]);
    held.release();
    pty.wait_for_text(" >   [ ] Ask visitors");
    assert!(!pty.words().contains("unsaved change"), "{}", pty.screen_text());
    pty.send("q");
    assert_left(&pty, 0, "convrating: nothing saved");
    assert_eq!(host.hooks.attempts(Method::Patch), 0);
}
