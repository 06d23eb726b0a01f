//! Hostile text, wherever it can come from: no byte of it reaches the terminal, and codes are sent back raw.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use convrating::demo::{Answer, End, Fault, Method};
use serde_json::{Value, json};

use super::bytes::{assert_own, hostile};
use super::host::{FORM, Host, editor_on, opened, within};
use super::screens::walk;
use crate::support::configuration::object;
use crate::support::pty::{Builder, Exit, Pty};

/// A terminal that shows everything at once.
const LARGE: (u16, u16) = (120, 200);

/// Leaves the editor and looks at everything it has ever written.
fn assert_clean_end(pty: &Pty, keys: &str) {
    pty.send(keys);
    assert_eq!(pty.wait_exit(), Exit::Code(0));
    pty.assert_restored();
    let raw = pty.raw_output();
    assert_own(&raw);
    // The editor itself clears the screen and leaves it. Text from outside must not.
    let count =
        |sequence: &str| raw.windows(sequence.len()).filter(|part| *part == sequence.as_bytes()).count();
    assert_eq!((count("\x1b[2J"), count("\x1b[?1049h"), count("\x1b[?1049l")), (2, 1, 1));
}

/// The hostile strings, several together, each part of at most `limit` characters.
fn parts(limit: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    for text in hostile() {
        let is_full = parts.last().is_some_and(|part| part.chars().count() + text.chars().count() > limit);
        if is_full {
            parts.push(String::new());
        }
        parts.last_mut().expect("a part").push_str(&text);
    }
    parts
}

#[test]
fn codes_are_shown_safe_and_sent_back_raw() {
    let host = Host::start();
    let mut codes = hostile();
    codes.insert(0, "HELPFUL_THUMBS".to_owned());
    host.hooks.set_configuration("acme", object([true; 2], &codes));
    let pty = opened(host.editor().size(LARGE.0, LARGE.1));
    for spelled in ["A^[B", "A^@B", "A^?B", "A<U+009B>B", "A<U+202E>B", "A<U+E0041>B", "^[]52;c;aGk=^G"] {
        pty.wait_for_text(spelled);
    }
    // In the illustration, the request, the quit question and the scrollback line too.
    walk(&pty, &[("2 ", "1 unsaved change"), ("v", "s reads again"), ("\x1b", "Nothing was sent yet")]);
    walk(&pty, &[("q", "Quit without saving"), ("\x1b", "Nothing was sent yet"), ("s", "Saved")]);
    let sent = host.hooks.requests();
    let patch = sent.iter().rfind(|request| request.method == "PATCH").expect("a save");
    let body: Value = serde_json::from_slice(&patch.body).unwrap();
    assert_eq!(body, json!({ "conv_rating_question_codes": codes[1..] }));
    walk(&pty, &[("3 ", "1 unsaved change"), ("s", "Saved")]);
    assert_clean_end(&pty, "q");
}

#[test]
fn an_error_s_message_and_code_are_shown_safe() {
    let host = Host::start();
    let parts = parts(180);
    assert!(parts.len() > 2);
    host.hooks.fail_always(Method::Get, Fault::applied(Answer::error(404, "FIRST", "")));
    let pty = host.editor().size(LARGE.0, LARGE.1).start();
    pty.wait_for_text("FIRST");
    for (number, part) in parts.iter().enumerate() {
        let answer = Answer::error(404, &format!("{part}{number}"), &format!("MESSAGE{number} {part}"));
        host.hooks.fail_always(Method::Get, Fault::applied(answer));
        pty.send("r");
        pty.wait_for_text(&format!("MESSAGE{number}"));
    }
    walk(&pty, &[("l", "LOG")]);
    assert_clean_end(&pty, "qq");
}

#[test]
fn a_refused_save_s_words_are_shown_safe() {
    let host = Host::start();
    let pty = opened(host.editor().size(LARGE.0, LARGE.1));
    for part in parts(180) {
        host.hooks.fail_next(Method::Patch, Fault::not_applied(Answer::error(422, &part, &part)));
        walk(&pty, &[(" ", "1 unsaved change"), ("s", "Not saved"), ("d", "Ask")]);
        pty.wait_for("no draft", |screen| !screen.contents().contains("unsaved change"));
    }
    assert_clean_end(&pty, "q");
}

