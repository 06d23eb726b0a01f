use std::io::{BufReader, Read as _};

use convrating::demo::Method;

use super::support::{Home, Server};
use crate::support::configuration::object;

#[test]
fn get_tells_whose_configuration_it_is_and_what_it_says() {
    let (home, server) = (Home::new(), Server::start());
    let stdout = format!(
        "Profile    none\nAgent      demoagent3\nHost       {}\nToken      from QUICKCHAT_API_TOKEN, 52 weeks left\n\
         Rating     flags disagree: active on, popup off\nQuestions  HELPFUL_THUMBS\n           NPS_SCORE\n",
        server.host()
    );
    home.run(&["get"], &server.variables("mixed")).expect(0, &stdout, "");
    assert_eq!(server.requests(), ["GET"]);
}

#[test]
fn get_json_is_the_apis_own_object() {
    let (home, server) = (Home::new(), Server::start());
    let stdout = "{\"conv_rating_active\":true,\"conv_rating_popup_active\":false,\
                  \"conv_rating_question_codes\":[\"HELPFUL_THUMBS\",\"NPS_SCORE\"]}\n";
    home.run(&["get", "--json"], &server.variables("mixed")).expect(0, stdout, "");
}

#[test]
fn several_profiles_are_told_in_their_order_and_one_that_fails_stops_no_other() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.zoo]\ntoken_env = 'A'\nbase_url = '{url}'\n[profiles.gone]\ntoken_env = 'NONE'\n\
         [profiles.b]\ntoken_env = 'B'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme")), ("B", server.token("readonly"))];
    let stdout = "zoo   demoagent1    off       HELPFUL_THUMBS, EXPERIENCE_THUMBS\n\
                  gone  -             failed    no token for gone: the variable NONE is not set\n\
                  b     demoagent2    on        HELPFUL_THUMBS\n";
    home.run(&["get", "--all"], &variables).expect(4, stdout, "");
    home.run(&["get", "-p", "zoo", "-p", "gone", "-p", "b"], &variables).expect(4, stdout, "");
    let ran = home.run(&["get", "--all", "--json"], &variables);
    let stdout = "[\n{\"profile\":\"zoo\",\"agent\":\"demoagent1\",\"configuration\":{\"conv_rating_active\":false,\
                  \"conv_rating_popup_active\":false,\"conv_rating_question_codes\":[\"HELPFUL_THUMBS\",\"EXPERIENCE_THUMBS\"]}},\n\
                  {\"profile\":\"gone\",\"agent\":null,\"error\":{\"kind\":\"token\",\"message\":\"no token for gone: the variable NONE is not set\",\
                  \"hint\":\"set NONE\",\"status\":null,\"code\":null}},\n\
                  {\"profile\":\"b\",\"agent\":\"demoagent2\",\"configuration\":{\"conv_rating_active\":true,\
                  \"conv_rating_popup_active\":true,\"conv_rating_question_codes\":[\"HELPFUL_THUMBS\"]}}\n]\n";
    ran.expect(4, stdout, "");
    assert_eq!(ran.json().as_array().map(Vec::len), Some(3));
}

#[test]
fn a_name_given_twice_is_asked_once_and_still_is_a_list() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.a]\ntoken_env = 'A'\nbase_url = '{}'\n", server.url));
    let ran = home.run(&["get", "-p", "a", "-p", "a", "--json"], &[("A", server.token("acme"))]);
    assert_eq!(ran.json().as_array().map(Vec::len), Some(1), "{ran:?}");
    assert_eq!(server.requests(), ["GET"]);
}

#[test]
fn ctrl_c_leaves_one_whole_json_document() {
    for command in ["get", "status"] {
        let (home, server, silent) = (Home::new(), Server::start(), Server::start());
        let held = silent.hooks.hold(Method::Get);
        home.config(&format!(
            "[profiles.a]\ntoken_env = 'A'\nbase_url = '{}'\n[profiles.b]\ntoken_env = 'A'\nbase_url = '{}'\n",
            server.url, silent.url
        ));
        let mut child = home.start(&[command, "--all", "--json"], &[("A", server.token("acme"))]);
        let mut stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut begun = [0; 12];
        stdout.read_exact(&mut begun).expect("the first answer");
        let mut text = String::from_utf8_lossy(&begun).into_owned();
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is there");
        stdout.read_to_string(&mut text).expect("output");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        let document: serde_json::Value = serde_json::from_str(&text).expect("one whole document");
        assert_eq!(document.as_array().map(Vec::len), Some(1), "{text}");
        drop(held);
    }
}

#[test]
fn an_ignored_variable_is_told_once_for_all() {
    let (home, server) = (Home::new(), Server::start());
    let profile = |name| format!("[profiles.{name}]\ntoken_env = 'A'\nbase_url = '{}'\n", server.url);
    home.config(&["a", "b", "c"].map(profile).concat());
    let variables = [("A", server.token("acme")), ("QUICKCHAT_BASE_URL", "https://other.example")];
    let stderr = "QUICKCHAT_BASE_URL is ignored, since each profile's token is for a host of its own\n";
    for command in ["get", "status"] {
        for arguments in
            [&[command, "--all"][..], &[command, "--all", "--json"], &[command, "-p", "a", "-p", "b"]]
        {
            let ran = home.run(arguments, &variables);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, stderr), "{arguments:?}");
        }
    }
}

