//! Switching from one customer to another: the list, and what is asked before.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use crate::support::configuration::{mixed, settings};
use crate::support::editor_harness::{EditorHarness, agents, profile, run, run_beside, setup};
use crate::support::model_harness::{ModelHarness, refused, session, unreachable};
use convrating::agents::{Config, ConfiguredProfiles, Environment, Identity, KnownProfiles, Profile};
use convrating::agents::{ReadableSource, TokenSource};
use convrating::demo::{Demo, Hooks, Method};
use convrating::editor::First;
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{
    Dialog, LoadFailure, Phase, ProfileState, ReadOnly, Session, Start, SurveyFailure, Target,
};
use convrating::journal::{Author, Journal};
use convrating::save::CallError;
use rustix::fs::Mode;

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

/// An editor on acme-prod that can switch to four others.
pub(super) fn harness(columns: u16, rows: u16) -> ModelHarness {
    let mut harness = ModelHarness::reading_at(settings(false, "A"), columns, rows);
    let names = ["acme-prod", "beta", "gamma", "a-customer-with-a-rather-long-name", "old"];
    harness.model.profiles = names.map(named).to_vec();
    harness.model.profiles[1].is_protected = true;
    harness.model.profiles[2].read_only = Some(ReadOnly::Asked);
    harness
}

fn answer(harness: &mut ModelHarness, index: usize, state: ProfileState) {
    let Some(Dialog::Profiles(list)) = &harness.model.dialog else { panic!("the list is open") };
    let request = list.request;
    harness.tell(Message::Surveyed { request, index, state });
}

#[test]
fn the_list_is_there_at_once_and_fills_in() {
    for (name, columns, rows) in [("profiles", 80, 24), ("profiles-40x12", 40, 12)] {
        let mut harness = harness(columns, rows);
        harness.press("p");
        assert!(harness.words().contains("0 of 5 answered"), "{}", harness.screen());
        let soon =
            Identity { agent: None, expires: Some(harness.now.local.timestamp().as_second() + 5 * 86_400) };
        answer(&mut harness, 0, ProfileState::Read(settings(false, "A").into(), Identity::default()));
        answer(&mut harness, 1, ProfileState::Read(settings(true, "A").into(), soon));
        answer(&mut harness, 3, ProfileState::Read(mixed([true, false], "A").into(), Identity::default()));
        let (short, reason) = ("unreachable".to_owned(), "could not connect.".to_owned());
        let failure = SurveyFailure { short, reason, is_about_token: false };
        answer(&mut harness, 4, ProfileState::Failed(failure));
        harness.press("down");
        insta::assert_snapshot!(name, harness.screen());
    }
}

#[test]
fn choosing_one_opens_its_form_and_no_other_answer_gets_in() {
    let mut harness = harness(80, 24);
    harness.press("p down enter");
    let request = harness.model.newest;
    assert!(harness.effects.contains(&Effect::Open(request, Target::Named("beta".to_owned()))));
    assert!(
        harness.words().contains("beta [PROTECTED]") && harness.words().contains("Loading"),
        "{}",
        harness.screen()
    );
    harness.tell(Message::Opened { request: request - 1, result: Ok(named("gamma")) });
    assert!(harness.words().contains("beta [PROTECTED]"), "a late connection to another agent is dropped");
    harness.tell(Message::Opened { request, result: Ok(named("beta")) });
    let read = harness.model.newest;
    harness.tell(Message::Read { request, result: Ok(settings(true, "WRONG")) });
    assert!(harness.model.form().is_none(), "an answer to an older request is dropped");
    harness.tell(Message::Read { request: read, result: Ok(settings(true, "B")) });
    assert_eq!(harness.form().draft.settings(), settings(true, "B"));
}

#[test]
fn where_there_are_no_profiles_p_says_how_to_add_one() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    assert!(!harness.words().contains("p profiles"));
    harness.press("p");
    assert!(harness.words().contains("convrating login NAME adds one"));
}

#[test]
fn a_profile_that_cannot_be_opened_says_why_and_r_tries_again() {
    let mut harness = harness(80, 24);
    harness.press("p down enter");
    let request = harness.model.newest;
    harness.tell(Message::Opened { request, result: Err("the program pass said: locked.".to_owned()) });
    assert!(matches!(harness.model.phase, Phase::LoadFailed(LoadFailure::Open(_), _)));
    assert!(
        harness.words().contains(
            "Not read beta could not be opened. Press r to try again. the program pass said: locked."
        )
    );
    harness.press("r");
    assert!(harness.effects.contains(&Effect::Open(request + 1, Target::Named("beta".to_owned()))));
}

