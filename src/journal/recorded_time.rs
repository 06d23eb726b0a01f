//! Times as the history has them: in UTC and to the millisecond, all of one width. `2026-11-22T14:02:10.123Z`

use jiff::Timestamp;
use serde::Serializer;

/// The time as a text. A finer part of it is left out.
pub(crate) fn render_time(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// A time that may be unknown, as JSON.
#[expect(clippy::ref_option, reason = "serde hands the field over as it is")]
pub(super) fn serialize_time<S: Serializer>(
    time: &Option<Timestamp>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.serialize_some(&render_time(*time)),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_has_milliseconds_and_a_z_and_is_as_wide_as_the_others() {
        let cases = [
            ("2026-11-22T14:02:10Z", "2026-11-22T14:02:10.000Z"),
            ("2026-11-22T14:02:10.5Z", "2026-11-22T14:02:10.500Z"),
            ("2026-11-22T14:02:10.1239999Z", "2026-11-22T14:02:10.123Z"),
            ("2026-11-22T14:02:10+02:00", "2026-11-22T12:02:10.000Z"),
        ];
        for (text, expected) in cases {
            assert_eq!(render_time(text.parse().unwrap()), expected);
        }
    }
}
