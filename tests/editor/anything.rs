//! Whatever happens to an editor, in whatever order: what is true of it all the same.

use std::time::Duration;

use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Activity, Choice, Dialog, Form, FoundSaves, Model, Question, Session, Size};
use convrating::journal::SavedLine;
use convrating::settings::Settings;
use convrating::terminal::Key;
use proptest::prelude::*;

use super::history::saved_line;
use super::update::saves;
use crate::support::configuration::{any_object, parse, settings};
use crate::support::model_harness::{ModelHarness, refused, session, unreachable};
use convrating::save::{Consent, Event, State};

/// Anything that can happen to an editor.
#[derive(Clone, Debug)]
enum Happening {
    Key(Key),
    Paste(Vec<Key>),
    Resize(u16, u16),
    Read(Settings),
    ReadFailed,
    SaveStep(Event),
    Grace,
    Time(u64),
    /// The connection that was asked for last, or an older one.
    Opened {
        is_late: bool,
        is_open: bool,
    },
    Retrying,
    /// The history was searched or read.
    HistoryAnswered(Vec<SavedLine>),
}

fn any_key() -> impl Strategy<Value = Key> {
    let bound = convrating::editor::keymap::BINDINGS.iter().flat_map(|binding| binding.keys.iter().copied());
    prop_oneof![
        8 => proptest::sample::select(bound.collect::<Vec<_>>()),
        // What leads somewhere, so that a run of some length comes to places far away.
        8 => proptest::sample::select([' ', 's', 'u', 'r', 'q', 'n', 'p'].map(Key::Char).to_vec()),
        4 => proptest::sample::select(vec![Key::Enter, Key::Esc, Key::Down, Key::Tab]),
        1 => any::<char>().prop_filter("printable", |c| !c.is_control()).prop_map(Key::Char),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let configuration = any_settings;
    prop_oneof![
        4 => configuration().prop_map(|settings| Event::Read(Ok(settings))),
        4 => configuration().prop_map(|settings| Event::Answered(Ok(settings))),
        1 => Just(Event::Read(Err(unreachable()))),
        1 => Just(Event::Answered(Err(unreachable()))),
        1 => (400_u16..600).prop_map(|status| Event::Answered(Err(refused(status, "X", "no")))),
        1 => Just(Event::Elapsed),
        1 => Just(Event::Stop),
        1 => Just(Event::Consent(Consent::KeepBoth)),
        1 => Just(Event::Consent(Consent::UseTheirs)),
    ]
}

fn any_settings() -> impl Strategy<Value = Settings> {
    let codes = [&[][..], &["A"], &["A", "B"], &["HELPFUL_THUMBS", "Z"]].map(<[&str]>::to_vec);
    any_object(proptest::sample::select(codes.to_vec())).prop_map(|object| parse(&object))
}

/// A save of the history, from this configuration to another one.
fn saved_from(before: &Settings) -> SavedLine {
    saved_line("2026-11-22T14:02:10Z", before, &settings(true, "A Z"), "saved")
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => any_key().prop_map(Happening::Key),
        1 => proptest::collection::vec(any_key(), 9..20).prop_map(Happening::Paste),
        1 => (1_u16..130, 1_u16..50).prop_map(|(columns, rows)| Happening::Resize(columns, rows)),
        2 => any_settings().prop_map(Happening::Read),
        1 => Just(Happening::ReadFailed),
        4 => any_event().prop_map(Happening::SaveStep),
        1 => Just(Happening::Grace),
        1 => (0_u64..400).prop_map(Happening::Time),
        2 => any::<(bool, bool)>().prop_map(|(is_late, is_open)| Happening::Opened { is_late, is_open }),
        1 => Just(Happening::Retrying),
        2 => proptest::collection::vec(any_settings().prop_map(|before| saved_from(&before)), 0..3).prop_map(Happening::HistoryAnswered),
    ]
}

