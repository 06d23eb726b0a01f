//! The promises over random sequences: a server that does anything the network lets it do, a user who does anything a
//! user can, and someone else who changes the configuration meanwhile.
//!
//! The server never applies a PATCH late and never lies in a read; so "not saved" must be exactly true.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::settings::intent_tests::any_intent;
use crate::settings::tests::any_settings;
use crate::settings::{Item, Position, QuestionCode, Setting};

/// More than any save can take within 40 turns and what it does when they are over.
const MAX_STEPS: usize = 100;

/// What the server does with a PATCH, and what comes back of it.
#[derive(Clone, Debug)]
enum Fate {
    /// 200 with what the server holds after it.
    Told { is_applied: bool },
    /// 200 with something made up.
    Lie { is_applied: bool, told: Settings },
    /// Something that does not tell.
    InDoubt { is_applied: bool, error: CallError },
    /// An error by which the server says that it applied nothing.
    Refused(CallError),
    /// It never left this machine.
    NeverSent(CallError),
}

/// One turn of the world: what happens around and to the next step. Each part is used where it fits.
#[derive(Clone, Debug)]
struct Turn {
    /// Someone else leaves this behind first.
    elsewhere: Option<Settings>,
    /// The user wants to stop before the step is done; a PATCH may have arrived by then.
    is_stopped: bool,
    /// Another save to the same agent has its turn.
    is_busy: bool,
    read: Option<CallError>,
    fate: Fate,
    consent: Event,
}

fn any_turn() -> impl Strategy<Value = Turn> {
    let rarely = proptest::bool::weighted(0.08);
    let elsewhere = proptest::option::weighted(0.15, any_settings());
    let read = proptest::option::weighted(0.2, any_read_error());
    let consent = proptest::sample::select(vec![
        Event::Consent(Consent::KeepBoth),
        Event::Consent(Consent::KeepBoth),
        Event::Consent(Consent::UseTheirs),
        Event::Stop,
    ]);
    (elsewhere, rarely, rarely, read, any_fate(), consent).prop_map(
        |(elsewhere, is_stopped, is_busy, read, fate, consent)| Turn {
            elsewhere,
            is_stopped,
            is_busy,
            read,
            fate,
            consent,
        },
    )
}

fn any_read_error() -> impl Strategy<Value = CallError> {
    proptest::sample::select(vec![
        unreachable(),
        broken(),
        CallError::Cached { age: 3 },
        between(403),
        status(500),
        status(401),
        status(429),
        wrong_shape(),
    ])
}

fn any_fate() -> impl Strategy<Value = Fate> {
    let doubts = vec![
        broken(),
        dropped(),
        dropped(),
        redirect(),
        between(403),
        between(502),
        status(418),
        CallError::TimedOut { after: Duration::from_secs(15) },
        wrong_shape(),
        CallError::NoContent { status: 204 },
        status(408),
        status(500),
        status(503),
        refused(503, RetryAfter::In(1)),
        refused(503, RetryAfter::In(99)),
    ];
    let refusals = vec![
        status(400),
        status(403),
        status(409),
        status(409),
        status(422),
        status(429),
        refused(429, RetryAfter::In(2)),
        refused(429, RetryAfter::In(99)),
    ];
    let is_applied = any::<bool>;
    prop_oneof![
        1 => is_applied().prop_map(|is_applied| Fate::Told { is_applied }),
        1 => (is_applied(), any_settings()).prop_map(|(is_applied, told)| Fate::Lie { is_applied, told }),
        4 => (is_applied(), proptest::sample::select(doubts))
            .prop_map(|(is_applied, error)| Fate::InDoubt { is_applied, error }),
        3 => proptest::sample::select(refusals).prop_map(Fate::Refused),
        2 => proptest::sample::select(vec![unreachable(), certificate()]).prop_map(Fate::NeverSent),
    ]
}

/// The world, and everything about a save that a promise speaks of.
struct World {
    held: Settings,
    /// Every configuration that an answer or a read has shown.
    shown: Vec<Settings>,
    last_read: Option<Settings>,
    /// A read has succeeded since the last PATCH that left, or the last one never did.
    may_send: bool,
    /// PATCHes that left, in all and since the user pressed a key for it.
    sent: usize,
    sent_for_this_press: usize,
    never_sent_for_this_press: usize,
    applied: usize,
    /// A PATCH was applied and no read since has shown that its values are not there (any more).
    stands: Option<Patch>,
}

impl World {
    fn new(held: Settings) -> Self {
        Self {
            held,
            shown: Vec::new(),
            last_read: None,
            may_send: false,
            sent: 0,
            sent_for_this_press: 0,
            never_sent_for_this_press: 0,
            applied: 0,
            stands: None,
        }
    }

