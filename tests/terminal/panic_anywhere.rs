//! A panic in a thread that no other waits for, while the program holds what has to be given back: the terminal's screen, its modes,
//! a helper program.
//!
//! The product has nothing that panics on purpose. So this test binary runs the whole product, with one thread more.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;

use super::bytes::assert_own;
use super::host::{FORM, Host};
use super::screens::{Step, walk};
use crate::support::pty::crowd::each;
use crate::support::pty::{Builder, Exit, Launch, Process, Pty};

/// The arguments of the product.
const ARGUMENTS: &str = "CONVRATING_TEST_ARGUMENTS";
/// A named pipe in the home: the thread panics once a test has opened it.
const GATE: &str = "gate";
/// A named pipe in the home, through which a helper program tells its number.
const HELPER: &str = "helper";
const SAID: &str = "on purpose, in a thread that no other waits for";
const BY_ITSELF: &str = "it ended by itself";

/// What the program holds, and how that is reached.
struct Held {
    what: &'static str,
    arguments: &'static str,
    reach: &'static [Step],
    has_helper: bool,
}

const HELD: [Held; 6] = [
    Held { what: "a screen", arguments: "-p known", reach: &[("", FORM)], has_helper: false },
    Held {
        what: "a terminal without echo, line by line",
        arguments: "-p known --plain",
        reach: &[("", "log, help, quit."), ("token\n", "keeps the old token.")],
        has_helper: false,
    },
    Held {
        what: "a terminal without echo, in a command",
        arguments: "login new",
        reach: &[("", "(not shown):")],
        has_helper: false,
    },
    Held {
        what: "a helper program that asks, in a command",
        arguments: "get -p asks",
        reach: &[],
        has_helper: true,
    },
    Held {
        what: "a helper program that asks, before a screen",
        arguments: "-p asks",
        reach: &[],
        has_helper: true,
    },
    Held {
        what: "a helper program in the background, behind a screen",
        arguments: "-p known",
        reach: &[("", FORM), ("p", "PROFILES")],
        has_helper: true,
    },
];

/// It asks on the terminal where it has one, and tells its number once the terminal shows nothing of what is typed.
const ASKS: &str = "stty -echo </dev/tty && has_terminal=1; echo $$ > \"$HOME/helper\"\n\
    test \"$has_terminal\" && read -r typed </dev/tty; exec sleep 1000";

/// Below a shell, which outlives it: the end of a session's leader would end its helper programs too.
fn start(held: &Held, host: &Host) -> Pty {
    let this = std::env::current_exe().expect("a test binary");
    let name = ["--exact", "terminal::panic_anywhere::program", "--nocapture", "--test-threads=1"];
    let config = format!(
        "[profiles.known]\nbase_url = '{url}'\ntoken_env = 'KNOWN'\n\
         [profiles.asks]\nbase_url = '{url}'\ntoken_command = ['/bin/sh', 'asks.sh']\n",
        url = host.url
    );
    let builder = Builder::command(&this, &name).env(ARGUMENTS, held.arguments).pipe(GATE).pipe(HELPER);
    let builder = builder.file("config/convrating/config.toml", &config);
    builder
        .file("config/convrating/asks.sh", ASKS)
        .env("KNOWN", host.token("acme"))
        .launch(Launch::ChildOfShell)
        .start()
}

#[test]
fn program() {
    let Ok(arguments) = std::env::var(ARGUMENTS) else { return };
    convrating::install_panic_report();
    let home = PathBuf::from(std::env::var_os("HOME").expect("a home"));
    thread::spawn(move || {
        // This waits until a test has opened it.
        let opened = fs::read(home.join(GATE));
        panic!("{SAID}: {opened:?}");
    });
    let words = ["convrating"].into_iter().chain(arguments.split(' ')).map(Into::into);
    let ended = convrating::run(words);
    panic!("{BY_ITSELF}: {ended:?}");
}

/// The helper program, which runs from now on until it is killed.
fn helper(home: &Path) -> Process {
    let number = fs::read_to_string(home.join(HELPER)).expect("it tells its number");
    Process::with_id(number.trim().parse().expect("a number"))
}

#[test]
fn a_panic_in_any_thread_gives_back_the_terminal_kills_the_helper_program_and_ends_with_101() {
    let host = Host::start();
    each(
        &HELD,
        |held| held.what.to_owned(),
        |held| {
            let pty = start(held, &host);
            walk(&pty, held.reach);
            let helper = held.has_helper.then(|| helper(pty.home()));
            if held.has_helper && !held.reach.is_empty() {
                // The loop has heard a key since it started the helper program, so it has noted its process group.
                walk(&pty, &[("/", "stay here")]);
            }
            File::options().write(true).open(pty.home().join(GATE)).expect("the thread waits");
            assert_eq!(pty.wait_exit(), Exit::Code(101));
            pty.assert_restored();
            helper.inspect(|helper| {
                helper.wait_gone();
            });
            pty.wait_drained();
            let raw = String::from_utf8_lossy(&pty.raw_output()).into_owned();
            assert!(raw.contains("Error: panicked at ") && raw.contains(SAID), "{raw}");
            assert!(!raw.contains(BY_ITSELF), "the main thread went on: {raw}");
            let behind = raw.rsplit_once(SAID).expect("the report").1;
            assert!(!behind.contains('\x1b'), "the screen is left before: {raw:?}");
            assert_own(raw.as_bytes());
        },
    );
}
