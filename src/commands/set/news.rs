//! What the user is told while the work goes on.

use std::pin::pin;

use tokio::sync::mpsc::UnboundedReceiver;

/// A line about one profile, for stderr at once.
#[derive(Debug)]
pub(super) struct News {
    /// The profile's name, or `-`.
    pub(super) name: String,
    pub(super) line: String,
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