#[test]
fn the_host_of_a_redirect_and_a_content_type_are_shown_safe() {
    let host = Host::start();
    host.hooks.fail_always(Method::Get, Fault::applied(Answer::status(404)));
    let pty = host.editor().start();
    pty.wait_for_text("no such configuration");
    let answers: [(&[u8], &str); 5] = [
        (b"302 Found\r\nlocation: http://evil\xe2\x80\xae.example/", "Not read"),
        (b"302 Found\r\nlocation: http://evil.example\xc2\x9b2J/\x1b[2J", "Not read"),
        (b"302 Found\r\nlocation: https://user:pass@evil.example:99/%1b[2J", "redirect to evil.example"),
        (b"200 OK\r\ncontent-type: text/\xc2\x9b31m\xe2\x80\xae", "Not read"),
        (b"200 OK\r\ncontent-type: text/\x1b[31m", "Not read"),
    ];
    for (head, said) in answers {
        let raw = [b"HTTP/1.1 ", head, b"\r\ncontent-length: 1\r\n\r\nx"].concat();
        host.hooks.fail_always(Method::Get, Fault::applied(Answer::Raw(raw, End::Close)));
        // The answer waits until the old words are off the screen: the new ones may be the same.
        let held = host.hooks.hold(Method::Get);
        pty.send("r");
        within(held.arrived());
        pty.wait_for_text("Loading");
        drop(held);
        pty.wait_for_words(said, |screen| screen.contains(said) && !screen.contains("Loading"));
    }
    assert_clean_end(&pty, "q");
}

#[test]
fn a_token_s_claims_are_shown_safe() {
    let host = Host::start();
    for part in parts(50) {
        let claims =
            URL_SAFE_NO_PAD.encode(json!({"scenario_id": part, "exp": 4_000_000_000_u64}).to_string());
        let pty = editor_on(&host.url, &format!("e30.{claims}.c2ln")).start();
        pty.wait_for_text("was refused: expired");
        assert!(!pty.words().contains("agent unknown"), "{}", pty.screen_text());
        assert_clean_end(&pty, "q");
    }
}

#[test]
fn the_profiles_of_the_file_are_shown_safe() {
    let host = Host::start();
    for part in parts(50) {
        let file = format!(
            "[profiles.{name}]\nbase_url = {url}\ntoken_env = {name}\nscenario_id = {name}\n\
             [profiles.other]\nbase_url = {url}\ntoken_command = [{name}, {name}]\n",
            name = toml_string(&part.replace('\0', "")),
            url = toml_string(&host.url),
        );
        let pty = host.editor().file("config/convrating/config.toml", &file).start();
        // A name that no profile may have is refused with the file; any other is listed.
        pty.wait_for_words("an editor or a refusal", |screen| {
            screen.contains(FORM) || screen.contains("config.toml")
        });
        if pty.words().contains(FORM) {
            walk(&pty, &[("p", "2 of 2 answered")]);
            assert_clean_end(&pty, "q");
        } else {
            assert_eq!(pty.wait_exit(), Exit::Code(2));
            assert_own(&pty.raw_output());
        }
    }
}

/// A TOML string with every character that is not plain as an escape.
fn toml_string(text: &str) -> String {
    let escaped = text.chars().map(|character| match character {
        ' '..='~' if !matches!(character, '"' | '\\') => character.to_string(),
        _ => format!("\\U{:08x}", u32::from(character)),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

#[test]
fn the_environment_and_the_command_line_are_told_safe() {
    let host = Host::start();
    for part in parts(50) {
        // Neither can hold a NUL.
        let text = part.replace('\0', "");
        let all = host.editor().env("USER", &text).env("SSH_CONNECTION", &text).env("TZ", &text);
        assert_clean_end(&opened(all), "q");
        let refused = [
            host.editor().env("CONVRATING_PROFILE", &text),
            editor_on(&text, "token"),
            editor_on(&host.url, &format!("a b{text}")),
            host.editor()
                .env("CONVRATING_CONFIG", &format!("/{text}/\x1b[2J"))
                .env("CONVRATING_PROFILE", "x"),
            Builder::convrating(&[&format!("--demo={text}")]),
            Builder::convrating(&["--profile", &text]),
            Builder::convrating(&["--base-url", &text]).env("QUICKCHAT_API_TOKEN", "t"),
            Builder::convrating(&[&format!("--{text}")]),
            Builder::convrating(&[&text]),
        ];
        for builder in refused {
            let pty = builder.start();
            assert!(matches!(pty.wait_exit(), Exit::Code(2 | 4)), "{}", pty.screen_text());
            assert_own(&pty.raw_output());
        }
    }
}
