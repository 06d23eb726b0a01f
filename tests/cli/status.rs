use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::support::{CONFIG, HISTORY, Home, Server, TOKENS};
use crate::support::closed_port::ClosedPort;

fn row<'a>(stdout: &'a str, label: &str) -> &'a str {
    stdout.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_default().trim()
}

/// A token that no server knows, which says that it ends in so many days.
fn ending_in(days: i64, scope: &str) -> String {
    let end = jiff::Timestamp::now().as_second() + days * 86_400 + 3600;
    let claims = format!("{{\"scenario_id\":\"x\",\"exp\":{end},\"scope\":\"{scope}\"}}");
    format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims))
}

#[test]
fn status_tells_who_is_who_and_that_it_works() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.run(&["status"], &server.variables("acme"));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for (label, value) in [
        ("Profile", "none"),
        ("Agent", "demoagent1"),
        ("Host", server.host()),
        ("Token", "from QUICKCHAT_API_TOKEN"),
        ("Can save", "not known until the first save"),
        ("Reading", "works: rating off, questions HELPFUL_THUMBS, EXPERIENCE_THUMBS"),
    ] {
        assert_eq!(row(&ran.stdout, label), value);
    }
    assert!(row(&ran.stdout, "Valid").ends_with(", 52 weeks left"), "{ran:?}");
    let json = home.run(&["status", "--json"], &server.variables("acme")).json();
    assert_eq!((&json["works"], &json["scope"]), (&true.into(), &().into()));
    assert!(json["days_left"].as_i64().is_some_and(|days| (363..=364).contains(&days)), "{json}");
    let files = home.run(&["status", "--json"], &[]).json()["files"].clone();
    let expected = [("configuration", CONFIG), ("tokens", TOKENS), ("history", HISTORY)];
    for (key, path) in expected {
        assert_eq!(files[key].as_str(), home.path(path).to_str());
    }
    assert_eq!(server.requests(), ["GET", "GET"]);
}

#[test]
fn a_token_that_ends_soon_is_a_warning_with_what_to_do() {
    let (home, server) = (Home::new(), Server::start());
    for (days, words) in
        [(31, ""), (29, ". Warning: make a new token soon"), (6, ". Warning: make a new token now")]
    {
        let token = ending_in(days, "read_all");
        let ran =
            home.run(&["status"], &[("QUICKCHAT_API_TOKEN", &token), ("QUICKCHAT_BASE_URL", &server.url)]);
        let valid = row(&ran.stdout, "Valid");
        assert!(valid.ends_with(&format!(" left{words}")), "{days} {ran:?}");
        assert_eq!(row(&ran.stdout, "Can save"), "no (scope read_all)");
        let mend =
            "make a new token in the Dashboard under External Apps > API, then set QUICKCHAT_API_TOKEN";
        assert_eq!((ran.code, row(&ran.stdout, "Fix")), (4, mend), "the server does not know it");
    }
}

#[test]
fn what_does_not_work_is_told_with_what_to_run() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.none]\nbase_url = '{url}'\nscenario_id = 'x1'\n[profiles.works]\ntoken_env = 'T'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("T", server.token("acme"))];
    let stdout = format!(
        "Profile    none\nAgent      x1\nHost       {}\nToken      from login\n\
         Reading    does not work: no token for none: none is stored; run: convrating login none\n\
         Fix        convrating login none\nConfig     {}\nTokens     {}\nHistory    {}\n",
        server.host(),
        home.path(CONFIG).display(),
        home.path(TOKENS).display(),
        home.path(HISTORY).display()
    );
    home.run(&["status", "-p", "none"], &variables).expect(4, &stdout, "");
    let ran = home.run(&["status", "--all"], &variables);
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "none   x1            failed  from login  no token for none: none is stored; run: convrating login none"
    );
    assert!(lines[1].starts_with("works  demoagent1    works   from T  until "), "{ran:?}");
    assert_eq!(ran.code, 4);
    let json = home.run(&["status", "--all", "--json"], &variables).json();
    assert_eq!((&json[0]["works"], &json[0]["agent"]), (&false.into(), &"x1".into()));
    assert_eq!(json[1]["works"], true);
}