/// The message of pressed keys.
fn keys(happening: &Happening) -> Option<Message> {
    match happening {
        Happening::Key(key) => Some(Message::Keys { keys: vec![*key], burst: false }),
        Happening::Paste(keys) => Some(Message::Keys { keys: keys.clone(), burst: true }),
        _ => None,
    }
}

fn happen(harness: &mut ModelHarness, happening: Happening) {
    let request = harness.model.newest;
    match happening {
        Happening::Key(key) => harness.tell(Message::Keys { keys: vec![key], burst: false }),
        Happening::Paste(keys) => harness.tell(Message::Keys { keys, burst: true }),
        Happening::Resize(columns, rows) => harness.tell(Message::Resized(Size { columns, rows })),
        Happening::Read(settings) => harness.tell(Message::Read { request, result: Ok(settings) }),
        Happening::ReadFailed => harness.tell(Message::Read { request, result: Err(unreachable()) }),
        Happening::SaveStep(event) => {
            let saving = harness.model.form().and_then(Form::saving).map(|saving| saving.save.clone());
            if let Some(mut save) = saving
                && save.step(event).is_some()
            {
                harness.tell(Message::SaveMoved { request, save: Box::new(save) });
            }
        }
        Happening::Grace => {
            let saving = harness.model.form().and_then(Form::saving);
            harness.tell(Message::GraceOver(saving.map_or(0, |saving| saving.request)));
        }
        Happening::Time(milliseconds) => drop(harness.wait(Duration::from_millis(milliseconds))),
        Happening::Opened { is_late, is_open } => {
            let request = if is_late { request - 1 } else { request };
            let session = harness.model.session.clone().ok_or_else(|| "no token.".to_owned());
            let result = session.and_then(|session| is_open.then_some(session).ok_or("no token.".to_owned()));
            harness.tell(Message::Opened { request, result });
        }
        Happening::Retrying => harness.tell(Message::Retrying { request, attempt: 2, error: unreachable() }),
        Happening::HistoryAnswered(saves) => {
            let result = Ok(saves.first().cloned().map(Box::new));
            harness.tell(Message::LastSaveFound { request, result });
            harness.tell(Message::HistoryRead { request, result: Ok(FoundSaves { saves, has_more: true }) });
        }
    }
}

/// The profile that requests go to, as the tasks know it; none while a connection is being opened.
struct Connection(Option<String>);

impl Connection {
    /// Follows what happens; panics where a request would go out under another profile's header.
    fn follow(&mut self, happening: &Happening, before: &Model, harness: &ModelHarness) {
        let is_opened = |late: bool, open: bool| open && before.is_opening(before.newest - u64::from(late));
        if let Happening::Opened { is_late, is_open } = *happening
            && is_opened(is_late, is_open)
        {
            self.0 = harness.model.session.as_ref().and_then(|session| session.name.clone());
        }
        for effect in &harness.effects {
            match effect {
                Effect::Open(..) => self.0 = None,
                Effect::Read(_) | Effect::Reread { .. } | Effect::Save(..) => {
                    let shown = harness.model.session.as_ref().and_then(|session| session.name.clone());
                    assert_eq!(self.0, shown, "a request under another profile's header");
                }
                _ => {}
            }
        }
    }
}

fn chosen(model: &Model) -> Option<(Question, Choice)> {
    match &model.dialog {
        Some(Dialog::Question { question, choice, .. }) => {
            Some((question.clone(), model.chosen(question, *choice)))
        }
        _ => None,
    }
}

fn quits(harness: &ModelHarness) -> bool {
    harness.effects.iter().any(|effect| matches!(effect, Effect::Quit(_)))
}