#[test]
fn nobody_more_is_asked_once_nobody_reads_any_more() {
    use std::fmt::Write as _;
    const PROFILES: usize = 400;
    let (home, server) = (Home::new(), Server::start());
    let mut config = String::new();
    for number in 0..PROFILES {
        writeln!(config, "[profiles.p{number}]\ntoken_env = 'A'\nbase_url = '{}'", server.url)
            .expect("a String");
    }
    home.config(&config);
    for command in ["get", "status"] {
        let before = server.requests().len();
        let line = format!("$BIN {command} --all | head -1");
        let ran = home.shell(&line, &[("A", server.token("acme"))]);
        assert!(ran.stdout.starts_with("p0 ") && ran.stderr.is_empty(), "{ran:?}");
        let asked = server.requests().len() - before;
        assert!(asked < PROFILES / 2, "{asked} were asked");
    }
}

#[test]
fn a_name_that_is_not_there_asks_nobody() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!("[profiles.a]\ntoken_env = 'A'\nbase_url = '{}'\n", server.url));
    let stderr = "error: there is no profile \"b\"; there is: a\n";
    home.run(&["get", "-p", "a", "-p", "b"], &[("A", server.token("acme"))]).expect(2, "", stderr);
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn the_demo_reads_no_real_token() {
    let home = Home::new();
    home.write(super::support::CONFIG, 0o600, "this is no TOML");
    let variables = [("QUICKCHAT_API_TOKEN", "real"), ("CONVRATING_PROFILE", "real")];
    let ran = home.run(&["--demo=readonly", "get"], &variables);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with("Profile    readonly [DEMO]\nAgent      demoagent2\n"), "{ran:?}");
}

#[test]
fn a_closed_pipe_is_quiet_and_a_full_disk_is_an_error() {
    let home = Home::new();
    home.shell("$BIN get --demo --all | true", &[]).expect(0, "", "");
    let closed = home.shell("{ $BIN man; echo $? >&2; } | true", &[]);
    assert_eq!((closed.stdout.as_str(), closed.stderr.as_str()), ("", "0\n"));
    let stderr = "error: cannot write the output: no space left on device\n";
    home.shell("$BIN get --demo >/dev/full", &[]).expect(1, "", stderr);
    home.shell("$BIN --help >/dev/full", &[]).expect(1, "", stderr);
    let ran = home.shell("$BIN set --demo --active on >/dev/full", &[]);
    assert!(
        ran.code == 1 && ran.stderr.contains("\nSaved "),
        "what was saved is told where it can be: {ran:?}"
    );
    let closed = home.shell("{ $BIN set --demo --active on; echo $? >&3; } 3>&2 | true", &[]);
    assert!(!closed.stderr.contains("Saved"), "{closed:?}");
}

#[test]
fn ascii_output_has_nothing_else() {
    let home = Home::new();
    let ran = home.run(&["set", "--demo", "--active", "on", "--add", "ÉTÉ", "--dry-run", "--ascii"], &[]);
    assert!(ran.code == 0 && ran.stdout.is_ascii(), "{ran:?}");
    assert!(ran.stdout.contains("rating off -> on, <U+00C9>T<U+00C9> off -> on"), "{ran:?}");
    assert!(ran.stdout.contains("\"\\u00c9T\\u00c9\""), "the request's body is JSON: {ran:?}");
}

#[test]
fn wrong_usage_under_ascii_has_nothing_else() {
    let ran = Home::new().run(&["get", "--ascii", "é"], &[]);
    assert!(ran.code == 2 && ran.stderr.is_ascii() && ran.stderr.contains("<U+00E9>"), "{ran:?}");
}

#[test]
fn a_locale_without_utf_8_gets_nothing_but_ascii() {
    let home = Home::new();
    let run = |locale| {
        home.run(&["set", "--demo", "--active", "on", "--add", "É", "--dry-run"], &[("LC_ALL", locale)])
    };
    assert!(
        run("C").stdout.starts_with("Would change: rating off -> on, <U+00C9> off -> on\n"),
        "{:?}",
        run("C")
    );
    assert!(run("C.UTF-8").stdout.starts_with("Would change: rating off → on, É off → on\n"));
}

#[test]
fn the_request_log_has_a_line_for_each_request() {
    let (home, server) = (Home::new(), Server::start());
    let log = home.path("requests.log");
    let arguments = ["set", "--active", "on", "--log", log.to_str().expect("UTF-8")];
    assert_eq!(home.run(&arguments, &server.variables("acme")).code, 0);
    let text = std::fs::read_to_string(&log).expect("a log");
    let methods: Vec<_> = text.lines().map(|line| line.split(' ').nth(2).expect("a method")).collect();
    assert_eq!(methods, ["GET", "PATCH"], "{text}");
    let address = format!(" {}/v1/api/conversation_ratings/configuration 200 ", server.host());
    assert!(text.lines().all(|line| line.contains(&address) && line.ends_with(" ms attempt 1")), "{text}");
    assert_eq!(super::support::mode(&log), 0o600);
}

#[test]
fn hostile_codes_reach_no_terminal_as_they_are() {
    let (home, server) = (Home::new(), Server::start());
    let code = "\u{1b}[2J\u{9b}31m\u{202e}\u{7f}";
    let hostile = object([true; 2], &[code]);
    server.hooks.set_configuration("acme", hostile.clone());
    let hidden = |text: &str| text.chars().any(|c| c != '\n' && convrating::visible::is_hidden(c));
    for arguments in [
        &["get"][..],
        &["get", "--json"],
        &["status"],
        &["set", "--add", "X", "--dry-run"],
        &["set", "--add", "Y", "--json"],
    ] {
        let ran = home.run(arguments, &server.variables("acme"));
        assert!(ran.code == 0 && !hidden(&ran.stdout) && !hidden(&ran.stderr), "{ran:?}");
    }
    let ran = home.run(&["set", "--remove", code, "--remove", "Y", "--json"], &server.variables("acme"));
    assert_eq!(ran.json()["conv_rating_question_codes"], serde_json::json!([]), "the raw code was sent back");
}
