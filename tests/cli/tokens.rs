use std::fs;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::support::{CONFIG, Home, Ran, Server, TOKENS};
use crate::support::pty::Process;

/// What gives the token: the flag, the variables, whether the file has a default; and who is asked then.
type Case = (&'static [&'static str], &'static [&'static str], bool, Option<&'static str>);

const PRECEDENCE: [Case; 9] = [
    (&["-p", "flag"], &["CONVRATING_PROFILE", "QUICKCHAT_API_TOKEN"], true, Some("flag  ")),
    (&[], &["CONVRATING_PROFILE", "QUICKCHAT_API_TOKEN"], true, Some("variable  ")),
    (&[], &["CONVRATING_PROFILE"], false, Some("variable  ")),
    (&[], &["QUICKCHAT_API_TOKEN"], true, Some("none  QUICKCHAT_API_TOKEN")),
    (&[], &["QUICKCHAT_API_TOKEN"], false, Some("none  QUICKCHAT_API_TOKEN")),
    (&[], &[], true, Some("default  ")),
    (&["-p", "flag"], &[], false, Some("flag  ")),
    (&["--demo"], &["CONVRATING_PROFILE", "QUICKCHAT_API_TOKEN"], true, Some("acme [DEMO]  the demo")),
    (&[], &[], false, None),
];

