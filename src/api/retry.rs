//! When a call is made again, and how long everything may take: every number of the save in one value.

use std::time::{Duration, SystemTime};

use super::error::ApiError;

/// All times of reading and saving. [`Timing::default`] is what users get; tests run the same code with
/// [`Timing::faster`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For one GET in all.
    pub read: Duration,
    /// For one PATCH in all.
    pub patch: Duration,
    /// Upper bounds of the pauses before the second and the third try of a GET (full jitter), or of a PATCH that was
    /// never sent (the upper half: what refused a connection needs a moment).
    pub retries: [Duration; 2],
    /// When each of the three reads of a probe begins: so long after the answer went missing.
    pub probes: [Duration; 3],
    /// One second of a wait that the server asked for: a step of the countdown.
    pub second: Duration,
    /// From a save to the silent read after it.
    pub reread: Duration,
    /// How long a save may still take once the program was told to end.
    pub grace: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        let half = Duration::from_millis(500);
        Self {
            connect: seconds(5),
            read: seconds(10),
            patch: seconds(15),
            retries: [half, seconds(1)],
            probes: [half, seconds(2), seconds(5)],
            second: seconds(1),
            reread: seconds(1),
            grace: seconds(2),
        }
    }
}

impl Timing {
    /// These times with another bound on each read, in seconds, and half as much again on each PATCH.
    #[must_use]
    pub fn with_timeout(mut self, read: Duration) -> Self {
        self.read = read;
        self.patch = read * 3 / 2;
        self.connect = self.connect.min(read);
        self
    }

    /// The same times, `factor` times shorter.
    #[must_use]
    pub fn faster(self, factor: u32) -> Self {
        Self {
            connect: self.connect / factor,
            read: self.read / factor,
            patch: self.patch / factor,
            retries: self.retries.map(|time| time / factor),
            probes: self.probes.map(|time| time / factor),
            second: self.second / factor,
            reread: self.reread / factor,
            grace: self.grace / factor,
        }
    }

    /// How long to wait before a GET is tried again, at most; `None` where trying again would not help.
    /// `failures` counts the tries that failed so far, from 1.
    pub fn pause_before_reading_again(&self, failures: usize, error: &ApiError) -> Option<Pause> {
        let bound = *self.retries.get(failures.checked_sub(1)?)?;
        match error.retry_after() {
            Some(asked) if asked != RetryAfter::Missing => {
                let wait = self.second * asked.wait()?;
                Some(Pause { least: wait, most: wait.max(bound) })
            }
            _ => error.is_worth_reading_again().then_some(Pause { least: Duration::ZERO, most: bound }),
        }
    }
}

/// A pause of a length between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Never shorter.
    pub least: Duration,
    /// Never longer.
    pub most: Duration,
}

impl Pause {
    /// A length between the bounds, by chance (full jitter), so that many clients do not come back together.
    pub fn pick(self) -> Duration {
        self.least + (self.most.saturating_sub(self.least)).mul_f64(fastrand::f64())
    }
}

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

    /// Reads the header's value: whole seconds, or an HTTP date that is compared with `now`.
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
}

#[cfg(test)]
mod tests {
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
    fn a_wait_asked_for_is_one_second_at_least_and_ten_at_most() {
        assert_eq!(RetryAfter::In(0).wait(), Some(1));
        assert_eq!(RetryAfter::In(10).wait(), Some(10));
        assert_eq!(RetryAfter::In(11).wait(), None);
        assert_eq!(RetryAfter::Missing.wait(), Some(1));
    }

    #[test]
    fn every_time_becomes_shorter() {
        let all = |timing: Timing| {
            let Timing { connect, read, patch, retries, probes, second, reread, grace } = timing;
            [vec![connect, read, patch, second, reread, grace], retries.to_vec(), probes.to_vec()].concat()
        };
        let fifty_times = |time: Duration| time * 50;
        let shorter = all(Timing::default().faster(50));
        assert_eq!(shorter.into_iter().map(fifty_times).collect::<Vec<_>>(), all(Timing::default()));
    }

    #[test]
    fn a_bound_on_reading_bounds_a_patch_half_as_much_again() {
        let timing = Timing::default().with_timeout(Duration::from_secs(4));
        assert_eq!((timing.read, timing.patch), (Duration::from_secs(4), Duration::from_secs(6)));
    }

    proptest! {
        #[test]
        fn no_header_makes_us_wait_longer_than_ten_seconds(value in ".{0,30}") {
            let asked = RetryAfter::parse(&value, SystemTime::UNIX_EPOCH);
            prop_assert!(asked.wait().is_none_or(|seconds| (1..=10).contains(&seconds)));
        }

        #[test]
        fn a_pause_stays_between_its_bounds(least in 0_u64..5000, more in 0_u64..5000) {
            let least = Duration::from_millis(least);
            let most = least + Duration::from_millis(more);
            let picked = Pause { least, most }.pick();
            prop_assert!(least <= picked && picked <= most);
        }
    }
}
