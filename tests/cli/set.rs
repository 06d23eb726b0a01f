use convrating::demo::{Answer, End, Fault, FaultEffect, Method, Point};
use serde_json::json;

use super::support::{HISTORY, Home, Ran, Server, UNDOCUMENTED, within, without_times};
use crate::support::configuration::object;

const ON: &str = r#"PATCH {"conv_rating_active":true,"conv_rating_popup_active":true}"#;

fn set(home: &Home, server: &Server, arguments: &[&str]) -> Ran {
    let arguments: Vec<_> = std::iter::once("set").chain(arguments.iter().copied()).collect();
    let ran = home.run(&arguments, &server.variables("acme")).after(&server.profile_line("acme"));
    Ran { stdout: without_times(&ran.stdout), ..ran }
}

#[test]
fn set_sends_what_differs_and_says_what_changed() {
    let (home, server) = (Home::new(), Server::start());
    let stdout = "Saved HH:MM:SS: rating off → on (confirmed by the server)\n";
    set(&home, &server, &["--active", "on"]).expect(0, stdout, "");
    assert_eq!(server.requests(), ["GET", ON]);
    let again = "Nothing to change: the server already has this.\n";
    set(&home, &server, &["--active", "on"]).expect(0, again, "");
    assert_eq!(server.requests(), ["GET", ON, "GET"]);
}

#[test]
fn questions_are_added_removed_or_given_whole() {
    let (home, server) = (Home::new(), Server::start());
    let codes = || server.hooks.configuration("acme")["conv_rating_question_codes"].clone();
    assert_eq!(set(&home, &server, &["--add", "NPS", "--remove", "HELPFUL_THUMBS"]).code, 0);
    assert_eq!(codes(), json!(["EXPERIENCE_THUMBS", "NPS"]));
    assert_eq!(set(&home, &server, &["--question", "X", "--question", "NPS"]).code, 0);
    assert_eq!(codes(), json!(["NPS", "X"]));
    let ran = set(&home, &server, &["--active", "on", "--remove", "X", "--remove", "NPS"]);
    assert_eq!(ran.stderr, "Warning: the rating is on and no question is asked.\n");
    assert_eq!(codes(), json!([]));
}

#[test]
fn a_dry_run_shows_the_request_and_sends_nothing() {
    let (home, server) = (Home::new(), Server::start());
    let request = format!(
        "PATCH {}/v1/api/conversation_ratings/configuration\n{}\n",
        server.url,
        ON.trim_start_matches("PATCH ")
    );
    let stdout = format!("Would change: rating off → on\n{request}");
    set(&home, &server, &["--active", "on", "--dry-run"]).expect(0, &stdout, "");
    let body = ON.trim_start_matches("PATCH ");
    let json = format!(
        "{{\"changes\":[{{\"setting\":\"rating\",\"before\":\"off\",\"after\":\"on\"}}],\
         \"request\":{{\"method\":\"PATCH\",\"url\":\"{}/v1/api/conversation_ratings/configuration\",\"body\":{body}}},\
         \"configuration\":{{\"conv_rating_active\":true,\"conv_rating_popup_active\":true,\
         \"conv_rating_question_codes\":[\"HELPFUL_THUMBS\",\"EXPERIENCE_THUMBS\"]}}}}\n",
        server.url
    );
    set(&home, &server, &["--active", "on", "--dry-run", "--json"]).expect(0, &json, "");
    let nothing = "{\"changes\":[],\"request\":null,\"configuration\":{\"conv_rating_active\":false,\
                   \"conv_rating_popup_active\":false,\
                   \"conv_rating_question_codes\":[\"HELPFUL_THUMBS\",\"EXPERIENCE_THUMBS\"]}}\n";
    set(&home, &server, &["--active", "off", "--dry-run", "--json"]).expect(0, nothing, "");
    assert_eq!(server.requests(), ["GET"; 3]);
    assert!(!home.path(HISTORY).exists());
}

