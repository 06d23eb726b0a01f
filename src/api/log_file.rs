//! The request log: a line for each request, without token or body.
//!
//! `2026-11-22 14:02:10.123 GET app.quickchat.ai/v1/api/… 200 41 ms attempt 1`

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::credentials::BaseUrl;
use super::request_log::{RequestLog, RequestRecord};
use crate::private::open_to_append;
use crate::visible::{redact, visible};

/// What requests are appended to: a file, or standard error.
#[derive(Clone, Debug)]
pub(crate) struct LogFile {
    file: Arc<File>,
}

impl LogFile {
    /// Opens the file, or makes it, for its owner alone.
    ///
    /// # Errors
    /// What the system says; also when it is no regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { file: Arc::new(open_to_append(path)?) })
    }

    /// The log on standard error.
    ///
    /// # Errors
    /// The system gives no further descriptor.
    pub(crate) fn on_stderr() -> io::Result<Self> {
        let stderr = io::stderr().as_fd().try_clone_to_owned()?;
        Ok(Self { file: Arc::new(File::from(stderr)) })
    }

    /// What a client for `base_url` tells of its requests. A line that cannot be written is lost: the log is no
    /// reason to stop.
    pub(crate) fn make_request_log(&self, base_url: &BaseUrl) -> RequestLog {
        let file = Arc::clone(&self.file);
        let address = address(base_url);
        Arc::new(move |record| {
            // One write for a line, so that lines of several programs stay whole.
            let line = line(&record, &address, &TimeZone::system());
            let _ = (&*file).write(redact(&line).as_bytes());
        })
    }
}

/// Host and path, as they are shown.
fn address(base_url: &BaseUrl) -> String {
    format!("{}{}", base_url.host(), visible(base_url.configuration_url().path()))
}

/// One request in one line, its time in `zone`.
fn line(record: &RequestRecord, address: &str, zone: &TimeZone) -> String {
    let started = Timestamp::try_from(record.started).unwrap_or_default().to_zoned(zone.clone());
    let failed = || format!("failed: {},", record.failure.as_deref().unwrap_or_default());
    let end = record.status.map_or_else(failed, |status| status.to_string());
    format!(
        "{} {} {address} {end} {} ms attempt {}\n",
        started.strftime("%Y-%m-%d %H:%M:%S.%3f"),
        record.method.name(),
        record.took.as_millis(),
        record.attempt
    )
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::super::request_log::HttpMethod;
    use super::*;

    fn record(status: Option<u16>, failure: Option<&str>) -> RequestRecord {
        RequestRecord {
            method: HttpMethod::Get,
            attempt: 2,
            started: SystemTime::UNIX_EPOCH,
            took: Duration::from_micros(12_400),
            status,
            failure: failure.map(str::to_owned),
        }
    }

    #[test]
    fn a_request_is_one_line() {
        let address = address(&BaseUrl::parse("https://h.example:8443/x").unwrap());
        let start = "1970-01-01 00:00:00.000 GET h.example:8443/x/v1/api/conversation_ratings/configuration";
        let line = |record| line(&record, &address, &TimeZone::UTC);
        assert_eq!(line(record(Some(401), Some("401 NO"))), format!("{start} 401 12 ms attempt 2\n"));
        let failed = line(record(None, Some("connection broke (reset)")));
        assert_eq!(failed, format!("{start} failed: connection broke (reset), 12 ms attempt 2\n"));
    }
}
