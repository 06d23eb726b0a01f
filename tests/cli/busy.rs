//! A server that is too busy for now: the shell's commands wait, and say so on stderr.

use convrating::demo::{Answer, Fault, Method};

use super::support::{Home, Ran, Server};

const LIMIT: &str = "Retrying (2 of 3) in 1 s: too many requests (429); Ctrl-C stops.\n";
const BUSY: &str =
    "Retrying (2 of 3) in 1 s: the server is too busy (503 SERVICE_UNAVAILABLE); Ctrl-C stops.\n";

/// The profiles `a` and `b`; the next read of each is answered with `status`.
fn busy_server(home: &Home, status: u16, reads: usize) -> Server {
    let server = Server::start();
    let profile =
        |name| format!("[profiles.{name}]\ntoken_env = 'QUICKCHAT_API_TOKEN'\nbase_url = '{}'\n", server.url);
    home.config(&[profile("a"), profile("b")].concat());
    for _ in 0..reads {
        server.hooks.fail_next(Method::Get, Fault::applied(Answer::status(status)));
    }
    server
}

/// Runs a command against a server that is busy for each first read, and again against the same server when it is not.
fn busy_and_then_quiet(arguments: &[&str], status: u16, reads: usize) -> (Server, Ran, Ran) {
    let home = Home::new();
    let server = busy_server(&home, status, reads);
    let [busy, quiet] = [(); 2].map(|()| {
        let ran = home.run(arguments, &server.variables("acme"));
        // A second later one whole day less may be left.
        Ran { stdout: ran.stdout.replace("\"days_left\":364", "\"days_left\":363"), ..ran }
    });
    (server, busy, quiet)
}

#[test]
fn a_read_that_waits_says_so_on_stderr_and_prints_the_same_data() {
    let list = format!("a: {LIMIT}b: {LIMIT}");
    let cases: [(&[&str], u16, usize, &str); 8] = [
        (&["get"], 429, 1, LIMIT),
        (&["get"], 503, 1, BUSY),
        (&["get", "--json"], 429, 1, LIMIT),
        (&["status"], 429, 1, LIMIT),
        (&["status", "--json"], 503, 1, BUSY),
        (&["get", "-p", "a", "-p", "b", "--json"], 429, 2, &list),
        (&["status", "-p", "a", "-p", "b"], 429, 2, &list),
        // A failure that is tried again within a second is told by nothing but the time.
        (&["get"], 502, 1, ""),
    ];
    for (arguments, status, reads, told) in cases {
        let (_server, busy, quiet) = busy_and_then_quiet(arguments, status, reads);
        let mut lines: Vec<_> = busy.stderr.split_inclusive('\n').collect();
        // Two profiles are read side by side: either may be first.
        lines.sort_unstable();
        assert_eq!((busy.code, lines.concat().as_str()), (0, told), "{arguments:?}");
        assert_eq!((&busy.stdout, quiet.stderr.as_str()), (&quiet.stdout, ""), "{arguments:?}");
    }
}

#[test]
fn each_wait_of_a_read_is_told_once() {
    let home = Home::new();
    let server = busy_server(&home, 429, 3);
    let ran = home.run(&["get"], &server.variables("acme"));
    let third = "Retrying (3 of 3) in 3 s: too many requests (429); Ctrl-C stops.\n";
    let failed =
        "Not read: Too many requests (429). The server said: \"This is how the API answers a 429.\"\n";
    ran.expect(5, "", &[LIMIT, third, failed].concat());
}

#[test]
fn a_set_that_waits_for_its_read_says_so() {
    let home = Home::new();
    for dry in [&[][..], &["--dry-run", "--json"]] {
        let server = busy_server(&home, 503, 1);
        let arguments = [&["set", "--active", "on"], dry].concat();
        let ran = home.run(&arguments, &server.variables("acme")).after(&server.profile_line("acme"));
        assert!(ran.code == 0 && ran.stderr.starts_with(BUSY), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}

#[test]
fn a_set_that_has_to_wait_before_it_saves_again_says_so() {
    let home = Home::new();
    let server = busy_server(&home, 429, 0);
    server.hooks.fail_next(Method::Get, Fault::none());
    server.hooks.fail_next(Method::Get, Fault::applied(Answer::status(429)));
    server.hooks.fail_next(Method::Patch, Fault::not_applied(Answer::retry_after(503, "2")));
    let ran = home.run(&["set", "-p", "a", "-p", "b", "--active", "on"], &server.variables("acme"));
    let waits = "The server failed (503 SERVICE_UNAVAILABLE). Next try in 2 s; Ctrl-C stops.\n";
    let told = ["a", "b"].map(|name| format!("{name}: {waits}"));
    assert!(told.iter().any(|line| ran.stderr.contains(line)), "{ran:?}");
    assert_eq!(
        (ran.code, ran.stderr.matches("Next try in").count()),
        (0, 1),
        "the countdown is not told: {ran:?}"
    );
}

#[test]
fn a_login_that_waits_says_so_and_stores_the_token() {
    let home = Home::new();
    let server = busy_server(&home, 429, 1);
    let input = format!("{}\n", server.token("acme"));
    let ran = home.run_with_input(&["login", "new", "--base-url", &server.url], &[], &input);
    let stored = format!("Stored new: agent demoagent1 on {}, 52 weeks left\n", server.host());
    ran.expect(0, &stored, LIMIT);
}
