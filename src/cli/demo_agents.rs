//! The names of the demo's agents, for help and completions. The demo itself says whether it has an agent.

use std::ffi::OsStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, Command, Error};

/// The agents in the order of `assets/demo.json`, which a test compares with this list: this room does not know the demo.
pub(super) const DEMO_AGENTS: &[&str] =
    &["acme", "readonly", "mixed", "slow", "flaky", "busy", "lost", "expired", "big"];

/// Takes any text, and names [`DEMO_AGENTS`] to the completions. A name that the demo does not have is refused later, with the
/// names that there are.
#[derive(Clone, Debug)]
pub(super) struct DemoAgentParser;

impl TypedValueParser for DemoAgentParser {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        option: Option<&Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, Error> {
        StringValueParser::new().parse_ref(command, option, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(DEMO_AGENTS.iter().map(PossibleValue::new)))
    }
}