    /// Does a step as the turn wants it.
    fn perform(&mut self, save: &Save, step: &Step, turn: &Turn) -> Event {
        if let Some(settings) = &turn.elsewhere {
            self.held = settings.clone();
        }
        match step {
            Step::Send { patch, .. } => self.send(save, patch, turn),
            Step::Ask => {
                (self.sent_for_this_press, self.never_sent_for_this_press) = (0, 0);
                turn.consent.clone()
            }
            _ if turn.is_stopped => Event::Stop,
            Step::Read if turn.is_busy => Event::Busy,
            Step::Queue if turn.is_busy => Event::TurnMissed,
            Step::Queue => Event::Turn,
            Step::Read | Step::Probe => Event::Read(self.read(turn.read.clone())),
            Step::Wait(wait) => {
                let longest = Timing::default().wait(*wait, Duration::ZERO);
                assert!(longest <= Duration::from_secs(5), "{wait:?}");
                Event::Elapsed
            }
            Step::End => panic!("nothing follows the end"),
        }
    }

    fn read(&mut self, error: Option<CallError>) -> Result<Settings, CallError> {
        if let Some(error) = error {
            return Err(error);
        }
        self.stands = self.stands.take().filter(|patch| patch.is_held_by(&self.held));
        self.may_send = true;
        self.last_read = Some(self.held.clone());
        self.shown.push(self.held.clone());
        Ok(self.held.clone())
    }

    fn send(&mut self, save: &Save, patch: &Patch, turn: &Turn) -> Event {
        self.check_body(save.intent(), patch);
        assert!(self.may_send, "promise 1: a PATCH is preceded by a successful read");
        if let (Fate::NeverSent(error), false) = (&turn.fate, turn.is_stopped) {
            self.never_sent_for_this_press += 1;
            assert!(self.never_sent_for_this_press <= 3, "tried again twice");
            return Event::Answered(Err(error.clone()));
        }
        self.may_send = false;
        self.sent += 1;
        self.sent_for_this_press += 1;
        assert!(self.sent_for_this_press <= MAX_PATCHES, "at most three PATCHes for one press");
        let answer = self.suffer(patch, &turn.fate);
        if turn.is_stopped {
            return Event::Stop;
        }
        self.shown.extend(answer.as_ref().ok().cloned());
        Event::Answered(answer)
    }

    fn suffer(&mut self, patch: &Patch, fate: &Fate) -> Result<Settings, CallError> {
        match fate {
            Fate::Told { is_applied } => {
                self.apply(patch, *is_applied);
                Ok(self.held.clone())
            }
            Fate::Lie { is_applied, told } => {
                self.apply(patch, *is_applied);
                Ok(told.clone())
            }
            Fate::InDoubt { is_applied, error } => {
                self.apply(patch, *is_applied);
                Err(error.clone())
            }
            Fate::Refused(error) | Fate::NeverSent(error) => Err(error.clone()),
        }
    }

    fn apply(&mut self, patch: &Patch, is_applied: bool) {
        if is_applied {
            self.held = patch.applied_to(&self.held);
            self.applied += 1;
            self.stands = Some(patch.clone());
        }
    }

    /// Promises 3 and 6.
    fn check_body(&self, intent: &Intent, patch: &Patch) {
        let theirs = self.last_read.as_ref().expect("a read before a PATCH");
        for setting in Setting::all().filter(|setting| patch.asks_for(*setting)) {
            let is_touched = intent.edits.keys().any(|item| item.setting() == setting);
            assert!(is_touched, "an untouched setting is not sent: {setting:?}");
        }
        let sent = patch.applied_to(theirs);
        assert!(holds(&sent, intent), "every value asked for is sent, or there already: {sent:?}");
        if !patch.asks_for(Setting::Questions) {
            return;
        }
        let mut seen = BTreeSet::new();
        let is_switched_off =
            |code: &&QuestionCode| intent.edits.get(&Item::Code((*code).clone())) == Some(&false);
        let is_kept = |code: &&QuestionCode| !is_switched_off(code) && seen.insert((*code).clone());
        let kept: Vec<_> = theirs.codes.iter().filter(is_kept).collect();
        let survivors: Vec<_> = sent.codes.iter().filter(|code| theirs.has(code)).collect();
        assert_eq!(survivors, kept, "unknown codes and the server's order survive");
    }

