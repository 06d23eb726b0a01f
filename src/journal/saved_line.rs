//! Reading the history: each line that is whole is shown, whatever else the file holds.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::recorded::RecordedSettings;
use super::recorded_time::serialize_time;
use super::verdict::Verdict;
use crate::settings::Change;

/// One save, as its one or two lines in the file tell it. A field that a line does not have is `None`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SavedLine {
    /// What joins the two lines.
    pub id: Option<String>,
    /// When the PATCH was sent.
    #[serde(serialize_with = "serialize_time")]
    pub time: Option<Timestamp>,
    /// The name of the account.
    pub user: Option<String>,
    /// The address that an SSH session came from.
    pub ssh_client: Option<String>,
    /// The profile's name.
    pub profile: Option<String>,
    /// The agent, as the token said.
    pub agent: Option<String>,
    /// The host that the request went to.
    pub host: Option<String>,
    /// What the server held.
    pub before: RecordedSettings,
    /// What the server was to hold; what it held at the end, where that is known.
    pub after: RecordedSettings,
    /// What the server was to hold. Another user may have changed more before the end.
    #[serde(skip)]
    pub asked: RecordedSettings,
    /// How the save ended; unknown where no outcome was written.
    pub outcome: Verdict,
    /// When that was known.
    #[serde(serialize_with = "serialize_time")]
    pub ended: Option<Timestamp>,
}

impl SavedLine {
    /// Reads the line of an intent. How the save ended is unknown until its other line is read.
    pub(super) fn from_intent(line: &Value) -> Self {
        let after = RecordedSettings::from_json(line.get("after"));
        Self {
            id: text(line, "id"),
            time: time(line),
            user: text(line, "user"),
            ssh_client: text(line, "ssh_client"),
            profile: text(line, "profile"),
            agent: text(line, "agent"),
            host: text(line, "host"),
            before: RecordedSettings::from_json(line.get("before")),
            after: after.clone(),
            asked: after,
            outcome: Verdict::Unknown,
            ended: None,
        }
    }

    /// Takes what the line of the outcome says.
    pub(super) fn end(&mut self, line: &Value) {
        let outcome = line.get("outcome").and_then(|outcome| serde_json::from_value(outcome.clone()).ok());
        self.outcome = outcome.unwrap_or(Verdict::Unknown);
        self.ended = time(line);
        if let Some(after) = line.get("after") {
            self.after = RecordedSettings::from_json(Some(after));
        }
    }

    /// What the save itself changed, as far as the line tells it. What another user changed at the same time is not in it.
    pub(crate) fn changes(&self) -> Vec<Change> {
        self.before.changes_to(&self.asked)
    }

    /// True if the save changed something, or may have: it can be set back.
    pub(crate) fn has_changed(&self) -> bool {
        matches!(self.outcome, Verdict::Saved | Verdict::Unknown) && !self.changes().is_empty()
    }
}

/// The text of a field; `None` where it is missing or no text.
pub(super) fn text(line: &Value, name: &str) -> Option<String> {
    line.get(name)?.as_str().map(str::to_owned)
}

