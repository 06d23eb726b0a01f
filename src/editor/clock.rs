//! The clock that the loop reads.

use std::time::Instant;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::message::Now;

/// Counts from its start, and knows the local time zone.
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

/// The local time zone. Where `TZ` does not name one it is what `/etc/localtime` holds; jiff reads the same file, but lists
/// the whole zone database first, which took longer than all the rest before the first frame.
fn zone() -> TimeZone {
    if std::env::var_os("TZ").is_some() {
        return TimeZone::system();
    }
    let local = std::fs::read("/etc/localtime").ok();
    local.and_then(|data| TimeZone::tzif("Local", &data).ok()).unwrap_or_else(TimeZone::system)
}
