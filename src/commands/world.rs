//! What a run needs of the outside.

use jiff::{Timestamp, Zoned};

use crate::agents::{Environment, Profile};
use crate::journal::Journal;

/// What a run needs of the outside, besides the console.
#[derive(Debug)]
pub struct World {
    /// The environment variables, and the places of the files.
    pub environment: Environment,
    /// The clock, with the local time zone.
    pub clock: fn() -> Zoned,
    /// The history that saves are written to.
    pub journal: Journal,
    /// The demo's agents, if the user asked for the demo. Then no real token is read.
    pub demo: Option<Vec<Profile>>,
}

impl World {
    /// The time now, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        Timestamp::from(&(self.clock)()).as_second()
    }
}
