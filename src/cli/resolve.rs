//! From clap's types to one [`Invocation`]. Options that do not go together are refused here.

use super::arguments::{
    Arguments, HistoryArguments, LoginArguments, ProfilesArguments, ProfilesSubcommands, QueryArguments,
    RemoveArguments, ServeArguments, ServerArguments, SetArguments, Subcommands, UndoArguments, definitions,
};
use super::invocation::{
    Command, DemoAgent, HistoryOptions, Invocation, Login, ProfileChange, Query, ServerOptions, SetOptions,
    UndoOptions, Wanted,
};
use super::server_options::{both_sides, merged, refuse_others, server_options};
use super::usage_fault::{UsageFault, conflict};
use super::wanted::find_source;

/// So many saves `history` prints where the user asks for no other number.
const NEWEST: usize = 20;

/// The invocation that the user means.
///
/// # Errors
/// A usage error for options that do not go together, with the usage of the command.
pub(super) fn invocation(arguments: Arguments) -> Result<Invocation, clap::Error> {
    let name = arguments.command.as_ref().map(Subcommands::name);
    refuse_color(&arguments, name).and_then(|()| resolved(arguments)).map_err(|UsageFault { kind, text }| {
        let mut whole = definitions();
        whole.build();
        match name.and_then(|name| whole.find_subcommand_mut(name)) {
            Some(command) => command.error(kind, text),
            None => definitions().error(kind, text),
        }
    })
}

/// Refuses the editor's option before a command.
fn refuse_color(arguments: &Arguments, command: Option<&str>) -> Result<(), UsageFault> {
    match command {
        Some(command) if arguments.shown.color.is_some() => {
            Err(conflict(&format!("{command} takes no --color: it is for the editor")))
        }
        _ => Ok(()),
    }
}

fn resolved(arguments: Arguments) -> Result<Invocation, UsageFault> {
    if let Some(command) = arguments.command.as_ref().filter(|_| arguments.plain) {
        return Err(conflict(&format!("{} takes no --plain: it is for the editor", command.name())));
    }
    let before = arguments.server;
    match arguments.command {
        None => editor(before),
        Some(Subcommands::Get(asked)) => query(before, asked).map(Command::Get).map(Invocation::Command),
        Some(Subcommands::Status(asked)) => {
            query(before, asked).map(Command::Status).map(Invocation::Command)
        }
        Some(Subcommands::Set(asked)) => set(before, asked).map(Command::Set).map(Invocation::Command),
        Some(Subcommands::Undo(asked)) => undo(before, asked).map(Command::Undo).map(Invocation::Command),
        Some(Subcommands::Login(asked)) => login(before, asked).map(Command::Login).map(Invocation::Command),
        Some(Subcommands::History(asked)) => history(before, asked).map(Invocation::Command),
        Some(Subcommands::Profiles(asked)) => {
            alone(&before, "profiles", Invocation::Command(profiles(asked)))
        }
        Some(Subcommands::Logout(asked)) => {
            alone(&before, "logout", Invocation::Command(Command::ChangeProfile(removal(asked))))
        }
        Some(Subcommands::Serve(ServeArguments { port, latency })) => {
            alone(&before, "serve", Invocation::Serve { port, latency })
        }
        Some(Subcommands::Completions { shell }) => {
            alone(&before, "completions", Invocation::Completions(shell))
        }
        Some(Subcommands::Man) => alone(&before, "man", Invocation::Man),
    }
}

fn login(before: ServerArguments, asked: LoginArguments) -> Result<Login, UsageFault> {
    let own = ServerArguments { connection: before.connection.clone(), ..ServerArguments::default() };
    refuse_others(&before, &own, "login")?;
    let connection = asked.connection.or(before.connection);
    let server = server_options(ServerArguments { connection, ..ServerArguments::default() })?;
    Ok(Login { name: asked.name, server })
}

fn profiles(asked: ProfilesArguments) -> Command {
    let Some(change) = asked.change else { return Command::Profiles { is_json: asked.json } };
    Command::ChangeProfile(match change {
        ProfilesSubcommands::Default { name } => ProfileChange::Default(name),
        ProfilesSubcommands::Rename { old, new } => ProfileChange::Rename { old, new },
        ProfilesSubcommands::Remove(asked) => removal(asked),
    })
}

