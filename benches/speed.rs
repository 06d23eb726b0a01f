//! What the built program costs: bytes on the line, calls, instructions, memory, time. `cargo bench` prints a row for each, with its
//! budget, and whether it is within. `cargo bench -- keys rest` measures these families only, and `cargo bench -- build` a clean
//! build, which takes minutes.
//!
//! Counts are gates: the benchmark fails where one is over its budget. Times are of the machine, and of what else it does: they are
//! told beside those of a floor program of the same run, and make nothing fail. `benches/floor` is the floor: the least that a
//! program with ratatui does for such a form, and the least that reads the form over TLS.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on ends; figures are printed"
)]
#![expect(unreachable_pub, reason = "pub in the tests' modules means: for all of them")]

use std::process::ExitCode;

use floor::Floor;
use table::Table;

#[path = "speed/build.rs"]
mod build;
#[path = "speed/commands.rs"]
mod commands;
#[path = "speed/distance.rs"]
mod distance;
#[path = "speed/floor.rs"]
mod floor;
#[path = "speed/instructions.rs"]
mod instructions;
#[path = "speed/keys.rs"]
mod keys;
#[path = "speed/machine.rs"]
mod machine;
#[path = "speed/peers.rs"]
mod peers;
#[path = "speed/program.rs"]
mod program;
#[path = "speed/relay.rs"]
mod relay;
#[path = "speed/rest.rs"]
mod rest;
#[path = "speed/scale.rs"]
mod scale;
#[path = "speed/secure.rs"]
mod secure;
#[path = "speed/stage.rs"]
mod stage;
#[path = "speed/start.rs"]
mod start;
#[expect(dead_code, unused_imports, reason = "made for the tests, which use all of it")]
#[path = "../tests/support/mod.rs"]
mod support;
#[path = "speed/system_calls.rs"]
mod system_calls;
#[path = "speed/table.rs"]
mod table;
#[path = "speed/tools.rs"]
mod tools;

/// What every family of rows may use.
pub struct Bench {
    floor: Floor,
}

/// Rows that are measured in the same way.
struct Family {
    name: &'static str,
    title: &'static str,
    measure: fn(&Bench, &mut Table),
    /// False where it must be named on the command line.
    is_usual: bool,
}

const FAMILIES: &[Family] = &[
    family("start", "Start and end (x: the ratatui floor of the same round)", start::measure),
    family("keys", "A key (x: the ratatui floor)", keys::measure),
    family("calls", "System calls of a key", system_calls::measure),
    family("instructions", "Instructions of a key (x: the ratatui floor)", instructions::measure),
    family("rest", "Memory, and work at rest", rest::measure),
    family("commands", "Commands", commands::measure),
    family("distance", "At 100 ms round trip", distance::measure),
    family("scale", "Much of it", scale::measure),
    family("peers", "The README's table", peers::measure),
    Family { is_usual: false, ..family("build", "A build", build::measure) },
];

const fn family(name: &'static str, title: &'static str, measure: fn(&Bench, &mut Table)) -> Family {
    Family { name, title, measure, is_usual: true }
}

fn main() -> ExitCode {
    // cargo adds --bench.
    let wanted: Vec<_> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let Some(unknown) = wanted.iter().find(|name| !FAMILIES.iter().any(|family| family.name == *name)) {
        let names: Vec<_> = FAMILIES.iter().map(|family| family.name).collect();
        println!("There is no family of rows named {unknown}. There are: {}", names.join(", "));
        return ExitCode::FAILURE;
    }
    println!("{}", machine::describe());
    let (bench, mut table) = (Bench { floor: Floor::build() }, Table::default());
    for family in FAMILIES {
        if wanted.iter().any(|name| name == family.name) || wanted.is_empty() && family.is_usual {
            Table::head(family.title);
            (family.measure)(&bench, &mut table);
        }
    }
    if table.close() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
