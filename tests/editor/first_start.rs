//! The start without a token: three choices, the name of a new profile, and the field for a token.

use convrating::api::credentials::BaseUrl;
use convrating::demo::{Demo, Method};
use convrating::editor::First;
use convrating::editor::message::{Effect, Message, NewToken};
use convrating::editor::model::{Model, Session, Size, Start, Target};
use convrating::terminal::TerminalInput;

use super::second_window::Window;
use super::update::has;
use crate::support::closed_port::ClosedPort;
use crate::support::configuration::settings;
use crate::support::editor_harness::{EditorHarness, run, run_beside};
use crate::support::model_harness::{ModelHarness, refused, session};

const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";

/// An editor without a token, at 80x24, after these keys.
fn start(keys: &str) -> ModelHarness {
    let mut harness = ModelHarness::start(None, 80, 24);
    harness.press(keys);
    harness
}

/// The same while the token of the new profile beta is tried, and the number of that request.
fn adding_beta() -> (ModelHarness, u64) {
    let mut harness = start("enter");
    harness.type_text("beta").press("enter").paste("x.y.z").press("enter");
    let Some(Effect::Add(request, new)) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    assert_eq!(new.name, "beta");
    let request = *request;
    (harness, request)
}

fn named(name: &str) -> Session {
    Session { name: Some(name.to_owned()), ..session() }
}

/// The screen at the three sizes, as snapshots of this name.
fn shows(name: &str, prepare: impl Fn(&mut ModelHarness)) {
    for (columns, rows) in [(40, 12), (80, 24), (120, 40)] {
        let mut harness = ModelHarness::start(None, columns, rows);
        prepare(&mut harness);
        insta::assert_snapshot!(format!("{name}-{columns}x{rows}"), harness.screen());
    }
}

#[test]
fn the_three_choices() {
    shows("choices", |_| ());
}

#[test]
fn the_name_of_a_new_profile() {
    shows("name", |harness| {
        harness.press("enter").type_text("acme-prod");
    });
    shows("name-refused", |harness| {
        harness.press("enter").type_text("acme prod").press("enter");
    });
}

#[test]
fn the_token_of_a_new_profile() {
    shows("token", |harness| {
        harness.press("enter").type_text("acme-prod").press("enter").paste("ey.secret");
        assert!(!harness.screen().contains("secret"), "a token is never echoed");
    });
    shows("token-refused", |harness| {
        harness.press("enter").type_text("acme-prod").press("enter").paste("x.y.z").press("enter");
        let reason = "Not stored: The token of acme-prod was refused: expired or revoked (401). Make one in the Dashboard under External Apps > API.";
        harness.tell(Message::Renewed { request: 1, result: Err(reason.to_owned()) });
    });
}

#[test]
fn a_token_for_once() {
    shows("once", |harness| {
        harness.press("tab enter").type_text("two words").press("enter");
    });
}

#[test]
fn each_choice_can_be_reached_and_esc_goes_back_to_it() {
    for (keys, heading, chosen) in [
        ("", "ADD A PROFILE", "> [ Add a profile ]"),
        ("down", "API TOKEN", "> [ Use a token once ]"),
        ("backtab backtab", "API TOKEN", "> [ Use a token once ]"),
        ("j j j", "ADD A PROFILE", "> [ Add a profile ]"),
    ] {
        let mut harness = start(keys);
        assert!(harness.words().contains(chosen), "{keys}: {}", harness.screen());
        harness.press("enter");
        assert!(harness.words().contains(heading), "{keys}: {}", harness.screen());
        harness.press("esc");
        assert!(harness.words().contains(chosen), "{keys}: {}", harness.screen());
        assert!(harness.effects.is_empty());
    }
    let mut harness = start("up enter");
    assert_eq!(harness.effects, [Effect::Open(1, Target::Demo)]);
    harness.press("enter q");
    assert_eq!(harness.effects, [Effect::Open(1, Target::Demo), Effect::Quit(0)], "one at a time");
    harness.tell(Message::Opened { request: 1, result: Ok(session()) });
    assert!(has(&harness, &Effect::Read(2)));
}

