//! What a run needs of the outside.

use jiff::{Timestamp, Zoned};

use crate::agents::{Environment, Profile};
use crate::journal::Journal;

/// What a run needs of the outside, besides the console.
#[derive(Debug)]
pub struct World {
    /// The variables, and where files belong.
    pub environment: Environment,
    /// The clock, with the local time zone.
    pub clock: fn() -> Zoned,
    /// Where saves are recorded.
    pub journal: Journal,
    /// The demo's agents, where the user asked for the demo; then no real token is read.
    pub demo: Option<Vec<Profile>>,
}

impl World {
    /// Now, in seconds since 1970.
    pub(super) fn now(&self) -> i64 {
        Timestamp::from(&(self.clock)()).as_second()
    }
}