#[test]
fn set_json_prints_the_apis_own_object() {
    let (home, server) = (Home::new(), Server::start());
    let ran = set(&home, &server, &["--active", "on", "--json"]);
    assert_eq!(ran.json(), server.hooks.configuration("acme"));
}

#[test]
fn a_code_that_no_form_takes_is_refused_before_any_request() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.run(&["set", "--add", "A B"], &server.variables("acme"));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.starts_with("error: --add A B: A code has no white space inside.\n"), "{ran:?}");
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn several_codes_in_one_option_are_refused_with_the_options_that_were_meant() {
    let (home, server) = (Home::new(), Server::start());
    let fault = "error: --add NPS,CSAT: A code has no comma inside; add each code by itself. \
                 Write --add NPS --add CSAT.";
    let ran = home.run(&["set", "--add", "NPS,CSAT"], &server.variables("acme"));
    assert_eq!((ran.code, ran.stderr.lines().next()), (2, Some(fault)));
    assert_eq!(server.requests(), [""; 0]);
    // A code that the server has may be named whatever it holds, and so its list is read first.
    let fault = "error: --question A,B: A code has no comma inside; add each code by itself.\n";
    set(&home, &server, &["--question", "A,B"]).expect(2, "", fault);
    server.hooks.set_configuration("acme", object([false; 2], &["A,B", "C"]));
    let stdout = "Saved HH:MM:SS: C on → off (confirmed by the server)\n";
    set(&home, &server, &["--question", "A,B"]).expect(0, stdout, "");
    assert_eq!(server.hooks.configuration("acme"), object([false; 2], &["A,B"]));
}

#[test]
fn a_code_that_may_be_misspelt_is_sent_with_a_warning() {
    let spelt = |code: &str| format!("Warning: {code} is neither on the server nor documented.\n");
    for option in ["--add", "--question"] {
        let (home, server) = (Home::new(), Server::start());
        server.hooks.set_configuration("acme", object([false; 2], &["KNOWN"]));
        let arguments = [[option, "HELPFUL_TUMBS"], [option, "HELPFUL_THUMBS"], [option, "KNOWN"]].concat();
        let dry = set(&home, &server, &[&arguments[..], &["--dry-run", "--json"]].concat());
        assert_eq!((dry.code, dry.stderr), (0, spelt("HELPFUL_TUMBS")));
        let ran = set(&home, &server, &arguments);
        assert_eq!((ran.code, ran.stderr), (0, spelt("HELPFUL_TUMBS")));
        let again = set(&home, &server, &arguments);
        assert_eq!((again.code, again.stderr.as_str()), (0, ""), "the server has it now");
        assert_eq!(server.hooks.applied("acme"), 1);
    }
}

#[test]
fn removing_a_code_that_is_not_there_warns_and_is_no_failure() {
    let (home, server) = (Home::new(), Server::start());
    let gone = "Warning: --remove NPS: the server does not have this code.\n";
    let nothing = "Nothing to change: the server already has this.\n";
    set(&home, &server, &["--remove", "NPS"]).expect(0, nothing, gone);
    let both = ["--remove", "NPS", "--remove", "HELPFUL_THUMBS", "--json"];
    let ran = set(&home, &server, &both);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, gone));
    assert_eq!(ran.json(), object([false; 2], &["EXPERIENCE_THUMBS"]));
    assert_eq!(ran.json(), server.hooks.configuration("acme"));
    set(&home, &server, &["--remove", "HELPFUL_THUMBS"]).expect(
        0,
        nothing,
        &gone.replace("NPS", "HELPFUL_THUMBS"),
    );
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn a_code_that_the_servers_list_has_no_room_for_is_a_failure_and_no_wrong_usage() {
    let (home, server) = (Home::new(), Server::start());
    let codes: Vec<_> = (0..500).map(|number| format!("C{number}")).collect();
    server.hooks.set_configuration("acme", object([true; 2], &codes));
    let ran = set(&home, &server, &["--add", "N"]);
    assert!(
        ran.code == 1 && ran.stderr.starts_with("error: --add N: ") && ran.stderr.contains("500 codes"),
        "{ran:?}"
    );
}