#[test]
fn what_is_named_to_mend_it_mends_it() {
    let (home, server) = (Home::new(), Server::start());
    home.write("open", 0o644, "token");
    let port = ClosedPort::take();
    home.config(&format!(
        "[profiles.open]\ntoken_file = '../../open'\n[profiles.gone]\ntoken_file = '/nowhere/token'\n\
         [profiles.locked]\ntoken_command = ['/bin/false']\n[profiles.unset]\ntoken_env = 'NONE'\n\
         [profiles.other]\ntoken_env = 'T'\nscenario_id = 'mine'\n\
         [profiles.old]\ntoken_env = 'OLD'\nbase_url = '{}'\n[profiles.far]\ntoken_env = 'T'\nbase_url = 'http://{}'\n",
        server.url,
        port.address()
    ));
    let variables = [("T", server.token("acme")), ("OLD", "revoked")];
    let open = home.path(".config/convrating/../../open");
    let chmod = format!("chmod 600 {}", open.display());
    let made = "make a new token in the Dashboard under External Apps > API, then";
    let old = format!("{made} put it where OLD takes it from, or run convrating login old");
    let cases = [
        ("open", chmod.as_str()),
        ("gone", "put the token into /nowhere/token, alone"),
        ("locked", "see why the command false gives no token: token_command of locked in config.toml"),
        ("unset", "set NONE"),
        ("other", "put its own token where T takes it from, or run convrating login other"),
        ("old", &old),
        ("far", ""),
    ];
    let all = home.run(&["status", "--all"], &variables);
    for ((name, mend), line) in cases.into_iter().zip(all.stdout.lines()) {
        let ran = home.run(&["status", "-p", name], &variables);
        assert_eq!(row(&ran.stdout, "Fix"), mend, "{ran:?}");
        let json = home.run(&["status", "-p", name, "--json"], &variables).json();
        let hint = if mend.is_empty() { serde_json::Value::Null } else { mend.into() };
        assert_eq!(json["error"]["hint"], hint);
        assert!(line.starts_with(name) && line.contains("  failed  from ") && line.contains(mend), "{line}");
        assert!(!ran.stdout.contains("Not read"), "it has said so: {ran:?}");
    }
    // One that is set to nothing counts as unset.
    let empty = [("QUICKCHAT_API_TOKEN", " ")];
    let ran = home.run(&["status"], &empty);
    assert_eq!(row(&ran.stdout, "Fix"), "set QUICKCHAT_API_TOKEN to a token, or unset it");
    let json = home.run(&["get", "--json", "-p", "far"], &variables).json();
    assert_eq!(json["error"]["hint"], "convrating status");
}

#[test]
fn a_variable_of_the_name_of_a_source_is_not_taken_for_that_source() {
    let (home, server) = (Home::new(), Server::start());
    for variable in ["file", "login"] {
        home.config(&format!("[profiles.a]\ntoken_env = '{variable}'\nbase_url = '{}'\n", server.url));
        let ran = home.run(&["status", "-p", "a"], &[(variable, "revoked")]);
        // `convrating login` alone would put the stored token in place of the variable.
        let mend = format!(
            "make a new token in the Dashboard under External Apps > API, then put it where {variable} takes it from, \
             or run convrating login a"
        );
        assert_eq!((ran.code, row(&ran.stdout, "Fix")), (4, mend.as_str()), "{ran:?}");
    }
}

#[test]
fn a_list_says_where_each_token_is_from() {
    let ran = Home::new().run(&["status", "--demo", "--all"], &[]);
    let ends = |line: &str| if line.starts_with("expired ") { "ended " } else { "until " };
    let is_right = |line: &str| line.contains(&format!("  works   from the demo  {}", ends(line)));
    let from: Vec<_> = ran.stdout.lines().map(is_right).collect();
    assert_eq!((ran.code, from), (0, vec![true; 9]), "{}", ran.stdout);
}
