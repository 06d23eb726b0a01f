//! Over a line of 100 ms: how often a call waits for the line.

use std::time::Instant;

use crate::Bench;
use crate::program::FORM;
use crate::relay::{ROUND_TRIP, Relay};
use crate::secure::Secure;
use crate::support::cli::Home;
use crate::table::{Row, Table, median, to_float};

/// Each call is made so often.
const ROUNDS: usize = 5;

/// Round trips that were counted, and the time as a number of round trips. Each TCP connection counts as one in both.
type Counted = (usize, f64);

pub fn measure(_: &Bench, table: &mut Table) {
    let secure = Secure::start("distance");
    let relay = Relay::start(&secure.address);
    let (home, url) = (Home::new(), format!("https://{}", relay.address));
    let runs: Vec<_> = (0..ROUNDS).map(|_| open_and_save(&secure, &relay, &url)).collect();
    let sets = (0..ROUNDS).map(|round| set(&home, &secure, &relay, (&url, round))).collect();
    for (what, runs, budgets) in [
        ("exec to the form over TLS", runs.iter().map(|runs| runs[0]).collect::<Vec<_>>(), (3.0, 3.09)),
        ("a save, confirmed", runs.iter().map(|runs| runs[1]).collect(), (2.0, 2.05)),
        ("set --active over TLS", sets, (4.0, 4.2)),
    ] {
        let most = runs.iter().map(|run| run.0).max().unwrap_or_default();
        table.add(Row::count(&format!("{what}: round trips"), most, "").budget(budgets.0));
        let time = median(runs.iter().map(|run| run.1));
        table.add(Row::time(&format!("{what}: time in round trips"), time, "").budget(budgets.1));
    }
}

/// What was counted since `begun`.
fn take(relay: &Relay, begun: Instant) -> Counted {
    let (time, trips) = (begun.elapsed(), relay.take_trips());
    (
        trips.connections + trips.answers,
        to_float(trips.connections) + time.as_secs_f64() / ROUND_TRIP.as_secs_f64(),
    )
}

fn open_and_save(secure: &Secure, relay: &Relay, url: &str) -> [Counted; 2] {
    let gate = secure.editor_at(url).wait_at_gate();
    relay.take_trips();
    let begun = Instant::now();
    let started = gate.open();
    started.wait_for(FORM);
    let opened = take(relay, begun);
    let stage = started.stage;
    stage.press(" ", "1 unsaved change");
    let begun = Instant::now();
    stage.press("s", "Saved");
    let saved = take(relay, begun);
    stage.end("q");
    [opened, saved]
}

fn set(home: &Home, secure: &Secure, relay: &Relay, (url, round): (&str, usize)) -> Counted {
    let value = ["on", "off"][round % 2];
    let mut command = secure.command(home, &["set", "--active", value], url);
    relay.take_trips();
    let begun = Instant::now();
    assert!(command.status().expect("it starts").success());
    take(relay, begun)
}
