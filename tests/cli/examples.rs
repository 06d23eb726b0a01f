//! Each example of the help, and each command line of the README, is run as a user runs it: by a shell, in a terminal, with profiles
//! for a demo server.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use convrating::cli::EXAMPLES;

use super::support::Server;
use crate::support::configuration::object;
use crate::support::programs::require;
use crate::support::pty::{Builder, Exit};

const CTRL_C: &str = "\u{3}";
const TOKEN: &str = "TOKEN\r";

/// The lines that want something of the user: the line, the text that asks for it, and what the user types.
const TYPED: &[(&str, &str, &str)] = &[
    ("convrating --demo", "quit", "q"),
    ("convrating -p acme-prod", "quit", "q"),
    ("convrating --demo --plain", "quit", "quit\r"),
    ("convrating login acme-prod", "(not shown):", TOKEN),
    ("convrating profiles remove acme-prod", "[y/N]", "y\r"),
    ("convrating logout acme-prod", "[y/N]", "y\r"),
    ("convrating undo -p acme-prod", "[y/N]", "y\r"),
    ("convrating serve", "export QUICKCHAT_BASE_URL", CTRL_C),
    ("convrating serve --port 8080 --latency 500", "export QUICKCHAT_BASE_URL", CTRL_C),
    ("convrating profiles remove acme-test", "[y/N]", "y\r"),
    ("convrating set --all --active on", "[y/N]", "y\r"),
    ("convrating login peer --base-url http://127.0.0.1:8099", "(not shown):", TOKEN),
    ("convrating serve --port 8099 --latency 200", "export QUICKCHAT_BASE_URL", CTRL_C),
    ("convrating serve | tee demo.txt", "export QUICKCHAT_BASE_URL", CTRL_C),
];

/// What the README's lines begin with that are run here. The others build, export what a server has printed, or uninstall.
const RUN_HERE: [&str; 3] = ["convrating ", "mkdir ", "printf "];

/// The save that a line looks back at.
const SAVE: &str = "convrating set -p acme-prod --active on --add N >saved.txt 2>&1";

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A home with the profiles acme-prod and acme-test, whose tokens are stored, and with the files that examples use.
fn prepare(line: &str, server: &Server) -> Builder {
    let binary = Path::new(env!("CARGO_BIN_EXE_convrating")).parent().expect("a folder").display();
    let (url, token) = (&server.url, server.token("acme"));
    let profile = |name| format!("[profiles.{name}]\nbase_url = '{url}'\nscenario_id = 'demoagent1'\n");
    let profiles = ["acme-prod", "acme-test"].map(profile).concat();
    let config = format!("default_profile = 'acme-prod'\n{profiles}");
    let stored = format!("{{\"base_url\":\"{url}\",\"agent\":\"demoagent1\",\"token\":\"{token}\"}}\n");
    Builder::command(Path::new("/bin/sh"), &["-c", line])
        .env("PATH", &format!("{binary}:/usr/bin:/bin"))
        .env("MANPAGER", "cat")
        .file("config/convrating/config.toml", &config)
        .file("state/convrating/tokens/acme-prod", &stored)
        .file("state/convrating/tokens/acme-test", &stored)
        .file("token.txt", token)
        .file("acme.json", &object([true; 2], &["HELPFUL_THUMBS"]).to_string())
        .file(".config/fish/config.fish", "")
}

/// Runs a line to its end.
#[track_caller]
fn run(line: &str) {
    let server = Server::start();
    let port = free_port().to_string();
    // A fixed port may be in use on this machine.
    let own =
        line.replace("http://127.0.0.1:8099", &server.url).replace("8080", &port).replace("8099", &port);
    let has_past = ["undo", "history"].iter().any(|command| line.contains(command));
    let own = if has_past { format!("{SAVE} && {own}") } else { own };
    let pty = prepare(&own, &server).start();
    let typed = TYPED.iter().find(|(own, ..)| *own == line);
    if let Some((_, question, keys)) = typed {
        pty.wait_for_text(question);
        pty.send(keys.replace("TOKEN", server.token("acme")));
    }
    let is_interrupted = typed.is_some_and(|(.., keys)| *keys == CTRL_C);
    // Ctrl-C reaches the shell of a pipe too, which then ends by the signal.
    let expected: &[Exit] =
        if is_interrupted { &[Exit::Code(130), Exit::Signal(2)] } else { &[Exit::Code(0)] };
    let ended = pty.wait_exit();
    assert!(expected.contains(&ended), "{line}: {ended:?}\n{}", String::from_utf8_lossy(&pty.raw_output()));
}

#[test]
fn each_example_does_what_it_says_to_the_end() {
    for example in EXAMPLES {
        if !example.line.contains("man -l") || require("man").is_some() {
            run(example.line);
        }
    }
}

/// The lines of the README's blocks for a shell, without their comments.
fn readme_lines() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("README.md")).expect("a README");
    let blocks = text.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    let lines = blocks.flat_map(str::lines).map(|line| line.split("  #").next().unwrap_or_default().trim());
    lines.filter(|line| RUN_HERE.iter().any(|start| line.starts_with(start))).map(str::to_owned).collect()
}

#[test]
fn each_command_line_of_the_readme_does_what_it_says_to_the_end() {
    let lines = readme_lines();
    assert!(lines.len() > 15, "the README's lines are found: {lines:?}");
    for line in lines {
        if (!line.contains("man -l") || require("man").is_some())
            && (!line.contains("| jq") || require("jq").is_some())
        {
            run(&line);
        }
    }
}

#[test]
fn what_is_typed_belongs_to_an_example_or_to_the_readme() {
    let readme = readme_lines();
    for (line, ..) in TYPED {
        let is_example = EXAMPLES.iter().any(|example| example.line == *line);
        assert!(is_example || readme.iter().any(|own| own == line), "{line}");
    }
}
