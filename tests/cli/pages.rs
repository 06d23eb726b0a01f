use super::support::Home;

const COMMANDS: [&str; 11] =
    ["get", "set", "undo", "status", "profiles", "login", "logout", "history", "serve", "completions", "man"];

#[test]
fn each_command_has_its_help_and_its_part_of_the_manual() {
    let home = Home::new();
    let manual = home.run(&["man"], &[]);
    assert_eq!((manual.code, manual.stderr.as_str()), (0, ""));
    for command in COMMANDS {
        let help = home.run(&[command, "--help"], &[]);
        assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{command}");
        let sentence = help.stdout.lines().next().expect("a sentence");
        assert!(!sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
        assert!(manual.stdout.contains(&format!(".SS \"convrating {command}\"\n")), "{command}");
    }
    for heading in ["ENVIRONMENT", "FILES", "EXIT STATUS"] {
        assert!(manual.stdout.contains(&format!(".SH {heading}\n")), "{heading}");
    }
}

#[test]
fn wrong_usage_is_two_and_says_how_it_goes() {
    let home = Home::new();
    for arguments in [
        &["-p", "a", "get", "-p", "b"][..],
        &["--demo", "-p", "a"],
        &["get", "--demo", "acme"],
        &["nothing"],
        &["set"],
        &["set", "--active", "maybe"],
        &["set", "--active", "on", "--read-only"],
        &["undo", "--read-only"],
        &["undo", "--demo", "-p", "a"],
        &["get", "--log", "/nowhere/log", "--demo"],
        &["get", "--demo=nobody"],
        &["get", "--all"],
    ] {
        let ran = home.run(arguments, &[]);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.starts_with("error: "), "{ran:?}");
    }
}

#[test]
fn wrong_usage_shows_the_commands_own_usage() {
    let home = Home::new();
    for (arguments, usage) in [
        (&["set"][..], "Usage: convrating set [OPTIONS]"),
        (&["get", "--demo", "-p", "a"], "Usage: convrating get [OPTIONS]"),
        (&["-p", "a", "login", "a"], "Usage: convrating login [OPTIONS] <NAME>"),
        (&["-p", "a", "-p", "b"], "Usage: convrating [OPTIONS] [COMMAND]"),
    ] {
        let ran = home.run(arguments, &[]);
        assert!(ran.code == 2 && ran.stderr.lines().any(|line| line == usage), "{ran:?}");
    }
}

#[test]
fn wrong_usage_is_json_where_json_was_asked_for() {
    let home = Home::new();
    for (arguments, message) in [
        (&["get", "--json", "--nothing"][..], "unexpected argument '--nothing' found"),
        (&["set", "--json"], "set wants at least one of --active, --question, --add and --remove, or --from"),
        (&["--json"], "unexpected argument '--json' found"),
    ] {
        let ran = home.run(arguments, &[]);
        assert_eq!((ran.code, ran.stderr.as_str()), (2, ""), "{ran:?}");
        let error = &ran.json()["error"];
        assert_eq!((&error["kind"], &error["message"]), (&"usage".into(), &message.into()));
        assert!(error["hint"].as_str().is_some_and(|hint| hint.starts_with("convrating ")), "{ran:?}");
    }
}

#[test]
fn what_set_refuses_is_not_in_its_help() {
    let home = Home::new();
    for (command, is_shown) in [("get", true), ("set", false), ("undo", false)] {
        let help = home.run(&[command, "--help"], &[]).stdout;
        assert_eq!(help.contains("--read-only"), is_shown, "{command}");
    }
}

#[test]
fn the_version_is_told() {
    let version = format!("convrating {}\n", env!("CARGO_PKG_VERSION"));
    Home::new().run(&["-V"], &[]).expect(0, &version, "");
}

#[test]
fn a_number_that_cannot_be_used_is_refused_with_what_the_option_takes() {
    for (arguments, takes) in [
        (["history", "--limit", "few"], "it takes a number, such as 20; 0 is all"),
        (["serve", "--port", "65536"], "it takes a port: 0 to 65535"),
        (["serve", "--latency", "1s"], "it takes milliseconds: 0 to 3600000"),
        (["get", "--timeout", "0"], "it takes seconds: more than 0, at most 3600"),
    ] {
        let ran = Home::new().run(&arguments, &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(ran.stderr.contains(takes), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn the_editor_needs_a_terminal_and_names_what_does_not() {
    let home = Home::new();
    let stderr = "error: the editor needs a terminal. Without one: convrating --plain, convrating get, convrating set\n";
    home.run(&[], &[]).expect(2, "", stderr);
    home.run(&["--demo"], &[("TERM", "xterm")]).expect(2, "", stderr);
}

#[test]
fn a_server_whose_address_nobody_can_read_does_not_run() {
    let stderr = "error: cannot write the output: no space left on device\n";
    Home::new().shell("$BIN serve >/dev/full", &[]).expect(1, "", stderr);
}

/// Reads what `serve` prints, and asks the server that it runs for the first agent's configuration.
fn ask_served(home: &Home, child: &mut std::process::Child) {
    use std::io::{BufRead as _, BufReader};
    let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let lines: Vec<_> = lines.take(4).map(|line| line.expect("text")).collect();
    let token = lines[1].strip_prefix("acme      ").expect("the first agent");
    let ran =
        home.run(&["get", "--json"], &[("QUICKCHAT_API_TOKEN", token), ("QUICKCHAT_BASE_URL", &lines[0])]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn serve_answers_in_the_background_of_a_script_whose_shell_ignores_ctrl_c_for_it() {
    let home = Home::new();
    let serve = format!("trap '' INT; exec {} serve", env!("CARGO_BIN_EXE_convrating"));
    let mut command = std::process::Command::new("/bin/sh");
    command.args(["-c", &serve]).env_clear().env("HOME", home.path("")).stdout(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    ask_served(&home, &mut child);
    child.kill().expect("it is there");
    child.wait().expect("it ends");
}

#[test]
fn serve_prints_an_address_and_tokens_until_it_is_interrupted() {
    let home = Home::new();
    let mut child =
        home.command(&["serve"], &[]).stdout(std::process::Stdio::piped()).spawn().expect("it starts");
    ask_served(&home, &mut child);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is there");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
}
