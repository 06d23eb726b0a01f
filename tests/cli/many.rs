use std::fmt::Write as _;
use std::time::Duration;

use convrating::demo::{Answer, Fault, Method};

use super::support::{Home, Server};

#[test]
fn a_thousand_profiles_are_read_in_their_order() {
    const PROFILES: usize = 1000;
    const FAILING: usize = 10;
    let (home, server) = (Home::new(), Server::start());
    let mut config = String::new();
    for number in 0..PROFILES {
        let source = if number % (PROFILES / FAILING) == 7 { "NONE" } else { "T" };
        writeln!(config, "[profiles.p{number:04}]\ntoken_env = '{source}'\nbase_url = '{}'", server.url)
            .expect("a String");
    }
    home.config(&config);
    let latency = Fault::applied(Answer::Ordinary).after(Duration::from_millis(50));
    server.hooks.fail_always(Method::Get, latency);
    let ran = home.run(&["get", "--all"], &[("T", server.token("acme"))]);
    let names: Vec<_> = ran.stdout.lines().map(|line| &line[..5]).collect();
    let expected: Vec<_> = (0..PROFILES).map(|number| format!("p{number:04}")).collect();
    assert_eq!(names, expected);
    assert_eq!(ran.stdout.matches("  failed    ").count(), FAILING);
    assert_eq!((ran.code, server.hooks.count(Method::Get)), (4, PROFILES - FAILING));
}
