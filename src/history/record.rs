//! Writing: one line, one write.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::{Author, Subject, Verdict};
use crate::private::{create_directory, open_to_append, spoken};
use crate::settings::Settings;
use crate::visible::visible;

/// The history could not be written. The save goes on all the same: this is a warning.
#[derive(Debug, thiserror::Error)]
#[error("this save is not in the history: {}: {}", visible(&.path.to_string_lossy()), spoken(.source))]
pub struct HistoryError {
    path: PathBuf,
    source: io::Error,
}

/// Where saves are recorded, and in whose name.
#[derive(Clone, Debug)]
pub struct Recorder {
    path: PathBuf,
    author: Author,
}

/// A save whose intent is written and whose outcome is not.
#[derive(Debug)]
#[must_use = "without its outcome the save reads as unknown"]
pub struct Pending {
    path: PathBuf,
    id: String,
    after: Settings,
}

/// One save's record as it is driven: the intent before its first PATCH, the outcome at its end, and what went wrong
/// with writing them. A save that sends nothing leaves no line.
#[derive(Debug)]
pub struct Journal {
    recorder: Recorder,
    subject: Subject,
    pending: Option<Pending>,
    /// How it would end if nobody went on with it.
    known: Verdict,
    warning: Option<HistoryError>,
}

#[derive(Serialize)]
struct IntentLine<'a> {
    id: &'a str,
    event: &'static str,
    time: Timestamp,
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
    time: Timestamp,
    outcome: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<&'a Settings>,
}

impl Recorder {
    /// Saves are recorded at `path`, which is made when the first one is.
    pub fn new(path: PathBuf, author: Author) -> Self {
        Self { path, author }
    }

    /// The record of a save that begins.
    pub fn journal(&self, subject: Subject) -> Journal {
        Journal { recorder: self.clone(), subject, pending: None, known: Verdict::Unknown, warning: None }
    }

    /// Writes that a PATCH is about to be sent which makes `after` of `before`.
    ///
    /// # Errors
    /// When the line could not be written whole.
    pub fn intent(
        &self,
        subject: &Subject,
        before: &Settings,
        after: &Settings,
    ) -> Result<Pending, HistoryError> {
        let id = format!("{:016x}", fastrand::u64(..));
        let line = IntentLine {
            id: &id,
            event: "intent",
            time: now(),
            user: self.author.user.as_deref(),
            ssh_client: self.author.ssh_client.as_deref(),
            profile: subject.profile.as_deref(),
            agent: subject.agent.as_deref(),
            host: &subject.host,
            before,
            after,
        };
        append(&self.path, &line)?;
        Ok(Pending { path: self.path.clone(), id, after: after.clone() })
    }
}

impl Pending {
    /// Writes how the save ended, and `after`, what the server held then, where that is known and not what was intended.
    ///
    /// # Errors
    /// When the line could not be written whole.
    pub fn outcome(self, outcome: Verdict, after: Option<&Settings>) -> Result<(), HistoryError> {
        let after = after.filter(|after| **after != self.after);
        append(&self.path, &OutcomeLine { id: &self.id, event: "outcome", time: now(), outcome, after })
    }
}

impl Journal {
    /// A PATCH is about to be sent. Only the first one of a save is an intent.
    pub fn sending(&mut self, before: &Settings, after: &Settings) {
        if self.pending.is_none() && self.warning.is_none() {
            match self.recorder.intent(&self.subject, before, after) {
                Ok(pending) => self.pending = Some(pending),
                Err(error) => self.warning = Some(error),
            }
        }
    }

    /// How the save would end if nobody went on with it: what is written where nobody does.
    pub fn known(&mut self, verdict: Verdict) {
        self.known = verdict;
    }

    /// The save has ended. Gives the warning to show, if something could not be written.
    pub fn ended(mut self, outcome: Verdict, after: Option<&Settings>) -> Option<HistoryError> {
        let pending = self.pending.take();
        self.warning.take().or_else(|| pending?.outcome(outcome, after).err())
    }
}

/// Whoever leaves while a save is under way does not know its outcome; the record says what is known.
impl Drop for Journal {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            // On the way out there is nobody left to warn.
            let _ = pending.outcome(self.known, None);
        }
    }
}

/// The time to the millisecond: finer is noise.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

fn append(path: &Path, line: &impl Serialize) -> Result<(), HistoryError> {
    try_append(path, line).map_err(|source| HistoryError { path: path.to_owned(), source })
}

fn try_append(path: &Path, line: &impl Serialize) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        create_directory(directory)?;
    }
    let mut file = open_to_append(path)?;
    let mut bytes = if ends_torn(&file)? { b"\n".to_vec() } else { Vec::new() };
    serde_json::to_writer(&mut bytes, line)?;
    bytes.push(b'\n');
    match file.write(&bytes)? {
        written if written == bytes.len() => Ok(()),
        _ => Err(io::ErrorKind::StorageFull.into()),
    }
}

/// True if the last line has no end: a writer was stopped in the middle of it. The next line must not join it.
fn ends_torn(file: &File) -> io::Result<bool> {
    let Some(last) = file.metadata()?.len().checked_sub(1) else { return Ok(false) };
    let mut byte = [0];
    file.read_exact_at(&mut byte, last)?;
    Ok(byte != *b"\n")
}
