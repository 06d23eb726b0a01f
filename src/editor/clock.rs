//! The clock of the loop.

use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::model::Now;
use crate::clock::zone;

/// A clock that counts from its start and knows the local time zone.
pub(super) struct Clock {
    started: Instant,
    zone: TimeZone,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started: Instant::now(), zone: zone() }
    }

    pub(super) fn now(&self) -> Now {
        Now { elapsed: self.started.elapsed(), local: Timestamp::now().to_zoned(self.zone.clone()) }
    }
}
