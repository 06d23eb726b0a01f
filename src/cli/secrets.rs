//! If the user gives a token on the command line, the error that refuses it does not repeat the token.

use std::ffi::OsString;

use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::arguments::definitions;
use crate::visible::has_token_shape;

const REFUSAL: &str =
    "a token is never given on the command line; convrating login NAME reads it hidden, or from a pipe";
/// More characters than any word that belongs on the command line has, and fewer than a token has.
const MOST_CHARS: usize = 40;

/// Refuses text of a token's shape wherever it stands, before anything is made of it.
///
/// # Errors
/// A usage error that names the place and not the text.
pub(super) fn refuse_tokens(arguments: &[OsString]) -> Result<(), clap::Error> {
    let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
    // The first word is the program's own path.
    let Some(place) = (1..words.len()).find(|place| has_token_shape(&words[*place])) else { return Ok(()) };
    let name = name_place(&words[place], &words[place - 1], place);
    let text = format!("{name} has the shape of a token; {REFUSAL}");
    Err(definitions().error(ErrorKind::InvalidValue, text))
}

/// The option that `word` is the value of, or its number.
fn name_place(word: &str, before: &str, place: usize) -> String {
    let options = list_options();
    let is_joined = |option: &&String| {
        let rest = word.strip_prefix(option.as_str());
        rest.is_some_and(|rest| rest.starts_with('=') || option.len() == SHORT)
    };
    let option = options.iter().find(is_joined).or_else(|| options.iter().find(|option| *option == before));
    option.map_or_else(|| format!("argument {place}"), |option| format!("the text after {option}"))
}

/// The length of `-p`.
const SHORT: usize = 2;

/// `-p`, `--profile`, and all others.
fn list_options() -> Vec<String> {
    let whole = definitions();
    let commands = std::iter::once(&whole).chain(whole.get_subcommands());
    let names = |option: &Arg| {
        let short = option.get_short().map(|letter| format!("-{letter}"));
        short.into_iter().chain(option.get_long().map(|name| format!("--{name}")))
    };
    commands.flat_map(clap::Command::get_arguments).flat_map(names).collect()
}

/// Returns `error`, or another error in its place if it would show a word that may be a token.
pub(super) fn without_token(error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let is_login = arguments.iter().any(|argument| argument == "login");
    let is_secret = |word: &str| {
        word.starts_with("--token")
            || word.chars().count() > MOST_CHARS
            || is_login && error.kind() == ErrorKind::UnknownArgument && !word.starts_with('-')
    };
    let kinds = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand];
    let words = kinds.into_iter().filter_map(|kind| error.get(kind));
    let is_shown = words.into_iter().any(|word| match word {
        ContextValue::String(word) => is_secret(word),
        ContextValue::Strings(words) => words.iter().any(|word| is_secret(word)),
        _ => false,
    });
    if is_shown { definitions().error(ErrorKind::UnknownArgument, REFUSAL) } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(line: &str) -> String {
        let words = std::iter::once("convrating").chain(line.split(' '));
        super::super::parse(words).unwrap_err().to_string()
    }

    #[test]
    fn text_of_a_tokens_shape_is_refused_by_its_place() {
        const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";
        let cases = [
            ("TOKEN", "argument 1"),
            ("login TOKEN", "argument 2"),
            ("login x TOKEN", "argument 3"),
            ("login --token=TOKEN", "argument 2"),
            ("logout TOKEN", "argument 2"),
            ("profiles default TOKEN", "argument 3"),
            ("profiles rename x TOKEN", "argument 4"),
            ("profiles remove TOKEN --yes", "argument 3"),
            ("--TOKEN", "argument 1"),
            ("completions TOKEN", "argument 2"),
            ("get -p TOKEN", "the text after -p"),
            ("get -pTOKEN", "the text after -p"),
            ("--profile TOKEN get", "the text after --profile"),
            ("--demo=TOKEN", "the text after --demo"),
            ("set --add TOKEN", "the text after --add"),
            ("set --add=TOKEN", "the text after --add"),
            ("set --question A --question TOKEN", "the text after --question"),
            ("set --remove TOKEN", "the text after --remove"),
            ("set --from ./TOKEN.json", "the text after --from"),
            ("set --active TOKEN", "the text after --active"),
            ("get --log ./TOKEN.log", "the text after --log"),
            ("get --base-url https://TOKEN.example", "the text after --base-url"),
            ("get --timeout TOKEN", "the text after --timeout"),
            ("--color TOKEN get", "the text after --color"),
            ("history -p TOKEN", "the text after -p"),
        ];
        for (line, place) in cases {
            let told = refuse(&line.replace("TOKEN", TOKEN));
            assert!(
                told.starts_with(&format!("error: {place} has the shape of a token; {REFUSAL}\n")),
                "{told}"
            );
            assert!(!told.contains("eyJ"), "{told}");
        }
    }

    #[test]
    fn no_error_repeats_a_token() {
        let long = "t0k".repeat(20);
        let given = |line: &str| line.replace("TOKEN", &long);
        for line in [
            "login x t0ken",
            "login x TOKEN",
            "login x --token t0ken",
            "login x --token=t0ken",
            "login --token t0ken x",
            "get --token t0ken",
            "get TOKEN",
            "TOKEN",
            "--token=TOKEN",
        ] {
            let told = refuse(&given(line));
            assert!(
                told.starts_with(&format!("error: {REFUSAL}\n")) && !told.contains("t0k"),
                "{line}: {told}"
            );
        }
        assert!(refuse("login x --jsn").starts_with("error: unexpected argument '--jsn' found"));
        assert!(refuse("get x").starts_with("error: unexpected argument 'x' found"));
        assert!(refuse("gte").starts_with("error: unrecognized subcommand 'gte'"));
    }
}
