//! How long everything may take, and when a call is made again: every time of a read and a save in one value.

use std::time::Duration;

use crate::save::{CallError, PROBES, RECONNECTS, Wait};

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
    pub retries: [Duration; RECONNECTS],
    /// When each of the three reads of a probe begins: so long after the answer went missing.
    pub probes: [Duration; PROBES],
    /// One second of a wait that the server asked for: a step of the countdown.
    pub second: Duration,
    /// How long a save waits for its turn, in all.
    pub turn: Duration,
    /// From one try to get the turn to the next.
    pub turn_try: Duration,
    /// From a save to the silent read after it.
    pub reread: Duration,
    /// From that read to a second one, where the first may have come from a copy of the server that lags behind.
    pub second_reread: Duration,
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
            turn: seconds(30),
            turn_try: Duration::from_millis(50),
            reread: seconds(1),
            second_reread: seconds(2),
            grace: seconds(2),
        }
    }
}

impl Timing {
    /// How long to wait before a step of a save. `answered` is the time that has passed since the newest PATCH was
    /// answered or given up.
    pub fn wait(&self, wait: Wait, answered: Duration) -> Duration {
        match wait {
            // The upper half of the bound: what refused a connection needs a moment.
            Wait::Reconnect(failures) => {
                let most = nth(&self.retries, failures.saturating_sub(1));
                Pause { least: most / 2, most }.pick()
            }
            Wait::Second => self.second,
            Wait::Probe(index) => nth(&self.probes, index).saturating_sub(answered),
        }
    }

    /// These times with another bound on each read, in seconds, and half as much again on each PATCH.
    #[must_use]
    pub(crate) fn with_timeout(mut self, read: Duration) -> Self {
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
            turn: self.turn / factor,
            turn_try: self.turn_try / factor,
            reread: self.reread / factor,
            second_reread: self.second_reread / factor,
            grace: self.grace / factor,
        }
    }

    /// How long to wait before a GET is tried again; `None` where trying again would not help.
    /// `failures` counts the tries that failed so far, from 1. After a 429 or 503 it is what the server asks for, or else one
    /// second and then three.
    pub(crate) fn pause_before_reading_again(&self, failures: usize, error: &CallError) -> Option<Pause> {
        let bound = *self.retries.get(failures.checked_sub(1)?)?;
        let Some(asked) = error.busy() else {
            return error.is_worth_reading_again().then_some(Pause { least: Duration::ZERO, most: bound });
        };
        let wait = self.second * asked.wait_before_reading(failures)?;
        Some(Pause { least: wait, most: wait })
    }
}

fn nth(times: &[Duration], index: usize) -> Duration {
    times.get(index).copied().unwrap_or_default()
}

/// A pause of a length between two bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pause {
    /// Never shorter.
    pub least: Duration,
    /// Never longer.
    pub most: Duration,
}

impl Pause {
    /// A length between the bounds, by chance (full jitter), so that many clients do not come back together.
    pub(crate) fn pick(self) -> Duration {
        self.least + (self.most.saturating_sub(self.least)).mul_f64(fastrand::f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::save::Answerer;
    use crate::save::{Refusal, RetryAfter};
    use proptest::prelude::*;

    #[test]
    fn a_probe_reads_half_a_second_two_and_five_seconds_after_the_answer_went_missing() {
        let timing = Timing::default();
        let waits =
            |answered| [0, 1, 2].map(|read| timing.wait(Wait::Probe(read), Duration::from_millis(answered)));
        assert_eq!(waits(0), [500, 2000, 5000].map(Duration::from_millis));
        assert_eq!(waits(700), [0, 1300, 4300].map(Duration::from_millis));
    }

    #[test]
    fn a_patch_that_could_not_be_sent_waits_at_least_half_of_its_bound() {
        let timing = Timing::default();
        for (failures, most) in [(1, 500), (2, 1000)] {
            let most = Duration::from_millis(most);
            let wait = timing.wait(Wait::Reconnect(failures), Duration::ZERO);
            assert!(most / 2 <= wait && wait <= most, "{wait:?}");
        }
        assert_eq!(timing.wait(Wait::Second, Duration::ZERO), Duration::from_secs(1));
    }

    #[test]
    fn every_time_becomes_shorter() {
        let all = |timing: Timing| {
            let Timing { connect, read, patch, retries, probes, second, .. } = timing;
            let Timing { turn, turn_try, reread, second_reread, grace, .. } = timing;
            [
                vec![connect, read, patch, second, turn, turn_try, reread, second_reread, grace],
                retries.to_vec(),
                probes.to_vec(),
            ]
            .concat()
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

    fn answerer() -> Answerer {
        Answerer::Api { code: None, messages: Vec::new(), more: 0 }
    }

    #[test]
    fn a_read_that_the_server_is_too_busy_for_waits_one_second_and_then_three() {
        let timing = Timing::default();
        let refused =
            |status, retry_after| CallError::Refused(Refusal { status, answerer: answerer(), retry_after });
        let pause = |failures, error: &CallError| timing.pause_before_reading_again(failures, error);
        let exactly = |seconds| {
            let length = Duration::from_secs(seconds);
            Some(Pause { least: length, most: length })
        };
        for status in [429, 503] {
            let error = refused(status, RetryAfter::Missing);
            let pauses = [0, 1, 2, 3].map(|failures| pause(failures, &error));
            assert_eq!(pauses, [None, exactly(1), exactly(3), None], "{status}");
            assert_eq!(pause(1, &refused(status, RetryAfter::In(7))), exactly(7));
            assert_eq!(pause(1, &refused(status, RetryAfter::In(11))), None);
        }
        let jitter = Some(Pause { least: Duration::ZERO, most: Duration::from_millis(500) });
        assert_eq!(pause(1, &refused(502, RetryAfter::Missing)), jitter);
    }

    proptest! {
        #[test]
        fn a_pause_stays_between_its_bounds(least in 0_u64..5000, more in 0_u64..5000) {
            let least = Duration::from_millis(least);
            let most = least + Duration::from_millis(more);
            let picked = Pause { least, most }.pick();
            prop_assert!(least <= picked && picked <= most);
        }
    }
}
