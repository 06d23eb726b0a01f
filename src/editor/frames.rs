//! When the next frame is due.
//!
//! What the user does is shown at once. News that no key has asked for, such as the answers for a long list of profiles, come in
//! their hundreds: a frame shows all that have come since the last one, and frames for them alone keep a distance.

use std::time::Duration;

use tokio::time::Instant;

/// The least time between two frames that show news alone. It is short enough for a list to be seen as it fills.
const NEWS_DISTANCE: Duration = Duration::from_millis(100);
/// How long the first news wait for others that come together with them.
const NEWS_DELAY: Duration = Duration::from_millis(10);

/// What has happened since the last frame, and when that was drawn.
#[derive(Debug, Default)]
pub(super) struct NextFrame {
    has_changed: bool,
    /// When the first news came that the last frame did not show.
    news_since: Option<Instant>,
    /// When the last frame was drawn that showed news.
    last_news: Option<Instant>,
}

impl NextFrame {
    /// Something has changed that the user sees at once.
    pub(super) fn note_change(&mut self) {
        self.has_changed = true;
    }

    /// At the time `now` there are news, which can wait.
    pub(super) fn note_news(&mut self, now: Instant) {
        self.news_since.get_or_insert(now);
    }

    /// When the frame is due that shows the news; `None` where there are none.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let together = self.news_since? + NEWS_DELAY;
        Some(self.last_news.map_or(together, |last| together.max(last + NEWS_DISTANCE)))
    }

    /// True if a frame is due at the time `now`. The caller draws it then.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let is_due = self.has_changed || self.deadline().is_some_and(|due| due <= now);
        if is_due {
            self.last_news = self.news_since.take().map(|_| now).or(self.last_news);
            self.has_changed = false;
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many frames are drawn for a thousand answers of which one comes every `distance`, and in the time after them.
    fn count_frames(distance: Duration) -> usize {
        let (mut next, mut now) = (NextFrame::default(), Instant::now());
        let mut frames = 0;
        for _ in 0..1000 {
            next.note_news(now);
            frames += usize::from(next.take(now));
            now += distance;
            if let Some(due) = next.deadline().filter(|due| *due < now) {
                frames += usize::from(next.take(due));
            }
        }
        let last = next.deadline().is_some_and(|due| next.take(due));
        assert_eq!(next.deadline(), None, "no timer runs when all is shown");
        frames + usize::from(last)
    }

    #[test]
    fn answers_are_grouped_into_ten_frames_a_second() {
        for (microseconds, frames) in [(0, 1), (9, 1), (1_000, 11), (6_250, 64), (100_000, 1000)] {
            assert_eq!(count_frames(Duration::from_micros(microseconds)), frames, "{microseconds}");
        }
    }

    #[test]
    fn what_the_user_does_is_shown_at_once_with_all_news_that_there_are() {
        let (mut next, now) = (NextFrame::default(), Instant::now());
        assert!(!next.take(now), "nothing has happened");
        next.note_news(now);
        assert!(!next.take(now));
        next.note_change();
        assert!(next.take(now));
        assert!(!next.take(now + NEWS_DISTANCE), "the news are shown");
    }

    #[test]
    fn news_after_a_pause_are_shown_in_a_moment() {
        let (mut next, mut now) = (NextFrame::default(), Instant::now());
        for _ in 0..3 {
            next.note_news(now);
            assert!(next.take(now + NEWS_DELAY));
            now += NEWS_DISTANCE + NEWS_DELAY;
        }
    }
}