#[test]
fn another_read_before_the_change_conflicts_with_nothing_since_no_user_saw_the_first_one() {
    let wait = "Too many requests (429). Next try in 1 s; Ctrl-C stops.\n";
    let cases = [(Answer::retry_after(429, "1"), wait), (Answer::error(409, "CONFLICT", "not now"), "")];
    let cases = cases.map(|(busy, told)| (busy, UNDOCUMENTED.to_owned() + told));
    for (busy, stderr) in cases {
        let (home, server) = (Home::new(), Server::start());
        server.hooks.fail_next(Method::Patch, Fault::not_applied(busy));
        let held = server.hooks.hold_answer(Method::Patch);
        let child = home.start(&["set", "--question", "N"], &server.variables("acme"));
        within(held.arrived());
        server.hooks.set_configuration("acme", object([false; 2], &["THEIRS"]));
        held.release();
        let ran = super::support::end(child).after(&server.profile_line("acme"));
        let stdout = "Saved HH:MM:SS: THEIRS on → off, N off → on (confirmed by the server)\n";
        Ran { stdout: without_times(&ran.stdout), ..ran }.expect(0, stdout, &stderr);
        assert_eq!(server.hooks.configuration("acme"), object([false; 2], &["N"]));
    }
}

#[test]
fn an_outcome_that_cannot_be_known_is_six_and_so_is_the_history() {
    let (home, server) = (Home::new(), Server::start());
    let broken = || Answer::Cut(Point::BeforeAnswer, End::Close);
    server.hooks.fail_next(Method::Get, Fault::none());
    server.hooks.fail_always(Method::Get, Fault::applied(broken()));
    server.hooks.fail_next(Method::Patch, Fault::new(FaultEffect::Applied, broken()));
    let ran = set(&home, &server, &["--active", "on"]);
    let stderr = "Outcome unknown: the connection broke after sending and the server cannot be read. \
                  Run convrating get before trying again.\n";
    ran.expect(6, "", stderr);
    server.hooks.heal();
    let history = home.run(&["history"], &[]);
    assert!(history.stdout.contains("  unknown    - (demoagent1, "), "{history:?}");
}

#[test]
fn a_protected_profile_wants_a_yes_and_a_read_only_one_never_writes() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.p]\ntoken_env = 'A'\nbase_url = '{url}'\nprotected = true\n\
         [profiles.r]\ntoken_env = 'A'\nbase_url = '{url}'\nread_only = true\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme"))];
    let run = |arguments: &[&str]| home.run(arguments, &variables);
    let protected =
        "error: the profile p is protected: set wants --yes, or a yes on the terminal; nothing was sent\n";
    run(&["set", "-p", "p", "--active", "on"]).expect(2, "", protected);
    let read_only = "error: the profile r is read only; nothing was sent\n";
    run(&["set", "-p", "r", "--active", "on"]).expect(2, "", read_only);
    assert_eq!(server.requests(), [""; 0]);
    assert_eq!(run(&["set", "-p", "p", "--active", "on", "--yes"]).code, 0);
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn set_says_whom_it_changes_before_the_work() {
    let (home, server) = (Home::new(), Server::start());
    let config = format!("[profiles.p]\ntoken_env = 'A'\nbase_url = '{}'\nprotected = true\n", server.url);
    home.config(&config);
    let profile_line =
        format!("Profile p [PROTECTED], agent demoagent1, host {}, token from A\n", server.host());
    let variables = [("A", server.token("acme"))];
    for more in [&["--yes"][..], &["--yes", "--json"], &["--dry-run"]] {
        let arguments = [&["set", "-p", "p", "--active", "on"], more].concat();
        assert!(home.run(&arguments, &variables).stderr.starts_with(&profile_line), "{more:?}");
    }
    server.hooks.fail_always(Method::Get, Fault::applied(Answer::html(200)));
    let ran = home.run(&["set", "-p", "p", "--active", "off", "--yes"], &variables);
    assert!(ran.stderr.starts_with(&format!("{profile_line}Not saved: ")), "{ran:?}");
    let ran = home.run(&["set", "--demo", "--active", "on"], &[]);
    assert!(ran.stderr.starts_with("Profile acme [DEMO], agent demoagent1, host "), "{ran:?}");
}