/// What no message does that is no key: change an edit, press a button, or end the editor while something is lost.
fn check_unasked(happening: &Happening, before: &Model, harness: &ModelHarness) -> Result<(), TestCaseError> {
    let is_key = matches!(happening, Happening::Key(_));
    let quits = quits(harness);
    if quits && before.is_sending() {
        let is_asked = matches!(chosen(before), Some((Question::Quit, _)));
        let has_ended = !harness.model.is_sending();
        prop_assert!(is_asked || has_ended || matches!(happening, Happening::Grace), "the save has its time");
    }
    if quits && is_key && chosen(before).is_none() {
        prop_assert!(before.unsaved().is_empty(), "an edit was lost unasked");
    }
    if is_key {
        return Ok(());
    }
    if let (Some((asked, old)), Some((still, new))) = (chosen(before), chosen(&harness.model)) {
        let first = harness.model.choices(&still)[0];
        prop_assert!(asked != still || old == new || new == first, "{old:?} became {new:?}");
    }
    let keeps = matches!(
        happening,
        Happening::Resize(..)
            | Happening::ReadFailed
            | Happening::Grace
            | Happening::Time(_)
            | Happening::Retrying
    );
    let waits = before.form().is_some_and(|form| form.bringing_back.is_some());
    let keeps = keeps || !waits && matches!(happening, Happening::HistoryAnswered(_));
    if let (true, Some(old), Some(new)) = (keeps, before.form(), harness.model.form()) {
        prop_assert_eq!(&old.draft, &new.draft, "promise 5");
    }
    Ok(())
}

/// What is true of an editor whatever happened to it.
fn check(model: &Model) -> Result<(), TestCaseError> {
    let Some(form) = model.form() else { return Ok(()) };
    prop_assert!(form.focus < form.row_count());
    prop_assert!(!matches!(&form.activity, Activity::Saving(saving) if saving.save.outcome().is_some()));
    Ok(())
}

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

/// True while a save waits for an answer and nothing is open to give it. While the user looks for a row, the question waits.
fn waits_unasked(model: &Model) -> bool {
    let saving = model.form().and_then(Form::saving);
    let is_free = model.dialog.is_none() && model.search.field.is_none();
    is_free && saving.is_some_and(|saving| matches!(saving.save.state(), State::Conflict(_)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_nothing_is_lost_unasked_and_no_request_goes_to_another_profile(
        happenings in proptest::collection::vec(any_happening(), 1..60),
    ) {
        let mut harness = ModelHarness::reading(settings(false, "A B"));
        harness.model.profiles = ["acme-prod", "beta"].map(named).to_vec();
        let mut connection = Connection(Some("acme-prod".to_owned()));
        let mut has_ordered = false;
        for happening in happenings {
            let is_ignored =
                keys(&happening).is_some_and(|message| harness.model.ignores(&message, &harness.now));
            let screen = is_ignored.then(|| harness.screen());
            let before = harness.model.clone();
            let was_saving = before.form().is_some_and(|form| form.saving().is_some());
            harness.effects.clear();
            happen(&mut harness, happening.clone());
            prop_assert!(saves(&harness) + usize::from(was_saving) <= 1, "a second save");
            connection.follow(&happening, &before, &harness);
            check(&harness.model)?;
            prop_assert!(!is_ignored || harness.effects.is_empty(), "{happening:?} has an effect");
            prop_assert!(!is_ignored || screen.is_none_or(|screen| screen == harness.screen()), "{happening:?} changes the screen");
            check_unasked(&happening, &before, &harness)?;
            if quits(&harness) {
                // Nothing happens to an editor that has ended.
                break;
            }
            has_ordered |= harness.effects.iter().any(|effect| matches!(effect, Effect::Order(_)));
            prop_assert!(has_ordered || !waits_unasked(&harness.model), "a conflict waits and the user is not asked");
        }
        harness.screen();
    }

    #[test]
    fn a_paste_never_changes_the_draft_nor_sends_anything(
        keys in proptest::collection::vec(any_key(), 9..40), before in proptest::collection::vec(any_key(), 0..6),
    ) {
        let mut harness = ModelHarness::reading(settings(false, "A B"));
        for key in before {
            harness.tell(Message::Keys { keys: vec![key], burst: false });
        }
        let draft = harness.form().draft.clone();
        harness.effects.clear();
        harness.tell(Message::Keys { keys, burst: true });
        prop_assert_eq!(&harness.form().draft, &draft);
        prop_assert!(harness.effects.is_empty());
    }
}
