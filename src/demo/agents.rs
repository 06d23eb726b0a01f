//! The demo's agents, read from `assets/demo.toml`.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::Value;

use super::token;

/// The list that is compiled in.
pub(super) const ASSET: &str = include_str!("../../assets/demo.toml");

/// One AI Agent of the demo, with its token. `Debug` leaves the token out.
#[derive(Clone)]
pub struct Agent {
    entry: Entry,
    token: String,
}

/// Why a list of agents cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Not TOML, a key that is missing, unknown or of the wrong type.
    #[error("assets/demo.toml is not a list of agents")]
    Syntax(#[from] toml::de::Error),
    /// There is no agent to open.
    #[error("assets/demo.toml holds no agent")]
    Empty,
    /// A `scenario_id` that no real agent could have.
    #[error("agent {name}: the scenario_id must be 10 lower-case letters and digits")]
    ScenarioId {
        /// Whose it is.
        name: String,
    },
    /// Two agents share a name or a `scenario_id`.
    #[error("agent {name}: another agent has the same name or scenario_id")]
    Duplicate {
        /// The second of the two.
        name: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asset {
    #[serde(default)]
    agent: Vec<Entry>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    description: String,
    scenario_id: String,
    scope: Scope,
    #[serde(default)]
    answer_after_ms: u64,
    fails_every: Option<NonZeroUsize>,
    configuration: Configuration,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Scope {
    ReadAll,
    WriteAll,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the fields are named as they are on the wire")]
struct Configuration {
    conv_rating_active: bool,
    conv_rating_popup_active: bool,
    conv_rating_question_codes: Vec<String>,
}

impl Agent {
    /// The short name that `--demo=NAME` takes.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// What is interesting about it, in one line.
    pub fn description(&self) -> &str {
        &self.entry.description
    }

    /// Its identity: 10 lower-case letters and digits, also in the token's payload.
    pub fn scenario_id(&self) -> &str {
        &self.entry.scenario_id
    }

    /// Its token, for `Authorization: Bearer`; another one in each process.
    pub fn token(&self) -> &str {
        &self.token
    }

    pub(super) fn may_write(&self) -> bool {
        self.entry.scope == Scope::WriteAll
    }

    pub(super) fn answer_after(&self) -> Duration {
        Duration::from_millis(self.entry.answer_after_ms)
    }

    /// Whether its `nth` request, counted from 1, is one of those that fail.
    pub(super) fn fails(&self, nth: usize) -> bool {
        self.entry.fails_every.is_some_and(|every| nth.is_multiple_of(every.get()))
    }

    /// The configuration it starts with, as on the wire.
    pub(super) fn configuration(&self) -> Value {
        let held = &self.entry.configuration;
        serde_json::json!({
            "conv_rating_active": held.conv_rating_active,
            "conv_rating_popup_active": held.conv_rating_popup_active,
            "conv_rating_question_codes": held.conv_rating_question_codes,
        })
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").field("name", &self.entry.name).finish_non_exhaustive()
    }
}

/// The agents of `text`, each with a new token.
pub(super) fn load(text: &str, now: SystemTime) -> Result<Vec<Agent>, AssetError> {
    let Asset { agent: entries } = toml::from_str(text)?;
    check(&entries)?;
    Ok(entries
        .into_iter()
        .map(|entry| Agent { token: token::mint(&entry.scenario_id, now), entry })
        .collect())
}

fn check(entries: &[Entry]) -> Result<(), AssetError> {
    if entries.is_empty() {
        return Err(AssetError::Empty);
    }
    for (index, entry) in entries.iter().enumerate() {
        let name = || entry.name.clone();
        if !is_scenario_id(&entry.scenario_id) {
            return Err(AssetError::ScenarioId { name: name() });
        }
        if entries[..index].iter().any(|other| is_taken(other, entry)) {
            return Err(AssetError::Duplicate { name: name() });
        }
    }
    Ok(())
}

fn is_scenario_id(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

fn is_taken(other: &Entry, entry: &Entry) -> bool {
    other.name == entry.name || other.scenario_id == entry.scenario_id
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        [[agent]]
        name = "acme"
        description = "ordinary"
        scenario_id = "ri4k73zpat"
        scope = "write_all"
        [agent.configuration]
        conv_rating_active = true
        conv_rating_popup_active = true
        conv_rating_question_codes = []
    "#;

    fn error_of(text: &str) -> AssetError {
        load(text, SystemTime::now()).expect_err("a broken list is refused")
    }

    #[test]
    fn the_compiled_in_agents_load() {
        load(ASSET, SystemTime::now()).expect("assets/demo.toml");
        load(GOOD, SystemTime::now()).expect("the list that the other tests break");
    }

    #[test]
    fn no_agent_at_all_is_refused() {
        assert!(matches!(error_of(""), AssetError::Empty));
    }

    #[test]
    fn a_misspelt_or_missing_key_a_wrong_type_and_an_unknown_scope_are_refused() {
        for (from, to) in [
            ("name", "nmae"),
            ("description = \"ordinary\"", ""),
            ("conv_rating_active = true", "conv_rating_active = \"yes\""),
            ("= []", "= [1]"),
            ("write_all", "admin"),
            ("scope =", "fails_every = 0\nscope ="),
        ] {
            assert!(GOOD.contains(from), "{from}");
            assert!(matches!(error_of(&GOOD.replace(from, to)), AssetError::Syntax(_)), "{from} -> {to}");
        }
    }

    #[test]
    fn a_scenario_id_of_another_shape_is_refused() {
        for id in ["ri4k73zpa", "ri4k73zpatt", "RI4K73ZPAT", "ri4k73zp t", ""] {
            let broken = GOOD.replace("ri4k73zpat", id);
            assert!(matches!(error_of(&broken), AssetError::ScenarioId { name } if name == "acme"), "{id}");
        }
    }

    #[test]
    fn two_agents_of_one_name_or_one_identity_are_refused() {
        let same_id = format!("{GOOD}{}", GOOD.replace("\"acme\"", "\"other\""));
        let same_name = format!("{GOOD}{}", GOOD.replace("ri4k73zpat", "aaaaaaaaaa"));
        assert!(matches!(error_of(&same_id), AssetError::Duplicate { name } if name == "other"));
        assert!(matches!(error_of(&same_name), AssetError::Duplicate { name } if name == "acme"));
    }

    #[test]
    fn debug_of_an_agent_leaves_its_token_out() {
        for agent in load(ASSET, SystemTime::now()).expect("assets/demo.toml") {
            assert!(!format!("{agent:?}").contains(agent.token()));
        }
    }
}