    /// Promise 4, and that no sentence says more than is known.
    fn check_outcome(&self, save: &Save, outcome: &Outcome) {
        let said = text(outcome);
        match outcome {
            Outcome::Saved { now, .. } => {
                assert!(self.shown.contains(now), "an answer or a read has shown it");
                assert!(holds(now, save.intent()), "every value asked for was shown: {now:?}");
                assert!(said.starts_with("Saved 14:02:11: "), "{said}");
            }
            Outcome::NotSaved(_) => {
                assert_eq!(self.stands, None, "\"not saved\" of what is on the server: {said}");
                assert!(said.starts_with("Not saved"), "{said}");
                let says = |words: &str| said.matches(words).count();
                assert_eq!(says("our changes are still here.") + says("your changes stay."), 1, "{said}");
            }
            Outcome::Unknown { .. } => {
                assert!(self.sent > 0 && said.starts_with("Outcome unknown: "), "{said}");
            }
            Outcome::Conflicted(_) => assert!(said.ends_with("Your changes are still here."), "{said}"),
            Outcome::TookTheirs(conflict) => assert_eq!(Some(&conflict.theirs), self.last_read.as_ref()),
        }
        assert!(self.sent == 0 || !said.contains("Nothing was sent"), "{said}");
        assert!(self.applied == 0 || !said.contains("Nothing was applied"), "{said}");
    }
}

/// True if every value that the user asked for is in `settings`.
fn holds(settings: &Settings, intent: &Intent) -> bool {
    intent.edits.iter().all(|(item, is_on)| settings.position(item) == Position::from(*is_on))
}

/// A stop ends a save, or makes it look what became of its PATCH; a second one ends it.
fn check_stop(save: &Save) {
    let mut stopped = save.clone();
    match (save.state(), stopped.step(Event::Stop)) {
        (State::Sending(_), step) => assert_eq!(step, Some(Step::Probe)),
        (_, step) => assert_eq!(step, Some(Step::End)),
    }
    assert!(stopped.outcome().is_some() || stopped.step(Event::Stop) == Some(Step::End));
    assert_eq!(Some(&save.abandoned()), stopped.outcome());
}

/// Runs a save to its end; past the last turn everything fails and nothing tells.
fn run(intent: Intent, held: Settings, turns: &[Turn]) -> (Save, World) {
    let silence = Turn {
        elsewhere: None,
        is_stopped: false,
        is_busy: false,
        read: Some(broken()),
        fate: Fate::InDoubt { is_applied: false, error: broken() },
        consent: Event::Stop,
    };
    let mut world = World::new(held);
    let (mut save, mut step) = (Save::start(intent), Step::Read);
    let mut turns = turns.iter();
    let mut has_turn = false;
    for _ in 0..MAX_STEPS {
        if step == Step::End {
            return (save, world);
        }
        check_stop(&save);
        let in_flight = matches!(step, Step::Send { .. });
        if !in_flight {
            world.check_outcome(&save, &save.abandoned());
        }
        assert!(!in_flight || has_turn, "no PATCH goes out but in the turn in which its read was made");
        let event = world.perform(&save, &step, turns.next().unwrap_or(&silence));
        has_turn |= step == Step::Read && matches!(event, Event::Read(Ok(_)));
        step = save.step(event).expect("an event that fits");
        has_turn &= save.needs_turn();
    }
    panic!("promise 7: it ends; but {save:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn every_promise_holds_whatever_server_and_user_do(
        intent in any_intent(),
        held in proptest::option::weighted(0.3, any_settings()),
        turns in proptest::collection::vec(any_turn(), 0..40),
    ) {
        let held = held.unwrap_or_else(|| intent.baseline.clone());
        let (save, world) = run(intent, held, &turns);
        world.check_outcome(&save, save.outcome().expect("the end"));
    }

    #[test]
    fn an_event_that_does_not_fit_changes_nothing(
        intent in any_intent(),
        events in proptest::collection::vec(any_event(), 0..30),
    ) {
        let mut save = Save::start(intent);
        for event in events {
            let before = save.clone();
            if save.step(event).is_none() {
                prop_assert_eq!(&save, &before);
            }
        }
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        any_settings().prop_map(|settings| Event::Read(Ok(settings))),
        any_settings().prop_map(|settings| Event::Answered(Ok(settings))),
        any_read_error().prop_map(|error| Event::Read(Err(error))),
        any_read_error().prop_map(|error| Event::Answered(Err(error))),
        any_intent().prop_map(Event::Remade),
        Just(Event::Busy),
        Just(Event::Turn),
        Just(Event::TurnMissed),
        Just(Event::Elapsed),
        Just(Event::Stop),
        Just(Event::Consent(Consent::KeepBoth)),
    ]
}