/// An editor that stopped waiting for beta's token.
fn stopped_while_opening_beta() -> ModelHarness {
    let mut harness = harness(80, 24);
    harness.model.session.as_mut().expect("a session").is_protected = true;
    harness.press("p down enter esc");
    harness
}

#[test]
fn a_connection_that_was_not_waited_for_is_tried_again_and_nobody_elses_is_used() {
    let mut harness = stopped_while_opening_beta();
    assert!(harness.words().contains("Not read stopped. Press r to try again."), "{}", harness.screen());
    assert_eq!(harness.effects.last(), Some(&Effect::Abort), "what gets the token is ended");
    harness.effects.clear();
    harness.press("r");
    let request = harness.model.newest;
    assert_eq!(harness.effects, [Effect::Open(request, Target::Named("beta".to_owned()))]);
    harness.tell(Message::Read { request, result: Ok(settings(true, "ACME")) });
    assert!(harness.model.form().is_none(), "{}", harness.screen());
}

/// An editor before its first frame, while the token of the profile is fetched, and the effects that it asked for.
fn opening() -> (ModelHarness, Vec<Effect>) {
    let mut harness = ModelHarness::start(None, 80, 24);
    let start = Start::Opening(named("acme-prod"));
    let (model, effects) =
        convrating::editor::model::Model::start(start, Vec::new(), harness.model.size, harness.now.clone());
    harness.model = model;
    (harness, effects)
}

#[test]
fn at_the_start_too_a_connection_that_was_not_waited_for_is_tried_again() {
    let (mut harness, _) = opening();
    harness.press("esc r");
    assert_eq!(harness.effects, [Effect::Abort, Effect::Open(2, Target::Named("acme-prod".to_owned()))]);
}

#[test]
fn the_list_stays_open_while_the_first_profile_is_opened() {
    let mut harness = harness(80, 24);
    harness.press("p down enter p");
    let request = harness.model.newest - 1;
    harness.tell(Message::Opened { request, result: Ok(named("beta")) });
    assert!(harness.words().contains("PROFILES"), "{}", harness.screen());
}

#[test]
fn a_profile_of_the_name_of_a_demo_agent_is_another_one() {
    let mut harness = harness(80, 24);
    harness.model.session.as_mut().expect("a session").context.token_source = TokenSource::Demo;
    harness.press("p enter");
    assert!(
        matches!(harness.effects.last(), Some(Effect::Open(_, Target::Named(name))) if name == "acme-prod")
    );
}

#[test]
fn the_first_frame_does_not_wait_for_a_token_command() {
    let (harness, effects) = opening();
    assert_eq!(effects, [Effect::Open(1, Target::Named("acme-prod".to_owned()))]);
    assert!(
        harness.words().contains("acme-prod") && harness.words().contains("Loading"),
        "{}",
        harness.screen()
    );
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
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("p");
        let screen = editor.read("9 of 9 answered").await;
        assert!(
            screen.contains(" OFF ") && screen.contains(" DISAGREE ") && screen.contains("refused 401"),
            "{screen}"
        );
        editor.press("down down enter");
        editor.read("flags disagree: rating is on").await;
        let acme = hooks.configuration("acme");
        editor.press("space s");
        editor.read("Saved").await;
        assert_eq!(hooks.configuration("acme"), acme);
        assert_eq!(hooks.configuration("mixed")["conv_rating_popup_active"], true);
        editor.press("q");
    })
    .await;
}

