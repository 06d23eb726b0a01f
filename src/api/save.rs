//! The save: a value that steps on events, without clock or socket.
//!
//! ```text
//! press of s ─► Checking ──read ok──┬─ nothing left to send ─────────────────► Saved (the server has it)
//!                  ▲                ├─ same setting changed elsewhere ─► Conflict ─ consent ─► Checking
//!                  │                └─ else ─► Sending ──┬─ answer holds all ► Saved
//!                  │                              ▲      ├─ never sent ──────► Reconnecting ─► Sending, or NotSaved
//!                  └── Waiting (429, 503 later) ◄─┼──────┤
//!                                                 │      ├─ in doubt ────────► Probing ─► Saved, NotSaved,
//!                                                 │      │                                Conflict or Unknown
//!                                                 │      └─ refused ─────────► NotSaved
//! ```
//!
//! [`Save::start`] and [`Save::step`] say what to do next as a [`Step`]; whoever drives it does that and comes back
//! with an [`Event`]. [`drive`] is that driver, for the editor and for `set` alike.
//!
//! What it promises: a PATCH follows a successful read made after the user asked to save; one PATCH is in flight;
//! one that may have been sent is never sent again unread; "saved" means that an answer or a read held every value
//! asked for; "not saved" means that nothing was applied as far as reads can tell.

mod aftermath;
mod driver;
mod outcome;
mod state;

use std::time::Duration;

use super::error::ApiError;
use super::retry::{Pause, RetryAfter, Timing};
use crate::settings::Intent;
use crate::settings::{Patch, Settings};

pub use aftermath::Aftermath;
pub use driver::{Order, Report, drive};
pub use outcome::{Confirmation, Outcome, Reason};
pub use state::{Attempt, Blind, Conflict, Consent, Doubt, Event, Probe, Sent, State, Step};

/// How many PATCHes one press of `s`, or one consent, can cause.
pub const MAX_PATCHES: usize = 3;
/// How often one press of `s` waits because the server asks for it.
pub const MAX_WAITS: usize = 2;

/// A save under way, or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    intent: Intent,
    timing: Timing,
    state: State,
    /// PATCHes that were handed to the network since the user last consented.
    patches: usize,
    waits: usize,
    never_sent: usize,
    was_refused_as_concurrent: bool,
    /// A PATCH that a 5xx answered and that no read has followed yet.
    in_doubt: Option<ApiError>,
    sent: Sent,
}

impl Save {
    /// Begins: the first thing to do is to read.
    pub fn start(intent: Intent, timing: Timing) -> (Self, Step) {
        let save = Self {
            intent,
            timing,
            state: State::Checking,
            patches: 0,
            waits: 0,
            never_sent: 0,
            was_refused_as_concurrent: false,
            in_doubt: None,
            sent: Sent::Nothing,
        };
        (save, Step::Read)
    }

    /// Where it is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What it is about; after consent as of what the user has seen by then.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// What has become of its PATCHes so far.
    pub fn sent(&self) -> Sent {
        self.sent
    }

