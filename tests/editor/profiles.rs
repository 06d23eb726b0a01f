//! Switching from one customer to another: the list, and what is asked before.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use crate::support::configuration::{mixed, settings};
use crate::support::desk::{Desk, refused, session, unreachable};
use crate::support::seat::{Seat, agents, profile, run, setup};
use convrating::agents::{Config, ConfiguredProfiles, Environment, Identity, KnownProfiles, Profile};
use convrating::agents::{ReadableSource, TokenSource};
use convrating::demo::{Demo, Hooks, Method};
use convrating::editor::First;
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{
    Dialog, Failure, Phase, ProfileState, Question, ReadOnly, Session, Start, Target,
};
use convrating::journal::{Author, Journal};
use convrating::save::CallError;
use rustix::fs::Mode;

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

/// An editor on acme-prod that can switch to four others.
fn desk(columns: u16, rows: u16) -> Desk {
    let mut desk = Desk::reading_at(settings(false, "A"), columns, rows);
    let names = ["acme-prod", "beta", "gamma", "a-customer-with-a-rather-long-name", "old"];
    desk.model.profiles = names.map(named).to_vec();
    desk.model.profiles[1].is_protected = true;
    desk.model.profiles[2].read_only = Some(ReadOnly::Asked);
    desk
}

fn answer(desk: &mut Desk, index: usize, state: ProfileState) {
    let Some(Dialog::Profiles(list)) = &desk.model.dialog else { panic!("the list is open") };
    let request = list.request;
    desk.tell(Message::Surveyed { request, index, state });
}

#[test]
fn the_list_is_there_at_once_and_fills_in() {
    for (name, columns, rows) in [("profiles", 80, 24), ("profiles-40x12", 40, 12)] {
        let mut desk = desk(columns, rows);
        desk.press("p");
        assert!(desk.words().contains("0 of 5 answered"), "{}", desk.screen());
        let soon =
            Identity { agent: None, expires: Some(desk.now.local.timestamp().as_second() + 5 * 86_400) };
        answer(&mut desk, 0, ProfileState::Read(Box::new(settings(false, "A")), Identity::default()));
        answer(&mut desk, 1, ProfileState::Read(Box::new(settings(true, "A")), soon));
        answer(&mut desk, 3, ProfileState::Read(Box::new(mixed([true, false], "A")), Identity::default()));
        answer(&mut desk, 4, ProfileState::Failed("unreachable".to_owned()));
        desk.press("down");
        insta::assert_snapshot!(name, desk.screen());
    }
}

#[test]
fn choosing_one_opens_its_form_and_no_other_answer_gets_in() {
    let mut desk = desk(80, 24);
    desk.press("p down enter");
    let request = desk.model.newest;
    assert!(desk.effects.contains(&Effect::Open(request, Target::Named("beta".to_owned()))));
    assert!(
        desk.words().contains("beta [PROTECTED]") && desk.words().contains("Loading"),
        "{}",
        desk.screen()
    );
    desk.tell(Message::Opened { request: request - 1, result: Ok(named("gamma")) });
    assert!(desk.words().contains("beta [PROTECTED]"), "a late connection to somebody else is dropped");
    desk.tell(Message::Opened { request, result: Ok(named("beta")) });
    let read = desk.model.newest;
    desk.tell(Message::Read { request, result: Ok(settings(true, "WRONG")) });
    assert!(desk.model.form().is_none(), "an answer to an older request is dropped");
    desk.tell(Message::Read { request: read, result: Ok(settings(true, "B")) });
    assert_eq!(desk.form().draft.settings(), settings(true, "B"));
}

#[test]
fn unsaved_changes_are_asked_about_first() {
    let mut desk = desk(80, 24);
    desk.press("space p down enter");
    assert!(matches!(
        desk.model.dialog,
        Some(Dialog::Question { question: Question::Switch { index: 1 }, .. })
    ));
    insta::assert_snapshot!("switch", desk.screen());
    desk.press("enter");
    assert_eq!(desk.form().draft.changes().len(), 1, "Keep editing is chosen at first");
    desk.press("p down enter tab enter");
    assert!(desk.model.form().is_none() && desk.words().contains("beta"));
}

