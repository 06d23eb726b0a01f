//! A real password manager as `token_command`: pass, whose gpg asks for the passphrase by pinentry-curses.

use std::path::Path;

use super::helper::{SECRET, shown};
use super::support::Server;
use crate::support::programs;
use crate::support::pty::{Builder, Exit};

/// Starts `pass` with a key that has a passphrase, an agent that knows no passphrase, and pinentry-curses.
const COLD_PASS: &str = "export GNUPGHOME=\"$HOME/gnupg\" PASSWORD_STORE_DIR=\"$HOME/store\"; unset GPG_TTY\n\
    mkdir -m 700 \"$GNUPGHOME\"; echo \"pinentry-program $PINENTRY\" > \"$GNUPGHOME/gpg-agent.conf\"\n\
    {\n\
    gpg --batch --pinentry-mode loopback --passphrase open-sesame --quick-gen-key ada default default never\n\
    pass init ada; printf '%s\\nlogin: ada\\n' \"$TOKEN\" | pass insert -m quickchat\n\
    gpgconf --kill gpg-agent\n\
    } >\"$HOME/setup\" 2>&1 </dev/null\n\
    echo the key is made; read go\n";

#[test]
fn pass_with_a_cold_agent_asks_by_pinentry_and_nothing_typed_leaks() {
    let needed = [
        programs::require("pass"),
        programs::require("gpg"),
        programs::require("gpgconf"),
        programs::require("pinentry-curses"),
    ];
    let [Some(_), Some(_), Some(_), Some(pinentry)] = needed else { return };
    let server = Server::start();
    let config = format!(
        "[profiles.a]\nbase_url = '{}'\ntoken_command = ['pass', 'show', 'quickchat']\n\
         [profiles.b]\nbase_url = '{}'\ntoken_env = 'B'\n",
        server.url, server.url
    );
    for (arguments, seen) in [("get -p a", "Questions"), ("-p a", "Ask visitors")] {
        let line = format!(
            "{COLD_PASS}{} {arguments}; gpgconf --kill gpg-agent; read rest; echo \"left: [$rest]\"",
            env!("CARGO_BIN_EXE_convrating")
        );
        let pty = Builder::command(Path::new("/bin/sh"), &["-c", &line])
            .env("PINENTRY", &pinentry.to_string_lossy())
            .env("TOKEN", server.token("acme"))
            .env("B", server.token("mixed"))
            .file("config/convrating/config.toml", &config)
            .start();
        // It takes a while on a busy machine, beside the time that pinentry has. These words are gone when pinentry draws its
        // screen, so the shell goes on only when they were seen.
        pty.wait_for_text("the key is made");
        pty.send("\n");
        pty.wait_for("pinentry's question", |screen| screen.contents().contains("Passphrase:"));
        pty.send(format!("{SECRET}\rq"));
        pty.wait_for_text(seen);
        if arguments == "-p a" {
            pty.send(" ");
            pty.wait_for_text("1 unsaved change");
            pty.send("u");
            pty.insist_away("", "unsaved");
            pty.send("q");
        }
        pty.wait_for("the main screen", |screen| !screen.alternate_screen());
        pty.insist("\n", "left: []");
        assert_eq!(pty.wait_exit(), Exit::Code(0));
        assert!(!shown(&pty).contains(SECRET), "{}", shown(&pty));
        assert_eq!(pty.line(), pty.line_before());
    }
}
