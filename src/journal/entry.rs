//! Writing the history: one line, one write.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::recorded_time::render_time;
use super::subject::Subject;
use super::verdict::Verdict;
use crate::agents::Profile;
use crate::private::{create_directory, open_closed_to_append, spoken};
use crate::save::{Outcome, Save, State};
use crate::settings::Settings;
use crate::visible::{redact_json, visible};

/// The history could not be written. The save goes on all the same: this is a warning.
#[derive(Debug, thiserror::Error)]
#[error("this save is not in the history: {}: {}", visible(&.path.to_string_lossy()), spoken(.source))]
pub struct JournalError {
    path: PathBuf,
    source: io::Error,
}

/// The user at the keyboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    /// The name of the account.
    pub user: Option<String>,
    /// The address that an SSH session came from.
    pub ssh_client: Option<String>,
}

/// The file that saves are recorded in, and the user who saves.
#[derive(Clone, Debug)]
pub struct Journal {
    path: PathBuf,
    author: Author,
}

/// One save's entry while the save is driven: the intent is written before its first PATCH, the outcome at its end. A
/// save that sends nothing leaves no line. An entry that is dropped before its end writes what was known then.
#[derive(Debug)]
pub struct JournalEntry {
    journal: Journal,
    subject: Subject,
    state: EntryState,
    /// How the save would end if the program left now.
    known: Verdict,
}

#[derive(Debug)]
enum EntryState {
    /// No PATCH was sent yet.
    Unwritten,
    /// The intent is in the file, its outcome is not.
    Open { id: String, after: Settings },
    /// There is nothing more to write.
    Closed,
}

#[derive(Serialize)]
struct IntentLine<'a> {
    id: &'a str,
    event: &'static str,
    time: String,
    user: Option<&'a str>,
    ssh_client: Option<&'a str>,
    profile: Option<&'a str>,
    agent: Option<&'a str>,
    host: &'a str,
    before: &'a Settings,
    after: &'a Settings,
}

#[derive(Serialize)]
struct OutcomeLine<'a> {
    id: &'a str,
    event: &'static str,
    time: String,
    outcome: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Settings>,
}

impl Journal {
    /// Saves are recorded at `path`. The file is made when the first save is.
    pub fn new(path: PathBuf, author: Author) -> Self {
        Self { path, author }
    }

    /// The entry of a save to `profile`; `None` for the demo, which forgets its saves.
    pub fn begin(&self, profile: &Profile) -> Option<JournalEntry> {
        let subject = Subject::from(&profile.outline());
        (!profile.is_demo()).then(|| JournalEntry {
            journal: self.clone(),
            subject,
            state: EntryState::Unwritten,
            known: Verdict::Unknown,
        })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn append(&self, line: &impl Serialize) -> Result<(), JournalError> {
        append(&self.path, line).map_err(|source| JournalError { path: self.path.clone(), source })
    }
}

impl JournalEntry {
    /// The save came to another state.
    ///
    /// # Errors
    /// When a line could not be written whole. The user is warned; the save goes on.
    pub fn follow(&mut self, save: &Save) -> Result<(), JournalError> {
        if let Some(outcome) = save.outcome() {
            return self.end(outcome);
        }
        self.known = Verdict::from(&save.abandoned());
        match save.state() {
            State::Sending(attempt) => {
                self.write_intent(&attempt.theirs, attempt.patch.applied_to(&attempt.theirs))
            }
            _ => Ok(()),
        }
    }

    /// The save ended with this outcome, or was left with it.
    ///
    /// # Errors
    /// When the line could not be written whole.
    pub fn end(&mut self, outcome: &Outcome) -> Result<(), JournalError> {
        let after = if let Outcome::Saved { now, .. } = outcome { Some(now) } else { None };
        self.write_outcome(Verdict::from(outcome), after)
    }

    /// Only the first PATCH of a save is an intent. Where it could not be written, its outcome would tell nothing.
    fn write_intent(&mut self, before: &Settings, after: Settings) -> Result<(), JournalError> {
        if !matches!(self.state, EntryState::Unwritten) {
            return Ok(());
        }
        self.state = EntryState::Closed;
        let id = format!("{:016x}", fastrand::u64(..));
        self.journal.append(&IntentLine {
            id: &id,
            event: "intent",
            time: render_time(Timestamp::now()),
            user: self.journal.author.user.as_deref(),
            ssh_client: self.journal.author.ssh_client.as_deref(),
            profile: self.subject.profile.as_deref(),
            agent: self.subject.agent.as_deref(),
            host: &self.subject.host,
            before,
            after: &after,
        })?;
        self.state = EntryState::Open { id, after };
        Ok(())
    }

    /// `after` is what the server held at the end, where that is known. It is written where it was not intended.
    fn write_outcome(&mut self, outcome: Verdict, after: Option<&Settings>) -> Result<(), JournalError> {
        let EntryState::Open { id, after: intended } = std::mem::replace(&mut self.state, EntryState::Closed)
        else {
            return Ok(());
        };
        let after = after.filter(|after| **after != intended);
        self.journal.append(&OutcomeLine {
            id: &id,
            event: "outcome",
            time: render_time(Timestamp::now()),
            outcome,
            after,
        })
    }
}

impl Drop for JournalEntry {
    fn drop(&mut self) {
        // On the way out no user is left to warn.
        let _ = self.write_outcome(self.known, None);
    }
}

fn append(path: &Path, line: &impl Serialize) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        create_directory(directory)?;
    }
    let mut file = open_closed_to_append(path)?;
    let mut bytes = if ends_torn(&file)? { b"\n".to_vec() } else { Vec::new() };
    let line = serde_json::to_string(line)?;
    // The server's codes may repeat a token.
    bytes.extend_from_slice(redact_json(&line).as_bytes());
    bytes.push(b'\n');
    match file.write(&bytes)? {
        written if written == bytes.len() => Ok(()),
        _ => Err(io::ErrorKind::StorageFull.into()),
    }
}

/// True if the last line has no end: its writer was stopped in the middle. The next line must not join it.
fn ends_torn(file: &File) -> io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else { return Ok(false) };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte != *b"\n")
}
