//! The demo in the shell: each command opens each agent, without a token and without a port in its words.

use super::support::{Home, Ran};
use convrating::cli;
use convrating::demo::Demo;

/// The agents' names, in their order.
fn names() -> Vec<String> {
    let demo = Demo::bind(0).expect("a demo");
    demo.agents().iter().map(|agent| agent.name().to_owned()).collect()
}

fn run(command: &[&str], agent: &str) -> Ran {
    let demo = format!("--demo={agent}");
    Home::new().run(&[command, &[demo.as_str()]].concat(), &[])
}

const FORGETS: &str = "Note: the demo ends with this command and forgets every change. A server that keeps them: convrating serve\n";

#[test]
fn get_and_status_show_each_agent_on_the_demo_server() {
    for name in names() {
        let got = run(&["get"], &name);
        assert_eq!((got.code, got.stderr.as_str()), (0, ""), "{name}");
        assert!(got.stdout.starts_with(&format!("Profile    {name} [DEMO]\n")), "{}", got.stdout);
        assert!(got.stdout.contains("\nHost       demo server\n") && !got.stdout.contains("127.0.0.1"));
        let status = run(&["status"], &name);
        assert!(status.stdout.contains("\nHost       demo server\n"), "{}", status.stdout);
        assert_eq!(run(&["status", "--json"], &name).json()["host"], "demo server", "{name}");
    }
}

#[test]
fn set_ends_as_each_agent_shows_and_says_that_the_demo_forgets_what_was_saved() {
    // A change of the questions, the exit code, and words of the outcome.
    let cases = [
        ("acme", 0, "confirmed by the server"),
        ("readonly", 4, "This token may only read (403)"),
        ("mixed", 0, "confirmed by the server"),
        ("busy", 0, "confirmed by the server"),
        ("lost", 0, "confirmed by a second read"),
        ("expired", 4, "In the demo: convrating --demo=expired, then t takes any text as one."),
        ("big", 0, "confirmed by the server"),
    ];
    for (name, code, words) in cases {
        let ran = run(&["set", "--add", "CSAT"], name);
        assert_eq!(ran.code, code, "{ran:?}");
        let start = format!("Profile {name} [DEMO], agent ");
        assert!(ran.stderr.starts_with(&start) && ran.stderr.contains(", host demo server, "), "{ran:?}");
        assert!(ran.stdout.contains(words) || ran.stderr.contains(words), "{ran:?}");
        assert_eq!(ran.stderr.ends_with(FORGETS), code == 0, "{ran:?}");
        assert!(!format!("{ran:?}").contains("127.0.0.1"), "{ran:?}");
    }
    let dry = run(&["set", "--add", "CSAT", "--dry-run"], "acme");
    assert!(dry.code == 0 && !dry.stderr.contains("forgets"), "nothing was saved: {dry:?}");
    let json = run(&["set", "--add", "CSAT", "--json"], "acme");
    assert!(json.json()["conv_rating_question_codes"].is_array() && json.stderr.ends_with(FORGETS));
}

#[test]
fn help_the_manual_and_completions_name_the_agents_of_the_demo() {
    let definitions = cli::definitions();
    let find = |command: &clap::Command| {
        let option = command.get_arguments().find(|option| option.get_id() == "demo").cloned();
        option.expect("--demo")
    };
    let commands = ["get", "set", "status"].map(|name| definitions.find_subcommand(name).expect("a command"));
    for option in std::iter::once(&definitions).chain(commands).map(find) {
        let offered: Vec<_> =
            option.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        assert_eq!(offered, names());
        let help = option.get_help().expect("its text").to_string().replace('\n', " ");
        assert!(help.ends_with(&names().join(", ")), "{help}");
    }
    let refused = run(&["get"], "nobody");
    let stderr = format!("error: the demo has no agent \"nobody\"; it has: {}\n", names().join(", "));
    refused.expect(2, "", &stderr);
}
