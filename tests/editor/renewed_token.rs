//! A refused token is no dead end: `r` reads it again from its source, `t` takes another one, and the draft stays.

use convrating::agents::{ChangeLock, ReadableSource, TokenSource};
use convrating::demo::{Agent, Answer, Demo, Fault, Hooks, Method};
use convrating::editor::message::{Effect, Message, NewToken};
use convrating::editor::model::{ReadOnly, Session};
use convrating::save::Event;
use convrating::settings::Settings;
use convrating::terminal::{Key, TerminalInput};

use super::second_window::Window;
use crate::support::configuration::settings;
use crate::support::editor_harness::{EditorHarness, run, run_beside};
use crate::support::model_harness::{ModelHarness, refused, session};

/// A profile whose token `login` stored, on the form, with one unsaved change that the server has refused.
pub(super) async fn with_refused_save(
    name: &str,
    more: &str,
    script: impl AsyncFnOnce(&mut EditorHarness, &Window, &Hooks, &[Agent; 2]),
) {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new(name), demo.hooks());
    let tokens = ["acme", "mixed"].map(|agent| demo.agent(agent).expect("an agent").clone());
    window.log_in(&demo, more);
    let setup = window.setup();
    hooks.fail_always(Method::Patch, Fault::not_applied(Answer::status(401)));
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("Ask visitors").await;
        harness.press("space s");
        let screen = harness.read("The token stored by `convrating login acme` was refused").await;
        assert!(screen.contains("t takes a new token."), "{screen}");
        assert!(screen.contains("convrating login acme, then press r"), "{screen}");
        assert!(screen.contains("t new token"), "the footer names the key: {screen}");
        script(harness, &window, &hooks, &tokens).await;
    })
    .await;
}

/// Pastes `token` into the field that `t` opens, and takes it.
pub(super) async fn type_new(harness: &mut EditorHarness, token: &str) {
    harness.press("t");
    harness.read("NEW TOKEN").await;
    paste(harness, token);
}

fn paste(harness: &EditorHarness, token: &str) {
    harness.happen(TerminalInput::Keys { keys: token.chars().map(Key::Char).collect(), burst: true });
    harness.press("enter");
}

fn new(session: Session, read: Option<Settings>) -> Box<NewToken> {
    Box::new(NewToken { session, read })
}

