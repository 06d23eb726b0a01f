//! The time that the model is told.

use std::time::Duration;

use jiff::Zoned;

/// The moment a message arrived: a value, so that `update` needs no clock.
#[derive(Clone, Debug, PartialEq)]
pub struct Now {
    /// Since the editor started; never goes back.
    pub elapsed: Duration,
    /// The local time of day.
    pub local: Zoned,
}
