//! Whose configuration a save changes.

use super::saved_line::SavedLine;
use crate::agents::ProfileOutline;
use crate::visible::redact;

/// The profile, the agent and the host of a save.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The profile's name; `None` for a token that belongs to no profile.
    pub profile: Option<String>,
    /// The agent, as the token says; `None` where the token does not say it.
    pub agent: Option<String>,
    /// The host that requests go to.
    pub host: String,
}

impl From<&ProfileOutline> for Subject {
    fn from(outline: &ProfileOutline) -> Self {
        let (profile, agent) = (outline.name.clone(), outline.identity.agent.clone());
        Self { profile, agent, host: outline.base_url.host() }
    }
}

impl Subject {
    /// True if the save of this line went to this profile, agent and host. The history holds no token, so a name with one in it
    /// is compared as it is written there.
    pub(crate) fn is_of(&self, saved: &SavedLine) -> bool {
        let is_same = |own: Option<&String>, recorded: Option<&String>| {
            own.map(|own| redact(own)).as_deref() == recorded.map(String::as_str)
        };
        is_same(self.profile.as_ref(), saved.profile.as_ref())
            && is_same(self.agent.as_ref(), saved.agent.as_ref())
            && is_same(Some(&self.host), saved.host.as_ref())
    }

    /// True if this save can be set back for this profile, agent and host. Where the token does not name its agent, the save
    /// may have been to another one.
    pub(crate) fn can_set_back(&self, saved: &SavedLine) -> bool {
        self.agent.is_some() && self.is_of(saved) && saved.has_changed()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::saved_line::tests::read_one;
    use super::*;

    fn subject() -> Subject {
        let [profile, agent] = ["acme", "demoagent1"].map(|text| Some(text.to_owned()));
        Subject { profile, agent, host: "h.example".to_owned() }
    }

    /// A save to that subject, with another value in this field.
    fn saved(field: &str, value: Value) -> SavedLine {
        let mut line = json!({"event": "intent", "profile": "acme", "agent": "demoagent1", "host": "h.example",
                              "before": {"conv_rating_question_codes": []},
                              "after": {"conv_rating_question_codes": ["A"]}});
        line[field] = value;
        read_one(&line)
    }

    #[test]
    fn a_save_is_of_a_subject_where_profile_agent_and_host_are_the_same() {
        assert!(subject().is_of(&saved("user", json!("support"))));
        for field in ["profile", "agent", "host"] {
            for other in [json!("other"), json!(null), json!(""), json!(7)] {
                assert!(!subject().is_of(&saved(field, other.clone())), "{field} {other}");
                assert!(!subject().can_set_back(&saved(field, other)));
            }
        }
        let unnamed = Subject { profile: None, ..subject() };
        assert!(
            unnamed.is_of(&saved("profile", json!(null))) && !unnamed.is_of(&saved("profile", json!("acme")))
        );
    }

    #[test]
    fn a_name_with_a_token_in_it_is_compared_as_the_history_has_it() {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl";
        let named = Subject { profile: Some(format!("x-{token}")), ..subject() };
        assert!(named.is_of(&saved("profile", json!("x-<token>"))));
    }

    #[test]
    fn without_an_agent_a_save_is_shown_and_not_set_back() {
        let unknown = Subject { agent: None, ..subject() };
        let saved = saved("agent", json!(null));
        assert!(unknown.is_of(&saved) && !unknown.can_set_back(&saved));
    }

    #[test]
    fn only_a_save_that_changed_something_can_be_set_back() {
        assert!(subject().can_set_back(&saved("user", json!("support"))));
        assert!(!subject().can_set_back(&saved("after", json!({"conv_rating_question_codes": []}))));
    }
}
