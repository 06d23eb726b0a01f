//! The one driver of a save: gives it time and network.

use std::pin::pin;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use super::client::Client;
use super::save_lock::{CheckError, SaveLock, SaveTurn, TurnMissed, read_in_turn};
use crate::save::{CallError, Consent, Event, Save, State, Step};
use crate::settings::{Intent, Settings};

/// What the user can say while a save is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Stop.
    Stop,
    /// Go on in spite of a conflict.
    Consent(Consent),
}

impl From<Order> for Event {
    fn from(order: Order) -> Self {
        match order {
            Order::Stop => Self::Stop,
            Order::Consent(consent) => Self::Consent(consent),
        }
    }
}

/// What is reported while a save is driven.
#[derive(Debug)]
pub enum Report<'a> {
    /// It came to another state. Before a PATCH goes out this was called with [`State::Sending`](crate::save::State::Sending).
    Moved(&'a Save),
    /// A read is tried again: which try comes now, and why.
    Retrying(usize, &'a CallError),
}

/// Makes of what the server holds what is to be saved; `None` where that cannot be.
pub(crate) type MakeIntent = Box<dyn Fn(&Settings) -> Option<Intent> + Send>;

/// What a save begins with.
pub enum SaveStart {
    /// The user has seen the intent's baseline, and the server has to be read again. The read waits for its turn at this lock.
    Seen(Intent, SaveLock),
    /// No user has seen the intent's baseline: it is what was read in this turn. Where another read comes before a PATCH, the
    /// intent is made from that one, so that it conflicts with nothing.
    Unseen(Intent, SaveTurn, MakeIntent),
}

/// A save on its way.
struct Course {
    save: Save,
    step: Step,
    turn: SaveTurn,
    make_intent: Option<MakeIntent>,
}

impl From<SaveStart> for Course {
    fn from(start: SaveStart) -> Self {
        match start {
            SaveStart::Seen(intent, lock) => {
                Self { save: Save::start(intent), step: Step::Read, turn: lock.queue(), make_intent: None }
            }
            SaveStart::Unseen(intent, turn, make_intent) => {
                let (save, step) = Save::start_checked(intent);
                Self { save, step, turn, make_intent: Some(make_intent) }
            }
        }
    }
}

/// Runs one save to its end. `orders` is heard at any moment. Once it is closed, a conflict ends the save without
/// consent. `report` is called at each new state, before its step is taken.
pub async fn drive(
    client: &Client,
    start: SaveStart,
    mut orders: UnboundedReceiver<Order>,
    mut report: impl FnMut(Report<'_>),
) -> Save {
    let Course { mut save, mut step, mut turn, make_intent } = start.into();
    let mut tries = Tries::default();
    let mut answered = Instant::now();
    loop {
        if !save.needs_turn() {
            turn.release();
        }
        report(Report::Moved(&save));
        if step == Step::End {
            return save;
        }
        tries.count(&step);
        let next = {
            let mut happening = pin!(perform(client, &step, &mut turn, (tries, answered), &mut report));
            loop {
                let event = tokio::select! {
                    // An answer that has come is taken before an order of the user: it is never thrown away.
                    biased;
                    event = &mut happening => remake(event, &save, make_intent.as_ref()),
                    order = orders.recv(), if !is_over(&orders) => match order {
                        Some(order) => order.into(),
                        None => continue,
                    },
                    // The sender of orders is gone: a question would wait for ever.
                    () = std::future::ready(()), if is_over(&orders) && step == Step::Ask => Event::Stop,
                };
                if let Some(next) = save.step(event) {
                    break next;
                }
            }
        };
        if matches!(step, Step::Send { .. }) {
            answered = Instant::now();
        }
        step = next;
    }
}

/// A read before a PATCH, as the intent that is made from it where no user has seen another one.
fn remake(event: Event, save: &Save, make_intent: Option<&MakeIntent>) -> Event {
    match (&event, make_intent) {
        (Event::Read(Ok(theirs)), Some(make)) if *save.state() == State::Checking => {
            make(theirs).map_or(event, Event::Remade)
        }
        _ => event,
    }
}

fn is_over(orders: &UnboundedReceiver<Order>) -> bool {
    orders.is_closed() && orders.is_empty()
}

/// How often the same thing was tried in this save, for the log.
#[derive(Clone, Copy, Default)]
struct Tries {
    patches: usize,
    probes: usize,
}

impl Tries {
    fn count(&mut self, step: &Step) {
        match step {
            Step::Send { .. } => *self = Self { patches: self.patches + 1, probes: 0 },
            Step::Probe => self.probes += 1,
            Step::Read | Step::Queue | Step::Wait(_) | Step::Ask | Step::End => {}
        }
    }
}

/// Does what a step says. `answered` is when the newest PATCH was.
async fn perform(
    client: &Client,
    step: &Step,
    turn: &mut SaveTurn,
    (tries, answered): (Tries, Instant),
    report: &mut impl FnMut(Report<'_>),
) -> Event {
    match step {
        Step::Read if !turn.try_take() => Event::Busy,
        Step::Read => {
            let retrying = |attempt, error: &CallError| report(Report::Retrying(attempt, error));
            match read_in_turn(client, turn, retrying).await {
                Ok(settings) => Event::Read(Ok(settings)),
                Err(CheckError::Failed(error)) => Event::Read(Err(error)),
                Err(CheckError::TurnMissed) => Event::TurnMissed,
            }
        }
        Step::Queue => match turn.wait(client.timing()).await {
            Ok(()) => Event::Turn,
            Err(TurnMissed) => Event::TurnMissed,
        },
        Step::Probe => Event::Read(client.read_fresh(tries.probes).await),
        Step::Send { patch, is_alone } => {
            Event::Answered(client.patch(patch, tries.patches, *is_alone).await)
        }
        Step::Wait(wait) => {
            tokio::time::sleep(client.timing().wait(*wait, answered.elapsed())).await;
            Event::Elapsed
        }
        Step::Ask | Step::End => std::future::pending().await,
    }
}
