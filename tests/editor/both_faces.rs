//! The screen and the lines are two faces of one editor: the same edits against the same server come to the same end.

use std::time::Duration;

use convrating::api::Order;
use convrating::editor::message::{Effect, Message};
use convrating::editor::plain::{Heard, interpret};
use convrating::save::{CallError, Consent, Event, Save, Step};
use convrating::settings::{Intent, Settings};
use proptest::prelude::*;

use crate::support::configuration::settings;
use crate::support::model_harness::{ModelHarness, refused, unreachable};

/// What the user does.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Switches the row of this place.
    Toggle(usize),
    Add(&'static str),
    Undo,
    Discard,
    BringBack,
    Read,
    Save(Fate),
}

/// What becomes of a save.
#[derive(Clone, Copy, Debug)]
struct Fate {
    /// A colleague saves this place's configuration first.
    colleague: Option<usize>,
    /// What becomes of each PATCH.
    patch: PatchFate,
    /// What the user answers where the editor asks about a conflict; `None` is the safe answer.
    consent: Option<Consent>,
    /// What the user answers where the editor asks before it saves to a protected profile.
    is_sure: bool,
    /// The server cannot be read after the PATCH.
    is_blind: bool,
}

/// What becomes of a PATCH.
#[derive(Clone, Copy, Debug)]
enum PatchFate {
    Applied,
    /// It is applied, and its answer is lost.
    AnswerLost,
    /// It is lost.
    Lost,
    Refused(u16),
    NotSent,
}

const COLLEAGUE: [(bool, &str); 4] = [(true, "A"), (false, "A B C"), (true, "A B Z"), (false, "")];

/// One of the two faces, and the server that it saves to.
struct Side {
    harness: ModelHarness,
    server: Settings,
    types_words: bool,
}

impl Side {
    fn new(server: &Settings, is_protected: bool, types_words: bool) -> Self {
        let mut harness = ModelHarness::reading(server.clone());
        harness.model.session.as_mut().expect("a session").is_protected = is_protected;
        Self { harness, server: server.clone(), types_words }
    }

    /// Types these words, or presses these keys, and returns what the editor asks for.
    fn act(&mut self, words: &str, keys: &str) -> Vec<Effect> {
        self.harness.effects.clear();
        // A question that opened by itself does not hear the first keys.
        self.harness.wait(Duration::from_secs(1));
        if self.types_words {
            match interpret(&self.harness.model, words) {
                Heard::Do(messages) => messages.into_iter().for_each(|message| self.harness.tell(message)),
                Heard::Say(lines) => panic!("{words}: {lines:?}"),
            }
        } else {
            self.harness.press(keys);
        }
        self.harness.effects.clone()
    }

    fn do_deed(&mut self, deed: Deed) {
        match deed {
            Deed::Toggle(place) => {
                let rows = self.harness.form().row_count() - 1;
                let number = place % rows + 1;
                drop(self.act(&number.to_string(), &format!("{number} space")));
            }
            Deed::Add(code) => {
                let keys = code.chars().map(String::from).collect::<Vec<_>>().join(" ");
                drop(self.act(&format!("add {code}"), &format!("a {keys} enter")));
                if self.harness.model.dialog.is_some() {
                    // The field says why not. A line says so and leaves nothing open.
                    self.harness.press("esc");
                }
            }
            Deed::Undo => drop(self.act("undo", "u")),
            Deed::Discard => drop(self.act("discard", "d")),
            Deed::BringBack => {
                for effect in self.act("back", "b") {
                    let Effect::FindLastSave(request, _) = effect else { continue };
                    self.harness.tell(Message::LastSaveFound { request, result: Ok(None) });
                }
            }
            Deed::Read => {
                for effect in self.act("read", "r") {
                    let (Effect::Read(request) | Effect::Renew(request, _)) = effect else { continue };
                    let session = self.harness.model.session.clone().expect("a session");
                    if let Effect::Renew(..) = effect {
                        let new = convrating::editor::message::NewToken { session, read: None };
                        self.harness.tell(Message::Renewed { request, result: Ok(Box::new(new)) });
                    }
                    self.harness.tell(Message::Read { request, result: Ok(self.server.clone()) });
                }
            }
            Deed::Save(fate) => self.save(fate),
        }
    }

    fn save(&mut self, fate: Fate) {
        let mut effects = self.act("save", "s");
        if self.harness.model.dialog.is_some() {
            let (words, keys) = if fate.is_sure { ("yes", "tab enter") } else { ("", "esc") };
            effects = self.act(words, keys);
        }
        for effect in effects {
            if let Effect::Save(request, intent) = effect {
                self.run_save(request, *intent, fate);
            }
        }
    }

