//! The local time.

use std::path::{Component, Path};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The time now, in the local time zone.
pub fn now() -> Zoned {
    Timestamp::now().to_zoned(zone())
}

/// Where systems keep the zones that have a name.
const ZONES: &str = "/usr/share/zoneinfo";

/// The local time zone: the one that `TZ` names, or else that of `/etc/localtime`. jiff reads the same file, but it lists the whole
/// database of zones first. That took longer than everything else before the editor's first frame. Whatever else `TZ` may hold is
/// left to jiff, and so is a system whose database stands in another place.
pub fn zone() -> TimeZone {
    let zone = match std::env::var_os("TZ") {
        None => read_zone("Local", Path::new("/etc/localtime")),
        Some(name) => name.to_str().and_then(find_zone),
    };
    zone.unwrap_or_else(TimeZone::system)
}

/// The zone of this name, where it is that of a file in the system's database.
fn find_zone(name: &str) -> Option<TimeZone> {
    let is_inside = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    is_inside.then(|| read_zone(name, &Path::new(ZONES).join(name))).flatten()
}

fn read_zone(name: &str, path: &Path) -> Option<TimeZone> {
    TimeZone::tzif(name, &std::fs::read(path).ok()?).ok()
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

    #[test]
    fn a_zone_that_has_a_name_is_the_one_that_jiff_finds() {
        let summer = Timestamp::from_second(1_782_000_000).expect("a time");
        for name in ["Europe/Warsaw", "UTC", "America/New_York"] {
            if let Some(zone) = find_zone(name) {
                let theirs = TimeZone::get(name).expect("jiff knows the zone");
                assert_eq!(zone.to_offset(summer), theirs.to_offset(summer), "{name}");
            }
        }
        for name in ["no/such/zone", "../../../etc/localtime", "/etc/localtime", ""] {
            assert_eq!(find_zone(name), None, "{name}");
        }
    }
}
