//! [`Save`]: the value that steps on events.

use super::call_error::{CallError, Fate};
use super::evidence::{Attempt, Blind, Conflict, Doubt, Sent};
use super::outcome::{Confirmation, Outcome, Reason};
use super::retry_after::RetryAfter;
use super::state::{Consent, Event, Probe, ProbeRule, State, Step, Wait};
use crate::settings::{Intent, Patch, Setting, Settings};

/// How many PATCHes one press of `s`, or one consent, can cause. Since a PATCH comes before each wait that the server asks for,
/// and one after it, such a save waits twice at most.
pub(crate) const MAX_PATCHES: usize = 3;
/// How often a PATCH that could not be sent is tried again.
pub(crate) const RECONNECTS: usize = 2;
/// How many reads a probe makes.
pub(crate) const PROBES: usize = 3;

/// A save under way, or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Save {
    intent: Intent,
    state: State,
    /// PATCHes that were handed to the network since the user last consented.
    patches: usize,
    never_sent: usize,
    was_refused_as_concurrent: bool,
    /// The PATCH was sent on a connection of its own.
    was_sent_alone: bool,
    /// A PATCH that a 5xx answered and that no read has followed yet.
    in_doubt: Option<CallError>,
    sent: Sent,
}

impl Save {
    /// Begins. The first step is [`Step::Read`].
    pub fn start(intent: Intent) -> Self {
        Self {
            intent,
            state: State::Checking,
            patches: 0,
            never_sent: 0,
            was_refused_as_concurrent: false,
            was_sent_alone: false,
            in_doubt: None,
            sent: Sent::Nothing,
        }
    }

    /// Begins with the read behind it: the intent was made from what the server holds now, so the two cannot conflict. Gives
    /// the first step too.
    pub fn start_checked(intent: Intent) -> (Self, Step) {
        let mut save = Self::start(intent.clone());
        let step = save.remade(intent);
        (save, step)
    }

    /// Where the save is.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What the save is about. After consent its baseline is what the user has seen by then.
    pub fn intent(&self) -> &Intent {
        &self.intent
    }

    /// What has become of the save's PATCHes so far.
    pub fn sent(&self) -> Sent {
        self.sent
    }

    /// True from the read before a PATCH to the PATCH's answer. Another save of this machine to the same agent has to wait
    /// until then: what it sends must be made from what this one leaves.
    pub fn needs_turn(&self) -> bool {
        match &self.state {
            State::Checking | State::Sending(_) | State::Reconnecting { .. } => true,
            State::Probing(probe) => probe.rule == ProbeRule::SendAgain,
            State::Queued | State::Conflict(_) | State::Waiting { .. } | State::Ended(_) => false,
        }
    }

    /// How the save ended, if it did.
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
            (State::Checking, Event::Remade(intent)) => self.remade(intent),
            (State::Checking, Event::Busy) => self.go(State::Queued, Step::Queue),
            (State::Checking | State::Queued, Event::TurnMissed) => self.turn_missed(),
            (State::Checking | State::Queued | State::Waiting { .. }, Event::Stop) => self.not_checked(None),
            (State::Sending(attempt), Event::Answered(answer)) => self.answered(attempt, answer),
            (State::Sending(attempt), Event::Stop) => {
                self.probe_at_once(attempt, Doubt::Stopped, ProbeRule::AllReads)
            }
            (State::Reconnecting { attempt, .. }, Event::Elapsed) => self.send(attempt),
            (State::Reconnecting { .. }, Event::Stop) => self.not_saved(Reason::Stopped { sent: self.sent }),
            (State::Queued, Event::Turn) | (State::Waiting { seconds: 0 | 1, .. }, Event::Elapsed) => {
                self.check()
            }
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