#[test]
fn nobody_switches_away_from_a_save_under_way() {
    let mut desk = desk(80, 24);
    desk.press("space s p down");
    assert!(!desk.words().contains("Enter open"), "{}", desk.screen());
    desk.press("enter");
    assert!(desk.words().contains("A save is under way"), "{}", desk.screen());
    assert!(desk.form().saving().is_some());
}

#[test]
fn where_there_are_no_profiles_p_says_how_to_add_one() {
    let mut desk = Desk::reading(settings(false, "A"));
    assert!(!desk.words().contains("p profiles"));
    desk.press("p");
    assert!(desk.words().contains("convrating login NAME adds one"));
}

#[test]
fn a_profile_that_cannot_be_opened_says_why_and_r_tries_again() {
    let mut desk = desk(80, 24);
    desk.press("p down enter");
    let request = desk.model.newest;
    desk.tell(Message::Opened { request, result: Err("the program pass said: locked.".to_owned()) });
    assert!(matches!(desk.model.phase, Phase::LoadFailed(Failure::Open(_))));
    assert!(desk.words().contains("Not read: the program pass said: locked."));
    desk.press("r");
    assert!(desk.effects.contains(&Effect::Open(request + 1, Target::Named("beta".to_owned()))));
}

/// An editor that stopped waiting for beta's token.
fn stopped_while_opening_beta() -> Desk {
    let mut desk = desk(80, 24);
    desk.model.session.as_mut().expect("a session").is_protected = true;
    desk.press("p down enter esc");
    desk
}

#[test]
fn a_connection_that_was_not_waited_for_is_tried_again_and_nobody_elses_is_used() {
    let mut desk = stopped_while_opening_beta();
    assert!(desk.words().contains("Not read: stopped. Press r to try again."), "{}", desk.screen());
    desk.effects.clear();
    desk.press("r");
    let request = desk.model.newest;
    assert_eq!(desk.effects, [Effect::Open(request, Target::Named("beta".to_owned()))]);
    desk.tell(Message::Read { request, result: Ok(settings(true, "ACME")) });
    assert!(desk.model.form().is_none(), "{}", desk.screen());
}

/// Somebody before the first frame, while the profile's token is fetched, and what was asked for.
fn opening() -> (Desk, Vec<Effect>) {
    let mut desk = Desk::start(None, 80, 24);
    let start = Start::Opening(named("acme-prod"));
    let (model, effects) =
        convrating::editor::model::Model::start(start, Vec::new(), desk.model.size, desk.now.clone());
    desk.model = model;
    (desk, effects)
}

#[test]
fn at_the_start_too_a_connection_that_was_not_waited_for_is_tried_again() {
    let (mut desk, _) = opening();
    desk.press("esc r");
    assert_eq!(desk.effects, [Effect::Open(2, Target::Named("acme-prod".to_owned()))]);
}

#[test]
fn the_list_stays_open_while_the_first_profile_is_opened() {
    let mut desk = desk(80, 24);
    desk.press("p down enter p");
    let request = desk.model.newest - 1;
    desk.tell(Message::Opened { request, result: Ok(named("beta")) });
    assert!(desk.words().contains("PROFILES"), "{}", desk.screen());
}

#[test]
fn a_profile_of_the_name_of_a_demo_agent_is_another_one() {
    let mut desk = desk(80, 24);
    desk.model.session.as_mut().expect("a session").is_demo = true;
    desk.press("p enter");
    assert!(matches!(desk.effects.last(), Some(Effect::Open(_, Target::Named(name))) if name == "acme-prod"));
}

#[test]
fn the_first_frame_does_not_wait_for_a_token_command() {
    let (desk, effects) = opening();
    assert_eq!(effects, [Effect::Open(1, Target::Named("acme-prod".to_owned()))]);
    assert!(desk.words().contains("acme-prod") && desk.words().contains("Loading"), "{}", desk.screen());
}

