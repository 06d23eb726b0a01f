//! The rate limit of one token at one endpoint.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

const MINUTE: Duration = Duration::from_mins(1);

/// At most this many requests in any 60 seconds.
#[derive(Debug)]
pub(super) struct Limit {
    most: usize,
    taken: VecDeque<Instant>,
}

impl Limit {
    pub(super) fn per_minute(most: usize) -> Self {
        Self { most, taken: VecDeque::new() }
    }

    /// Takes one request. A request that is refused does not count.
    ///
    /// # Errors
    ///
    /// The whole seconds after which the next request is accepted, at least 1.
    pub(super) fn take(&mut self, now: Instant) -> Result<(), u64> {
        while self.taken.front().is_some_and(|first| now.duration_since(*first) >= MINUTE) {
            self.taken.pop_front();
        }
        match self.taken.front() {
            Some(first) if self.taken.len() >= self.most => Err(seconds_until(*first + MINUTE, now)),
            _ => {
                self.taken.push_back(now);
                Ok(())
            }
        }
    }
}

fn seconds_until(then: Instant, now: Instant) -> u64 {
    let wait = then.duration_since(now);
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_past_the_limit_waits_until_the_first_is_a_minute_old() {
        let start = Instant::now();
        let mut limit = Limit::per_minute(2);
        assert_eq!(limit.take(start), Ok(()));
        assert_eq!(limit.take(start + Duration::from_secs(10)), Ok(()));
        assert_eq!(limit.take(start + Duration::from_secs(20)), Err(40));
        assert_eq!(limit.take(start + Duration::from_millis(59_999)), Err(1));
        assert_eq!(limit.take(start + MINUTE), Ok(()));
        assert_eq!(limit.take(start + MINUTE), Err(10));
    }
}