#[test]
fn q_quits_where_it_is_no_text_and_ctrl_c_everywhere() {
    for (keys, code) in [("q", true), ("enter q", false), ("tab enter q", false)] {
        assert_eq!(has(&start(keys), &Effect::Quit(0)), code, "{keys}");
        let mut harness = start(keys);
        harness.effects.clear();
        harness.press("c-c");
        assert_eq!(harness.effects, [Effect::Quit(0)], "{keys}");
    }
    let mut harness = start("? q");
    assert!(harness.effects.is_empty() && harness.words().contains("Add a profile"), "it closes the help");
    harness.press("esc");
    assert!(harness.effects.is_empty() && harness.words().contains("Add a profile"), "Esc never quits");
}

#[test]
fn a_token_for_once_is_opened_and_not_shown() {
    let mut harness = start("tab enter enter");
    assert!(harness.words().contains("Type or paste a token first."), "{}", harness.screen());
    harness.paste("ey.abc.def\n").press("enter");
    assert!(matches!(harness.effects.as_slice(), [Effect::Open(1, Target::Typed(_))]));
    assert!(!format!("{:?}", harness.effects).contains("abc"), "not even in a debug print");
    harness.press("enter").paste("ey.other.one").press("enter");
    assert_eq!(harness.effects.len(), 1, "one token is tried at a time");
}

