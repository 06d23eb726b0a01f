//! The demo's agents, read from `assets/demo.json`.

use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::configuration::FirstConfiguration;
use super::token::{Mint, Validity};

/// The list that is compiled in.
pub(super) const ASSET: &str = include_str!("../../assets/demo.json");

/// One AI Agent of the demo, with its token. `Debug` leaves the token out.
#[derive(Clone)]
pub struct Agent {
    entry: Entry,
    token: String,
    /// The token that works where `token` has expired.
    renewed: Option<String>,
}

/// Why the server cannot use a list of agents.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// The text is not JSON, or a key is missing, unknown or has a value of the wrong type.
    #[error("assets/demo.json is not a list of agents")]
    Syntax(#[from] serde_json::Error),
    /// The list is empty.
    #[error("assets/demo.json holds no agent")]
    Empty,
    /// A `scenario_id` that could belong to a real agent.
    #[error("agent {name}: the scenario_id must be demoagent and a number, such as demoagent1")]
    ScenarioId {
        /// The agent's name.
        name: String,
    },
    /// Two agents share a name or a `scenario_id`.
    #[error("agent {name}: another agent has the same name or scenario_id")]
    Duplicate {
        /// The name of the second agent of the two.
        name: String,
    },
}

/// One agent as the list has it. The first one is the one that `--demo` opens.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    name: String,
    description: String,
    /// An invented name, `demoagent` and a number, which no real agent has.
    scenario_id: String,
    scope: TokenScope,
    /// How long each answer takes.
    #[serde(default)]
    answer_after_ms: u64,
    /// 3 means that each third request is answered with 503.
    fails_every: Option<NonZeroUsize>,
    /// Someone else switches this code between a read and a save.
    contested_code: Option<String>,
    /// The connection breaks in the answer to each PATCH.
    #[serde(default)]
    loses_answers: bool,
    /// The token ended yesterday, and each PATCH is refused with 401 until the user takes a new one.
    #[serde(default)]
    token_expires: bool,
    /// So many codes follow: `QUESTION_001` and so on.
    #[serde(default)]
    more_codes: usize,
    configuration: FirstConfiguration,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokenScope {
    ReadAll,
    WriteAll,
}

impl Agent {
    fn new(entry: Entry, mint: Mint) -> Self {
        let make = |validity| mint.make(&entry.scenario_id, validity);
        let valid = make(Validity::Valid);
        let (token, renewed) =
            if entry.token_expires { (make(Validity::Expired), Some(valid)) } else { (valid, None) };
        Self { entry, token, renewed }
    }

    /// The short name that the user gives in `--demo=NAME`.
    pub fn name(&self) -> &str {
        &self.entry.name
    }

    /// What the agent shows, in one line.
    pub fn description(&self) -> &str {
        &self.entry.description
    }

    /// Its identity: `demoagent1`, `demoagent2` and so on. The token's payload holds it too.
    pub fn scenario_id(&self) -> &str {
        &self.entry.scenario_id
    }

    /// Its token, for `Authorization: Bearer`.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The token that a user gets who asks for a new one. It is the same token, unless that one has expired.
    pub fn renewed_token(&self) -> &str {
        self.renewed.as_deref().unwrap_or(&self.token)
    }

    /// Whether `token` is one of its tokens.
    pub(super) fn has_token(&self, token: &str) -> bool {
        token == self.token || self.renewed.as_deref() == Some(token)
    }

    /// Whether `token`, one of its own, is accepted for reads only, because it has expired meanwhile.
    pub(super) fn has_expired(&self, token: &str) -> bool {
        token != self.renewed_token()
    }

    pub(super) fn may_write(&self) -> bool {
        self.entry.scope == TokenScope::WriteAll
    }

    /// The code that someone else switches on or off between a read and a save of the user.
    pub(super) fn contested_code(&self) -> Option<&str> {
        self.entry.contested_code.as_deref()
    }

    /// Whether the connection breaks in the answer to each PATCH.
    pub(super) fn loses_answers(&self) -> bool {
        self.entry.loses_answers
    }

    pub(super) fn answer_after(&self) -> Duration {
        Duration::from_millis(self.entry.answer_after_ms)
    }

    /// Whether its request of this number, counted from 1, is one of those that fail.
    pub(super) fn fails(&self, number: usize) -> bool {
        self.entry.fails_every.is_some_and(|every| number.is_multiple_of(every.get()))
    }

    /// The configuration that it starts with, as on the wire.
    pub(super) fn configuration(&self) -> Value {
        self.entry.configuration.with_more_codes(self.entry.more_codes)
    }
}

