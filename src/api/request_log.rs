//! What is noted of each request: no token, no body.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// Which of the two calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
    /// Reads the configuration.
    Get,
    /// Changes it.
    Patch,
}

impl HttpMethod {
    /// The method's name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Patch => "PATCH",
        }
    }
}

/// One request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// GET or PATCH.
    pub method: HttpMethod,
    /// Which try at the same thing, from 1.
    pub attempt: usize,
    /// When it was sent.
    pub started: SystemTime,
    /// Until the whole answer was there, or the failure.
    pub took: Duration,
    /// The status of the answer.
    pub status: Option<u16>,
    /// What went wrong, in a few words.
    pub failure: Option<String>,
}

/// Takes the record of each request when the request has ended or was given up.
pub(crate) type RequestLog = Arc<dyn Fn(RequestRecord) + Send + Sync>;

/// A request's place in the log, taken when the request begins. A request whose caller stops waiting is recorded too.
pub(super) struct LogEntry<'a> {
    log: &'a RequestLog,
    clock: Instant,
    record: Option<RequestRecord>,
}

impl<'a> LogEntry<'a> {
    pub(super) fn open(log: &'a RequestLog, method: HttpMethod, attempt: usize) -> Self {
        let (started, took, failure) = (SystemTime::now(), Duration::ZERO, Some("stopped".to_owned()));
        let record = RequestRecord { method, attempt, started, took, status: None, failure };
        Self { log, clock: Instant::now(), record: Some(record) }
    }

    pub(super) fn close(mut self, status: Option<u16>, failure: Option<String>) {
        self.record = self.record.take().map(|record| RequestRecord { status, failure, ..record });
    }
}

impl Drop for LogEntry<'_> {
    fn drop(&mut self) {
        if let Some(record) = self.record.take() {
            (self.log)(RequestRecord { took: self.clock.elapsed(), ..record });
        }
    }
}