#[test]
fn a_typed_token_that_is_refused_can_be_typed_again() {
    let mut harness = start("tab enter");
    harness.type_text("ey.abc.def").press("enter");
    let mut typed = session();
    (typed.name, typed.context.profile) = (None, None);
    harness.tell(Message::Opened { request: 1, result: Ok(typed) });
    harness.tell(Message::Read { request: 2, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        harness.words().contains("API TOKEN") && harness.words().contains("The token from file was refused"),
        "{}",
        harness.screen()
    );
    harness.type_text("ey.good.one").press("enter");
    assert!(matches!(harness.effects.last(), Some(Effect::Open(3, Target::Typed(_)))));
    let mut harness = ModelHarness::start(Some(session()), 80, 24);
    harness.tell(Message::Read { request: 1, result: Err(refused(401, "PERMISSION_DENIED", "")) });
    assert!(
        harness.words().contains("Not read The token of acme-prod was refused"),
        "a token from elsewhere is not typed here"
    );
}

#[test]
fn a_name_that_login_refuses_is_refused_and_a_token_is_not_shown() {
    for (name, words) in [
        ("", "Type a name first"),
        ("../a", "begins with a letter or a digit"),
        ("a/b", "has only letters, digits"),
        ("a b", "has only letters, digits"),
    ] {
        let mut harness = start("enter");
        harness.paste(name).press("enter");
        assert!(harness.words().contains(words), "{name}: {}", harness.screen());
        assert!(harness.words().contains("ADD A PROFILE"), "{name}: {}", harness.screen());
    }
    let mut harness = start("enter");
    harness.paste(JWT);
    assert!(!harness.screen().contains("eyJ"), "{}", harness.screen());
    harness.press("enter");
    assert!(harness.words().contains("it has the shape of a token"), "{}", harness.screen());
    assert!(!format!("{:?}", harness.model).contains("eyJ"), "it is forgotten");
    harness.type_text("acme").press("enter");
    assert!(harness.words().contains("For acme."), "{}", harness.screen());
    let mut harness = start("enter");
    harness.paste("ac\u{202e}me");
    assert!(harness.words().contains("no control or invisible characters"), "{}", harness.screen());
    harness.press("enter");
    assert!(harness.words().contains("For acme."), "{}", harness.screen());
}

#[test]
fn the_name_of_a_profile_that_is_there_is_not_taken_again() {
    let mut harness = start("enter");
    harness.model.profiles = vec![named("acme")];
    harness.type_text("acme").press("enter");
    let taken = "Not taken: there is a profile \"acme\" already. Type another name; or press Esc, then p, and open it.";
    assert!(harness.words().contains(taken), "{}", harness.screen());
    harness.press("esc");
    assert!(harness.words().contains("No profile is open. p lists them."), "{}", harness.screen());
    harness.press("p");
    assert!(harness.words().contains("PROFILES"), "{}", harness.screen());
}

#[test]
fn a_token_is_tried_for_the_new_profile_which_is_open_afterwards() {
    let (mut harness, request) = adding_beta();
    assert!(!format!("{:?}", harness.effects).contains("x.y.z"), "not even in a debug print");
    assert!(harness.model.is_renewing(request) && harness.words().contains("trying it"));
    harness.press("enter").paste("a.b.c").press("enter");
    assert_eq!(harness.effects.len(), 1, "one token is tried at a time");
    harness.model.profiles = vec![named("acme")];
    let new = NewToken { session: named("beta"), read: Some(settings(true, "A")) };
    harness.tell(Message::Renewed { request, result: Ok(Box::new(new)) });
    assert!(harness.form().draft.settings().has(&convrating::settings::QuestionCode::new("A")));
    let said = "Stored beta: agent demoagent1. It is also the agent of: acme.";
    assert!(harness.words().contains(said), "{}", harness.screen());
    assert_eq!(harness.model.target, Some(Target::Named("beta".to_owned())));
    assert!(harness.words().contains("p profiles"), "there is one now: {}", harness.screen());
}

#[test]
fn a_token_that_is_refused_leaves_the_user_in_the_field() {
    let (mut harness, request) = adding_beta();
    harness.tell(Message::Renewed { request, result: Err("Not stored: it does not work.".to_owned()) });
    assert!(harness.words().contains("Not stored: it does not work."), "{}", harness.screen());
    assert!(harness.words().contains("API TOKEN For beta."), "{}", harness.screen());
    harness.press("enter");
    assert!(harness.words().contains("Type or paste a token first."), "the old one is gone");
    harness.press("esc");
    assert!(harness.words().contains("ADD A PROFILE") && harness.words().contains("> beta"));
    harness.press("esc");
    assert!(harness.words().contains("> [ Add a profile ]"), "{}", harness.screen());
}

#[test]
fn esc_gives_the_trial_up_and_its_answer_comes_too_late() {
    for size in [Size { columns: 80, rows: 24 }, Size { columns: 30, rows: 8 }] {
        let (mut harness, request) = adding_beta();
        harness.effects.clear();
        harness.tell(Message::Resized(size));
        harness.press("esc");
        assert_eq!(harness.effects, [Effect::Redraw, Effect::Abort], "{size:?}");
        assert!(!harness.model.is_renewing(request));
        let new = NewToken { session: named("beta"), read: Some(settings(true, "A")) };
        harness.tell(Message::Renewed { request, result: Ok(Box::new(new)) });
        harness.tell(Message::Resized(Size { columns: 80, rows: 24 }));
        assert!(harness.model.form().is_none() && harness.model.session.is_none());
        assert!(harness.words().contains("API TOKEN For beta."), "{}", harness.screen());
    }
}

#[test]
fn behind_the_list_of_profiles_stand_the_same_choices() {
    let mut harness = start("");
    let first = Start::ChooseProfile { host: "app.quickchat.ai".to_owned() };
    let (size, now) = (harness.model.size, harness.now.clone());
    harness.model = Model::start(first, vec![session(), named("beta")], size, now).0;
    assert!(harness.words().contains("PROFILES"), "{}", harness.screen());
    harness.press("esc");
    assert!(harness.words().contains("No profile is open. p lists them."), "{}", harness.screen());
    assert!(harness.words().contains("p profiles"), "{}", harness.screen());
}

#[test]
fn no_size_panics() {
    let sizes = (1..=70).flat_map(|columns| (1..=20).map(move |rows| (columns, rows)));
    for (columns, rows) in sizes.chain([(80, 12), (500, 200)]) {
        let mut harness = ModelHarness::start(None, columns, rows);
        for keys in ["", "enter", "a enter", "esc esc tab enter", "b enter"] {
            harness.press(keys);
            harness.screen();
        }
    }
}

/// An editor without a token, on these profiles and this address, with `script` as its user.
async fn run_first(window: &Window, url: &str, script: impl AsyncFnOnce(&mut EditorHarness)) {
    let mut setup = window.setup();
    let base_url = BaseUrl::parse(url).expect("a URL");
    (setup.first, setup.options.base_url) = (First::NoAgent(base_url), Some(url.to_owned()));
    run(setup, script).await;
}

/// Adds a profile with this token.
async fn add(harness: &mut EditorHarness, name: &str, token: &str) {
    harness.read("> [ Add a profile ]").await;
    harness.press("enter");
    harness.read("ADD A PROFILE").await;
    harness.happen(TerminalInput::Pasted(name.to_owned()));
    harness.press("enter");
    harness.read("API TOKEN").await;
    harness.happen(TerminalInput::Pasted(token.to_owned()));
    harness.press("enter");
}

#[tokio::test]
async fn a_server_that_is_down_leaves_the_user_in_the_field_and_nothing_stored() {
    let (window, closed) = (Window::new("first-down"), ClosedPort::take());
    run_first(&window, &format!("http://{}", closed.address()), async |harness: &mut EditorHarness| {
        add(harness, "acme", "x.y.z").await;
        let screen = harness.read("Not stored: could not connect to 127.0.0.1").await;
        assert!(screen.contains("API TOKEN For acme."), "{screen}");
        harness.press("c-c");
    })
    .await;
    assert!(!window.path("config.toml").exists() && !window.path("tokens/acme").exists());
}

#[tokio::test]
async fn a_read_that_is_given_up_stores_nothing() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks, url) = (Window::new("first-stopped"), demo.hooks(), demo.url());
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    let server = tokio::spawn(demo.serve());
    run_first(&window, &url, async |harness: &mut EditorHarness| {
        let held = hooks.hold(Method::Get);
        add(harness, "acme", &token).await;
        held.arrived().await;
        harness.press("esc");
        harness.read("Stopped.").await;
        held.release();
        assert!(!window.path("config.toml").exists() && !window.path("tokens/acme").exists());
        // The same token, once more: nothing stands in its way.
        harness.happen(TerminalInput::Pasted(token.clone()));
        harness.press("enter");
        let screen = harness.read("Ask visitors").await;
        assert!(screen.contains("oken from login"), "{screen}");
        harness.press("q");
    })
    .await;
    assert!(window.read("tokens/acme").contains(&token));
    server.abort();
}