fn time(line: &Value) -> Option<Timestamp> {
    text(line, "time")?.parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::Path;

    use proptest::prelude::*;
    use serde_json::json;

    use super::super::newest_first::NewestFirst;
    use super::super::newest_first::tests::read_whole;
    use super::*;

    /// What the lines of a history hold.
    struct History {
        saves: Vec<SavedLine>,
        unreadable: usize,
    }

    fn read(bytes: &[u8]) -> History {
        let (saves, unreadable) = read_whole(bytes);
        History { saves, unreadable }
    }

    /// The only save of this line.
    pub(crate) fn read_one(line: &Value) -> SavedLine {
        read(line.to_string().as_bytes()).saves.remove(0)
    }

    fn configuration(is_on: bool, codes: &[&str]) -> Value {
        json!({"conv_rating_active": is_on, "conv_rating_popup_active": is_on, "conv_rating_question_codes": codes})
    }

    fn intent() -> Value {
        json!({"id": "1", "event": "intent", "time": "2026-11-22T10:00:00.000Z", "user": "support", "ssh_client": null,
               "profile": "acme", "agent": "demoagent1", "host": "h",
               "before": configuration(false, &[]), "after": configuration(true, &[])})
    }

    fn outcome() -> Value {
        json!({"id": "1", "event": "outcome", "time": "2026-11-22T10:00:01Z", "outcome": "saved"})
    }

    #[test]
    fn a_file_that_is_not_there_is_empty_whatever_stands_in_its_way() {
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        for path in [manifest.with_extension("absent"), manifest.join("history.jsonl")] {
            assert!(NewestFirst::open(&path).unwrap().is_none());
        }
    }

    #[test]
    fn an_intent_without_an_outcome_reads_as_unknown() {
        let history = read(intent().to_string().as_bytes());
        assert_eq!((history.saves[0].outcome, history.unreadable), (Verdict::Unknown, 0));
        let history = read(format!("{}\n{}\n", intent(), outcome()).as_bytes());
        assert_eq!((history.saves.len(), history.saves[0].outcome), (1, Verdict::Saved));
        assert_eq!(history.saves[0].ended, Some("2026-11-22T10:00:01Z".parse().unwrap()));
    }

    #[test]
    fn what_the_server_held_at_the_end_counts_more_than_what_was_intended() {
        let mut other = outcome();
        other["after"] = configuration(true, &["X"]);
        let history = read(format!("{}\n{other}\n", intent()).as_bytes());
        let changes: Vec<_> = history.saves[0].before.changes_to(&history.saves[0].after);
        assert_eq!(
            changes.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["rating off → on", "X off → on"]
        );
    }

    #[test]
    fn what_another_user_changed_at_the_same_time_is_no_change_of_the_save() {
        let mut other = outcome();
        other["after"] = configuration(true, &["X"]);
        let history = read(format!("{}\n{other}\n", intent()).as_bytes());
        let changes: Vec<_> = history.saves[0].changes().iter().map(ToString::to_string).collect();
        assert_eq!(changes, ["rating off → on"]);
    }

    #[test]
    fn a_save_has_changed_something_where_it_succeeded_or_may_have_and_names_a_change() {
        let cases = [
            (json!("saved"), configuration(true, &[]), true),
            (json!("unknown"), configuration(true, &[]), true),
            (json!("saved by magic"), configuration(true, &[]), true),
            (json!("not saved"), configuration(true, &[]), false),
            (json!("conflict"), configuration(true, &[]), false),
            (json!("saved"), configuration(false, &[]), false),
            (json!("saved"), json!(null), false),
        ];
        for (word, after, expected) in cases {
            let (mut intent, mut outcome) = (intent(), outcome());
            (intent["after"], outcome["outcome"]) = (after, word);
            let history = read(format!("{intent}\n{outcome}\n").as_bytes());
            assert_eq!(history.saves[0].has_changed(), expected, "{intent} {outcome}");
        }
        assert!(read(intent().to_string().as_bytes()).saves[0].has_changed(), "an intent alone");
    }

    #[test]
    fn each_field_of_a_line_may_be_missing_or_of_another_type_and_the_rest_is_read() {
        let fields: Vec<_> = intent().as_object().unwrap().keys().cloned().collect();
        for field in fields.iter().filter(|field| *field != "event") {
            for value in [None, Some(json!(5)), Some(json!({"newer": true}))] {
                let mut line = intent();
                line.as_object_mut().unwrap().remove(field);
                line.as_object_mut().unwrap().extend(value.map(|value| (field.clone(), value)));
                line["a field of a newer version"] = json!([1, 2]);
                let history = read(line.to_string().as_bytes());
                assert_eq!((history.saves.len(), history.unreadable), (1, 0), "{line}");
                let saved = serde_json::to_value(&history.saves[0]).unwrap();
                let others = fields.iter().filter(|other| *other != field && *other != "event");
                others.for_each(|other| assert_eq!(saved[other], intent()[other], "{other} without {field}"));
            }
        }
    }

    #[test]
    fn an_outcome_of_a_newer_version_is_unknown_and_its_events_are_skipped() {
        let mut newer = outcome();
        newer["outcome"] = json!("saved by magic");
        let history = read(format!("{}\n{newer}\n{{\"event\":\"undo\"}}\n", intent()).as_bytes());
        assert_eq!(
            (history.saves.len(), history.saves[0].outcome, history.unreadable),
            (1, Verdict::Unknown, 0)
        );
    }

    #[test]
    fn a_line_that_cannot_be_read_costs_that_line_and_is_counted() {
        let (intent, outcome) = (intent().to_string(), outcome().to_string());
        let torn = &outcome[..20];
        let history = read(format!("{intent}\n{torn}\n\n{intent}\n{outcome}\n{{}}\n[]\n{torn}").as_bytes());
        assert_eq!((history.saves.len(), history.unreadable), (2, 4));
        assert_eq!(read(outcome.as_bytes()).unreadable, 1, "the save that ended is not there");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(mut before in any::<Vec<u8>>(), after in any::<Vec<u8>>()) {
            before.extend_from_slice(format!("\n{}\n", intent()).as_bytes());
            before.extend(after);
            prop_assert_eq!(read(&before).saves.len(), 1);
        }

        #[test]
        fn any_part_of_a_history_is_read(start in 0_usize..1000, end in 0_usize..1000) {
            let whole = format!("{}\n{}\n{}", intent(), outcome(), intent());
            let (start, end) = (start.min(whole.len()), end.min(whole.len()));
            if let Some(part) = whole.as_bytes().get(start.min(end)..end.max(start)) {
                prop_assert!(read(part).saves.len() <= 2);
            }
        }
    }
}
