use std::fs;
use std::path::Path;

use convrating::agents::{AgentOptions, Agents, Config, ConfiguredProfiles, Environment, KnownProfiles};
use convrating::api::credentials::Token;
use convrating::demo::{Answer, End, Fault, Method};

use super::support::{HISTORY, Home, Server, TOKENS};

/// Every file below a directory: its path and its text.
pub(super) fn files(directory: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let text = String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
    found
}

#[test]
fn no_output_log_or_history_holds_the_token() {
    let (home, server) = (Home::new(), Server::start());
    let token = server.token("acme").to_owned();
    home.config(&format!("[profiles.v]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url));
    let log = home.path("log");
    let log = log.to_str().expect("UTF-8");
    let variables = [
        ("T", token.as_str()),
        ("QUICKCHAT_API_TOKEN", &token),
        ("QUICKCHAT_BASE_URL", &server.url),
        ("RUST_LOG", "trace"),
        ("RUST_BACKTRACE", "full"),
    ];
    let mut outputs = Vec::new();
    let mut run = |arguments: &[&str]| {
        let ran = home.run_with_input(arguments, &variables, &format!("{token}\n"));
        outputs.push((format!("{arguments:?}"), ran.stdout + &ran.stderr));
    };
    for _ in 0..2 {
        for command in [
            &["get", "--log", log][..],
            &["get", "--json"],
            &["get", "--all", "--json", "--log", log],
            &["status"],
            &["status", "--all", "--json"],
            &["set", "--active", "on", "--log", log],
            &["set", "--add", "X", "--dry-run"],
            &["set", "-p", "v", "--active", "off", "--json"],
            &["profiles"],
            &["login", "kept", "--base-url", &server.url, "--log", log],
            &["get", "-p", "kept"],
            &["history"],
            &["history", "--json"],
            &["get", "--base-url", "http://example.org"],
        ] {
            run(command);
        }
        server.hooks.revoke("acme");
    }
    assert!(outputs.iter().all(|(_, text)| !text.is_empty()));
    outputs.extend(files(&home.path("")));
    let stored = home.path(TOKENS).join("kept").display().to_string();
    let holding: Vec<_> =
        outputs.iter().filter(|(_, text)| text.contains(&token)).map(|(name, _)| name).collect();
    assert_eq!(holding, [&stored], "only what login stored");
    let signature = token.rsplit('.').next().expect("a signature");
    assert_eq!(outputs.iter().filter(|(_, text)| text.contains(signature)).count(), 1);
}

/// A token of no JWT's shape.
const OPAQUE: &str = "0paque+marked/token~of=this.run";

/// Answers of a server that repeats the token wherever it can.
fn answers(token: &str) -> Vec<Vec<u8>> {
    let answer = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nServer: {token}\r\n{headers}content-length: {length}\r\n\r\n{body}")
            .into_bytes()
    };
    let json = "Content-Type: application/json\r\n";
    let error = format!(
        r#"{{"errors":{{"root":[{{"message":"bad {token}, {token}","code":"{token}"}}],"{token}":"x"}}}}"#
    );
    let flags = r#""conv_rating_active":false,"conv_rating_popup_active":false"#;
    let mut answers: Vec<_> = ["400", "401", "402", "403", "404", "409", "422"]
        .map(|status| answer(&format!("{status} {token}"), json, &error))
        .into();
    answers.extend([
        answer("302 Found", &format!("Location: https://{token}.evil.example/{token}\r\n"), ""),
        answer("307 Found", &format!("Location: http://{token}@evil.example/\r\n"), ""),
        answer(
            "200 OK",
            &format!("Content-Type: text/{token}; x={token}\r\n"),
            &format!("<title>{token}</title>"),
        ),
        answer("403 Forbidden", "Content-Type: text/html\r\n", &format!("<title>{token}</title>")),
        answer("200 OK", json, &format!(r#"{{"{token}":1,"{token}":2}}"#)),
        answer("200 OK", json, &format!(r#"{{{flags},"conv_rating_question_codes":["{token}","A"]}}"#)),
        answer(
            "200 OK",
            json,
            &format!(r#"{{{flags},"conv_rating_question_codes":["A"],"{token}":"{token}"}}"#),
        ),
    ]);
    answers
}

/// A token of a JWT's shape.
const JWT: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.bWFya2VkLW1hcmtlZC1tYXJrZWQ";

#[test]
fn a_server_that_repeats_the_token_everywhere_does_not_bring_it_into_any_output_or_file() {
    let cases: Vec<_> = [JWT, OPAQUE]
        .iter()
        .flat_map(|token| answers(token).into_iter().map(move |answer| (*token, answer)))
        .collect();
    // Each save takes a second, to see what the server holds then: they all run side by side.
    let written = std::thread::scope(|scope| {
        let runs: Vec<_> =
            cases.iter().map(|(token, answer)| scope.spawn(move || run_everything(token, answer))).collect();
        runs.into_iter().map(|run| run.join().expect("no token is shown")).collect::<Vec<_>>()
    });
    assert!(written.iter().any(|(has_history, _)| *has_history), "some saves were recorded");
    assert!(written.iter().any(|(_, has_login)| *has_login), "some tokens were stored");
}

/// Runs every command against a server that gives this answer to everything. Returns whether a history was written, and
/// whether a token was stored.
fn run_everything(token: &str, answer: &[u8]) -> (bool, bool) {
    let (home, server) = (Home::new(), Server::start());
    for method in [Method::Get, Method::Patch] {
        let raw = Answer::Raw(answer.to_vec(), End::Close);
        server.hooks.fail_always(method, Fault::not_applied(raw));
    }
    let variables =
        [("T", token), ("QUICKCHAT_API_TOKEN", token), ("QUICKCHAT_BASE_URL", server.url.as_str())];
    home.config(&format!("[profiles.v]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url));
    let log = home.path("log");
    let log = log.to_str().expect("UTF-8");
    for command in [
        &["get", "--log", log][..],
        &["get", "--json"],
        &["status", "--all", "--json"],
        &["set", "-p", "v", "--active", "on", "--log", log],
        &["set", "--add", "X", "--json"],
        &["set", "--add", "X", "--dry-run", "--json"],
        &["login", "kept", "--log", log],
        &["history"],
        &["history", "--json"],
    ] {
        let before = server.requests().len();
        let ran = home.run_with_input(command, &variables, token);
        assert!(command[0] == "history" || server.requests().len() > before, "{command:?} {ran:?}");
        let told = ran.stdout + &ran.stderr;
        assert!(!holds(&told, token), "{command:?} {}: {told}", String::from_utf8_lossy(answer));
    }
    let has_login = fs::remove_file(home.path(TOKENS).join("kept")).is_ok();
    let found: Vec<_> = files(&home.path("")).into_iter().filter(|(_, text)| holds(text, token)).collect();
    assert_eq!(found, [], "in no log, history, configuration or temporary file");
    (home.path(HISTORY).is_file(), has_login)
}

/// True if the token, in any case of letters, or its signature stands in `text`.
fn holds(text: &str, token: &str) -> bool {
    let (text, token) = (text.to_lowercase(), token.to_lowercase());
    let secret = token.rsplit('.').next().expect("a last part").to_owned();
    text.contains(&token) || secret.len() > 20 && text.contains(&secret)
}

#[test]
fn a_helper_that_repeats_its_token_on_stderr_and_its_command_line_do_not_show_it() {
    let (home, server) = (Home::new(), Server::start());
    let script =
        "set -x; T=$(cat ../../t); cat /proc/[0-9]*/cmdline > ../../lines 2>/dev/null; echo $T; exit 1";
    home.config(&format!(
        "[profiles.a]\ntoken_command = ['/bin/sh', '-c', '{script}']\nbase_url = '{}'\n",
        server.url
    ));
    for token in [server.token("acme"), OPAQUE] {
        home.write("t", 0o600, token);
        let ran = home.run(&["get", "-p", "a"], &[("PATH", "/usr/bin:/bin")]);
        assert!(ran.code == 4 && ran.stderr.contains("T=<token>"), "{ran:?}");
        assert!(!holds(&ran.stderr, token), "{ran:?}");
        let lines = fs::read(home.path("lines")).expect("the command lines of all processes");
        assert!(!holds(&String::from_utf8_lossy(&lines), token), "a command line has it");
    }
}

#[tokio::test]
async fn debug_of_what_holds_a_token_does_not_show_it() {
    let variables = [("QUICKCHAT_API_TOKEN".into(), "s3cret-token".into())];
    let environment = Environment::new(variables, None);
    let configured = ConfiguredProfiles::new(environment.clone(), Config::default());
    let agents = Agents::new(KnownProfiles::Configured(configured));
    let connection = agents.open(&AgentOptions::default()).await.expect("a token");
    let token = Token::new("s3cret-token").expect("a token");
    let ready = KnownProfiles::Ready(vec![connection.profile.clone()]);
    let shown = format!("{environment:?} {agents:?} {connection:?} {token:?} {ready:?}");
    assert!(!shown.contains("s3cret"), "{shown}");
}
