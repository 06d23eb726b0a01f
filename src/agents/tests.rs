use std::time::Duration;

use super::*;

/// Agents with one profile that is ready.
fn agents(is_read_only: bool) -> Agents {
    let profile = Profile::unnamed(base_url(), Token::new("first").unwrap(), TokenSource::Demo);
    let profile = Profile { name: Some("a".to_owned()), is_read_only, ..profile };
    Agents::new(KnownProfiles::Ready(vec![profile]))
}

fn base_url() -> BaseUrl {
    BaseUrl::parse("http://127.0.0.1:9").unwrap()
}

#[test]
fn every_connection_has_the_times_that_the_agents_were_given() {
    let timing = Timing { read: Duration::from_secs(7), ..Timing::default() };
    let agents = agents(false).with_timing(timing.clone());
    assert_eq!(agents.timing(), &timing);
    let profile = Profile::unnamed(base_url(), Token::new("t").unwrap(), TokenSource::Prompt);
    assert_eq!(agents.connect(profile).client.timing(), &timing);
}

#[tokio::test]
async fn a_connection_with_another_token_is_read_only_where_its_profile_is_or_beside_no_profile_the_user_says_so()
 {
    for (name, of_profile, of_user, expected) in [
        (Some("a"), false, false, false),
        (Some("a"), true, false, true),
        (None, true, false, false),
        (None, false, true, true),
    ] {
        let options = AgentOptions { is_read_only: of_user, ..AgentOptions::default() };
        let token = Token::new("new").unwrap();
        let opened = agents(of_profile).open_with(name, token, &base_url(), &options).await.unwrap();
        assert_eq!(opened.profile.is_read_only, expected, "{name:?} {of_profile} {of_user}");
    }
}

#[tokio::test]
async fn beside_profiles_that_are_ready_no_profile_is_added() {
    let (agents, token) = (agents(false), Token::new("new").unwrap());
    let opened = agents.open_new("b", token.clone(), &AgentOptions::default()).await;
    assert!(matches!(opened, Err(ChangeError::NoFile)));
    let profile = Profile::unnamed(base_url(), token, TokenSource::Prompt);
    assert!(matches!(agents.store_new("b", &profile).await, Err(ChangeError::NoFile)));
}

#[test]
fn debug_shows_the_profiles_and_no_token() {
    let shown = format!("{:?}", agents(false));
    assert!(shown.starts_with("Agents { known: Ready([Profile { name: Some(\"a\")"), "{shown}");
    assert!(!shown.contains("first"), "{shown}");
}
