//! How many frames the list of profiles takes while it fills.

use std::fmt::Write as _;
use std::time::Instant;

use convrating::agents::{Config, ConfiguredProfiles, Environment, KnownProfiles};
use convrating::api::credentials::BaseUrl;
use convrating::editor::First;
use convrating::editor::message::Message;
use convrating::editor::model::{ProfileState, SurveyFailure};

use crate::support::editor_harness::{EditorHarness, agents, run, setup};

const PROFILES: usize = 1000;
/// The number of the request that fills the list at start.
const SURVEY: u64 = 1;

/// The editor at its list of a thousand profiles. None has a token, so each is answered at once and no server is asked.
async fn at_list(script: impl AsyncFnOnce(&mut EditorHarness)) {
    let mut config = String::new();
    for number in 0..PROFILES {
        writeln!(config, "[profiles.p{number:03}]\ntoken_env = 'NONE'").expect("a String");
    }
    let config = Config::parse(&config).expect("a configuration");
    let configured = ConfiguredProfiles::new(Environment::default(), config);
    let mut setup = setup(None);
    setup.first = First::List(BaseUrl::parse(BaseUrl::DEFAULT).expect("a URL"));
    setup.agents = agents(KnownProfiles::Configured(configured));
    run(setup, async |harness: &mut EditorHarness| {
        harness.read("1000 of 1000 answered").await;
        script(harness).await;
        harness.press("q");
    })
    .await;
}

fn answer(index: usize) -> Message {
    let failure = SurveyFailure {
        short: format!("late {index}"),
        reason: "It took its time.".to_owned(),
        is_about_token: false,
    };
    Message::Surveyed { request: SURVEY, index, state: ProfileState::Failed(failure) }
}

#[tokio::test]
async fn answers_one_after_the_other_share_their_frames() {
    at_list(async |harness| {
        let (started, before) = (Instant::now(), harness.count_frames());
        for index in 0..PROFILES {
            harness.happen(answer(index));
            // The loop takes each answer before the next one comes.
            tokio::task::yield_now().await;
        }
        harness.press("G");
        harness.read("late 999").await;
        let frames = harness.count_frames() - before;
        // One for the first answer, one for the key, and the others for the time that it took.
        let most = 2 + usize::try_from(started.elapsed().as_millis() / 100).expect("a short time");
        assert!(frames <= most, "{frames} frames, {most} at most");
    })
    .await;
}

#[tokio::test]
async fn a_key_and_the_answers_before_it_are_one_frame() {
    at_list(async |harness| {
        for index in 0..12 {
            let before = harness.count_frames();
            harness.happen(answer(index));
            harness.press("down");
            harness.read(&format!("late {index} ")).await;
            assert_eq!(harness.count_frames() - before, 1, "{index}");
        }
    })
    .await;
}