#[test]
fn a_profile_that_may_not_be_changed_stops_no_other() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.r]\ntoken_env = 'A'\nbase_url = '{url}'\nread_only = true\n\
         [profiles.p]\ntoken_env = 'A'\nbase_url = '{url}'\nprotected = true\n\
         [profiles.a]\ntoken_env = 'M'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme")), ("M", server.token("mixed"))];
    let ran = home.run(&["set", "-p", "r", "-p", "p", "-p", "a", "--add", "N"], &variables);
    assert_eq!(
        without_times(&ran.stdout),
        "r: the profile r is read only; nothing was sent\n\
         p: the profile p is protected: set wants --yes, or a yes on the terminal; nothing was sent\n\
         a: Saved HH:MM:SS: N off → on (confirmed by the server)\n"
    );
    assert_eq!((ran.code, server.hooks.applied("acme"), server.hooks.applied("mixed")), (2, 0, 1));
}

#[test]
fn a_dry_run_shows_the_request_of_each() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'A'\nbase_url = '{url}'\n[profiles.m]\ntoken_env = 'M'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme")), ("M", server.token("mixed"))];
    let request = format!("PATCH {}/v1/api/conversation_ratings/configuration", server.url);
    let one = |name, codes| {
        let body = format!("{{\"conv_rating_question_codes\":[\"HELPFUL_THUMBS\",{codes},\"N\"]}}");
        format!("{name}: Would change: N off → on\n{request}\n{body}\n")
    };
    let both = one("a", "\"EXPERIENCE_THUMBS\"") + &one("m", "\"NPS_SCORE\"");
    let arguments = ["set", "-p", "a", "-p", "m", "--add", "N", "--dry-run", "--json"];
    let warnings = ["a", "m"].map(|name| format!("{name}: {UNDOCUMENTED}")).concat();
    home.run(&arguments[..8], &variables).expect(0, &both, &warnings);
    let ran = home.run(&arguments, &variables);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, warnings.as_str()));
    let mixed = &ran.json()[1];
    assert_eq!((&mixed["profile"], &mixed["agent"]), (&"m".into(), &json!("demoagent3")));
    assert_eq!(mixed["changes"], json!([{"setting": "N", "before": "off", "after": "on"}]));
    let codes = json!(["HELPFUL_THUMBS", "NPS_SCORE", "N"]);
    assert_eq!(mixed["request"]["body"], json!({"conv_rating_question_codes": codes}));
    assert_eq!(mixed["configuration"]["conv_rating_question_codes"], codes);
    assert_eq!(server.requests(), ["GET"; 4]);
}

#[test]
fn a_change_that_was_saved_gives_way_to_a_signal_too() {
    let (home, server) = (Home::new(), Server::start());
    let held = server.hooks.hold_answer(Method::Patch);
    let child = home.start(&["set", "--active", "on"], &server.variables("acme"));
    within(held.arrived());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .expect("it is there");
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.starts_with("Saved ") && output.status.code().is_none(), "{output:?}");
    drop(held);
}

#[test]
fn several_profiles_are_set_each_for_itself() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'A'\nbase_url = '{url}'\n[profiles.r]\ntoken_env = 'R'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme")), ("R", server.token("readonly"))];
    let ran = home.run(&["set", "-p", "r", "-p", "a", "--add", "N"], &variables);
    assert_eq!(
        without_times(&ran.stdout),
        "r: Not saved: This token may only read (403). Use a write_all token. The server said: \
         \"Insufficient token scope. Required: write_all\".\na: Saved HH:MM:SS: N off → on (confirmed by the server)\n"
    );
    let stderr = ["r", "a"].map(|name| format!("{name}: {UNDOCUMENTED}")).concat();
    assert_eq!((ran.code, ran.stderr), (4, stderr));
}