#[test]
fn the_token_is_taken_in_the_documented_order() {
    let (home, server) = (Home::new(), Server::start());
    let profile = |name| format!("[profiles.{name}]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url);
    let profiles = ["flag", "variable", "default"].map(profile).concat();
    let values = [
        ("CONVRATING_PROFILE", "variable"),
        ("QUICKCHAT_API_TOKEN", server.token("mixed")),
        ("QUICKCHAT_BASE_URL", &server.url),
        ("T", server.token("acme")),
    ];
    for (flags, variables, has_default, expected) in PRECEDENCE {
        home.config(&format!("{}{profiles}", if has_default { "default_profile = 'default'\n" } else { "" }));
        let given = |name: &str| variables.contains(&name) || ["T", "QUICKCHAT_BASE_URL"].contains(&name);
        let environment: Vec<_> = values.into_iter().filter(|(name, _)| given(name)).collect();
        let ran = home.run(&[flags, &["get"]].concat(), &environment);
        let row = |label: &str| {
            let line = ran.stdout.lines().find(|line| line.starts_with(label));
            line.map(|line| line[label.len()..].trim().to_owned()).unwrap_or_default()
        };
        let told = format!("{}  {}", row("Profile"), row("Token").trim_start_matches("from "));
        match expected {
            Some(start) => {
                assert!(ran.code == 0 && told.starts_with(start), "{flags:?} {variables:?} {ran:?}");
            }
            None => {
                assert!(
                    ran.code == 4 && ran.stderr.ends_with("there are: flag, variable, default\n"),
                    "{ran:?}"
                );
            }
        }
    }
}

#[test]
fn a_profiles_token_goes_to_no_other_host() {
    let (home, server, other) = (Home::new(), Server::start(), Server::start());
    home.config(&format!("[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url));
    let variables = [("T", server.token("acme")), ("QUICKCHAT_BASE_URL", other.url.as_str())];
    let ran = home.run(&["get", "-p", "a", "--base-url", &other.url], &variables);
    let stderr = format!(
        "error: the token of a is for {} and is not sent to {}; --base-url does not go with this profile\n",
        server.host(),
        other.host()
    );
    ran.expect(2, "", &stderr);
    let ran = home.run(&["get", "-p", "a"], &variables);
    let stderr = format!(
        "QUICKCHAT_BASE_URL names {}; it is ignored, since the token of a is for {}\n",
        other.host(),
        server.host()
    );
    assert_eq!((ran.code, ran.stderr), (0, stderr));
    assert_eq!((server.requests().len(), other.requests().len()), (1, 0));
}

#[test]
fn a_token_of_another_agent_is_refused_before_any_request() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\nscenario_id = 'mine'\n",
        server.url
    ));
    let stderr = "error: the token of a (T) is for agent demoagent1, but the profile is for agent mine; nothing was sent\n";
    home.run(&["get", "-p", "a"], &[("T", server.token("acme"))]).expect(4, "", stderr);
    home.run(&["set", "-p", "a", "--active", "on"], &[("T", server.token("acme"))]).expect(4, "", stderr);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_pinned_profile_takes_no_token_that_names_no_agent() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\nscenario_id = 'mine'\n",
        server.url
    ));
    let payload = |claims: &str| format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
    let cases = [
        ("opaque".to_owned(), "its payload cannot be read"),
        (payload("{}"), "it has no scenario_id"),
        (payload(r#"{"scenario_id":7}"#), "its scenario_id is a number"),
        (payload(r#"{"scenario_id":["mine"]}"#), "its scenario_id is a list"),
        (payload(r#"{"scenario_id":null}"#), "its scenario_id is null"),
        (payload(r#"{"scenario_id":""}"#), "its scenario_id is empty"),
    ];
    for (token, reason) in &cases {
        let stderr = format!(
            "error: the token of a (T) names no agent ({reason}), but the profile is for agent mine; nothing was sent\n"
        );
        home.run(&["get", "-p", "a"], &[("T", token)]).expect(4, "", &stderr);
        home.run(&["set", "--active", "on", "--dry-run"], &[("T", token)]).expect(4, "", &stderr);
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn a_stored_token_goes_only_where_it_was_checked() {
    let (home, server, other) = (Home::new(), Server::start(), Server::start());
    let input = format!("{}\n", server.token("acme"));
    let ran = home.run_with_input(&["login", "a", "--base-url", &server.url], &[], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
    let config = fs::read_to_string(home.path(CONFIG)).expect("a file");
    home.config(&config.replace(&server.url, &other.url));
    let stderr = format!(
        "error: the stored token of a is for {}, but the profile's base_url is {}; nothing was sent\n",
        server.url, other.url
    );
    home.run(&["get"], &[]).expect(4, "", &stderr);
    home.run(&["set", "--active", "on"], &[]).expect(4, "", &stderr);
    let error = home.run(&["get", "--json"], &[]).json();
    assert_eq!(error["error"]["hint"], "convrating login a");
    assert_eq!((server.requests().len(), other.requests().len()), (1, 0));
    // The first version stored the token alone: it belongs to the profile's address.
    home.write(&format!("{TOKENS}/a"), 0o600, &format!("{}\n", other.token("acme")));
    assert_eq!(home.run(&["get"], &[]).code, 0);
    home.write(&format!("{TOKENS}/a"), 0o600, "{\"token\":\"s3cret\"}\n");
    let stderr = "error: no token for a: the stored token cannot be understood; run: convrating login a\n";
    home.run(&["get"], &[]).expect(4, "", stderr);
    assert_eq!((server.requests().len(), other.requests().len()), (1, 1));
}

fn with_file(home: &Home, server: &Server, prepare: &str) -> Ran {
    home.config(&format!("[profiles.a]\ntoken_file = '../../t'\nbase_url = '{}'\n", server.url));
    let line = format!("rm -rf $HOME/t; cd $HOME; umask 077; {prepare}; $BIN get -p a");
    let ran = home.shell(&line, &[("T", server.token("acme"))]);
    let path = home.path(".config/convrating/../../t");
    Ran { stderr: ran.stderr.replace(path.to_str().expect("UTF-8"), "T"), ..ran }
}

#[test]
fn a_token_file_is_a_regular_file_that_only_its_owner_can_read() {
    let (home, server) = (Home::new(), Server::start());
    let cases = [
        ("true", "the file T cannot be used: no such file or directory"),
        ("mkfifo t", "the file T cannot be used: it is a FIFO and not a regular file"),
        ("mkdir t", "the file T cannot be used: it is a directory and not a regular file"),
        ("ln -s /dev/zero t", "the file T cannot be used: it is a device and not a regular file"),
        (": > t", "the file T gives no token: the token is empty"),
        ("printf 'a\\nb\\n' > t", "the file T has more than one line; it must hold the token alone"),
        (
            "printf 'a b\\n' > t",
            "the file T gives no token: the token has white space or characters that no token has",
        ),
        ("echo $T > t; chmod 640 t", "others can read the file T (mode 0640); close it: chmod 600 T"),
        ("echo $T > t; chmod 604 t", "others can read the file T (mode 0604); close it: chmod 600 T"),
        ("head -c 70000 /dev/zero > t", "the file T cannot be used: it has more than 65536 bytes"),
    ];
    for (prepare, words) in cases {
        with_file(&home, &server, prepare).expect(4, "", &format!("error: no token for a: {words}\n"));
    }
    assert_eq!(server.requests(), [""; 0]);
    let ran = with_file(&home, &server, "printf '  %s \\n\\n' $T > t");
    assert!(ran.code == 0 && ran.stdout.contains("Token      from file, 52 weeks left\n"), "{ran:?}");
}

#[test]
fn a_token_command_runs_without_a_shell_and_its_words_are_shown_when_it_fails() {
    let (home, server) = (Home::new(), Server::start());
    let run = |command: &str| {
        home.config(&format!("[profiles.a]\ntoken_command = {command}\nbase_url = '{}'\n", server.url));
        home.run(&["get", "-p", "a"], &[("T", server.token("acme")), ("PATH", "/usr/bin:/bin")])
    };
    let ran = run("['/usr/bin/printenv', 'T']");
    assert!(ran.code == 0 && ran.stdout.contains("Token      from command printenv, "), "{ran:?}");
    let cases = [
        ("['echo', '$T']", ""),
        (
            "['/no/such/program', 's3cret']",
            "the program program of token_command cannot be started: no such file or directory",
        ),
        (
            "['sh', '-c', 'printf \"locked\\033\" >&2; exit 2']",
            "token_command sh failed (exit status: 2): \"locked^[\"",
        ),
        ("['true']", "command true gives no token: the token is empty"),
    ];
    for (command, words) in &cases[1..] {
        run(command).expect(4, "", &format!("error: no token for a: {words}\n"));
    }
    assert_eq!(run(cases[0].0).code, 4, "a shell would have put the token there");
}

#[test]
fn a_parent_that_ignores_the_end_of_children_is_no_obstacle() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\nbase_url = '{}'\ntoken_command = ['/bin/sh', '-c', 'echo $T']\n",
        server.url
    ));
    // Such a parent hands that down: the system then forgets how children end.
    let ran = home.shell("exec env --ignore-signal=CHLD $BIN get -p a", &[("T", server.token("acme"))]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn ctrl_c_ends_a_token_command_too() {
    let home = Home::new();
    // It holds no pipe: tail ends by itself where nothing reads its output any more.
    let endless = format!("exec tail --pid={} -f /dev/null > /dev/null 2> /dev/null", std::process::id());
    home.config(&format!("[profiles.a]\ntoken_command = ['/bin/sh', '-c', 'echo $$ > pid; {endless}']\n"));
    let child = home.start(&["get", "-p", "a"], &[("PATH", "/usr/bin:/bin")]);
    let deadline = Instant::now() + Duration::from_secs(15);
    let program = loop {
        let text = std::fs::read_to_string(home.path(".config/convrating/pid")).unwrap_or_default();
        if let (true, Ok(pid)) = (text.ends_with('\n'), text.trim().parse()) {
            break Process::with_id(pid);
        }
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    };
    let ours = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(ours, rustix::process::Signal::INT).expect("it is there");
    super::support::end(child).expect(130, "", "");
    program.wait_gone();
}

#[test]
fn a_token_variable_that_is_not_there_or_empty_is_told() {
    let home = Home::new();
    home.config("[profiles.a]\ntoken_env = 'T'\n");
    let unset = "error: no token for a: the variable T is not set\n";
    home.run(&["get", "-p", "a"], &[]).expect(4, "", unset);
    home.run(&["get", "-p", "a"], &[("T", "")]).expect(4, "", unset);
    // It counts as unset, and then the only profile is used.
    home.run(&["get"], &[("QUICKCHAT_API_TOKEN", "")]).expect(4, "", unset);
}

#[test]
fn an_address_that_would_show_the_token_is_refused() {
    let home = Home::new();
    let variables = [("QUICKCHAT_API_TOKEN", "t")];
    let ran = home.run(&["get", "--base-url", "http://example.org"], &variables);
    let stderr = "error: --base-url: the base URL \"http://example.org\" is not https; http is for this machine \
                  alone (127.0.0.1, ::1, localhost)\n";
    ran.expect(2, "", stderr);
    let ran = home.run(&["get", "--base-url", "https://me:pass@example.org"], &variables);
    assert!(ran.code == 2 && !ran.stderr.contains("pass"), "{ran:?}");
}
