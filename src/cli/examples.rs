//! The examples of each command, in one table: `--help` and the manual page show them, and a test runs each one.

/// A line of shell that shows what a command is good for.
#[derive(Debug)]
pub struct CommandExample {
    /// The command: `set`, `profiles rename`; nothing for convrating itself.
    pub command: &'static str,
    /// What the line does.
    pub about: &'static str,
    /// The line.
    pub line: &'static str,
}

const fn row(command: &'static str, about: &'static str, line: &'static str) -> CommandExample {
    CommandExample { command, about, line }
}

/// At least two examples for each command. They stand together, in the order in which they are shown.
pub const EXAMPLES: &[CommandExample] = &[
    row("", "Try the editor: no token, no network", "convrating --demo"),
    row("", "Open the editor on a profile", "convrating -p acme-prod"),
    row("", "The same line by line, for a screen reader or a script", "convrating --demo --plain"),
    row("", "Flip the switch without the editor", "convrating set -p acme-prod --active off"),
    row("get", "Print what the server holds", "convrating get -p acme-prod"),
    row("get", "Keep the API's own object in a file", "convrating get -p acme-prod --json > acme.json"),
    row("get", "Compare all profiles, eight at a time", "convrating get --all"),
    row("set", "Stop asking visitors", "convrating set -p acme-prod --active off"),
    row("set", "Show what would be sent, and send nothing", "convrating set --add NPS_SCORE --dry-run"),
    row("set", "Show what it would change in all profiles", "convrating set --all --active off --dry-run"),
    row("set", "Put back what get --json wrote", "convrating set -p acme-prod --from acme.json"),
    row("set", "Try it without a token", "convrating set --demo --active off"),
    row("undo", "Put back what the last save changed", "convrating undo -p acme-prod"),
    row("undo", "Show what that would send, as JSON", "convrating undo -p acme-prod --dry-run --json"),
    row("undo", "Do it in a script, without a question", "convrating undo -p acme-prod --yes"),
    row("status", "See whether the token works, and for how long", "convrating status -p acme-prod"),
    row(
        "status",
        "Write to a report when one of the profiles fails",
        "convrating status --all > status.txt || echo 'see status.txt'",
    ),
    row("profiles", "List the profiles", "convrating profiles"),
    row("profiles", "List them for a script", "convrating profiles --json"),
    row(
        "profiles default",
        "Use this profile where nothing else is named",
        "convrating profiles default acme-prod",
    ),
    row(
        "profiles default",
        "The same, and see whether it works",
        "convrating profiles default acme-prod && convrating status",
    ),
    row("profiles rename", "Give a profile another name", "convrating profiles rename acme-prod acme-live"),
    row(
        "profiles rename",
        "The same, and read with its new name",
        "convrating profiles rename acme-prod acme && convrating get -p acme",
    ),
    row("profiles remove", "Remove a profile after a question", "convrating profiles remove acme-prod"),
    row("profiles remove", "Remove it in a script", "convrating profiles remove acme-prod --yes"),
    row("login", "Add a profile; it asks for the token, hidden", "convrating login acme-prod"),
    row("login", "The same with a token from a file", "convrating login acme-prod < token.txt"),
    row("logout", "Remove a profile after a question", "convrating logout acme-prod"),
    row("logout", "Remove it in a script", "convrating logout acme-prod --yes"),
    row("history", "Show the saves of one profile", "convrating history -p acme-prod"),
    row(
        "history",
        "Keep what was saved since a day, as JSON",
        "convrating history --since 2026-11-01 --json > saves.json",
    ),
    row("serve", "Run the demo server until Ctrl-C", "convrating serve"),
    row(
        "serve",
        "Run it where a profile finds it again, and answer slowly",
        "convrating serve --port 8080 --latency 500",
    ),
    row("serve", "Keep its address and tokens in a file too", "convrating serve | tee demo.txt"),
    row(
        "completions",
        "Complete in bash, from the next shell on",
        r#"echo 'eval "$(convrating completions bash)"' >> ~/.bashrc"#,
    ),
    row(
        "completions",
        "Complete in zsh; the line stands below the one with compinit",
        r#"echo 'eval "$(convrating completions zsh)"' >> ~/.zshrc"#,
    ),
    row(
        "completions",
        "Complete in fish",
        "echo 'convrating completions fish | source' >> ~/.config/fish/config.fish",
    ),
    row("man", "Read the manual page", "convrating man | man -l -"),
    row("man", "Keep it in a file", "convrating man > convrating.1"),
];

/// The examples of one command.
pub(super) fn examples_of(command: &str) -> impl Iterator<Item = &'static CommandExample> {
    EXAMPLES.iter().filter(move |example| example.command == command)
}
