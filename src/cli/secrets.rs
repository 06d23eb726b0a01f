//! If the user gives a token on the command line, the error that refuses it does not repeat the token.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::arguments::definitions;

const REFUSAL: &str =
    "a token is never given on the command line; convrating login NAME reads it hidden, or from a pipe";
/// More characters than any word that belongs on the command line has, and fewer than a token has.
const MOST_CHARS: usize = 40;

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
