//! Completions: what the program answers a shell, and what real shells make of it.

use std::path::Path;

use convrating::agents::Environment;
use convrating::cli::{CompletionRequest, EXAMPLES};
use proptest::prelude::*;
use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::support::{CONFIG, Home};
use crate::support::programs::require;
use crate::support::pty::{Builder, Pty};

/// Profiles whose tokens cannot be read without a trace: the file of one blocks its reader, the program of the other leaves a file.
const PROFILES: &str = "\
[profiles.acme-prod]
token_command = ['touch', 'started']
[profiles.acme-live]
token_file = 'fifo'
[profiles.other]
";

fn home_with(config: &str) -> Home {
    let home = Home::new();
    home.config(config);
    let fifo = home.path(CONFIG).with_file_name("fifo");
    mknodat(CWD, fifo, FileType::Fifo, Mode::RUSR, 0).expect("a pipe");
    home.write("notes.txt", 0o600, "");
    home.write("folder/notes.log", 0o600, "");
    home
}

/// What the program answers for the last of these words.
fn ask(home: &Home, words: &[&str]) -> Vec<String> {
    let index = (words.len() - 1).to_string();
    let arguments = [&["--"], words].concat();
    let variables = [("COMPLETE", "bash"), ("_CLAP_COMPLETE_INDEX", index.as_str())];
    let mut command = home.command(&arguments, &variables);
    let ended = command.current_dir(home.path("")).output().expect("it ends");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    assert_eq!((ended.status.code(), text(&ended.stderr).as_str()), (Some(0), ""), "{words:?}");
    text(&ended.stdout).lines().map(str::to_owned).collect()
}

/// A command line behind `convrating `, and what fits at its end. `_` stands for an empty word.
const ANSWERS: &[(&str, &[&str])] = &[
    ("-p _", &["acme-prod", "acme-live", "other"]),
    ("get --profile acme-", &["acme-prod", "acme-live"]),
    ("get --profile=o", &["--profile=other"]),
    ("history -p o", &["other"]),
    ("login o", &["other"]),
    ("logout o", &["other"]),
    ("profiles default o", &["other"]),
    ("profiles remove o", &["other"]),
    ("profiles rename o", &["other"]),
    ("profiles rename other n", &[]),
    ("get --demo=b", &["--demo=busy", "--demo=big"]),
    ("set --add _", &["HELPFUL_THUMBS", "EXPERIENCE_THUMBS"]),
    ("set --remove E", &["EXPERIENCE_THUMBS"]),
    ("set --question H", &["HELPFUL_THUMBS"]),
    ("set --active _", &["on", "off"]),
    ("--color a", &["auto", "always"]),
    ("completions z", &["zsh"]),
    ("sta", &["status"]),
    ("profiles re", &["rename", "remove"]),
    ("get --log n", &["notes.txt"]),
    ("get --log folder/", &["folder/notes.log"]),
    // No file belongs here.
    ("n", &[]),
    ("serve n", &[]),
    ("man n", &[]),
    ("get n", &[]),
    ("get -p n", &[]),
    ("get --demo=n", &[]),
    ("get --base-url n", &[]),
    ("get --timeout n", &[]),
    ("set --add n", &[]),
    ("login n", &[]),
    ("profiles remove n", &[]),
];

#[test]
fn the_program_says_what_fits_at_the_cursor_and_reads_no_token_for_it() {
    let home = home_with(PROFILES);
    for (line, expected) in ANSWERS {
        let words = line.split(' ').map(|word| if word == "_" { "" } else { word });
        let words: Vec<_> = std::iter::once("convrating").chain(words).collect();
        assert_eq!(ask(&home, &words), *expected, "{line}");
    }
    assert!(!home.path(CONFIG).with_file_name("started").exists() && !home.path("started").exists());
}

#[test]
fn a_file_that_cannot_be_read_offers_no_profile_and_everything_else() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";
    for config in ["[profiles.", "what = 1\n[profiles.a]\n", &format!("[profiles.'{token}']\n")] {
        let home = home_with(config);
        assert_eq!(ask(&home, &["convrating", "get", "-p", ""]), [""; 0], "{config}");
        assert_eq!(ask(&home, &["convrating", "get", "--demo=l"]), ["--demo=lost"]);
    }
}

#[test]
fn a_variable_of_this_name_for_something_else_changes_nothing() {
    let home = Home::new();
    let version = format!("convrating {}\n", env!("CARGO_PKG_VERSION"));
    for value in ["bash", "tcsh", "1", ""] {
        home.run(&["-V"], &[("COMPLETE", value)]).expect(0, &version, "");
    }
    assert_eq!(home.run(&["--", "convrating", ""], &[]).code, 2);
}

#[test]
fn each_shell_has_its_script_which_calls_the_program_that_printed_it() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = home.run(&["completions", shell], &[]);
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.contains(env!("CARGO_BIN_EXE_convrating")), "{shell}: {}", ran.stdout);
        assert!(ran.stdout.contains("COMPLETE") && ran.stdout.contains(shell), "{shell}: {}", ran.stdout);
    }
    let named = home.shell("PATH=${BIN%/*}:$PATH; cd /; convrating completions fish", &[]);
    assert!(named.stdout.contains("(COMPLETE=fish convrating -- "), "{named:?}");
    let relative = home.shell("cd ${BIN%/*}; ./convrating completions fish", &[]);
    assert!(relative.stdout.contains(env!("CARGO_BIN_EXE_convrating")), "{relative:?}");
    assert_eq!(home.run(&["completions", "tcsh"], &[]).code, 2);
}