#[tokio::test]
async fn a_token_that_the_source_gives_anew_saves_the_draft() {
    with_refused_save("token-reread", "", async |harness, window, hooks, [acme, other]| {
        let ours = window.read("tokens/acme");
        // Another window stores the token of another agent: it is never used for this draft.
        let theirs =
            ours.replace(acme.token(), other.token()).replace(acme.scenario_id(), other.scenario_id());
        window.write("tokens/acme", &theirs);
        let reads = hooks.attempts(Method::Get);
        harness.press("r");
        let screen = harness.read("Not read the token is for agent").await;
        assert!(screen.contains("The form shows what was read before"), "{screen}");
        assert_eq!(hooks.attempts(Method::Get), reads, "nothing is sent with the token of another agent");
        window.write("tokens/acme", &ours);
        hooks.heal();
        harness.press("r");
        harness.read("Read again: the server has not changed").await;
        harness.press("s");
        harness.read("Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_typed_token_of_the_same_agent_is_stored_where_login_stored_it_and_saves_the_draft() {
    with_refused_save("token-typed", "", async |harness, window, hooks, [acme, other]| {
        let ours = window.read("tokens/acme");
        window.write("tokens/acme", &ours.replace(acme.token(), "an-old-token"));
        let (reads, writes) = (hooks.attempts(Method::Get), hooks.attempts(Method::Patch));
        type_new(harness, other.token()).await;
        let screen = harness.read("Not taken: the token is for agent").await;
        assert!(!screen.contains(other.token()));
        assert_eq!((hooks.attempts(Method::Get), hooks.attempts(Method::Patch)), (reads, writes));
        assert!(
            !window.read("tokens/acme").contains(other.token()),
            "the token of another agent is not stored"
        );
        hooks.fail_next(Method::Get, Fault::not_applied(Answer::status(401)));
        paste(harness, acme.token());
        harness.read("Not taken: The token that you typed for acme was refused").await;
        assert!(
            window.read("tokens/acme").contains("an-old-token"),
            "a token that does not work is not stored"
        );
        hooks.heal();
        paste(harness, acme.token());
        let screen = harness.read("The new token is used from now on, and stored for acme").await;
        assert!(screen.contains("1 unsaved change"), "{screen}");
        assert!(window.read("tokens/acme").contains(acme.token()));
        harness.press("s");
        harness.read("Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_typed_token_in_place_of_another_source_counts_for_this_run() {
    with_refused_save("token-for-run", "", async |harness, window, hooks, [acme, _]| {
        hooks.heal();
        let text = window.read("config.toml");
        let url = text.split('\'').nth(1).expect("a URL").to_owned();
        window.write(
            "config.toml",
            &format!("[profiles.acme]\nbase_url = '{url}'\ntoken_env = 'SOME_VARIABLE'\n"),
        );
        let before = window.read("tokens/acme");
        type_new(harness, acme.token()).await;
        let screen = harness.read("The new token is used from now on, for this run").await;
        assert!(screen.contains("the prompt"), "the header names the source: {screen}");
        assert_eq!(window.read("tokens/acme"), before);
        harness.press("s");
        harness.read("Saved").await;
        assert_eq!(hooks.applied("acme"), 1);
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_typed_token_opens_the_form_after_a_failed_load_too() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new("token-failed-load"), demo.hooks());
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    window.log_in(&demo, "");
    let setup = window.setup();
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        hooks.fail_always(Method::Get, Fault::not_applied(Answer::status(401)));
        harness.press("enter");
        harness.read("t takes a new token (or: convrating login acme, then r). Make one").await;
        hooks.heal();
        type_new(harness, &token).await;
        harness.read("Ask visitors").await;
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_profile_that_another_window_changes_during_the_trial_stays_as_that_window_left_it() {
    with_refused_save("token-meanwhile", "", async |harness, window, hooks, [acme, _]| {
        hooks.heal();
        let (before, read) = (window.read("tokens/acme"), hooks.hold(Method::Get));
        type_new(harness, acme.token()).await;
        harness.read("trying it").await;
        read.arrived().await;
        let config = window.read("config.toml");
        let changed = format!("{config}token_command = ['pass', 'acme']\n");
        window.write("config.toml", &changed);
        read.release();
        harness.read("Not taken: another window has changed acme meanwhile; nothing was stored").await;
        let after = window.read("config.toml");
        assert_eq!((after, window.read("tokens/acme")), (changed, before));
        harness.press("esc q n");
    })
    .await;
}

#[tokio::test]
async fn a_trial_that_esc_ends_stores_nothing_even_if_it_waited_for_another_login() {
    with_refused_save("token-waits", "", async |harness, window, hooks, [acme, _]| {
        hooks.heal();
        let environment = window.environment();
        let lock = ChangeLock::wait(&environment).await.expect("the lock");
        let newer = window.read("tokens/acme").replace(acme.token(), "a-newer-token");
        window.write("tokens/acme", &newer);
        type_new(harness, acme.token()).await;
        harness.read("trying it").await;
        harness.press("esc");
        harness.see(|screen| !screen.contains("NEW TOKEN")).await;
        drop(lock);
        drop(ChangeLock::wait(&environment).await.expect("the lock"));
        assert_eq!(window.read("tokens/acme"), newer);
        harness.press("q n");
    })
    .await;
}

#[tokio::test]
async fn a_token_typed_beside_base_url_counts_for_this_run() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, url) = (Window::new("token-base-url"), demo.url());
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    window.log_in(&demo, "");
    let text = window.read("config.toml").replace(&url, &format!("{url}/own"));
    window.write("config.toml", &text);
    window.write("tokens/acme", &window.read("tokens/acme").replace(&url, &format!("{url}/own")));
    let mut setup = window.setup();
    setup.options.base_url = Some(url);
    let server = tokio::spawn(demo.serve());
    run(setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("Ask visitors").await;
        type_new(harness, &token).await;
        harness.read("The new token is used from now on, for this run").await;
        harness.press("q");
    })
    .await;
    assert_eq!(window.read("config.toml"), text);
    server.abort();
}

#[tokio::test]
async fn a_helper_program_that_another_window_names_gets_the_terminal_before_r_runs_it() {
    with_refused_save("token-helper", "", async |harness, window, hooks, [acme, _]| {
        hooks.heal();
        let config = window.read("config.toml");
        let command = format!("{config}token_command = ['/bin/echo', '{}']\n", acme.token());
        window.write("config.toml", &command);
        harness.press("r");
        let screen = harness.read("Read again").await;
        assert!(
            screen.contains("token from command echo") && screen.contains("1 unsaved change"),
            "{screen}"
        );
        assert_eq!(harness.count_calls("Lend"), 1);
        // A token that was not refused is not asked for again.
        harness.press("r");
        harness.see(|_| hooks.attempts(Method::Get) > 3).await;
        assert_eq!(harness.count_calls("Lend"), 1);
        harness.press("q n");
    })
    .await;
}

#[test]
fn keys_that_come_together_with_the_loan_of_the_terminal_are_not_for_the_editor() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let command = ReadableSource::Command(vec!["pass".to_owned()]);
    let own = harness.model.session.as_mut().expect("a session");
    (own.context.token_source, own.is_token_refused) = (TokenSource::Readable(command), true);
    harness.tell(Message::Keys { keys: vec![Key::Char('r'), Key::Esc], burst: false });
    assert!(matches!(harness.effects.as_slice(), [Effect::LendTerminal, Effect::Renew(..)]));
}

#[tokio::test]
async fn keys_right_behind_the_loan_of_the_terminal_are_dropped_by_the_loop() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new("token-lent"), demo.hooks());
    let token = demo.agent("acme").expect("an agent").token().to_owned();
    window.write("config.toml", &Window::text(&demo, &format!("token_command = ['/bin/echo', '{token}']\n")));
    let setup = window.setup();
    hooks.fail_always(Method::Patch, Fault::not_applied(Answer::status(401)));
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter esc");
        harness.read("Ask visitors").await;
        harness.press("space s");
        harness.read("The token of acme was refused").await;
        harness.press("r esc");
        harness.read("Read again").await;
        harness.press("q n");
    })
    .await;
}

