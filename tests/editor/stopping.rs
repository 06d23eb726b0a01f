//! Esc ends whatever a save waits for, at once, with what is known.

use std::time::{Duration, Instant};

use convrating::demo::{Answer, Demo, End, Fault, Hold, Hooks, Method, Point};

use crate::support::editor_harness::{EditorHarness, profile, run_beside, setup};
use convrating::api::Timing;

/// A save is over so soon after Esc; a test waits three times as long.
const AT_ONCE: Duration = Duration::from_millis(100);

/// Opens the first agent with a user's own patience, stops it where `reach` has brought it, and reads how that ended.
async fn stop(reach: impl AsyncFnOnce(&mut EditorHarness, &Hooks) -> Option<Hold>, outcome: &str) -> Hooks {
    let demo = Demo::bind(0).expect("a demo");
    let mut setup = setup(Some(profile(&demo, "acme")));
    setup.agents = setup.agents.with_timing(Timing::default());
    let hooks = demo.hooks();
    run_beside(demo, setup, async |editor: &mut EditorHarness| {
        editor.read("Ask visitors").await;
        // What is held stays so to the end.
        let _held = reach(editor, &hooks).await;
        let pressed = Instant::now();
        editor.press("esc");
        editor.read(outcome).await;
        let took = pressed.elapsed();
        assert!(took < 3 * AT_ONCE, "{took:?}");
        editor.press("q n");
    })
    .await;
    hooks
}

#[tokio::test]
async fn esc_in_the_check_ends_it_at_once_and_nothing_was_sent() {
    let checking = async |editor: &mut EditorHarness, hooks: &Hooks| -> Option<Hold> {
        let check = hooks.hold(Method::Get);
        editor.press("space s");
        check.arrived().await;
        Some(check)
    };
    let hooks = stop(checking, "Not saved").await;
    assert_eq!((hooks.attempts(Method::Patch), hooks.applied("acme")), (0, 0));
}

#[tokio::test]
async fn esc_in_a_wait_ends_it_at_once_and_nothing_was_changed() {
    let waiting = async |editor: &mut EditorHarness, hooks: &Hooks| -> Option<Hold> {
        hooks.fail_next(Method::Patch, Fault::not_applied(Answer::retry_after(429, "9")));
        editor.press("space s");
        editor.read("9 s").await;
        None
    };
    let hooks = stop(waiting, "Not saved").await;
    assert_eq!((hooks.attempts(Method::Patch), hooks.applied("acme")), (1, 0));
}

#[tokio::test]
async fn esc_among_the_reads_after_a_lost_answer_ends_them_at_once_and_says_that_nobody_knows() {
    let probing = async |editor: &mut EditorHarness, hooks: &Hooks| -> Option<Hold> {
        let answer = hooks.hold_answer(Method::Patch);
        hooks.fail_next(Method::Patch, Fault::applied(Answer::Cut(Point::BeforeAnswer, End::Reset)));
        editor.press("space s");
        answer.arrived().await;
        let probe = hooks.hold(Method::Get);
        answer.release();
        probe.arrived().await;
        Some(probe)
    };
    let hooks = stop(probing, "Outcome unknown").await;
    assert_eq!((hooks.attempts(Method::Patch), hooks.applied("acme")), (1, 1));
}
