use std::fs;
use std::path::Path;

use convrating::agents::{AgentOptions, Agents, Config, ConfiguredProfiles, Environment, KnownProfiles};
use convrating::api::credentials::Token;

use super::support::{Home, Server, TOKENS};

/// Every file below a directory, as text.
fn files(directory: &Path) -> Vec<(String, String)> {
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
