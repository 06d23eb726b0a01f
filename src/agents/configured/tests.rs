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

/// {"`scenario_id`":"theirs"}
const THEIRS: &str = "e30.eyJzY2VuYXJpb19pZCI6InRoZWlycyJ9.c2ln";

/// `-p`, the file, the variables, and what is selected: a profile, the variable's token, or why nothing is.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Result<Option<&'a str>, &'a str>);

#[test]
fn the_token_is_selected_in_this_order() {
    const ALL: [(&str, &str); 3] = [("CONVRATING_PROFILE", "p"), ("QUICKCHAT_API_TOKEN", "T"), ("X", "")];
    const ONE: &str = "[profiles.only]\ntoken_env = 'O'\n";
    const TWO: &str = "[profiles.only]\n[profiles.other]\n";
    const STRAY: &str = "default_profile = 'gone'\n[profiles.only]\n";
    const EMPTY: [(&str, &str); 2] = [("CONVRATING_PROFILE", ""), ("QUICKCHAT_API_TOKEN", "")];
    let cases: [Case; 17] = [
        ("r", CONFIG, &ALL, Ok(Some("r"))),
        ("", CONFIG, &ALL, Ok(Some("p"))),
        ("", CONFIG, &ALL[1..], Ok(None)),
        ("", CONFIG, &ALL[2..], Ok(Some("d"))),
        ("", CONFIG, &EMPTY, Ok(Some("d"))),
        ("", ONE, &EMPTY, Ok(Some("only"))),
        ("", ONE, &[], Ok(Some("only"))),
        ("", ONE, &ALL[1..], Ok(None)),
        ("", TWO, &ALL[1..], Ok(None)),
        ("other", TWO, &[], Ok(Some("other"))),
        (
            "",
            TWO,
            &[],
            Err(
                "nothing says which profile: give one with -p NAME, or convrating profiles default NAME; there are: only, other",
            ),
        ),
        (
            "",
            STRAY,
            &[],
            Err(
                "config.toml, line 1, column 1: default_profile: there is no profile \"gone\" (/.config/convrating/config.toml)",
            ),
        ),
        ("", "", &ALL[1..], Ok(None)),
        ("", "", &EMPTY, Err(NO_TOKEN)),
        ("", "", &[], Err(NO_TOKEN)),
        ("x", CONFIG, &ALL, Err("there is no profile \"x\"; there are: d, p, r")),
        (
            "",
            CONFIG,
            &[("CONVRATING_PROFILE", "x"), ("QUICKCHAT_API_TOKEN", "T")],
            Err("there is no profile \"x\"; there are: d, p, r"),
        ),
    ];
    for (flag, config, variables, expected) in cases {
        let configured = configured(config, variables);
        let selected = configured.select(&options(flag, ""));
        let name = selected.map(|entry| entry.map(|entry| entry.name.as_str()));
        let name = name.map_err(|error| error.to_string());
        assert_eq!(name, expected.map_err(str::to_owned), "-p {flag:?} {config} {variables:?}");
    }
}

const NO_TOKEN: &str =
    "no token: give one with convrating login NAME, or in QUICKCHAT_API_TOKEN; --demo needs none";

/// The file, the variables, and what is said of the variable that wins.
type Winner<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<&'a str>);

#[test]
fn the_variable_that_wins_over_a_profile_is_named() {
    const ONE: &str = "[profiles.only]\nscenario_id = 'x1'\n";
    const TWO: &str = "[profiles.a]\n[profiles.b]\nscenario_id = 'x2'\n";
    const TOKEN: (&str, &str) = ("QUICKCHAT_API_TOKEN", THEIRS);
    const B: (&str, &str) = ("CONVRATING_PROFILE", "b");
    let cases: [Winner; 9] = [
        (ONE, &[], None),
        (ONE, &[("QUICKCHAT_API_TOKEN", "")], None),
        (TWO, &[TOKEN], None),
        ("", &[TOKEN], None),
        (
            ONE,
            &[TOKEN],
            Some(
                "QUICKCHAT_API_TOKEN is set and wins where no -p is given: agent theirs; only is used with -p only",
            ),
        ),
        (
            CONFIG,
            &[("QUICKCHAT_API_TOKEN", "opaque")],
            Some(
                "QUICKCHAT_API_TOKEN is set and wins where no -p is given: agent unknown; d is used with -p d",
            ),
        ),
        (
            CONFIG,
            &[("CONVRATING_PROFILE", "r")],
            Some(
                "CONVRATING_PROFILE is set and wins where no -p is given: profile r, agent mine; d is used with -p d",
            ),
        ),
        (
            CONFIG,
            &[("CONVRATING_PROFILE", "x")],
            Some(
                "CONVRATING_PROFILE is set and wins where no -p is given: profile x, which is not there; d is used with -p d",
            ),
        ),
        (
            TWO,
            &[TOKEN, B],
            Some(
                "CONVRATING_PROFILE is set and wins where no -p is given, over QUICKCHAT_API_TOKEN too: profile b, agent x2",
            ),
        ),
    ];
    for (config, variables, expected) in cases {
        let warning = configured(config, variables).warn_of_winner();
        assert_eq!(warning.as_deref(), expected, "{config} {variables:?}");
    }
    assert_eq!(configured(TWO, &[B]).warn_of_winner_over("b"), None);
    assert!(configured(TWO, &[B]).warn_of_winner_over("a").is_some());
}

