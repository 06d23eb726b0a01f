//! The one driver of a save: gives it time and network.

use std::pin::pin;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use super::{Consent, Event, Save, Step};
use crate::api::Client;
use crate::api::error::ApiError;
use crate::settings::Intent;

/// What a user can say while a save is under way.
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
    /// It came to another state. Before a PATCH goes out this was called with [`super::State::Sending`].
    Moved(&'a Save),
    /// A read is tried again: which try comes now, and why.
    Retrying(usize, &'a ApiError),
}

/// Runs one save to its end. `orders` is heard at any moment; once it is closed, a conflict ends the save as one that
/// nobody consented to. `report` is called at each new state, before its step is taken.
pub async fn drive(
    client: &Client,
    intent: Intent,
    mut orders: UnboundedReceiver<Order>,
    mut report: impl FnMut(Report<'_>),
) -> Save {
    let (mut save, mut step) = Save::start(intent, client.timing().clone());
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
                    // What has come is taken before what the user says: an answer is never thrown away.
                    biased;
                    event = &mut happening => event,
                    order = orders.recv(), if !is_over(&orders) => match order {
                        Some(order) => order.into(),
                        None => continue,
                    },
                    // Nobody is there to ask, and nobody will be.
                    () = std::future::ready(()), if is_over(&orders) && step == Step::Ask => Event::Stop,
                };
                if let Some(next) = save.step(event) {
                    break next;
                }
            }
        };
        if matches!(step, Step::Send(_)) {
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
            Step::Send(_) => *self = Self { patches: self.patches + 1, probes: 0 },
            Step::Probe => self.probes += 1,
            Step::Read | Step::Wait(_) | Step::WaitForProbe(_) | Step::Ask | Step::End => {}
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
            let retrying = |attempt, error: &ApiError| report(Report::Retrying(attempt, error));
            Event::Read(client.read_patiently(retrying).await)
        }
        Step::Probe => Event::Read(client.read(tries.probes).await),
        Step::Send(patch) => Event::Answered(client.patch(patch, tries.patches).await),
        Step::Wait(pause) => {
            tokio::time::sleep(pause.pick()).await;
            Event::Elapsed
        }
        Step::WaitForProbe(time) => {
            tokio::time::sleep_until(answered + *time).await;
            Event::Elapsed
        }
        Step::Ask | Step::End => std::future::pending().await,
    }
}
