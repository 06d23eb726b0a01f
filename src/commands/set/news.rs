//! What the user is told while the work goes on.

use std::pin::pin;

use tokio::sync::mpsc::UnboundedReceiver;

use super::job::Task;
use crate::agents::Profile;
use crate::words::WAITING_FOR_TURN;

/// A line about one profile, for stderr at once.
#[derive(Debug)]
pub(super) struct News {
    /// The profile's name, or `-`.
    pub(super) name: String,
    pub(super) line: String,
}

impl Task {
    /// Another save to the agent goes first.
    pub(super) fn tell_of_waiting(&self, profile: &Profile) {
        let name = profile.name.clone().unwrap_or_else(|| "-".to_owned());
        // Without a reader there is no user to tell.
        let _ = self.news.send(News { name, line: WAITING_FOR_TURN.to_owned() });
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