fn removal(asked: RemoveArguments) -> ProfileChange {
    ProfileChange::Remove { name: asked.name, is_confirmed: asked.yes }
}

fn history(before: ServerArguments, asked: HistoryArguments) -> Result<Command, UsageFault> {
    let own = ServerArguments { profiles: before.profiles.clone(), ..ServerArguments::default() };
    refuse_others(&before, &own, "history")?;
    let mut names = both_sides(before.profiles, asked.profile.into_iter().collect())?;
    if names.len() > 1 {
        return Err(conflict("history takes one --profile"));
    }
    let is_limit_implied = asked.limit.is_none() && asked.since.is_none();
    let limit = if is_limit_implied { Some(NEWEST) } else { asked.limit.filter(|limit| *limit > 0) };
    let (profile, since, is_json) = (names.pop(), asked.since, asked.json);
    Ok(Command::History(HistoryOptions { profile, limit, is_limit_implied, since, is_json }))
}

fn editor(server: ServerArguments) -> Result<Invocation, UsageFault> {
    let server = server_options(server)?;
    if server.profiles.len() > 1 {
        return Err(conflict("the editor takes one --profile; get, set and status take more"));
    }
    Ok(Invocation::Editor(server))
}

fn query(before: ServerArguments, asked: QueryArguments) -> Result<Query, UsageFault> {
    let server = server_options(merged(before, asked.server)?)?;
    refuse_names_beside_all(asked.all, &server)?;
    Ok(Query { server, is_all: asked.all, is_json: asked.json })
}

fn refuse_names_beside_all(is_all: bool, server: &ServerOptions) -> Result<(), UsageFault> {
    if is_all && !server.profiles.is_empty() {
        return Err(conflict("--all and --profile do not go together"));
    }
    if is_all && matches!(server.demo, Some(DemoAgent::Named(_))) {
        return Err(conflict("--all and one agent of the demo do not go together"));
    }
    Ok(())
}

fn set(before: ServerArguments, asked: SetArguments) -> Result<SetOptions, UsageFault> {
    let server = server_options(merged(before, asked.server)?)?;
    refuse_names_beside_all(asked.all, &server)?;
    if server.is_read_only {
        return Err(conflict("set and --read-only do not go together"));
    }
    let wanted = Wanted {
        switches: asked.switches.0,
        exactly: asked.questions,
        add: asked.add.into_iter().map(|code| code.trim().to_owned()).collect(),
        // Any code that the server has can be taken away.
        remove: asked.remove,
    };
    Ok(SetOptions {
        server,
        is_all: asked.all,
        wanted: find_source(wanted, asked.from)?,
        is_dry_run: asked.dry_run,
        is_confirmed: asked.yes,
        is_json: asked.json,
    })
}

fn undo(before: ServerArguments, asked: UndoArguments) -> Result<UndoOptions, UsageFault> {
    let server = server_options(merged(before, asked.server)?)?;
    if server.is_read_only {
        return Err(conflict("undo and --read-only do not go together"));
    }
    Ok(UndoOptions { server, is_dry_run: asked.dry_run, is_confirmed: asked.yes, is_json: asked.json })
}

/// Refuses all options for a server, for a command that reaches none.
fn alone(before: &ServerArguments, command: &str, invocation: Invocation) -> Result<Invocation, UsageFault> {
    refuse_others(before, &ServerArguments::default(), command).map(|()| invocation)
}

#[cfg(test)]
mod tests {
    use super::super::{definitions, parse};
    use super::*;
    use crate::settings::switch::SWITCHES;

