//! The read a moment after a save that replaced the list of codes: a change that someone else made at the same time may have
//! replaced it again.

use std::ops::ControlFlow;

use tokio::time::{Instant, sleep, sleep_until};

use crate::agents::{AnswerOrder, side_by_side};
use crate::api::Client;
use crate::save::{Aftermath, Attempt};
use crate::settings::{Change, Setting, Settings};

/// A read that is still to be made.
#[derive(Clone, Debug)]
pub(super) struct FollowUp {
    client: Client,
    /// What the server held before the save.
    theirs: Settings,
    /// What the user changed.
    changes: Vec<Change>,
    /// What the server held after it.
    after: Settings,
    saved_at: Instant,
}

/// What a look shows.
#[derive(Debug)]
pub(super) struct Seen {
    /// What the server holds now.
    pub(super) settings: Settings,
    /// What the user changed and what has changed again. What else has changed is not told.
    pub(super) undone: Vec<Change>,
}

impl FollowUp {
    /// The look after a save of these changes that ended now. `None` where its PATCH replaced no list.
    pub(super) fn after(
        client: &Client,
        sent: Attempt,
        changes: Vec<Change>,
        after: &Settings,
    ) -> Option<Box<Self>> {
        let Attempt { theirs, patch } = sent;
        let (client, after, saved_at) = (client.clone(), after.clone(), Instant::now());
        let is_due = patch.asks_for(Setting::Questions);
        is_due.then(|| Box::new(Self { client, theirs, changes, after, saved_at }))
    }

    /// `None` where no read tells.
    async fn take(self, due: Instant) -> Option<Seen> {
        sleep_until(due).await;
        let mut settings = self.client.read_fresh(1).await.ok()?;
        if Aftermath::may_lag(&self.theirs, &self.after, &settings) {
            sleep(self.client.timing().second_reread).await;
            settings = self.client.read_fresh(1).await.ok()?;
        }
        let Aftermath { undone, .. } = Aftermath::compare(&self.changes, &self.after, &settings);
        Some(Seen { settings, undone })
    }
}

/// Takes all looks together, as soon as each save is long enough ago. Hands each place with what was seen there to `each`.
pub(super) async fn look_once_more(looks: Vec<(usize, Box<FollowUp>)>, mut each: impl FnMut(usize, Seen)) {
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
