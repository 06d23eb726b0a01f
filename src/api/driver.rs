//! The one driver of a save: gives it time and network.

use std::pin::pin;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use super::client::Client;
use crate::save::{CallError, Consent, Event, Save, Step};
use crate::settings::Intent;

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

/// Runs one save to its end. `orders` is heard at any moment. Once it is closed, a conflict ends the save without
/// consent. `report` is called at each new state, before its step is taken.
pub async fn drive(
    client: &Client,
    intent: Intent,
    mut orders: UnboundedReceiver<Order>,
    mut report: impl FnMut(Report<'_>),
) -> Save {
    let (mut save, mut step) = (Save::start(intent), Step::Read);
    let mut tries = Tries::default();
    let mut answered = Instant::now();
    loop {
        report(Report::Moved(&save));
        if step == Step::End {
            return save;
        }
        tries.count(&step);
        let next = {
            let mut happening = pin!(perform(client, &step, (tries, answered), &mut report));
            loop {
                let event = tokio::select! {
                    // An answer that has come is taken before an order of the user: it is never thrown away.
                    biased;
                    event = &mut happening => event,
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
            Step::Read | Step::Wait(_) | Step::Ask | Step::End => {}
        }
    }
}

/// Does what a step says. `answered` is when the newest PATCH was.
async fn perform(
    client: &Client,
    step: &Step,
    (tries, answered): (Tries, Instant),
    report: &mut impl FnMut(Report<'_>),
) -> Event {
    match step {
        Step::Read => {
            let retrying = |attempt, error: &CallError| report(Report::Retrying(attempt, error));
            Event::Read(client.read_fresh_patiently(retrying).await)
        }
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
