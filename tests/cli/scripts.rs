//! The built binary in the scripts of its users: bash, xargs, a loop, cron, jq.

use convrating::demo::Method;
use serde_json::json;

use super::support::{Home, Server, without_times};
use crate::support::configuration::object;
use crate::support::programs::require;

/// A profile for each of so many agents, its name in the variable of its token too.
fn crowd(count: usize) -> (Home, Server) {
    let (home, server) = (Home::new(), Server::start_crowd(count));
    let profile = |(name, _, token): &(String, String, String)| {
        home.write(&format!("tokens/{name}"), 0o600, token);
        let path = home.path(&format!("tokens/{name}"));
        format!("[profiles.{name}]\ntoken_file = '{}'\nbase_url = '{}'\n", path.display(), server.url)
    };
    home.config(&server.agents.iter().map(profile).collect::<String>());
    (home, server)
}

fn rating(server: &Server, agent: &str) -> bool {
    server.hooks.configuration(agent)["conv_rating_active"] == json!(true)
}

#[test]
fn xargs_saves_to_many_profiles_at_once_and_tells_of_a_failure() {
    let (Some(bash), Some(_)) = (require("bash"), require("xargs")) else { return };
    let (home, server) = crowd(12);
    server.hooks.revoke("crowd5");
    let line = "for n in {1..12}; do echo crowd$n; done | xargs -P 6 -I{} $BIN set -p {} --active on";
    let ran = home.shell_of(&bash, line, &[]);
    // xargs ends with 123 where a command ended with 1 to 125.
    assert_eq!((ran.code, ran.stdout.lines().count()), (123, 11), "{ran:?}");
    let saved = "Saved HH:MM:SS: rating off → on (confirmed by the server)";
    assert!(without_times(&ran.stdout).lines().all(|line| line == saved), "{ran:?}");
    assert_eq!(ran.stderr.matches("The token of crowd5 was refused").count(), 1, "{ran:?}");
    for number in 1..=12 {
        let agent = format!("crowd{number}");
        assert_eq!(
            (rating(&server, &agent), server.hooks.applied(&agent)),
            match number {
                5 => (false, 0),
                _ => (true, 1),
            }
        );
    }
}

#[test]
fn a_loop_keeps_the_rest_of_its_input_and_the_exit_code_of_each() {
    let Some(bash) = require("bash") else { return };
    let (home, server) = crowd(3);
    server.hooks.revoke("crowd2");
    let line = "printf 'crowd1 on\\ncrowd2 on\\ncrowd3 off\\nnobody on\\n' | while read -r name value; do \
                $BIN set -p \"$name\" --active \"$value\" >/dev/null 2>&1; echo \"$name $?\"; done";
    home.shell_of(&bash, line, &[]).expect(0, "crowd1 0\ncrowd2 4\ncrowd3 0\nnobody 2\n", "");
    let rated: Vec<_> = ["crowd1", "crowd2", "crowd3"].iter().map(|agent| rating(&server, agent)).collect();
    assert_eq!((rated, server.hooks.count(Method::Patch)), (vec![true, false, false], 1));
}

#[test]
fn cron_has_no_terminal_and_almost_no_variable() {
    let (Some(bash), Some(_)) = (require("bash"), require("setsid")) else { return };
    let (home, server) = crowd(2);
    let config = home.path(super::support::CONFIG);
    let text = std::fs::read_to_string(&config).expect("a file");
    home.config(&format!("{text}protected = true\n"));
    let cron = |options: &str| {
        let line = format!("exec env -i HOME=\"$HOME\" TZ=UTC setsid -w $BIN set {options} </dev/null");
        let ran = home.shell_of(&bash, &line, &[]);
        (ran.code, without_times(&ran.stdout), ran.stderr)
    };
    let unasked = "error: set --all wants --yes, or a yes on the terminal; nothing was sent\n".to_owned();
    assert_eq!(cron("--all --active on"), (2, String::new(), unasked));
    let protected = "crowd1: Saved HH:MM:SS: rating off → on (confirmed by the server)\n\
                     crowd2: the profile crowd2 is protected: set wants --yes, or a yes on the terminal; nothing was sent\n";
    assert_eq!(cron("-p crowd1 -p crowd2 --active on"), (2, protected.to_owned(), String::new()));
    let all = "crowd1: Nothing to change: the server already has this.\n\
               crowd2: Saved HH:MM:SS: rating off → on (confirmed by the server)\n";
    assert_eq!(cron("--all --active on --yes"), (0, all.to_owned(), String::new()));
    assert!(rating(&server, "crowd1") && rating(&server, "crowd2"));
    assert_eq!(server.hooks.count(Method::Patch), 2);
    let history = std::fs::read_to_string(home.path(super::support::HISTORY)).expect("a history");
    assert_eq!(history.lines().count(), 4, "an intent and an outcome for each save: {history}");
}

#[test]
fn jq_reads_who_failed_and_writes_what_set_takes() {
    let (Some(bash), Some(_)) = (require("bash"), require("jq")) else { return };
    let (home, server) = crowd(4);
    server.hooks.revoke("crowd3");
    server.hooks.set_configuration("crowd2", object([true; 2], &["X"]));
    let line = "$BIN set --all --active on --yes --json 2>/dev/null \
                | jq -r '.[] | select(.error) | \"\\(.profile) \\(.error.kind) \\(.error.status)\"'";
    home.shell_of(&bash, line, &[]).expect(0, "crowd3 token 401\n", "");
    let line = "$BIN set --all --active off --dry-run --json | jq -r '.[] | select(.request) | .profile'";
    home.shell_of(&bash, line, &[]).expect(0, "crowd1\ncrowd2\ncrowd4\n", "");
    let line = "set -o pipefail; $BIN get -p crowd2 --json | jq '.conv_rating_question_codes += [\"CSAT\"]' \
                | $BIN set -p crowd1 --from - --json | jq -c .conv_rating_question_codes";
    let ran = home.shell_of(&bash, line, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "[\"X\",\"CSAT\"]\n"), "{ran:?}");
    assert_eq!(server.hooks.configuration("crowd1"), object([true; 2], &["X", "CSAT"]));
    let line = "$BIN set -p crowd4 --from <(jq -n '{conv_rating_active: false}')";
    let ran = home.shell_of(&bash, line, &[]);
    assert_eq!(
        (ran.code, rating(&server, "crowd4"), server.hooks.applied("crowd4")),
        (0, false, 2),
        "{ran:?}"
    );
}