#[test]
fn a_trial_ends_where_the_quit_question_takes_its_place() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space t").paste("x.y.z").press("enter");
    harness.effects.clear();
    harness.press("c-c");
    assert_eq!(harness.effects, [Effect::Abort]);
    assert!(harness.words().contains("Keep editing"));
}

#[test]
fn esc_gives_a_typed_token_up_and_the_old_one_stays() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("space t").paste("x.y.z").press("enter");
    let [Effect::Renew(request, renewal)] = harness.effects.as_slice() else {
        panic!("{:?}", harness.effects)
    };
    assert!(renewal.has_form && renewal.typed.is_some() && !format!("{renewal:?}").contains("x.y.z"));
    let request = *request;
    assert!(harness.model.is_renewing(request));
    harness.press("enter x");
    assert!(harness.words().contains("trying it"), "one token is tried at a time");
    assert!(!harness.words().contains("Enter use this token"), "the footer shows what works now");
    harness.effects.clear();
    harness.press("esc");
    assert_eq!(harness.effects, [Effect::Abort]);
    assert!(!harness.model.is_renewing(request));
    let other = Session { name: Some("late".to_owned()), ..session() };
    harness.tell(Message::Renewed { request, result: Ok(new(other, Some(settings(true, "B")))) });
    assert_eq!(harness.model.session.as_ref().and_then(|own| own.name.as_deref()), Some("acme-prod"));
    assert!(harness.form().draft.is_dirty());
}

