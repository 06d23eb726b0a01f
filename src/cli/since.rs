//! A time on the command line: `2026-11-22`, `2026-11-22 14:02`, `2026-11-22T14:02:10.123Z`.

use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The time that `--since` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// A moment, with `Z` or an offset from UTC.
    Moment(Timestamp),
    /// A date, or a date and a time of day, on the user's clock.
    Local(DateTime),
}

impl Since {
    /// The moment, for a user in this time zone.
    ///
    /// # Errors
    /// The moment is not between the years -9999 and 9999.
    pub fn moment(&self, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        match self {
            Self::Moment(moment) => Ok(*moment),
            Self::Local(local) => zone.to_timestamp(*local),
        }
    }
}

impl FromStr for Since {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const FAULT: &str = "it takes a date such as 2026-11-22, or a time such as \"2026-11-22 14:02\" or 2026-11-22T14:02:10Z";
        let moment = text.parse().map(Self::Moment);
        moment.or_else(|_| text.parse().map(Self::Local)).map_err(|_| FAULT)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_a_time_of_day_are_local_and_a_time_with_an_offset_is_not() {
        let zone = TimeZone::fixed(jiff::tz::offset(2));
        let cases = [
            ("2026-11-22", "2026-11-21T22:00:00Z"),
            ("2026-11-22 14:02", "2026-11-22T12:02:00Z"),
            ("2026-11-22T14:02:10", "2026-11-22T12:02:10Z"),
            ("2026-11-22T14:02:10.123Z", "2026-11-22T14:02:10.123Z"),
            ("2026-11-22 14:02:10-05:00", "2026-11-22T19:02:10Z"),
        ];
        for (text, expected) in cases {
            let moment = text.parse::<Since>().unwrap().moment(&zone).unwrap();
            assert_eq!(moment, expected.parse().unwrap(), "{text}");
        }
        for text in ["", "yesterday", "14:02", "2026-11", "2026-13-01", "22.11.2026", "1764000000"] {
            assert!(text.parse::<Since>().is_err(), "{text}");
        }
    }
}