#[tokio::test]
async fn a_file_that_another_window_has_broken_is_not_overwritten() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, url) = (Window::new("first-unwritable"), demo.url());
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    let mut setup = window.setup();
    window.write("config.toml", "colour = 1\n");
    let base_url = BaseUrl::parse(&url).expect("a URL");
    (setup.first, setup.options.base_url) = (First::NoAgent(base_url), Some(url));
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        add(harness, "acme", &token).await;
        harness.read("Not stored: config.toml, line 1").await;
        harness.press("c-c");
    })
    .await;
    assert_eq!(window.read("config.toml"), "colour = 1\n");
    assert!(!window.path("tokens/acme").exists());
}

#[test]
fn a_list_that_is_open_when_the_demo_is_becomes_a_list_of_its_agents() {
    let mut harness = ModelHarness::start(None, 80, 24);
    harness.model.profiles = ["a", "b", "c", "d"].map(named).to_vec();
    harness.press("down down enter p");
    let Some(Effect::Survey(_)) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    harness.press("G");
    harness.model.take_profiles(vec![named("demo")]);
    harness.tell(Message::Opened { request: 1, result: Ok(named("demo")) });
    let screen = harness.screen();
    assert!(screen.contains("0 of 1 answered") && screen.contains(" > demo"), "{screen}");
}
