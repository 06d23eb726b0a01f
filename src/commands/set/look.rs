//! The read a moment after a save that replaced the list of codes: a change that somebody else made at the same time may have
//! replaced it again.

use std::ops::ControlFlow;

use tokio::time::{Instant, sleep, sleep_until};

use crate::agents::{AnswerOrder, side_by_side};
use crate::api::Client;
use crate::save::{Aftermath, Attempt};
use crate::settings::{Change, Patch, Setting, Settings};

/// A read that is still to be made.
#[derive(Clone, Debug)]
pub(super) struct Look {
    client: Client,
    /// What was sent, and what the server held before it.
    attempt: Attempt,
    /// What the server held after it.
    after: Settings,
    saved_at: Instant,
}

/// What a look shows.
#[derive(Debug)]
pub(super) struct Seen {
    /// What the server holds now.
    pub(super) settings: Settings,
    /// What was saved and has changed again, among what else has changed; nothing where what was saved stays.
    pub(super) undone: Vec<Change>,
}

impl Look {
    /// The look after a save that ended now. `None` where its PATCH replaced no list.
    pub(super) fn after(client: &Client, attempt: Attempt, after: &Settings) -> Option<Box<Self>> {
        let is_due = attempt.patch.asks_for(Setting::Questions);
        let (client, after, saved_at) = (client.clone(), after.clone(), Instant::now());
        is_due.then(|| Box::new(Self { client, attempt, after, saved_at }))
    }

    /// `None` where no read tells.
    async fn take(self, due: Instant) -> Option<Seen> {
        sleep_until(due).await;
        let Attempt { theirs, patch } = &self.attempt;
        let mut settings = self.client.read_fresh(1).await.ok()?;
        if Aftermath::may_lag(theirs, &self.after, &settings) {
            sleep(self.client.timing().second_reread).await;
            settings = self.client.read_fresh(1).await.ok()?;
        }
        let undone = find_undone(patch, &self.after, &settings);
        Some(Seen { settings, undone })
    }
}

fn find_undone(patch: &Patch, after: &Settings, now: &Settings) -> Vec<Change> {
    match Aftermath::compare(patch, after, now) {
        Aftermath::Undone(changes) => changes,
        Aftermath::Quiet | Aftermath::Elsewhere(_) => Vec::new(),
    }
}

/// Takes all looks together, as soon as each save is long enough ago. Hands each place with what was seen there to `each`.
pub(super) async fn look_once_more(looks: Vec<(usize, Box<Look>)>, mut each: impl FnMut(usize, Seen)) {
    let due = looks.iter().map(|(_, look)| look.saved_at + look.client.timing().reread).max();
    let Some(due) = due else { return };
    let looks = looks.into_iter().map(|(place, look)| async move { (place, look.take(due).await) });
    side_by_side(looks, AnswerOrder::AsListed, |(place, seen)| {
        if let Some(seen) = seen {
            each(place, seen);
        }
        ControlFlow::Continue(())
    })
    .await;
}
