//! What `set` is asked to change: by options, or by a file. Contradictions are refused here.

use std::path::PathBuf;

use clap::error::ErrorKind;

use super::invocation::{Wanted, WantedSource};
use super::usage_fault::{UsageFault, conflict, error};
use crate::settings::switch::SWITCHES;
use crate::settings::{AddError, check_code};
use crate::visible::excerpt;

const EMPTY_CODE: &str = "a question code is not empty";

/// Where the settings come from that `set` makes.
///
/// # Errors
/// `--from` beside another change, no change at all, options that contradict each other, or a code that cannot be added.
pub(super) fn find_source(wanted: Wanted, from: Option<PathBuf>) -> Result<WantedSource, UsageFault> {
    let Some(file) = from else {
        return refuse_contradictions(&wanted).map(|()| WantedSource::Options(wanted));
    };
    if wanted != Wanted::default() {
        return Err(conflict(&format!(
            "--from says what the settings become; {} do not go with it",
            list_changing()
        )));
    }
    Ok(if file.as_os_str() == "-" { WantedSource::StandardInput } else { WantedSource::File(file) })
}

/// The options that make a change, `--from` apart.
fn list_changing() -> String {
    let switches = SWITCHES.iter().map(|row| format!("--{}, ", row.option));
    format!("{}--question, --add and --remove", switches.collect::<String>())
}

fn refuse_contradictions(wanted: &Wanted) -> Result<(), UsageFault> {
    if *wanted == Wanted::default() {
        let text = format!("set wants at least one of {}, or --from", list_changing());
        return Err(error(ErrorKind::MissingRequiredArgument, &text));
    }
    let has_others = !wanted.add.is_empty() || !wanted.remove.is_empty();
    if !wanted.exactly.is_empty() && has_others {
        return Err(conflict(
            "--question says which questions are asked; --add and --remove do not go with it",
        ));
    }
    if let Some(code) = wanted.add.iter().find(|code| wanted.remove.contains(code)) {
        let code = excerpt(code, 60);
        return Err(conflict(&format!("{code} is both added and removed")));
    }
    wanted.add.iter().try_for_each(|code| refuse_code(code, "--add"))?;
    let is_empty = |code: &&String| code.is_empty();
    match wanted.exactly.iter().chain(&wanted.remove).find(is_empty) {
        Some(_) => Err(error(ErrorKind::InvalidValue, EMPTY_CODE)),
        None => Ok(()),
    }
}

/// Refuses a code that the editor would refuse too, before any request is made.
fn refuse_code(code: &str, option: &str) -> Result<(), UsageFault> {
    match check_code(code) {
        Ok(()) => Ok(()),
        Err(AddError::Empty) => Err(error(ErrorKind::InvalidValue, EMPTY_CODE)),
        Err(fault) => {
            let hint = if fault == AddError::Comma { suggest_options(code, option) } else { String::new() };
            let text = format!("{option} {}: {fault}{hint}", excerpt(code, 60));
            Err(error(ErrorKind::InvalidValue, &text))
        }
    }
}

/// A code with a comma as several options, behind a space; empty where its parts are no codes.
fn suggest_options(code: &str, option: &str) -> String {
    let codes: Vec<_> = code.split(',').map(str::trim).collect();
    if codes.iter().any(|code| check_code(code).is_err()) {
        return String::new();
    }
    let options: Vec<_> = codes.iter().map(|code| format!("{option} {code}")).collect();
    format!(" Write {}.", excerpt(&options.join(" "), 120))
}