    fn invoked(line: &str) -> Result<Invocation, String> {
        let words = std::iter::once("convrating").chain(line.split_whitespace());
        parse(words).map(|(invocation, _)| invocation).map_err(|error| {
            assert_eq!(error.exit_code(), 2, "{line}");
            error.to_string().lines().next().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn the_definitions_hold_together() {
        definitions().debug_assert();
    }

    #[test]
    fn options_stand_before_the_command_or_after_it() {
        let Ok(Invocation::Command(Command::Get(before))) = invoked("-p a --timeout 3 get") else { panic!() };
        let Ok(Invocation::Command(Command::Get(after))) = invoked("get --profile a --timeout 3") else {
            panic!()
        };
        assert_eq!(before, after);
        assert_eq!(before.server.timeout, Some(std::time::Duration::from_secs(3)));
        let Ok(Invocation::Command(Command::Get(twice))) = invoked("get -p a -p b -p a") else { panic!() };
        assert_eq!(twice.server.profiles, ["a", "b", "a"]);
    }

    #[test]
    fn the_demo_takes_its_agent_only_with_an_equals_sign() {
        let demo = |line| match invoked(line) {
            Ok(Invocation::Command(Command::Get(query))) => query.server.demo,
            other => panic!("{other:?}"),
        };
        assert_eq!(demo("--demo get"), Some(DemoAgent::First));
        assert_eq!(demo("get --demo=mixed"), Some(DemoAgent::Named("mixed".to_owned())));
        assert!(invoked("get --demo mixed").is_err());
    }

    #[test]
    fn set_without_a_change_names_the_options_that_make_one() {
        let refused = invoked("set").unwrap_err();
        assert!(refused.starts_with("error: set wants at least one of --active, "), "{refused}");
        let named = |option: &str| refused.contains(&format!("--{option}"));
        assert!(SWITCHES.iter().all(|row| named(row.option)) && named("add") && named("remove"), "{refused}");
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        let cases = [
            ("-p a get -p b", "error: --profile stands before the command and after it; give it once"),
            ("get --demo -p a", "error: --demo and --profile do not go together"),
            ("--demo --base-url https://x", "error: --demo and --base-url do not go together"),
            ("get --all -p a", "error: --all and --profile do not go together"),
            ("get --all --demo=acme", "error: --all and one agent of the demo do not go together"),
            ("-p a -p b", "error: the editor takes one --profile; get, set and status take more"),
            ("--demo profiles", "error: profiles takes no --demo"),
            ("--color never get", "error: get takes no --color: it is for the editor"),
            ("get --color never", "error: unexpected argument '--color' found"),
            ("-p a logout a", "error: logout takes no --profile"),
            ("profiles --json remove a", "error: the subcommand 'remove' cannot be used with '--json'"),
            ("-p a login a", "error: login takes no --profile"),
            ("-p a -p b history", "error: history takes one --profile"),
            ("undo --read-only", "error: undo and --read-only do not go together"),
            ("undo a", "error: unexpected argument 'a' found"),
            ("set --all -p a --active on", "error: --all and --profile do not go together"),
            (
                "set --demo=acme --all --active on",
                "error: --all and one agent of the demo do not go together",
            ),
            (
                "-p a set -p b --active on",
                "error: --profile stands before the command and after it; give it once",
            ),
            ("set --demo -p a --active on", "error: --demo and --profile do not go together"),
            (
                "set --from - --active on",
                "error: --from says what the settings become; --active, --question, --add and --remove do not go with it",
            ),
            ("set --from x --from y", "error: the argument '--from <FILE>' cannot be used multiple times"),
            (
                "set --add A,B,C",
                "error: --add A,B,C: A code has no comma inside; add each code by itself. Write --add A --add B --add C.",
            ),
            ("set --add A,", "error: --add A,: A code has no comma inside; add each code by itself."),
            ("set --active on --read-only", "error: set and --read-only do not go together"),
            (
                "set --question A --add B",
                "error: --question says which questions are asked; --add and --remove do not go with it",
            ),
            ("set --add A --remove A", "error: A is both added and removed"),
            ("set --add=", "error: a question code is not empty"),
            ("set --add \u{202e}A", "error: --add <U+202E>A: A code has no control or invisible characters."),
            (
                "get --timeout 0",
                "error: invalid value '0' for '--timeout <SECONDS>': it takes seconds: more than 0, at most 3600",
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(invoked(line).unwrap_err(), expected, "{line}");
        }
    }
}
