//! How many bytes a toggle costs with many codes and on a large screen.

use serde_json::json;

use super::host::Host;
use crate::support::pty::Pty;

/// The bytes of a second toggle, on the second of `codes` codes of `length` characters.
fn further_toggle(size: (u16, u16), codes: usize, length: usize) -> usize {
    let host = Host::start();
    let codes: Vec<_> = (0..codes).map(|number| format!("{number:0>length$}")).collect();
    let mut configuration = host.hooks.configuration("acme");
    configuration["conv_rating_question_codes"] = json!(codes);
    configuration["conv_rating_active"] = json!(true);
    configuration["conv_rating_popup_active"] = json!(true);
    host.hooks.set_configuration("acme", configuration);
    let pty = host.editor().size(size.0, size.1).start();
    pty.wait_for_text("[x] 0");
    press(&pty, "\x1b[B", " >   [x] 0");
    press(&pty, " ", "1 unsaved change");
    press(&pty, "\x1b[B", " >   [x] 0");
    press(&pty, " ", "2 unsaved changes")
}

/// The bytes of these keys.
fn press(pty: &Pty, keys: &str, text: &str) -> usize {
    let before = pty.written();
    pty.send(keys);
    pty.wait_for_text(text);
    pty.written() - before
}

#[test]
fn a_toggle_costs_what_it_changes_however_many_codes_there_are_and_however_long() {
    for (size, codes, length, budget) in [
        ((80, 24), 3, 9, 120),
        ((80, 24), 200, 9, 120),
        ((200, 60), 200, 200, 150),
        ((200, 60), 500, 200, 150),
    ] {
        let bytes = further_toggle(size, codes, length);
        assert!(bytes <= budget, "{codes} codes of {length} at {size:?}: {bytes}");
    }
}
