//! The words for a call that is tried again, while the user of the editor waits.

use crate::save::{CallError, CallErrorKind};

/// Another save of this machine to the same agent goes first.
pub(crate) const WAITING_FOR_TURN: &str = "waiting for another save to this agent";

/// A read is tried again: which try comes next, why, and after how many seconds where the server is too busy.
pub(crate) fn describe_retry(attempt: usize, error: &CallError) -> String {
    let wait = error.busy().and_then(|asked| asked.wait_before_reading(attempt.saturating_sub(1)));
    let when = wait.map(|seconds| format!(" in {seconds} s")).unwrap_or_default();
    match error.kind() {
        CallErrorKind::TooManyRequests => {
            format!("Retrying ({attempt} of 3){when}: too many requests (429); Esc stops.")
        }
        _ => format!("Retrying ({attempt} of 3){when}: {error}"),
    }
}

/// The server asked to wait: how many seconds are left, and why.
pub(crate) fn describe_wait(seconds: u32, error: &CallError) -> String {
    let why = match error.kind() {
        CallErrorKind::TooManyRequests => "Too many requests (429)".to_owned(),
        _ => format!("The server failed ({error})"),
    };
    format!("{why}. Next try in {seconds} s; Esc stops.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::save::{Answerer, Refusal, RetryAfter};

    #[test]
    fn a_limit_is_told_from_a_failure() {
        let refused = |status| {
            CallError::Refused(Refusal {
                status,
                answerer: Answerer::Api { code: None, messages: Vec::new(), more: 0 },
                retry_after: RetryAfter::In(3),
            })
        };
        let limit = "Retrying (2 of 3) in 3 s: too many requests (429); Esc stops.";
        assert_eq!(describe_retry(2, &refused(429)), limit);
        assert_eq!(describe_retry(3, &refused(503)), "Retrying (3 of 3) in 3 s: 503");
        assert_eq!(describe_retry(3, &refused(502)), "Retrying (3 of 3): 502");
        let unasked = |status| {
            CallError::Refused(Refusal {
                status,
                answerer: Answerer::Api { code: None, messages: Vec::new(), more: 0 },
                retry_after: RetryAfter::Missing,
            })
        };
        assert_eq!(describe_retry(2, &unasked(503)), "Retrying (2 of 3) in 1 s: 503");
        assert_eq!(describe_retry(3, &unasked(503)), "Retrying (3 of 3) in 3 s: 503");
        assert_eq!(describe_wait(3, &refused(429)), "Too many requests (429). Next try in 3 s; Esc stops.");
        assert_eq!(describe_wait(2, &refused(503)), "The server failed (503). Next try in 2 s; Esc stops.");
    }
}