/// An editor on the demo's first agent that can switch to all of them.
fn on_the_demo(demo: &Demo) -> convrating::editor::Setup {
    let all: Vec<Profile> = demo.agents().iter().map(|agent| profile(demo, agent.name())).collect();
    let mut setup = setup(Some(all[0].clone()));
    setup.first = First::Profile(Box::new(all[0].clone()));
    setup.agents = agents(KnownProfiles::Ready(all));
    setup
}

#[tokio::test]
async fn the_states_come_from_the_servers_and_the_save_goes_to_the_chosen_one() {
    let demo = Demo::bind(0).expect("a demo");
    let (setup, hooks) = (on_the_demo(&demo), demo.hooks());
    hooks.revoke("flaky");
    let server = tokio::spawn(demo.serve());
    run(setup, async |seat: &mut Seat| {
        seat.read("Ask visitors").await;
        seat.press("p");
        let screen = seat.read("5 of 5 answered").await;
        assert!(screen.contains("acme (open) off") && screen.contains("mixed flags disagree"), "{screen}");
        seat.press("down down enter");
        seat.read("active on, popup off").await;
        let acme = hooks.configuration("acme");
        seat.press("space s");
        seat.read("Saved").await;
        assert_eq!(hooks.configuration("acme"), acme);
        assert_eq!(hooks.configuration("mixed")["conv_rating_popup_active"], true);
        seat.press("q");
    })
    .await;
    server.abort();
}

#[tokio::test]
async fn saves_are_recorded_and_requests_are_logged() {
    let directory = std::env::temp_dir().join(format!("convrating-editor-{}", std::process::id()));
    let demo = Demo::bind(0).expect("a demo");
    let (mut setup, hooks) = (setup(Some(profile(&demo, "acme"))), demo.hooks());
    let path = directory.join("history.jsonl");
    setup.journal =
        Some(Journal::new(path.clone(), Author { user: Some("ada".to_owned()), ssh_client: None }));
    let logged = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&logged);
    setup.agents = setup.agents.with_log(Arc::new(move |_| {
        let seen = Arc::clone(&seen);
        Arc::new(move |record| seen.lock().unwrap_or_else(PoisonError::into_inner).push(record))
    }));
    let server = tokio::spawn(demo.serve());
    run(setup, async |seat: &mut Seat| {
        seat.read("Ask visitors").await;
        let held = hooks.hold(Method::Patch);
        seat.press("space s");
        held.arrived().await;
        let text = std::fs::read_to_string(&path).expect("a history");
        assert!(
            text.contains("\"intent\"") && !text.contains("\"outcome\""),
            "the intent stands before the PATCH: {text}"
        );
        held.release();
        seat.read("Saved").await;
        let text = std::fs::read_to_string(&path).expect("a history");
        assert!(text.contains("\"outcome\":\"saved\"") && text.contains("ada"), "{text}");
        seat.press("q");
    })
    .await;
    server.abort();
    let methods: Vec<_> = logged.lock().expect("a log").iter().map(|record| record.method.name()).collect();
    assert!(methods.starts_with(&["GET", "GET", "PATCH"]), "{methods:?}");
    std::fs::remove_dir_all(directory).expect("removed");
}

#[tokio::test]
async fn a_history_that_cannot_be_written_is_a_warning_and_no_failure() {
    let demo = Demo::bind(0).expect("a demo");
    let (mut setup, hooks): (_, Hooks) = (setup(Some(profile(&demo, "acme"))), demo.hooks());
    setup.journal = Some(Journal::new("/dev/null/history.jsonl".into(), Author::default()));
    let server = tokio::spawn(demo.serve());
    run(setup, async |seat: &mut Seat| {
        seat.read("Ask visitors").await;
        seat.press("space s");
        let screen =
            seat.see(|screen| screen.contains("Saved") && screen.contains("not in the history")).await;
        assert!(screen.contains("Warning: this save is not in the history"), "{screen}");
        assert_eq!(hooks.applied("acme"), 1);
        seat.press("q");
    })
    .await;
    server.abort();
}