impl fmt::Debug for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Agent").field("name", &self.entry.name).finish_non_exhaustive()
    }
}

/// Reads the agents of `text`, and makes a token for each.
pub(super) fn load(text: &str, mint: Mint) -> Result<Vec<Agent>, AssetError> {
    let entries: Vec<Entry> = serde_json::from_str(text)?;
    check(&entries)?;
    Ok(entries.into_iter().map(|entry| Agent::new(entry, mint)).collect())
}

fn check(entries: &[Entry]) -> Result<(), AssetError> {
    if entries.is_empty() {
        return Err(AssetError::Empty);
    }
    for (index, entry) in entries.iter().enumerate() {
        let name = || entry.name.clone();
        if !is_invented(&entry.scenario_id) {
            return Err(AssetError::ScenarioId { name: name() });
        }
        if entries[..index].iter().any(|other| is_same(other, entry)) {
            return Err(AssetError::Duplicate { name: name() });
        }
    }
    Ok(())
}

/// Whether this is an invented identity. A demo that shows one that looks real could be taken for a real agent.
fn is_invented(text: &str) -> bool {
    let number = text.strip_prefix("demoagent").unwrap_or_default();
    !number.is_empty() && !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_same(other: &Entry, entry: &Entry) -> bool {
    other.name == entry.name || other.scenario_id == entry.scenario_id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::fields::SWITCHES;

    const GOOD: &str = r#"{
        "name": "acme",
        "description": "ordinary",
        "scenario_id": "demoagent1",
        "scope": "write_all",
        "configuration": {"conv_rating_question_codes": []}
    }"#;

    fn load_entries(entries: &[&str]) -> Result<Vec<Agent>, AssetError> {
        load(&format!("[{}]", entries.join(",")), Mint::Fixed)
    }

    fn error_of(entries: &[&str]) -> AssetError {
        load_entries(entries).expect_err("a broken list is refused")
    }

    #[test]
    fn the_compiled_in_agents_load() {
        load(ASSET, Mint::Fixed).expect("assets/demo.json");
        load_entries(&[GOOD]).expect("the list that the other tests break");
    }

    #[test]
    fn no_agent_at_all_is_refused() {
        assert!(matches!(error_of(&[]), AssetError::Empty));
    }

    #[test]
    fn a_misspelt_or_missing_key_a_wrong_type_and_an_unknown_scope_are_refused() {
        for (from, to) in [
            ("name", "nmae"),
            (r#""description": "ordinary","#, ""),
            ("[]", "[1]"),
            ("[]", r#"[], "unknown": true"#),
            ("write_all", "admin"),
            (r#""scope""#, r#""fails_every": 0, "scope""#),
        ] {
            assert!(GOOD.contains(from), "{from}");
            assert!(matches!(error_of(&[&GOOD.replace(from, to)]), AssetError::Syntax(_)), "{from} -> {to}");
        }
    }

    #[test]
    fn a_flag_that_is_no_boolean_is_refused() {
        for flag in SWITCHES.iter().flat_map(|switch| switch.flags) {
            let broken = error_of(&[&GOOD.replace("[]", &format!(r#"[], "{flag}": "yes""#))]);
            let message = format!("{flag} must be a boolean");
            assert!(matches!(&broken, AssetError::Syntax(error) if error.to_string().starts_with(&message)));
        }
    }

    #[test]
    fn a_scenario_id_that_could_be_a_real_agents_is_refused() {
        for id in
            ["", "1", "demoagent", "demoagent0", "demoagent01", "demoagentx", "DEMOAGENT1", "realagent1"]
        {
            let broken = GOOD.replace("demoagent1", id);
            assert!(
                matches!(error_of(&[&broken]), AssetError::ScenarioId { name } if name == "acme"),
                "{id}"
            );
        }
    }

    #[test]
    fn two_agents_of_one_name_or_one_identity_are_refused() {
        let (same_id, same_name) = (GOOD.replace("acme", "other"), GOOD.replace("demoagent1", "demoagent10"));
        assert!(matches!(error_of(&[GOOD, &same_id]), AssetError::Duplicate { name } if name == "other"));
        assert!(matches!(error_of(&[GOOD, &same_name]), AssetError::Duplicate { name } if name == "acme"));
    }

    #[test]
    fn debug_of_an_agent_leaves_its_token_out() {
        for agent in load(ASSET, Mint::Fixed).expect("assets/demo.json") {
            assert!(!format!("{agent:?}").contains(agent.token()));
            assert!(!format!("{agent:?}").contains(agent.renewed_token()));
        }
    }
}
