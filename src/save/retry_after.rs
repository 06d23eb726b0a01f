//! How long a server asks to wait.

use std::time::SystemTime;

/// The seconds before the second and the third try of a read, where the server is too busy and does not say how long.
const UNASKED_WAITS: [u32; 2] = [1, 3];

/// What the header Retry-After says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// There is none.
    Missing,
    /// So many seconds from now; zero where it is unreadable, negative or past.
    In(u64),
}

impl RetryAfter {
    /// The longest wait, in seconds, that is waited without asking the user.
    pub const MAX_WAIT: u32 = 10;

    /// Reads the header's value: whole seconds, or an HTTP date that is compared with `now`, the time of the answer.
    pub fn parse(value: &str, now: SystemTime) -> Self {
        let value = value.trim();
        let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        Self::In(if is_number {
            // More digits than fit are still a very long time.
            value.parse().unwrap_or(u64::MAX)
        } else {
            let date = httpdate::parse_http_date(value).ok();
            let left = date.and_then(|date| date.duration_since(now).ok()).unwrap_or_default();
            left.as_secs() + u64::from(left.subsec_nanos() > 0)
        })
    }

    /// The seconds asked for; zero where nothing was.
    pub fn seconds(self) -> u64 {
        match self {
            Self::Missing => 0,
            Self::In(seconds) => seconds,
        }
    }

    /// The seconds to wait: at least one; `None` where more than [`RetryAfter::MAX_WAIT`] are asked for.
    pub fn wait(self) -> Option<u32> {
        let seconds = u32::try_from(self.seconds()).ok()?;
        (seconds <= Self::MAX_WAIT).then_some(seconds.max(1))
    }

    /// The seconds to wait before a read that failed so many times, from 1, is tried again; `None` where it is not.
    pub(crate) fn wait_before_reading(self, failures: usize) -> Option<u32> {
        match self {
            Self::Missing => UNASKED_WAITS.get(failures.checked_sub(1)?).copied(),
            Self::In(_) => self.wait(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use proptest::prelude::*;

    fn seconds(value: &str) -> u64 {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").unwrap();
        RetryAfter::parse(value, now).seconds()
    }

    #[test]
    fn a_retry_after_is_seconds_or_a_date_and_anything_else_is_zero() {
        for (value, expected) in [
            ("3", 3),
            (" 7 ", 7),
            ("0", 0),
            ("-5", 0),
            ("86400", 86_400),
            ("9999999999", 9_999_999_999),
            ("99999999999999999999999", u64::MAX),
            ("abc", 0),
            ("", 0),
            ("1.5", 0),
            ("Sun, 06 Nov 1994 08:49:40 GMT", 3),
            ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
        ] {
            assert_eq!(seconds(value), expected, "for {value:?}");
        }
    }

    #[test]
    fn a_part_of_a_second_until_a_date_counts_as_a_whole_one() {
        let date = "Sun, 06 Nov 1994 08:49:40 GMT";
        let end = httpdate::parse_http_date(date).unwrap();
        for (milliseconds, expected) in [(2000, 2), (1500, 2), (1, 1), (0, 0)] {
            let now = end - Duration::from_millis(milliseconds);
            assert_eq!(RetryAfter::parse(date, now), RetryAfter::In(expected), "{milliseconds} ms before");
        }
    }

    #[test]
    fn a_wait_asked_for_is_one_second_at_least_and_ten_at_most() {
        assert_eq!(RetryAfter::In(0).wait(), Some(1));
        assert_eq!(RetryAfter::In(10).wait(), Some(10));
        assert_eq!(RetryAfter::In(11).wait(), None);
        assert_eq!(RetryAfter::Missing.wait(), Some(1));
    }

    #[test]
    fn a_read_without_a_time_to_wait_for_waits_one_second_and_then_three() {
        let waits = |asked: RetryAfter| [0, 1, 2, 3].map(|failures| asked.wait_before_reading(failures));
        assert_eq!(waits(RetryAfter::Missing), [None, Some(1), Some(3), None]);
        assert_eq!(RetryAfter::In(7).wait_before_reading(1), Some(7));
        assert_eq!(RetryAfter::In(11).wait_before_reading(1), None);
    }

    proptest! {
        #[test]
        fn no_header_makes_us_wait_longer_than_ten_seconds(value in ".{0,30}") {
            let asked = RetryAfter::parse(&value, SystemTime::UNIX_EPOCH);
            prop_assert!(asked.wait().is_none_or(|seconds| (1..=10).contains(&seconds)));
        }
    }
}