#[tokio::test]
async fn an_empty_variable_counts_as_unset() {
    let none = configured("", &[("QUICKCHAT_API_TOKEN", "")]).open(&options("", "")).await.unwrap_err();
    assert_eq!(none.to_string(), NO_TOKEN);
    let unset = configured(CONFIG, &[("P", "")]).open(&options("p", "")).await.unwrap_err();
    assert_eq!(unset.to_string(), "no token for p: the variable P is not set");
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
    let config = format!("{CONFIG}[profiles.u]\ntoken_env = 'P'\nread_only = true\n");
    let configured = configured(&config, &[("P", "t")]);
    for (name, is_protected, is_read_only) in [("p", true, false), ("u", false, true)] {
        let profile = configured.open(&options(name, "")).await.unwrap();
        assert_eq!((profile.is_protected, profile.is_read_only), (is_protected, is_read_only), "{name}");
    }
    let read_only = AgentOptions { is_read_only: true, ..options("p", "") };
    assert!(configured.open(&read_only).await.unwrap().is_read_only);
}

#[tokio::test]
async fn a_token_of_another_agent_is_refused() {
    let configured = configured(CONFIG, &[("P", THEIRS)]);
    let error = configured.open(&options("r", "")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token of r (P) is for agent theirs, but the profile is for agent mine; nothing was sent"
    );
    assert_eq!(error.mend().unwrap(), "put its own token where P takes it from, or run convrating login r");
}

#[tokio::test]
async fn a_pin_refuses_a_token_that_does_not_name_its_agent_exactly() {
    let cases = [
        ("opaque", "its payload cannot be read"),
        ("e30.!!!.c2ln", "its payload cannot be read"),
        // {}, {"scenario_id":7}, ["mine"], null, "".
        ("e30.e30.c2ln", "it has no scenario_id"),
        ("e30.eyJzY2VuYXJpb19pZCI6N30.c2ln", "its scenario_id is a number"),
        ("e30.eyJzY2VuYXJpb19pZCI6WyJtaW5lIl19.c2ln", "its scenario_id is a list"),
        ("e30.eyJzY2VuYXJpb19pZCI6bnVsbH0.c2ln", "its scenario_id is null"),
        ("e30.eyJzY2VuYXJpb19pZCI6IiJ9.c2ln", "its scenario_id is empty"),
    ];
    for (token, reason) in cases {
        let error = configured(CONFIG, &[("P", token)]).open(&options("r", "")).await.unwrap_err();
        let words = format!(
            "the token of r (P) names no agent ({reason}), but the profile is for agent mine; nothing was sent"
        );
        assert_eq!((error.to_string(), error.is_usage()), (words, false), "{token}");
    }
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

/// {"`scenario_id`":"mine"}
const MINE: &str = "e30.eyJzY2VuYXJpb19pZCI6Im1pbmUifQ.c2ln";

#[tokio::test]
async fn a_pinned_profile_takes_the_token_of_its_agent() {
    let profile = configured(CONFIG, &[("P", MINE)]).open(&options("r", "")).await.unwrap();
    assert_eq!((profile.name.as_deref(), profile.token.expose()), (Some("r"), MINE));
    let typed = |token| configured(CONFIG, &[]).open_with("r", Token::new(token).unwrap(), &options("", ""));
    assert_eq!(typed(MINE).unwrap().token.expose(), MINE);
    assert!(matches!(typed(THEIRS), Err(ProfileError::PinnedElsewhere { .. })));
}

#[test]
fn a_profile_with_a_token_that_the_user_typed_is_still_that_profile() {
    const GUARDED: &str = "[profiles.s]\nbase_url = 'https://p.example/x'\nprotected = true\nread_only = true\n\
                           [profiles.v]\ntoken_env = 'V'\n";
    let configured = configured(GUARDED, &[]);
    let open = |name, base_url| {
        let token = Token::new("new").unwrap();
        configured.open_with(name, token, &options("", base_url)).unwrap()
    };
    let stored = TokenSource::Readable(ReadableSource::Stored);
    // A stored token is for the profile's own address.
    let cases = [
        ("s", "", true, stored),
        ("s", "https://p.example/y", true, TokenSource::Prompt),
        ("v", "", false, TokenSource::Prompt),
    ];
    for (name, base_url, is_guarded, source) in cases {
        let profile = open(name, base_url);
        assert_eq!((profile.name.as_deref(), profile.source), (Some(name), source), "{name} {base_url}");
        let own = configured.entry(name).unwrap().base_url.to_string();
        let expected = if base_url.is_empty() { own } else { base_url.to_owned() };
        assert_eq!(profile.base_url.to_string(), expected, "{name} {base_url}");
        assert_eq!((profile.is_protected, profile.is_read_only), (is_guarded, is_guarded), "{name}");
    }
}

#[test]
fn an_address_on_the_same_host_is_not_warned_of() {
    let warn = |url| {
        let configured = configured(CONFIG, &[("QUICKCHAT_BASE_URL", url)]);
        configured.warn_of_ignored_url(configured.entry("p").unwrap(), &options("p", ""))
    };
    assert_eq!(warn("https://p.example/z"), None);
    assert!(warn("https://q.example/x").is_some() && warn("no address").is_some());
}

#[test]
fn a_stored_token_is_for_the_address_that_it_was_checked_at() {
    let configured = configured(CONFIG, &[]);
    let refuse = |url| {
        let binding = TokenBinding { base_url: BaseUrl::parse(url).unwrap(), agent: None };
        refuse_other_url(configured.entry("p").unwrap(), Some(binding)).map_err(|error| error.to_string())
    };
    assert_eq!(refuse("https://p.example/x"), Ok(()));
    let error = "the stored token of p is for https://p.example/y, but the profile's base_url is https://p.example/x; \
                 nothing was sent";
    assert_eq!(refuse("https://p.example/y"), Err(error.to_owned()));
    assert!(refuse_other_url(configured.entry("p").unwrap(), None).is_ok());
}