    /// The outcome if the program has to leave now and leaves the save as it stands.
    #[must_use]
    pub(crate) fn abandoned(&self) -> Outcome {
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

    fn not_sent(&mut self, error: CallError) -> Step {
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

    /// The server was read, and what is wanted was worked out from that.
    fn remade(&mut self, intent: Intent) -> Step {
        let theirs = intent.baseline.clone();
        self.intent = intent;
        self.checked(theirs)
    }

    /// The read before the PATCH failed, or (`None`) was stopped before it was made.
    fn not_checked(&mut self, error: Option<CallError>) -> Step {
        match (self.in_doubt.take(), error) {
            (Some(doubt), Some(_)) => self.unknown(Doubt::Failed(doubt), Blind::NeverRead),
            (Some(doubt), None) => self.unknown(Doubt::Failed(doubt), Blind::Stopped),
            (None, Some(error)) => self.not_saved(Reason::NotRead { error, sent: self.sent }),
            (None, None) => self.not_saved(Reason::Stopped { sent: self.sent }),
        }
    }

    /// Another save did not end in time, so the read before the PATCH was not made.
    fn turn_missed(&mut self) -> Step {
        match self.in_doubt.take() {
            Some(doubt) => self.unknown(Doubt::Failed(doubt), Blind::NeverRead),
            None => self.not_saved(Reason::Busy { sent: self.sent }),
        }
    }

    fn send(&mut self, attempt: Attempt) -> Step {
        self.patches += 1;
        let patch = attempt.patch.clone();
        self.go(State::Sending(attempt), Step::Send { patch, is_alone: false })
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
        (self.patches, self.never_sent) = (0, 0);
        (self.was_refused_as_concurrent, self.was_sent_alone) = (false, false);
        self.check()
    }

    fn answered(&mut self, attempt: Attempt, answer: Result<Settings, CallError>) -> Step {
        match answer {
            Ok(now) if self.intent.is_held_by(&now) => self.saved(now, Confirmation::Answer),
            Ok(other) => self.probe(attempt, Doubt::OtherValue(other), ProbeRule::AllReads),
            Err(error) => match error.fate() {
                Fate::NeverSent => self.reconnect(attempt, error),
                Fate::InDoubt => self.probe(attempt, Doubt::Failed(error), ProbeRule::AllReads),
                Fate::Dropped => self.dropped(attempt, error),
                Fate::LikelyRefused => self.probe(attempt, Doubt::Failed(error), ProbeRule::FirstRead),
                Fate::Later { asked, is_in_doubt } => self.wait_as_asked(attempt, error, asked, is_in_doubt),
                Fate::Concurrent => self.refused_as_concurrent(error),
                Fate::Refused => self.not_saved(Reason::Refused(error)),
            },
        }
    }

    fn reconnect(&mut self, attempt: Attempt, error: CallError) -> Step {
        // It never left this machine, so it does not count as sent.
        self.patches -= 1;
        self.never_sent += 1;
        if self.never_sent > RECONNECTS {
            return self.not_sent(error);
        }
        let wait = Wait::Reconnect(self.never_sent);
        self.go(State::Reconnecting { attempt, error }, Step::Wait(wait))
    }

    /// The server asks to come back later. A wait that is too long, or one too many, ends the save; where the PATCH may
    /// have been applied all the same, a read tells how.
    fn wait_as_asked(
        &mut self,
        attempt: Attempt,
        error: CallError,
        asked: RetryAfter,
        is_in_doubt: bool,
    ) -> Step {
        self.note(if is_in_doubt { Sent::Doubted } else { Sent::Refused });
        match asked.wait() {
            Some(seconds) if self.patches < MAX_PATCHES => {
                self.in_doubt = is_in_doubt.then(|| error.clone());
                self.wait(seconds, error)
            }
            _ if is_in_doubt => self.probe(attempt, Doubt::Failed(error), ProbeRule::AllReads),
            _ => self.not_saved(Reason::Refused(error)),
        }
    }

    fn wait(&mut self, seconds: u32, error: CallError) -> Step {
        self.go(State::Waiting { seconds, error }, Step::Wait(Wait::Second))
    }

    /// Someone else changes the same at the same moment: read again and merge. A second time ends the save.
    fn refused_as_concurrent(&mut self, error: CallError) -> Step {
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

    /// The connection ended before an answer began. A server that closes its connections without a word never gets a PATCH
    /// over a kept one: one read at once tells whether to send it again, once, on a connection of its own.
    fn dropped(&mut self, attempt: Attempt, error: CallError) -> Step {
        if self.was_sent_alone || self.patches >= MAX_PATCHES {
            return self.probe(attempt, Doubt::Failed(error), ProbeRule::AllReads);
        }
        self.probe_at_once(attempt, Doubt::Failed(error), ProbeRule::SendAgain)
    }

    fn send_alone(&mut self, attempt: Attempt) -> Step {
        self.was_sent_alone = true;
        self.patches += 1;
        let patch = attempt.patch.clone();
        self.go(State::Sending(attempt), Step::Send { patch, is_alone: true })
    }

    fn probe(&mut self, attempt: Attempt, doubt: Doubt, rule: ProbeRule) -> Step {
        self.note(Sent::Doubted);
        let probe = Probe { attempt, doubt, rule, reads_left: PROBES, was_read: false };
        self.wait_for_read(probe)
    }

    /// The first read is made now, as one more than the usual ones.
    fn probe_at_once(&mut self, attempt: Attempt, doubt: Doubt, rule: ProbeRule) -> Step {
        self.note(Sent::Doubted);
        let probe = Probe { attempt, doubt, rule, reads_left: PROBES + 1, was_read: false };
        self.go(State::Probing(probe), Step::Probe)
    }

    fn wait_for_read(&mut self, probe: Probe) -> Step {
        let wait = Wait::Probe(PROBES.saturating_sub(probe.reads_left));
        self.go(State::Probing(probe), Step::Wait(wait))
    }

    fn probed(&mut self, mut probe: Probe, result: Result<Settings, CallError>) -> Step {
        probe.reads_left -= 1;
        let rule = std::mem::replace(&mut probe.rule, ProbeRule::AllReads);
        let now = match result {
            Ok(now) if self.intent.is_held_by(&now) => return self.saved(now, Confirmation::Reread),
            Ok(now) => now,
            Err(_) => return self.unread(Probe { rule: rule.after_failed_read(), ..probe }),
        };
        probe.was_read = true;
        match (find_found(&probe.attempt, &now), rule) {
            (Found::Other, _) => self.conflict(now),
            // Also where only the order differs, it would be the old one that is sent.
            (Found::Old, ProbeRule::SendAgain) if probe.attempt.theirs == now => {
                self.send_alone(probe.attempt)
            }
            (Found::Old, ProbeRule::FirstRead) => self.not_saved(Reason::NotApplied { doubt: probe.doubt }),
            _ if probe.reads_left > 0 => self.wait_for_read(probe),
            (Found::Old, _) if !matches!(probe.doubt, Doubt::OtherValue(_)) => {
                self.not_saved(Reason::StillOld { doubt: probe.doubt })
            }
            _ => {
                let kept = probe.attempt.patch.applied_to(&now).changes_to(&now);
                self.not_saved(Reason::NotAsAsked { kept })
            }
        }
    }

    /// A read of a probe failed.
    fn unread(&mut self, probe: Probe) -> Step {
        match probe.reads_left {
            0 if probe.was_read => self.unknown(probe.doubt, Blind::LastReadFailed),
            0 => self.unknown(probe.doubt, Blind::NeverRead),
            _ => self.wait_for_read(probe),
        }
    }
}

/// What a read of a probe shows of the settings that were asked for.
enum Found {
    /// Each one as it was before.
    Old,
    /// Some as they were before, the others as asked.
    Part,
    /// At least one is neither as it was nor as asked.
    Other,
}

fn find_found(attempt: &Attempt, now: &Settings) -> Found {
    let Attempt { theirs, patch } = attempt;
    if patch.is_same_where_asked(theirs, now) {
        return Found::Old;
    }
    let asked = patch.applied_to(theirs);
    let is_known = |setting| now.is_same_in(setting, theirs) || now.is_same_in(setting, &asked);
    let is_part = Setting::all().all(|setting| !patch.asks_for(setting) || is_known(setting));
    if is_part { Found::Part } else { Found::Other }
}

#[cfg(test)]
mod tests;
