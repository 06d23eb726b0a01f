//! The local time.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The time now, in the local time zone.
pub fn now() -> Zoned {
    Timestamp::now().to_zoned(zone())
}

/// The local time zone. Without `TZ` it is the zone of `/etc/localtime`. jiff reads the same file, but it lists the whole
/// database of zones first. That took longer than everything else before the editor's first frame.
pub fn zone() -> TimeZone {
    if std::env::var_os("TZ").is_some() {
        return TimeZone::system();
    }
    let local = std::fs::read("/etc/localtime").ok();
    local.and_then(|data| TimeZone::tzif("Local", &data).ok()).unwrap_or_else(TimeZone::system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_local_time_is_the_one_that_jiff_tells() {
        let (now, theirs) = (now(), Zoned::now());
        assert_eq!(now.offset(), theirs.offset());
        assert!(theirs.duration_since(&now).as_secs() < 60, "{now} {theirs}");
    }
}
