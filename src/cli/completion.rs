//! Completions: the shell asks the program what fits at the cursor, and the program answers from the definitions of the command
//! line.
//!
//! ```text
//! start file of the shell ─ convrating completions SHELL ─► script
//! Tab ─► script ─ COMPLETE=SHELL convrating -- WORDS ─► CompletionRequest ─► candidates, one a line
//! ```
//!
//! An answer needs the configuration file, for the names of the profiles. It reads no token and starts no program.

use std::ffi::{OsStr, OsString};

use clap::{Command, ValueHint};
use clap_complete::Shell;
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use clap_complete::env::Shells;

use super::arguments::definitions;
use crate::agents::{COMPLETION_VARIABLE, ConfiguredProfiles, Environment};
use crate::settings::catalog::documented;

/// The library's script for bash does not know that bash parts words at `=`: `--demo=` would offer nothing.
const BASH: &str = include_str!("../../assets/completions.bash");
/// The library's script for zsh makes `\~/` of `~/`.
const ZSH: &str = include_str!("../../assets/completions.zsh");

/// The question of a shell: what fits at the cursor?
#[derive(Debug)]
pub struct CompletionRequest {
    shell: String,
    /// The words of the command line, its first one being the program's name.
    words: Vec<OsString>,
}

impl CompletionRequest {
    /// What a run with these arguments, the program's name first, asks for. `None` where it is a run like any other: one without
    /// the variable, one whose variable names no shell, and one whose first argument is not `--`.
    pub fn from_run(arguments: &[OsString], environment: &Environment) -> Option<Self> {
        let shell = environment.text(COMPLETION_VARIABLE)?;
        let [_, separator, words @ ..] = arguments else { return None };
        let is_asked =
            separator == "--" && !words.is_empty() && Shells::builtins().completer(&shell).is_some();
        is_asked.then(|| Self { shell, words: words.to_vec() })
    }

    /// The candidates as the shell reads them. There are none where the words make no sense, or the configuration file cannot be
    /// read: the user will learn it from the command itself.
    pub fn answer(self, environment: &Environment) -> Vec<u8> {
        let mut answer = Vec::new();
        let mut definitions = add_candidates(definitions(), environment);
        let directory = std::env::current_dir().ok();
        let written = Shells::builtins().completer(&self.shell).map(|shell| {
            shell.write_complete(&mut definitions, self.words, directory.as_deref(), &mut answer)
        });
        if matches!(written, Some(Ok(()))) { answer } else { Vec::new() }
    }
}

/// Says for each value which candidates it has. Its name in the help decides.
fn add_candidates(command: Command, environment: &Environment) -> Command {
    let command = command.mut_args(|argument| {
        let name = argument.get_value_names().and_then(<[_]>::first).map(ToString::to_string);
        match name.as_deref() {
            Some("NAME" | "OLD") => argument.add(profile_candidates(environment.clone())),
            Some("CODE") => argument.add(ArgValueCandidates::new(list_codes)),
            Some("FILE") => argument.value_hint(ValueHint::FilePath),
            _ => argument,
        }
    });
    command.mut_subcommands(|inner| add_candidates(inner, environment))
}

fn profile_candidates(environment: Environment) -> ArgValueCandidates {
    ArgValueCandidates::new(move || {
        let profiles = ConfiguredProfiles::load(environment.clone());
        let entries = profiles.iter().flat_map(ConfiguredProfiles::entries);
        entries.map(|entry| CompletionCandidate::new(&entry.name)).collect()
    })
}

fn list_codes() -> Vec<CompletionCandidate> {
    let codes = documented().iter();
    codes.map(|known| CompletionCandidate::new(known.code.raw()).help(Some(known.brief.into()))).collect()
}

/// What the user's shell runs at its start. `program` is what the shell calls then.
pub fn render_script(shell: Shell, program: &OsStr) -> Vec<u8> {
    let program = program.to_string_lossy();
    let own = |script: &str| script.replace("PROGRAM", &shlex::try_quote(&program).unwrap_or_default());
    match shell {
        Shell::Bash => own(BASH).into_bytes(),
        Shell::Zsh => own(ZSH).into_bytes(),
        other => render_library_script(other, &program),
    }
}

fn render_library_script(shell: Shell, program: &str) -> Vec<u8> {
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&shell.to_string()) {
        let definitions = definitions();
        let name = definitions.get_name();
        // Writing to a Vec cannot fail.
        let _ = shell.write_registration(COMPLETION_VARIABLE, name, name, program, &mut script);
    }
    script
}