    /// How it ended, if it did.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.state {
            State::Ended(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// Takes what happened and says what to do next. `None`: the event does not fit the state, so what is under way
    /// goes on.
    pub fn step(&mut self, event: Event) -> Option<Step> {
        let state = std::mem::replace(&mut self.state, State::Checking);
        Some(match (state, event) {
            (State::Checking, Event::Read(Ok(theirs))) => self.checked(theirs),
            (State::Checking, Event::Read(Err(error))) => self.not_checked(Some(error)),
            (State::Checking | State::Waiting { .. }, Event::Stop) => self.not_checked(None),
            (State::Sending(attempt), Event::Answered(answer)) => self.answered(attempt, answer),
            (State::Sending(attempt), Event::Stop) => self.probe_at_once(attempt),
            (State::Reconnecting { attempt, .. }, Event::Elapsed) => self.send(attempt),
            (State::Reconnecting { .. }, Event::Stop) => self.not_saved(Reason::Stopped { sent: self.sent }),
            (State::Waiting { seconds: 0 | 1, .. }, Event::Elapsed) => self.check(),
            (State::Waiting { seconds, error }, Event::Elapsed) => self.wait(seconds - 1, error),
            (State::Probing(probe), Event::Elapsed) => self.go(State::Probing(probe), Step::Probe),
            (State::Probing(probe), Event::Read(result)) => self.probed(probe, result),
            (State::Probing(probe), Event::Stop) => self.unknown(probe.doubt, Blind::Stopped),
            (State::Conflict(conflict), Event::Consent(consent)) => self.consented(conflict, consent),
            (State::Conflict(conflict), Event::Stop) => self.end(Outcome::Conflicted(conflict)),
            (state, _) => {
                self.state = state;
                return None;
            }
        })
    }

    /// How it stands if nobody goes on with it: the outcome when the program has to leave now.
    #[must_use]
    pub fn abandoned(&self) -> Outcome {
        let mut save = self.clone();
        loop {
            // Stopped once it would still look what became of a PATCH; stopped twice it has ended.
            match save.state {
                State::Ended(outcome) => return outcome,
                _ => drop(save.step(Event::Stop)),
            }
        }
    }

    fn go(&mut self, state: State, step: Step) -> Step {
        self.state = state;
        step
    }

    fn end(&mut self, outcome: Outcome) -> Step {
        self.go(State::Ended(outcome), Step::End)
    }

    fn not_saved(&mut self, reason: Reason) -> Step {
        self.end(Outcome::NotSaved(reason))
    }

    fn not_sent(&mut self, error: ApiError) -> Step {
        self.not_saved(Reason::NotSent { error, sent: self.sent })
    }

    fn unknown(&mut self, doubt: Doubt, blind: Blind) -> Step {
        self.end(Outcome::Unknown { doubt, blind })
    }

    fn check(&mut self) -> Step {
        self.go(State::Checking, Step::Read)
    }

    /// The server was read: merge, and decide whether to send, to ask, or that there is nothing to do.
    fn checked(&mut self, theirs: Settings) -> Step {
        self.in_doubt = None;
        let merged = self.intent.merged_onto(&theirs);
        let patch = Patch::between(&theirs, &merged);
        if patch.is_empty() {
            // Where a PATCH had gone out, this is the read that tells of it.
            let is_own = self.sent == Sent::Doubted;
            let confirmation = if is_own { Confirmation::Reread } else { Confirmation::AlreadyThere };
            return self.saved(theirs, confirmation);
        }
        if self.intent.overlaps(&theirs) {
            return self.conflict(theirs);
        }
        self.send(Attempt { theirs, patch })
    }

    /// The read before the PATCH failed, or (`None`) was stopped before it was made.
    fn not_checked(&mut self, error: Option<ApiError>) -> Step {
        match (self.in_doubt.take(), error) {
            (Some(doubt), Some(_)) => self.unknown(Doubt::Failed(doubt), Blind::NeverRead),
            (Some(doubt), None) => self.unknown(Doubt::Failed(doubt), Blind::Stopped),
            (None, Some(error)) => self.not_saved(Reason::NotRead { error, sent: self.sent }),
            (None, None) => self.not_saved(Reason::Stopped { sent: self.sent }),
        }
    }

    fn send(&mut self, attempt: Attempt) -> Step {
        self.patches += 1;
        let patch = attempt.patch.clone();
        self.go(State::Sending(attempt), Step::Send(patch))
    }

    fn saved(&mut self, now: Settings, confirmation: Confirmation) -> Step {
        let asked = self.intent.draft();
        let elsewhere = asked.changes_to(&now);
        let changes = self.intent.changes();
        self.end(Outcome::Saved { now, confirmation, changes, elsewhere })
    }

    fn conflict(&mut self, theirs: Settings) -> Step {
        let conflict = Conflict {
            before: self.intent.baseline.clone(),
            yours: self.intent.draft(),
            merged: self.intent.merged_onto(&theirs),
            theirs,
            was_sent: self.sent != Sent::Nothing,
        };
        self.go(State::Conflict(conflict), Step::Ask)
    }

    /// The user has seen what the server holds: from now on that is the baseline. Sending still needs a fresh read.
    fn consented(&mut self, conflict: Conflict, consent: Consent) -> Step {
        if consent == Consent::UseTheirs {
            return self.end(Outcome::TookTheirs(conflict));
        }
        self.intent = self.intent.clone().rebased(&conflict.theirs);
        (self.patches, self.waits, self.never_sent) = (0, 0, 0);
        self.was_refused_as_concurrent = false;
        self.check()
    }

    fn answered(&mut self, attempt: Attempt, answer: Result<Settings, ApiError>) -> Step {
        match answer {
            Ok(now) if self.intent.is_held_by(&now) => self.saved(now, Confirmation::Answer),
            Ok(other) => self.probe(attempt, Doubt::OtherValue(other)),
            Err(error) if error.is_never_sent() => self.reconnect(attempt, error),
            Err(error) if error.leaves_doubt() => self.probe(attempt, Doubt::Failed(error)),
            Err(error) if error.retry_after().is_some() => self.wait_as_asked(attempt, error),
            Err(error) if error.status() == Some(409) => self.refused_as_concurrent(error),
            Err(error) => self.not_saved(Reason::Refused(error)),
        }
    }

    fn reconnect(&mut self, attempt: Attempt, error: ApiError) -> Step {
        // It never left this machine, so it does not count as sent.
        self.patches -= 1;
        self.never_sent += 1;
        if self.never_sent > self.timing.retries.len() {
            return self.not_sent(error);
        }
        let pause = self.pause_before_sending_again();
        self.go(State::Reconnecting { attempt, error }, Step::Wait(pause))
    }

    fn pause_before_sending_again(&self) -> Pause {
        let bound = self.timing.retries.get(self.never_sent.saturating_sub(1)).copied().unwrap_or_default();
        Pause { least: bound / 2, most: bound }
    }

    /// 429, or 503 with Retry-After. A wait that is too long, or one too many, ends it; after a 503 a read tells how.
    fn wait_as_asked(&mut self, attempt: Attempt, error: ApiError) -> Step {
        let is_failure = error.status() != Some(429);
        let seconds = error.retry_after().and_then(RetryAfter::wait);
        self.note(if is_failure { Sent::Doubted } else { Sent::Refused });
        match seconds {
            Some(seconds) if self.waits < MAX_WAITS && self.patches < MAX_PATCHES => {
                self.waits += 1;
                self.in_doubt = is_failure.then(|| error.clone());
                self.wait(seconds, error)
            }
            _ if is_failure => self.probe(attempt, Doubt::Failed(error)),
            _ => self.not_saved(Reason::Refused(error)),
        }
    }

    fn wait(&mut self, seconds: u32, error: ApiError) -> Step {
        let second = exactly(self.timing.second);
        self.go(State::Waiting { seconds, error }, Step::Wait(second))
    }

    /// 409: read again and merge; a second one ends it.
    fn refused_as_concurrent(&mut self, error: ApiError) -> Step {
        self.note(Sent::Refused);
        if self.was_refused_as_concurrent || self.patches >= MAX_PATCHES {
            return self.not_saved(Reason::Refused(error));
        }
        self.was_refused_as_concurrent = true;
        self.check()
    }

    /// What is known of a PATCH that was sent; the worst counts.
    fn note(&mut self, sent: Sent) {
        self.sent = self.sent.max(sent);
    }

    fn probe(&mut self, attempt: Attempt, doubt: Doubt) -> Step {
        self.note(Sent::Doubted);
        let reads_left = self.timing.probes.len();
        let step = self.until_probe(reads_left);
        self.go(State::Probing(Probe { attempt, doubt, reads_left, was_read: false }), step)
    }

    /// The user does not wait for the answer: the first read is made now, as one more than the usual ones.
    fn probe_at_once(&mut self, attempt: Attempt) -> Step {
        self.note(Sent::Doubted);
        let reads_left = self.timing.probes.len() + 1;
        let doubt = Doubt::Stopped;
        self.go(State::Probing(Probe { attempt, doubt, reads_left, was_read: false }), Step::Probe)
    }

    fn until_probe(&self, reads_left: usize) -> Step {
        let index = self.timing.probes.len().saturating_sub(reads_left);
        Step::WaitForProbe(self.timing.probes.get(index).copied().unwrap_or_default())
    }

    fn probed(&mut self, mut probe: Probe, result: Result<Settings, ApiError>) -> Step {
        let Attempt { theirs, patch } = &probe.attempt;
        if let Ok(now) = &result {
            if self.intent.is_held_by(now) {
                return self.saved(now.clone(), Confirmation::Reread);
            }
            if !patch.is_same_where_asked(theirs, now) {
                return self.conflict(now.clone());
            }
            probe.was_read = true;
        }
        probe.reads_left -= 1;
        if probe.reads_left > 0 {
            let step = self.until_probe(probe.reads_left);
            return self.go(State::Probing(probe), step);
        }
        match result {
            Ok(now) => {
                let kept = probe.attempt.patch.applied_to(&now).changes_to(&now);
                self.not_saved(Reason::StillOld { doubt: probe.doubt, kept })
            }
            Err(_) if probe.was_read => self.unknown(probe.doubt, Blind::LastReadFailed),
            Err(_) => self.unknown(probe.doubt, Blind::NeverRead),
        }
    }
}

fn exactly(time: Duration) -> Pause {
    Pause { least: time, most: time }
}

#[cfg(test)]
mod tests;
