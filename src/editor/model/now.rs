//! The time, as the model gets it with each message.

use std::time::Duration;

use jiff::Zoned;

/// The time at which a message arrived. It is a value, so that `update` needs no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// The time since the editor started. It never goes back.
    pub elapsed: Duration,
    /// The local date and time.
    pub local: Zoned,
}

impl Now {
    /// True if both are in one minute. No time on the screen that goes on by itself is more exact.
    pub(crate) fn is_same_minute(&self, other: &Self) -> bool {
        let minute = |now: &Self| now.local.timestamp().as_second().div_euclid(60);
        minute(self) == minute(other)
    }
}