#[test]
fn outcomes_that_stdout_loses_are_told_on_stderr() {
    let (home, server) = (Home::new(), Server::start());
    home.config(&format!(
        "[profiles.a]\ntoken_env = 'A'\nbase_url = '{url}'\n[profiles.r]\ntoken_env = 'R'\nbase_url = '{url}'\n",
        url = server.url
    ));
    let variables = [("A", server.token("acme")), ("R", server.token("readonly"))];
    let ran = home.shell("$BIN set -p a -p r --add N >/dev/full", &variables);
    let told: Vec<_> =
        ran.stderr.lines().map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    let expected = ["a: Warning:", "a: Saved", "r: Not", "r: Warning:", "error: cannot"];
    assert_eq!(told, expected, "{ran:?}");
    assert_eq!(ran.code, 4);
}

#[test]
fn ctrl_c_while_sending_stops_waiting_and_tells_what_is_known() {
    let (home, server) = (Home::new(), Server::start());
    let held = server.hooks.hold(Method::Patch);
    let child = home.start(&["set", "--active", "on"], &server.variables("acme"));
    within(held.arrived());
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is there");
    let ran = super::support::end(child);
    assert_eq!(ran.code, 6, "{ran:?}");
    let ran = ran.after(&server.profile_line("acme"));
    assert!(
        ran.stderr.starts_with("Outcome unknown: you stopped before an answer or a read could tell."),
        "{ran:?}"
    );
    drop(held);
}

#[test]
fn a_signal_during_a_save_gives_it_two_seconds_and_the_history_says_what_is_known() {
    for (signal, code) in [(rustix::process::Signal::TERM, None), (rustix::process::Signal::INT, Some(6))] {
        let (home, server) = (Home::new(), Server::start());
        server.hooks.fail_always(Method::Get, Fault::not_applied(Answer::Ordinary));
        let held = server.hooks.hold(Method::Patch);
        let child = home.start(&["set", "--active", "on"], &server.variables("acme"));
        within(held.arrived());
        server.hooks.fail_always(Method::Get, Fault::not_applied(Answer::silent()));
        let begun = std::time::Instant::now();
        rustix::process::kill_process(rustix::process::Pid::from_child(&child), signal).expect("it is there");
        let output = child.wait_with_output().expect("it ends");
        assert!(begun.elapsed() < std::time::Duration::from_secs(2) * 3, "{:?}", begun.elapsed());
        assert_eq!(output.status.code(), code, "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("\nOutcome unknown: "), "{stderr}");
        let history = std::fs::read_to_string(home.path(super::support::HISTORY)).expect("a history");
        assert!(history.contains("\"outcome\":\"unknown\""), "{history}");
        drop(held);
    }
}

#[test]
fn ctrl_c_while_it_is_found_out_what_became_of_a_change_waits_for_the_answer() {
    let (home, server) = (Home::new(), Server::start());
    let lost = Fault::applied(Answer::Cut(Point::BeforeAnswer, End::Reset));
    server.hooks.fail_next(Method::Patch, lost);
    // After a connection that was dropped, the read that tells comes at once: both reads are held from the start.
    let (check, held) = (server.hooks.hold(Method::Get), server.hooks.hold(Method::Get));
    let child = home.start(&["set", "--active", "on"], &server.variables("acme"));
    within(check.arrived());
    check.release();
    within(held.arrived());
    assert_eq!(server.hooks.count(Method::Patch), 1);
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).expect("it is there");
    held.release();
    let output = child.wait_with_output().expect("it ends");
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert!(stdout.contains("confirmed by a second read"), "{output:?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn no_command_leaves_a_core_file_with_the_token_in_it() {
    for arguments in [&["get"][..], &["status"], &["set", "--active", "on"]] {
        let (home, server) = (Home::new(), Server::start());
        let held = server.hooks.hold(Method::Get);
        let mut child = home.command(arguments, &server.variables("acme")).spawn().expect("it starts");
        within(held.arrived());
        let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).expect("limits");
        let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a line");
        assert_eq!(core.split_whitespace().nth(4), Some("0"), "{arguments:?}: {core}");
        child.kill().expect("it is there");
        child.wait().expect("it ends");
    }
}