    fn run_save(&mut self, request: u64, intent: Intent, fate: Fate) {
        if let Some((is_on, codes)) = fate.colleague.map(|place| COLLEAGUE[place]) {
            self.server = settings(is_on, codes);
        }
        let (mut save, mut step, mut is_blind) = (Save::start(intent), Step::Read, false);
        while step != Step::End {
            let event = match &step {
                Step::Read | Step::Probe if is_blind => Event::Read(Err(unreachable())),
                Step::Read | Step::Probe => Event::Read(Ok(self.server.clone())),
                Step::Send { patch, .. } => {
                    is_blind = fate.is_blind;
                    Event::Answered(self.answer(&patch.applied_to(&self.server), fate.patch))
                }
                Step::Queue => Event::Turn,
                Step::Wait(_) => Event::Elapsed,
                Step::Ask => self.consent(fate.consent),
                Step::End => break,
            };
            step = save.step(event).expect("the event fits");
            self.harness.tell(Message::SaveMoved { request, save: Box::new(save.clone()) });
        }
    }

    fn answer(&mut self, applied: &Settings, fate: PatchFate) -> Result<Settings, CallError> {
        if matches!(fate, PatchFate::Applied | PatchFate::AnswerLost) {
            self.server = applied.clone();
        }
        match fate {
            PatchFate::Applied => Ok(self.server.clone()),
            PatchFate::AnswerLost | PatchFate::Lost => {
                Err(CallError::TimedOut { after: Duration::from_secs(15) })
            }
            PatchFate::Refused(status) => Err(refused(status, "X", "no")),
            PatchFate::NotSent => Err(unreachable()),
        }
    }

    fn consent(&mut self, consent: Option<Consent>) -> Event {
        let (words, keys) = match consent {
            None => ("", "esc"),
            Some(Consent::KeepBoth) => ("both", "enter"),
            Some(Consent::UseTheirs) => ("2", "tab enter"),
        };
        let effects = self.act(words, keys);
        match effects.as_slice() {
            [Effect::Order(Order::Consent(consent))] => Event::Consent(*consent),
            [Effect::Order(Order::Stop)] => Event::Stop,
            other => panic!("{other:?}"),
        }
    }
}

fn any_fate() -> impl Strategy<Value = Fate> {
    let patch = prop_oneof![
        4 => Just(PatchFate::Applied),
        1 => Just(PatchFate::AnswerLost),
        1 => Just(PatchFate::Lost),
        1 => prop_oneof![Just(403), Just(422), Just(409), Just(503)].prop_map(PatchFate::Refused),
        1 => Just(PatchFate::NotSent),
    ];
    let consent = prop_oneof![Just(None), Just(Some(Consent::KeepBoth)), Just(Some(Consent::UseTheirs))];
    let colleague = proptest::option::of(0..COLLEAGUE.len());
    (colleague, patch, consent, any::<bool>(), proptest::bool::weighted(0.2)).prop_map(
        |(colleague, patch, consent, is_sure, is_blind)| Fate {
            colleague,
            patch,
            consent,
            is_sure,
            is_blind,
        },
    )
}

fn any_deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (0_usize..9).prop_map(Deed::Toggle),
        2 => proptest::sample::select(vec!["D", "A", "Q", "a,b"]).prop_map(Deed::Add),
        1 => Just(Deed::Undo),
        1 => Just(Deed::Discard),
        1 => Just(Deed::BringBack),
        1 => Just(Deed::Read),
        4 => any_fate().prop_map(Deed::Save),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn both_faces_leave_the_same_on_the_server_and_in_the_draft(
        is_on in any::<bool>(),
        is_protected in any::<bool>(),
        deeds in proptest::collection::vec(any_deed(), 1..25),
    ) {
        let server = settings(is_on, "A B");
        let [mut keys, mut words] = [false, true].map(|types_words| Side::new(&server, is_protected, types_words));
        for deed in deeds {
            keys.do_deed(deed);
            words.do_deed(deed);
            prop_assert_eq!(&keys.server, &words.server, "after {:?}", deed);
            prop_assert_eq!(&keys.harness.form().draft, &words.harness.form().draft, "after {:?}", deed);
        }
        prop_assert_eq!(keys.harness.model.farewell(), words.harness.model.farewell());
    }
}
