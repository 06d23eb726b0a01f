//! Reading the history for `h`.

use std::ops::ControlFlow;

use super::model::FoundSaves;
use crate::journal::{Journal, SavedLine, Subject, walk_back};
use crate::words::describe_unreadable_history;

/// The history page shows at most so many saves.
const MAX_SHOWN: usize = 200;

/// The newest saves to `subject`, or why the history cannot be read.
pub(super) async fn find_saves(journal: Option<Journal>, subject: &Subject) -> Result<FoundSaves, String> {
    let mut found = FoundSaves::default();
    let take = |saved: SavedLine| {
        if !subject.is_of(&saved) {
            return ControlFlow::Continue(());
        }
        if found.saves.len() == MAX_SHOWN {
            found.has_more = true;
            return ControlFlow::Break(());
        }
        found.saves.push(saved);
        ControlFlow::Continue(())
    };
    walk_back(journal, take).await.map_err(|error| describe_unreadable_history(&error))?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::*;
    use crate::journal::{Author, find_last_save};

    /// A history that goes with the test.
    struct Written(PathBuf);

    impl Written {
        /// So many saves, numbered by their user; each even one is of the subject.
        fn new(name: &str, saves: usize) -> Self {
            let path = std::env::temp_dir().join(format!("convrating-recall-{name}-{}", std::process::id()));
            let save = |number: usize| {
                let agent = if number.is_multiple_of(2) { "demoagent1" } else { "demoagent2" };
                json!({"event": "intent", "user": number.to_string(), "agent": agent, "host": "h",
                       "before": {"conv_rating_question_codes": []}, "after": {"conv_rating_question_codes": ["A"]}})
            };
            let lines: Vec<_> = (0..saves).map(|number| save(number).to_string()).collect();
            std::fs::write(&path, lines.join("\n")).unwrap();
            Self(path)
        }

        fn journal(&self) -> Journal {
            Journal::new(self.0.clone(), Author::default())
        }
    }

    impl Drop for Written {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    fn subject(agent: &str) -> Subject {
        Subject { profile: None, agent: Some(agent.to_owned()), host: "h".to_owned() }
    }

    #[tokio::test]
    async fn of_a_long_history_the_newest_saves_of_the_subject_are_shown() {
        for (lines, shown, has_more) in [(0, 0, false), (399, MAX_SHOWN, false), (401, MAX_SHOWN, true)] {
            let written = Written::new("shown", lines);
            let found = find_saves(Some(written.journal()), &subject("demoagent1")).await.unwrap();
            assert_eq!((found.saves.len(), found.has_more), (shown, has_more), "{lines}");
            let newest = found.saves.first().and_then(|saved| saved.user.clone());
            assert_eq!(newest, lines.checked_sub(1).map(|last| last.to_string()));
        }
    }

    #[tokio::test]
    async fn the_last_save_is_found_however_many_of_other_agents_follow() {
        let written = Written::new("last", 9_999);
        let user = async |agent: &str| {
            let found = find_last_save(Some(written.journal()), &subject(agent)).await.unwrap();
            found.and_then(|saved| saved.user)
        };
        assert_eq!(user("demoagent1").await.as_deref(), Some("9998"));
        assert_eq!(user("demoagent2").await.as_deref(), Some("9997"));
        assert_eq!(user("demoagent3").await, None, "read to its beginning");
    }

    #[tokio::test]
    async fn without_a_journal_or_a_file_there_are_no_saves() {
        let nowhere = Journal::new("/nowhere/at/all".into(), Author::default());
        for journal in [None, Some(nowhere)] {
            assert_eq!(find_last_save(journal.clone(), &subject("a")).await.unwrap(), None);
            assert_eq!(find_saves(journal, &subject("a")).await, Ok(FoundSaves::default()));
        }
    }
}
