//! `-h`, `--help` and the examples in them, for every command that the definitions hold.

use convrating::cli::{self, EXAMPLES, READ_MORE, VARIABLES};

use super::support::Home;

/// Every command with its names below `convrating`, convrating itself first.
fn commands() -> Vec<(String, clap::Command)> {
    fn collect(path: &str, command: &clap::Command, found: &mut Vec<(String, clap::Command)>) {
        found.push((path.to_owned(), command.clone()));
        for inner in command.get_subcommands() {
            collect(format!("{path} {}", inner.get_name()).trim_start(), inner, found);
        }
    }
    let mut found = Vec::new();
    collect("", &cli::definitions(), &mut found);
    assert!(found.len() >= 14, "{}", found.len());
    found
}

/// What a command prints for `-h` or `--help`.
fn help(home: &Home, path: &str, option: &str) -> String {
    let arguments: Vec<_> = path.split_whitespace().chain([option]).collect();
    let ran = home.run(&arguments, &[]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{path}");
    ran.stdout
}

#[test]
fn the_short_help_of_each_command_fits_one_screen() {
    let home = Home::new();
    for (path, _) in commands() {
        let text = help(&home, &path, "-h");
        let widest = text.lines().map(|line| line.chars().count()).max().expect("lines");
        assert!(widest <= 80 && text.lines().count() <= 24, "{path}:\n{text}");
    }
}

#[test]
fn the_short_help_of_convrating_names_each_option_and_each_command() {
    let text = help(&Home::new(), "", "-h");
    let definitions = cli::definitions();
    for option in definitions.get_arguments().filter_map(clap::Arg::get_long) {
        assert!(text.contains(&format!("--{option}")), "{option}: {text}");
    }
    for command in definitions.get_subcommands() {
        assert!(text.contains(&format!("\n  {} ", command.get_name())), "{text}");
    }
}

#[test]
fn the_long_help_adds_examples_variables_and_where_to_read_more() {
    let home = Home::new();
    for (path, _) in commands() {
        let text = help(&home, &path, "--help");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        let own = EXAMPLES.iter().filter(|example| example.command == path);
        let shown = own.map(|example| format!("  # {}\n  {}\n", example.about, example.line));
        assert!(shown.into_iter().all(|example| text.contains(&example)), "{text}");
        assert!(VARIABLES.iter().all(|row| text.contains(&format!("\n  {} ", row.names))), "{text}");
        assert!(text.ends_with(&format!("\nRead more:\n  {READ_MORE}\n")), "{text}");
        let words: Vec<_> = std::iter::once("help").chain(path.split_whitespace()).collect();
        assert_eq!(home.run(&words, &[]).stdout, text, "the command help prints the same");
    }
}

#[test]
fn each_command_has_two_examples_or_more_and_each_example_a_command() {
    let commands: Vec<_> = commands().into_iter().map(|(path, _)| path).collect();
    for path in &commands {
        let count = EXAMPLES.iter().filter(|example| example.command == *path).count();
        assert!(count >= 2, "convrating {path} has {count} examples");
    }
    for example in EXAMPLES {
        assert!(commands.iter().any(|path| example.command == path), "{example:?}");
        let command = format!("convrating {}", example.command);
        assert!(example.line.contains(command.trim_end()), "{example:?}");
    }
}

#[test]
fn each_option_and_each_argument_says_what_it_is() {
    for (path, command) in commands() {
        assert!(path.is_empty() || command.get_about().is_some(), "{path}");
        for argument in command.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let is_sentence = help.starts_with(char::is_uppercase) || help.starts_with("bash");
            assert!(
                is_sentence && !help.ends_with('.'),
                "convrating {path}: {:?}: {help}",
                argument.get_id()
            );
        }
    }
}

#[test]
fn only_the_editor_takes_color_and_every_command_that_reaches_a_server_takes_ascii() {
    let whole = {
        let mut whole = cli::definitions();
        whole.build();
        whole
    };
    let has = |command: &clap::Command, name: &str| {
        command.get_arguments().any(|option| option.get_long() == Some(name))
    };
    assert!(has(&whole, "color") && has(&whole, "ascii"));
    for command in whole.get_subcommands() {
        assert!(!has(command, "color"), "{}", command.get_name());
        assert!(!has(command, "timeout") || has(command, "ascii"), "{}", command.get_name());
    }
    let home = Home::new();
    for (arguments, error) in [
        (&["get", "--color", "never", "--demo"][..], "error: unexpected argument '--color' found\n"),
        (&["--color", "never", "get", "--demo"], "error: get takes no --color: it is for the editor\n"),
    ] {
        let ran = home.run(arguments, &[]);
        assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.starts_with(error), "{ran:?}");
    }
}

#[test]
fn the_help_of_a_command_is_exactly_this() {
    let expected = "\
Remove a profile and its stored token, as profiles remove does
Usage: convrating logout [OPTIONS] <NAME>

Arguments:
  <NAME>  The profile's name

Options:
      --yes    Do not ask
      --ascii  Write nothing but ASCII
  -h, --help   Print help; --help adds examples and variables
";
    assert_eq!(help(&Home::new(), "logout", "-h"), expected);
}
