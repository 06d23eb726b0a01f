use std::ffi::OsString;

use super::*;

/// The profiles of `config` in an environment of these variables.
fn configured(config: &str, variables: &[(&str, &str)]) -> ConfiguredProfiles {
    let owned = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let config = Config::parse(config).map_err(|(_, fault)| fault.to_string()).unwrap();
    ConfiguredProfiles::new(Environment::new(owned, None), config)
}

/// `-p` and `--base-url`; an empty one was not given.
fn options(profile: &str, base_url: &str) -> AgentOptions {
    let choice = match profile {
        "" => TokenChoice::Preferred,
        name => TokenChoice::Profile(name.to_owned()),
    };
    let base_url = (!base_url.is_empty()).then(|| base_url.to_owned());
    AgentOptions { choice, base_url, ..AgentOptions::default() }
}

const CONFIG: &str = "default_profile = 'd'\n\
    [profiles.d]\ntoken_env = 'D'\n\
    [profiles.p]\ntoken_env = 'P'\nbase_url = 'https://p.example/x'\nprotected = true\n\
    [profiles.r]\ntoken_env = 'P'\nread_only = true\nscenario_id = 'mine'\n";

/// `-p`, the file, the variables, and what is selected: a profile, the variable's token, or nothing.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Result<Option<&'a str>, ()>);

#[test]
fn the_token_is_selected_in_this_order() {
    const ALL: [(&str, &str); 3] = [("CONVRATING_PROFILE", "p"), ("QUICKCHAT_API_TOKEN", "T"), ("X", "")];
    let cases: [Case; 9] = [
        ("r", CONFIG, &ALL, Ok(Some("r"))),
        ("", CONFIG, &ALL, Ok(Some("p"))),
        ("", CONFIG, &ALL[1..], Ok(None)),
        ("", CONFIG, &ALL[2..], Ok(Some("d"))),
        ("", CONFIG, &[("CONVRATING_PROFILE", "")], Ok(Some("d"))),
        ("", "", &ALL[1..], Ok(None)),
        ("", "", &[], Err(())),
        ("x", CONFIG, &ALL, Err(())),
        ("", CONFIG, &[("CONVRATING_PROFILE", "x"), ("QUICKCHAT_API_TOKEN", "T")], Err(())),
    ];
    for (flag, config, variables, expected) in cases {
        let configured = configured(config, variables);
        let selected = configured.select(&options(flag, ""));
        let name = selected.map(|entry| entry.map(|entry| entry.name.as_str()));
        assert_eq!(name.map_err(|_| ()), expected, "-p {flag:?} {variables:?}");
    }
}

#[tokio::test]
async fn an_empty_variable_is_refused_and_not_passed_over() {
    let configured = configured(CONFIG, &[("QUICKCHAT_API_TOKEN", "")]);
    let error = configured.open(&options("", "")).await.unwrap_err();
    assert_eq!(error.to_string(), "QUICKCHAT_API_TOKEN: the token is empty");
    assert!(!error.is_usage());
}

#[tokio::test]
async fn a_profiles_token_goes_to_its_own_host_alone() {
    let configured = configured(CONFIG, &[("P", "t"), ("QUICKCHAT_BASE_URL", "https://other.example")]);
    let open = async |base_url| configured.open(&options("p", base_url)).await;
    assert_eq!(open("").await.unwrap().base_url.to_string(), "https://p.example/x");
    assert_eq!(open("https://p.example/y").await.unwrap().base_url.to_string(), "https://p.example/y");
    for other in ["https://other.example", "https://p.example:8443", "http://localhost"] {
        let error = open(other).await.unwrap_err();
        assert!(matches!(error, ProfileError::OtherHost { .. }) && error.is_usage(), "{other}");
    }
    let warning = configured.warn_of_ignored_url(configured.entry("p").unwrap(), &options("p", ""));
    assert_eq!(
        warning.unwrap(),
        "QUICKCHAT_BASE_URL names other.example; it is ignored, since the token of p is for p.example"
    );
}

#[tokio::test]
async fn an_unnamed_token_goes_where_the_flag_says_or_else_the_variable() {
    let variables = [("QUICKCHAT_API_TOKEN", "t"), ("QUICKCHAT_BASE_URL", "https://v.example")];
    let configured = configured("", &variables);
    for (base_url, host) in [("", "v.example"), ("https://f.example", "f.example")] {
        assert_eq!(configured.open(&options("", base_url)).await.unwrap().base_url.host(), host);
    }
}

#[tokio::test]
async fn a_profile_brings_its_guards_along() {
    let configured = configured(CONFIG, &[("P", "t")]);
    for (name, is_protected, is_read_only) in [("p", true, false), ("r", false, true)] {
        let profile = configured.open(&options(name, "")).await.unwrap();
        assert_eq!((profile.is_protected, profile.is_read_only), (is_protected, is_read_only), "{name}");
    }
    let read_only = AgentOptions { is_read_only: true, ..options("p", "") };
    assert!(configured.open(&read_only).await.unwrap().is_read_only);
}

#[tokio::test]
async fn a_token_of_another_agent_is_refused() {
    // {"scenario_id":"theirs"}
    let configured = configured(CONFIG, &[("P", "e30.eyJzY2VuYXJpb19pZCI6InRoZWlycyJ9.c2ln")]);
    let error = configured.open(&options("r", "")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token of r (P) is for agent theirs, but the profile is for agent mine; nothing was sent"
    );
    assert_eq!(error.mend().unwrap(), "put its own token where P takes it from, or run convrating login r");
}

#[tokio::test]
async fn an_unknown_profile_is_an_error_with_the_names_that_there_are() {
    let error = configured(CONFIG, &[]).open(&options("x\u{1b}", "")).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no profile \"x^[\"; there are: d, p, r");
}

#[test]
fn a_variable_of_the_name_of_a_source_is_a_variable() {
    for variable in ["file", "login"] {
        let error = ProfileError::OtherAgent {
            profile: "a".to_owned(),
            from: ReadableSource::Variable(variable.to_owned()),
            found: "theirs".to_owned(),
            pinned: "mine".to_owned(),
        };
        let mend = format!("put its own token where {variable} takes it from, or run convrating login a");
        assert_eq!(error.mend().unwrap(), mend);
    }
}