proptest! {
    #[test]
    fn no_line_is_too_odd_to_be_completed(
        words in prop::collection::vec(
            prop_oneof![
                prop::sample::select(vec![
                    "get", "set", "profiles", "rename", "help", "-p", "--profile", "--demo", "--demo=", "--log", "-", "--",
                    "---", "=", "", "--add=", "-pa", "-V", "--active", "--json", "completions",
                ]).prop_map(str::to_owned),
                ".{0,6}",
            ],
            0..6,
        )
    ) {
        let environment = Environment::new([("COMPLETE".into(), "fish".into())], Some("/nowhere".into()));
        let line = ["convrating".into(), "--".into(), "convrating".into()].into_iter();
        let line: Vec<_> = line.chain(words.into_iter().map(Into::into)).collect();
        let request = CompletionRequest::from_run(&line, &environment).expect("a question");
        let answer = String::from_utf8(request.answer(&environment)).expect("text");
        prop_assert!(answer.lines().all(|line| !line.is_empty()));
    }
}

/// The line that the user puts into the start file of this shell, as the example has it.
fn start_line(shell: &str) -> &'static str {
    let command = format!("convrating completions {shell}");
    let lines = EXAMPLES.iter().filter_map(|example| example.line.split('\'').nth(1));
    lines.into_iter().find(|line| line.contains(&command)).expect("an example")
}

/// The folder of the binary first, then the ordinary ones.
fn path() -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_convrating")).parent().expect("a folder");
    format!("{}:/usr/bin:/bin", binary.display())
}

/// What the user types behind `convrating `, and what stands there then. A tabulator is the key Tab; the `X` that is typed behind
/// shows whether a space was added.
const TYPED: &[(&str, &str)] = &[
    ("get -p acme-p\tX", "get -p acme-prod X"),
    ("history --profile=oth\tX", "history --profile=other X"),
    ("get --demo=bu\tX", "get --demo=busy X"),
    ("set --add HELP\tX", "set --add HELPFUL_THUMBS X"),
    ("profiles rem\tX", "profiles remove X"),
    ("profiles rename oth\tX", "profiles rename other X"),
    ("status --log folder/no\tX", "status --log folder/notes.log X"),
    ("status --log fold\tX", "status --log folder/X"),
    ("status --log ~/folder/no\tX", "status --log ~/folder/notes.log X"),
    ("serve notes\tX", "serve notesX"),
    ("get -p notes\tX", "get -p notesX"),
    ("set --add notes\tX", "set --add notesX"),
    ("get --demo=notes\tX", "get --demo=notesX"),
];

/// Types each line at the prompt `> ` and waits until it stands there as expected.
fn type_each(pty: &Pty, lines: &[(&str, &str)]) {
    pty.wait_for_text("> ");
    for (typed, expected) in lines {
        pty.send(format!("convrating {typed}"));
        pty.wait_for_text(&format!("> convrating {expected}"));
        // Ctrl-U empties the line.
        pty.send("\u{15}");
        pty.wait_for("an empty line", |screen| !screen.contents().contains("> convrating"));
    }
}

/// A shell in a terminal, with profiles, and files that no completion may offer.
fn in_terminal(shell: &Path, arguments: &[&str], start_file: (&str, &str)) -> Pty {
    let builder = Builder::command(shell, arguments).env("PATH", &path());
    let builder = builder.file("config/convrating/config.toml", PROFILES).file(start_file.0, start_file.1);
    builder.file("notes.txt", "").file("folder/notes.log", "").start()
}

#[test]
fn bash_completes() {
    let Some(bash) = require("bash") else { return };
    let start = format!("PS1='> '\n{}\n", start_line("bash"));
    let pty = in_terminal(&bash, &["--noprofile", "--rcfile", ".bashrc", "-i"], (".bashrc", &start));
    type_each(&pty, TYPED);
}

#[test]
fn zsh_completes() {
    let Some(zsh) = require("zsh") else { return };
    let start = format!("PS1='> '\nautoload -U compinit\ncompinit -u -D\n{}\n", start_line("zsh"));
    let pty = in_terminal(&zsh, &["-d", "-i"], (".zshrc", &start));
    type_each(&pty, TYPED);
}

#[test]
fn zsh_completes_with_the_script_in_a_folder_of_its_own() {
    let Some(zsh) = require("zsh") else { return };
    let script = "convrating completions zsh > ~/_convrating\nfpath=(~ $fpath)\n";
    let start = format!("PS1='> '\n{script}autoload -U compinit\ncompinit -u -D\n");
    let pty = in_terminal(&zsh, &["-d", "-i"], (".zshrc", &start));
    type_each(&pty, TYPED);
}

#[test]
fn fish_completes() {
    let Some(fish) = require("fish") else { return };
    let quiet = "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\nfunction fish_prompt\necho -n '> '\nend\n";
    let start = format!("{quiet}{}\n", start_line("fish"));
    let pty = in_terminal(&fish, &["-i"], ("config/fish/config.fish", &start));
    type_each(&pty, TYPED);
}
