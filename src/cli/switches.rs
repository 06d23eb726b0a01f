//! The options of `set` for the switches: one for each row of the table of switches.

use std::collections::BTreeMap;

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::settings::Switch;

const ON: &str = "on";
const OFF: &str = "off";

/// The switches that the command line names, and the new position of each.
#[derive(Clone, Debug, Default)]
pub(super) struct SwitchArguments(pub(super) BTreeMap<Switch, bool>);

impl Args for SwitchArguments {
    fn augment_args(command: Command) -> Command {
        command.args(Switch::all().map(option))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for SwitchArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let value = |switch: Switch| matches.get_one::<String>(switch.definition().option);
        Ok(Self(Switch::all().filter_map(|switch| Some((switch, value(switch)? == ON))).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.extend(Self::from_arg_matches(matches)?.0);
        Ok(())
    }
}

fn option(switch: Switch) -> Arg {
    let row = switch.definition();
    let parser = PossibleValuesParser::new([ON, OFF]);
    let option = Arg::new(row.option).long(row.option).help(row.option_help);
    option.value_name("on|off").value_parser(parser).hide_possible_values(true)
}