/// An editor whose first read failed in this way.
fn failed(error: CallError, source: ReadableSource) -> Desk {
    let mut open = session();
    open.context.token_source = TokenSource::Readable(source);
    let mut desk = Desk::start(Some(open), 80, 24);
    desk.tell(Message::Read { request: 1, result: Err(error) });
    desk.effects.clear();
    desk
}

#[test]
fn r_after_a_failed_load_opens_the_profile_anew_and_asks_no_helper_program_again() {
    let command = || ReadableSource::Command(vec!["pass".to_owned()]);
    let cases = [
        (unreachable(), ReadableSource::Stored, true),
        (refused(401, "PERMISSION_DENIED", ""), ReadableSource::Stored, true),
        (refused(401, "PERMISSION_DENIED", ""), command(), true),
        (refused(403, "PERMISSION_DENIED", ""), command(), true),
        (refused(503, "SERVICE_UNAVAILABLE", ""), command(), false),
        (unreachable(), command(), false),
    ];
    for (error, source, is_opened) in cases {
        let mut desk = failed(error.clone(), source.clone());
        desk.press("r");
        let opened = Effect::Open(2, Target::Named("acme-prod".to_owned()));
        let expected = if is_opened { opened } else { Effect::Read(2) };
        assert_eq!(desk.effects, [expected], "{error:?} {source:?}");
    }
}

#[tokio::test]
async fn a_save_never_goes_to_the_profile_that_was_left() {
    let (acme, beta) = (Demo::bind(0).expect("a demo"), Demo::bind(0).expect("another"));
    let (hooks, others) = (acme.hooks(), beta.hooks());
    // Each run of beta's helper program waits for a line of this FIFO, which stays open to the end.
    let gate = std::env::temp_dir().join(format!("convrating-gate-{}", std::process::id()));
    rustix::fs::mkfifoat(rustix::fs::CWD, &gate, Mode::RUSR | Mode::WUSR).expect("a FIFO");
    let mut held = std::fs::File::options().read(true).write(true).open(&gate).expect("the FIFO");
    let token = |demo: &Demo| demo.agent("acme").expect("an agent").token().to_owned();
    let config = format!(
        "[profiles.acme]\nbase_url = '{}'\ntoken_env = 'A'\n[profiles.beta]\nbase_url = '{}'\n\
         token_command = ['/bin/sh', '-c', 'read line < {}; echo $line']\n",
        acme.url(),
        beta.url(),
        gate.display()
    );
    let environment = Environment::new([("A".into(), token(&acme).into())], None);
    let configured = ConfiguredProfiles::new(environment, Config::parse(&config).expect("a configuration"));
    let mut setup = setup(Some(profile(&acme, "acme")));
    setup.agents = agents(KnownProfiles::Configured(configured));
    // The list asks for the token too, and so does the second try.
    let answers = format!("{}\n", token(&beta)).repeat(8);
    let servers = [tokio::spawn(acme.serve()), tokio::spawn(beta.serve())];
    run(setup, async |seat: &mut Seat| {
        seat.read("Ask visitors").await;
        seat.press("p down enter");
        seat.read("beta 127.0.0.1").await;
        seat.press("esc");
        seat.read("Not read: stopped").await;
        seat.press("r");
        seat.read("Loading").await;
        held.write_all(answers.as_bytes()).expect("a pipe has room for it");
        seat.read("Ask visitors").await;
        seat.press("space s");
        seat.read("Saved").await;
        assert_eq!((hooks.count(Method::Patch), others.count(Method::Patch)), (0, 1));
        seat.press("q");
    })
    .await;
    servers.iter().for_each(tokio::task::JoinHandle::abort);
    std::fs::remove_file(gate).expect("removed");
}