#[tokio::test]
async fn saves_are_recorded_and_requests_are_logged() {
    let directory = std::env::temp_dir().join(format!("convrating-editor-{}", std::process::id()));
    let demo = Demo::bind(0).expect("a demo");
    let (mut setup, hooks) = (setup(Some(profile(&demo, "acme"))), demo.hooks());
    let path = directory.join("history.jsonl");
    setup.journal =
        Some(Journal::new(path.clone(), Author { user: Some("support".to_owned()), ssh_client: None }));
    let logged = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&logged);
    setup.agents = setup.agents.with_log(Arc::new(move |_| {
        let seen = Arc::clone(&seen);
        Arc::new(move |record| seen.lock().unwrap_or_else(PoisonError::into_inner).push(record))
    }));
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        let held = hooks.hold(Method::Patch);
        editor.press("space s");
        held.arrived().await;
        let text = std::fs::read_to_string(&path).expect("a history");
        assert!(
            text.contains("\"intent\"") && !text.contains("\"outcome\""),
            "the intent stands before the PATCH: {text}"
        );
        held.release();
        editor.read("Saved").await;
        let text = std::fs::read_to_string(&path).expect("a history");
        assert!(text.contains("\"outcome\":\"saved\"") && text.contains("support"), "{text}");
        editor.press("q");
    })
    .await;
    let methods: Vec<_> = logged.lock().expect("a log").iter().map(|record| record.method.name()).collect();
    assert!(methods.starts_with(&["GET", "GET", "PATCH"]), "{methods:?}");
    std::fs::remove_dir_all(directory).expect("removed");
}

#[tokio::test]
async fn a_history_that_cannot_be_written_is_a_warning_and_no_failure() {
    let demo = Demo::bind(0).expect("a demo");
    let (mut setup, hooks): (_, Hooks) = (setup(Some(profile(&demo, "acme"))), demo.hooks());
    setup.journal = Some(Journal::new("/dev/null/history.jsonl".into(), Author::default()));
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("space s");
        let screen =
            editor.see(|screen| screen.contains("Saved") && screen.contains("not in the history")).await;
        assert!(screen.contains("Warning: this save is not in the history"), "{screen}");
        assert_eq!(hooks.applied("acme"), 1);
        editor.press("q");
    })
    .await;
}

/// An editor whose first read failed in this way.
fn failed(error: CallError, source: ReadableSource) -> ModelHarness {
    let mut open = session();
    open.context.token_source = TokenSource::Readable(source);
    let mut harness = ModelHarness::start(Some(open), 80, 24);
    harness.tell(Message::Read { request: 1, result: Err(error) });
    harness.effects.clear();
    harness
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
        let mut harness = failed(error.clone(), source.clone());
        harness.press("r");
        let opened = Effect::Open(2, Target::Named("acme-prod".to_owned()));
        let expected = match &source {
            _ if !is_opened => vec![Effect::Read(2)],
            // The helper program may ask the user for something.
            ReadableSource::Command(_) => vec![Effect::LendTerminal, opened],
            _ => vec![opened],
        };
        assert_eq!(harness.effects, expected, "{error:?} {source:?}");
    }
}

#[tokio::test]
async fn a_save_never_goes_to_the_profile_that_was_left() {
    let (acme, beta) = (Demo::bind(0).expect("a demo"), Demo::bind(0).expect("another"));
    let (hooks, others) = (acme.hooks(), beta.hooks());
    // Each run of beta's helper program waits for a line of this FIFO, which stays open to the end.
    let home = std::env::temp_dir().join(format!("convrating-left-{}", std::process::id()));
    std::fs::create_dir_all(&home).expect("a home");
    let gate = home.join("gate");
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
    let environment =
        Environment::new([("A".into(), token(&acme).into()), ("HOME".into(), home.clone().into())], None);
    let configured = ConfiguredProfiles::new(environment, Config::parse(&config).expect("a configuration"));
    let mut setup = setup(Some(profile(&acme, "acme")));
    setup.agents = agents(KnownProfiles::Configured(configured));
    // The list asks for the token too, and so does the second try.
    let answers = format!("{}\n", token(&beta)).repeat(8);
    let servers = [tokio::spawn(acme.serve()), tokio::spawn(beta.serve())];
    run(setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        editor.press("p down enter");
        editor.read("beta agent unknown 127.0.0.1").await;
        editor.press("esc");
        editor.read("Not read stopped").await;
        editor.press("r");
        editor.read("Loading").await;
        held.write_all(answers.as_bytes()).expect("a pipe has room for it");
        editor.read("Ask visitors").await;
        editor.press("space s");
        editor.read("Saved").await;
        assert_eq!((hooks.count(Method::Patch), others.count(Method::Patch)), (0, 1));
        editor.press("q");
    })
    .await;
    servers.iter().for_each(tokio::task::JoinHandle::abort);
    std::fs::remove_dir_all(home).expect("removed");
}
