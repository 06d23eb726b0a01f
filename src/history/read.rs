//! Reading: whatever the file holds, what is whole in it is shown.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Verdict;
use crate::private::{Opened, ReadError};
use crate::settings::Settings;

/// One save, as its one or two lines tell it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Saved {
    /// What joins the two lines.
    pub id: String,
    /// When it was sent.
    pub time: Timestamp,
    /// The name of the account.
    pub user: Option<String>,
    /// The address that an SSH session came from.
    pub ssh_client: Option<String>,
    /// The profile's name.
    pub profile: Option<String>,
    /// The agent, as the token said.
    pub agent: Option<String>,
    /// The host that the request went to.
    pub host: String,
    /// What the server held.
    pub before: Settings,
    /// What it was to hold; what it held at the end, where that is known.
    pub after: Settings,
    /// How it ended; unknown where no outcome was written.
    pub outcome: Verdict,
    /// When that was known.
    pub ended: Option<Timestamp>,
}

/// What a history holds.
#[derive(Debug, Default, PartialEq)]
pub struct Reading {
    /// The saves in the order in which they were sent.
    pub saves: Vec<Saved>,
    /// How many lines could not be read: torn, or not ours.
    pub unreadable: usize,
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Line {
    Intent(Box<IntentLine>),
    Outcome { id: String, time: Timestamp, outcome: Verdict, after: Option<Value> },
}

#[derive(Deserialize)]
struct IntentLine {
    id: String,
    time: Timestamp,
    user: Option<String>,
    ssh_client: Option<String>,
    profile: Option<String>,
    agent: Option<String>,
    host: String,
    before: Value,
    after: Value,
}

/// Reads the history at `path`; one that is not there is empty.
///
/// # Errors
/// When the file is there and cannot be read.
pub fn read(path: &Path) -> Result<Reading, ReadError> {
    match Opened::regular(path) {
        Ok(opened) => Ok(Reading::from_lines(BufReader::new(opened.into_file()))?),
        Err(ReadError::Io(error)) if error.kind() == io::ErrorKind::NotFound => Ok(Reading::default()),
        Err(error) => Err(error),
    }
}

impl Reading {
    /// Reads lines of any bytes.
    ///
    /// # Errors
    /// What reading says; never what stands there.
    pub fn from_lines(mut lines: impl BufRead) -> io::Result<Self> {
        let mut reading = Self::default();
        let mut places = HashMap::new();
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line)? > 0 {
            if !line.trim_ascii().is_empty() {
                reading.take(&line, &mut places);
            }
            line.clear();
        }
        Ok(reading)
    }

    fn take(&mut self, line: &[u8], places: &mut HashMap<String, usize>) {
        let is_readable = match serde_json::from_slice(line) {
            Ok(Line::Intent(intent)) => self.begin(*intent, places).is_some(),
            Ok(Line::Outcome { id, time, outcome, after }) => {
                let end = (time, outcome, after.as_ref().and_then(settings));
                self.end(places.get(&id), end).is_some()
            }
            Err(_) => false,
        };
        self.unreadable += usize::from(!is_readable);
    }

    fn begin(&mut self, line: IntentLine, places: &mut HashMap<String, usize>) -> Option<()> {
        let saved = Saved {
            id: line.id,
            time: line.time,
            user: line.user,
            ssh_client: line.ssh_client,
            profile: line.profile,
            agent: line.agent,
            host: line.host,
            before: settings(&line.before)?,
            after: settings(&line.after)?,
            outcome: Verdict::Unknown,
            ended: None,
        };
        places.insert(saved.id.clone(), self.saves.len());
        self.saves.push(saved);
        Some(())
    }

    fn end(
        &mut self,
        place: Option<&usize>,
        (time, outcome, after): (Timestamp, Verdict, Option<Settings>),
    ) -> Option<()> {
        let saved = self.saves.get_mut(*place?)?;
        (saved.outcome, saved.ended) = (outcome, Some(time));
        saved.after = after.unwrap_or_else(|| saved.after.clone());
        Some(())
    }
}

fn settings(value: &Value) -> Option<Settings> {
    Settings::from_json(value.to_string().as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Reading {
        Reading::from_lines(bytes).unwrap()
    }

    const INTENT: &str = r#"{"id":"1","event":"intent","time":"2026-11-22T10:00:00Z","user":"ada","ssh_client":null,"profile":"acme","agent":"x","host":"h","before":{"conv_rating_active":false,"conv_rating_popup_active":false,"conv_rating_question_codes":[]},"after":{"conv_rating_active":true,"conv_rating_popup_active":true,"conv_rating_question_codes":[]}}"#;
    const OUTCOME: &str = r#"{"id":"1","event":"outcome","time":"2026-11-22T10:00:01Z","outcome":"saved"}"#;

    #[test]
    fn an_intent_without_an_outcome_reads_as_unknown() {
        let reading = read(INTENT.as_bytes());
        assert_eq!((reading.saves[0].outcome, reading.unreadable), (Verdict::Unknown, 0));
        let reading = read(format!("{INTENT}\n{OUTCOME}\n").as_bytes());
        assert_eq!((reading.saves.len(), reading.saves[0].outcome), (1, Verdict::Saved));
        let other = OUTCOME.replace(
            r#""saved"}"#,
            r#""saved","after":{"conv_rating_active":true,"conv_rating_popup_active":true,"conv_rating_question_codes":["X"]}}"#,
        );
        let reading = read(format!("{INTENT}\n{other}\n").as_bytes());
        assert_eq!(
            reading.saves[0].after.codes.len(),
            1,
            "what it came to be counts more than what was intended"
        );
    }

    #[test]
    fn a_torn_line_hides_no_other() {
        let torn = &OUTCOME[..20];
        let reading = read(format!("{INTENT}\n{torn}\n{INTENT}\n{OUTCOME}\n{torn}").as_bytes());
        assert_eq!((reading.saves.len(), reading.unreadable), (2, 2));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(mut before in any::<Vec<u8>>(), after in any::<Vec<u8>>()) {
            before.extend_from_slice(format!("\n{INTENT}\n").as_bytes());
            before.extend(after);
            prop_assert_eq!(read(&before).saves.len(), 1);
        }

        #[test]
        fn any_part_of_a_history_is_read(start in 0..INTENT.len(), end in 0..INTENT.len() + OUTCOME.len()) {
            let whole = format!("{INTENT}\n{OUTCOME}\n{INTENT}");
            let _ = read(&whole.as_bytes()[start.min(end)..end.max(start)]);
        }
    }
}
