//! The words for a call that is tried again, while the user waits.

use super::audience::Audience;
use crate::save::{CallError, CallErrorKind};

/// Another save of this machine to the same agent goes first.
pub(crate) const WAITING_FOR_TURN: &str = "waiting for another save to this agent";

/// A read is tried again: which try comes next, why, and after how many seconds where the server is too busy.
pub(crate) fn describe_retry(attempt: usize, error: &CallError, audience: Audience) -> String {
    let wait = error.busy().and_then(|asked| asked.wait_before_reading(attempt.saturating_sub(1)));
    let when = wait.map(|seconds| format!(" in {seconds} s")).unwrap_or_default();
    let why = match (error.kind(), audience) {
        (CallErrorKind::TooManyRequests, _) => format!("too many requests (429); {}.", audience.stop()),
        (_, Audience::Editor | Audience::Lines) => error.to_string(),
        (_, Audience::Shell) => format!("the server is too busy ({error}); {}.", audience.stop()),
    };
    format!("Retrying ({attempt} of 3){when}: {why}")
}

/// The server asked to wait: how many seconds are left, and why.
pub(crate) fn describe_wait(seconds: u32, error: &CallError, audience: Audience) -> String {
    let why = match error.kind() {
        CallErrorKind::TooManyRequests => "Too many requests (429)".to_owned(),
        _ => format!("The server failed ({error})"),
    };
    format!("{why}. Next try in {seconds} s; {}.", audience.stop())
}

#[cfg(test)]
mod tests {
    use super::Audience::{Editor, Shell};
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
        assert_eq!(describe_retry(2, &refused(429), Editor), limit);
        assert_eq!(describe_retry(3, &refused(503), Editor), "Retrying (3 of 3) in 3 s: 503");
        assert_eq!(describe_retry(3, &refused(502), Editor), "Retrying (3 of 3): 502");
        let unasked = |status| {
            CallError::Refused(Refusal {
                status,
                answerer: Answerer::Api { code: None, messages: Vec::new(), more: 0 },
                retry_after: RetryAfter::Missing,
            })
        };
        assert_eq!(describe_retry(2, &unasked(503), Editor), "Retrying (2 of 3) in 1 s: 503");
        assert_eq!(describe_retry(3, &unasked(503), Editor), "Retrying (3 of 3) in 3 s: 503");
        assert_eq!(
            describe_wait(3, &refused(429), Editor),
            "Too many requests (429). Next try in 3 s; Esc stops."
        );
        assert_eq!(
            describe_wait(2, &refused(503), Editor),
            "The server failed (503). Next try in 2 s; Esc stops."
        );
    }

    #[test]
    fn a_shell_names_its_own_key() {
        let busy = |status| {
            CallError::Refused(Refusal {
                status,
                answerer: Answerer::Api { code: Some("CODE".to_owned()), messages: Vec::new(), more: 0 },
                retry_after: RetryAfter::Missing,
            })
        };
        let limit = "Retrying (2 of 3) in 1 s: too many requests (429); Ctrl-C stops.";
        assert_eq!(describe_retry(2, &busy(429), Shell), limit);
        let failing = "Retrying (3 of 3) in 3 s: the server is too busy (503 CODE); Ctrl-C stops.";
        assert_eq!(describe_retry(3, &busy(503), Shell), failing);
        let wait = "Too many requests (429). Next try in 2 s; Ctrl-C stops.";
        assert_eq!(describe_wait(2, &busy(429), Shell), wait);
    }
}
