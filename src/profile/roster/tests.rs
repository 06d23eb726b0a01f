use std::ffi::OsString;

use super::*;

/// A roster of `config` in an environment of these variables.
fn roster(config: &str, variables: &[(&str, &str)]) -> Roster {
    let owned = variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    let config = Config::parse(config).map_err(|(_, fault)| fault.to_string()).unwrap();
    Roster::new(Environment::new(owned, None), config)
}

fn wish(profile: &str, base_url: &str) -> Wish {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Wish { profile: given(profile), base_url: given(base_url), is_read_only: false }
}

const CONFIG: &str = "default_profile = 'd'\n\
    [profiles.d]\ntoken_env = 'D'\n\
    [profiles.p]\ntoken_env = 'P'\nbase_url = 'https://p.example/x'\nprotected = true\n\
    [profiles.r]\ntoken_env = 'P'\nread_only = true\nscenario_id = 'mine'\n";

/// `-p`, the file, the variables, and who is chosen: a profile, the variable's token, or nobody.
type Case<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], Result<Option<&'a str>, ()>);

#[test]
fn the_token_is_chosen_in_this_order() {
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
        let roster = roster(config, variables);
        let chosen = roster.choose((!flag.is_empty()).then_some(flag)).map(|choice| match choice {
            Choice::Profile(entry) => Some(entry.name.as_str()),
            Choice::Variable => None,
        });
        assert_eq!(chosen.map_err(|_| ()), expected, "-p {flag:?} {variables:?}");
    }
}

#[test]
fn an_empty_variable_is_refused_and_not_passed_over() {
    let error = roster(CONFIG, &[("QUICKCHAT_API_TOKEN", "")]).open(&wish("", "")).unwrap_err();
    assert_eq!(error.to_string(), "QUICKCHAT_API_TOKEN: the token is empty");
    assert!(!error.is_usage());
}

#[test]
fn a_profiles_token_goes_to_its_own_host_alone() {
    let roster = roster(CONFIG, &[("P", "t"), ("QUICKCHAT_BASE_URL", "https://other.example")]);
    let open = |base_url| roster.open(&wish("p", base_url));
    assert_eq!(open("").unwrap().base_url.to_string(), "https://p.example/x");
    assert_eq!(open("https://p.example/y").unwrap().base_url.to_string(), "https://p.example/y");
    for other in ["https://other.example", "https://p.example:8443", "http://localhost"] {
        let error = open(other).unwrap_err();
        assert!(matches!(error, ProfileError::OtherHost { .. }) && error.is_usage(), "{other}");
    }
    let ignored = roster.ignored_url(roster.entry("p").unwrap(), &wish("p", "")).unwrap();
    assert_eq!(
        ignored,
        "QUICKCHAT_BASE_URL names other.example; it is ignored, since the token of p is for p.example"
    );
}

#[test]
fn an_unnamed_token_goes_where_the_flag_says_or_else_the_variable() {
    let variables = [("QUICKCHAT_API_TOKEN", "t"), ("QUICKCHAT_BASE_URL", "https://v.example")];
    let roster = roster("", &variables);
    let host = |base_url| roster.open(&wish("", base_url)).unwrap().base_url.host();
    assert_eq!((host("").as_str(), host("https://f.example").as_str()), ("v.example", "f.example"));
}

#[test]
fn a_profile_brings_its_guards_along() {
    let roster = roster(CONFIG, &[("P", "t")]);
    let guards = |name| roster.open(&wish(name, "")).map(|p| (p.is_protected, p.is_read_only)).unwrap();
    assert_eq!((guards("p"), guards("r")), ((true, false), (false, true)));
    let asked = Wish { is_read_only: true, ..wish("p", "") };
    assert!(roster.open(&asked).unwrap().is_read_only);
}

#[test]
fn a_token_of_another_agent_is_refused() {
    // {"scenario_id":"theirs"}
    let roster = roster(CONFIG, &[("P", "e30.eyJzY2VuYXJpb19pZCI6InRoZWlycyJ9.c2ln")]);
    let error = roster.open(&wish("r", "")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the token of r (P) is for agent theirs, but the profile is for agent mine; nothing was sent"
    );
}

#[test]
fn an_unknown_profile_is_told_with_the_names_there_are() {
    let error = roster(CONFIG, &[]).open(&wish("x\u{1b}", "")).unwrap_err();
    assert_eq!(error.to_string(), "there is no profile \"x^[\"; there are: d, p, r");
}
