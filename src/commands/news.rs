//! What the user is told while the work goes on.
//!
//! ```text
//! job ─ Newsline ─► News ─► tell_meanwhile ─► stderr
//! ```

use std::pin::pin;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::agents::Profile;
use crate::save::CallError;
use crate::words::{Audience, describe_retry};

/// A line about one profile, for stderr at once.
#[derive(Debug)]
pub(super) struct News {
    /// The profile's name, or `-`.
    pub(super) name: String,
    pub(super) line: String,
}

/// Sends news from a job to the command that prints them.
#[derive(Clone, Debug)]
pub(super) struct Newsline(UnboundedSender<News>);

impl Newsline {
    /// A line, and its end where the news come out.
    pub(super) fn open() -> (Self, UnboundedReceiver<News>) {
        let (sender, news) = tokio::sync::mpsc::unbounded_channel();
        (Self(sender), news)
    }

    /// Tells something about `profile`.
    pub(super) fn tell(&self, profile: &Profile, line: String) {
        let name = profile.name.clone().unwrap_or_else(|| "-".to_owned());
        // Without a reader there is no user to tell.
        let _ = self.0.send(News { name, line });
    }

    /// Tells that a read is tried again, where the server is too busy for now and so the wait is long. Any other wait is over
    /// within a second, and is not told.
    pub(super) fn tell_of_retry(&self, profile: &Profile, attempt: usize, error: &CallError) {
        if error.busy().is_some() {
            self.tell(profile, describe_retry(attempt, error, Audience::Shell));
        }
    }
}

/// Does the work, and hands to `tell` what comes meanwhile.
pub(super) async fn tell_meanwhile<T>(
    work: impl Future<Output = T>,
    news: &mut UnboundedReceiver<News>,
    mut tell: impl FnMut(News),
) -> T {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            biased;
            Some(news) = news.recv() => tell(news),
            done = &mut work => return done,
        }
    }
}