#[test]
fn what_is_no_token_is_refused_in_the_field_and_forgotten() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    harness.press("t").paste("NAME=x.y.z").press("enter");
    assert!(harness.effects.is_empty() && harness.words().contains("Not taken"));
    assert!(!harness.words().contains("character"), "the field is empty again");
    harness.press("esc t");
    assert!(!harness.words().contains("Not taken"));
}

#[test]
fn a_long_refusal_is_read_whole_on_the_smallest_screen() {
    let mut harness = ModelHarness::reading_at(settings(false, "A"), 40, 12);
    harness.press("t").paste("x.y.z").press("enter");
    let Some(Effect::Renew(request, _)) = harness.effects.last() else { panic!("{:?}", harness.effects) };
    let reason = "acme is for agent demoagent1, and this token is for agent demoagent2; nothing was stored. To use the \
                  name for another agent: convrating profiles remove acme.";
    harness.tell(Message::Renewed { request: *request, result: Err(reason.to_owned()) });
    assert!(harness.words().contains(&format!("> Not taken: {reason}")), "{}", harness.screen());
}

#[test]
fn a_helper_program_runs_again_for_r_only_after_a_refusal() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let command = ReadableSource::Command(vec!["pass".to_owned()]);
    let own = harness.model.session.as_mut().expect("a session");
    own.context.token_source = TokenSource::Readable(command);
    harness.press("r");
    let [Effect::Read(request)] = harness.effects.as_slice() else { panic!("{:?}", harness.effects) };
    let refusal = refused(401, "PERMISSION_DENIED", "");
    let request = *request;
    harness.tell(Message::Read { request, result: Err(refusal) });
    harness.effects.clear();
    harness.press("r");
    assert!(matches!(harness.effects.as_slice(), [Effect::LendTerminal, Effect::Renew(..)]));
}

#[test]
fn a_helper_program_runs_again_for_r_after_a_save_whose_first_read_was_refused() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let command = ReadableSource::Command(vec!["pass".to_owned()]);
    let own = harness.model.session.as_mut().expect("a session");
    own.context.token_source = TokenSource::Readable(command);
    harness.press("space s").save_steps([Event::Read(Err(refused(401, "PERMISSION_DENIED", "")))]);
    harness.effects.clear();
    harness.press("r");
    assert!(matches!(harness.effects.as_slice(), [Effect::LendTerminal, Effect::Renew(..)]));
}

#[test]
fn a_token_that_may_only_read_counts_as_refused_until_r_or_t() {
    let mut harness = ModelHarness::reading(settings(false, "A"));
    let own = harness.model.session.as_mut().expect("a session");
    own.read_only = Some(ReadOnly::Refused);
    harness.press("r");
    let [Effect::Renew(request, _)] = harness.effects.as_slice() else { panic!("{:?}", harness.effects) };
    let (request, result) = (*request, Ok(new(session(), None)));
    harness.tell(Message::Renewed { request, result });
    assert_eq!(harness.model.read_only(), None);
    // A helper program may have had the terminal until now: the read begins when it is the editor's again.
    assert_eq!(harness.effects.last(), Some(&Effect::Read(request)));
    harness.tell(Message::Read { request, result: Ok(settings(false, "A")) });
    // The source of this token cannot change while the editor runs.
    let own = harness.model.session.as_mut().expect("a session");
    (own.name, own.read_only) = (None, Some(ReadOnly::Refused));
    harness.effects.clear();
    harness.press("r");
    assert!(matches!(harness.effects.as_slice(), [Effect::Read(_)]) && harness.model.read_only().is_none());
}
