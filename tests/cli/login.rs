use std::fs;

use super::support::{CONFIG, Home, Server, TOKENS};

fn login(home: &Home, server: &Server, name: &str, agent: &str) -> super::support::Ran {
    let input = format!("{}\nnote\n", server.token(agent));
    home.run_with_input(&["login", name, "--base-url", &server.url], &[], &input)
}

#[test]
fn login_checks_the_token_stores_it_and_pins_the_agent() {
    let (home, server) = (Home::new(), Server::start());
    let stdout = format!("Stored acme-prod: agent demoagent1 on {}, 52 weeks left\n", server.host());
    login(&home, &server, "acme-prod", "acme").expect(0, &stdout, "");
    assert_eq!(server.requests(), ["GET"]);
    let stored = fs::read_to_string(home.path(&format!("{TOKENS}/acme-prod"))).expect("a token");
    assert_eq!(stored, format!("{}\n", server.token("acme")));
    let config = fs::read_to_string(home.path(CONFIG)).expect("a file");
    let expected = format!(
        "default_profile = \"acme-prod\"\n\n[profiles.acme-prod]\nbase_url = \"{}\"\nscenario_id = \"demoagent1\"\n",
        server.url
    );
    assert_eq!(config, expected);
    let ran = home.run(&["get"], &[]);
    assert!(ran.code == 0 && ran.stdout.contains("Token      from login, 52 weeks left\n"), "{ran:?}");
}

#[test]
fn login_again_replaces_the_token_and_says_when_the_agent_is_another() {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    let stderr = "Note: a was for agent demoagent1; now it is for agent demoagent3.\n";
    assert_eq!(login(&home, &server, "a", "mixed").stderr, stderr);
    let ran = home.run(&["get"], &[]);
    assert!(ran.stdout.contains("Agent      demoagent3\n"), "{ran:?}");
}

#[test]
fn a_token_that_does_not_work_is_not_stored() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.revoke("acme");
    let ran = login(&home, &server, "a", "acme");
    assert!(ran.code == 4 && ran.stderr.starts_with("Not read: The token was refused"), "{ran:?}");
    for (input, words) in [
        ("", "nothing was typed or piped in"),
        ("\n", "the token is empty"),
        ("a b\n", "the token has white space or characters that no token has"),
    ] {
        let ran = home.run_with_input(&["login", "a", "--base-url", &server.url], &[], input);
        ran.expect(4, "", &format!("error: {words}\n"));
    }
    assert!(!home.path(".local").exists() && !home.path(".config").exists());
}

#[test]
fn login_keeps_comments_and_follows_a_symbolic_link() {
    let (home, server) = (Home::new(), Server::start());
    let dotfiles = home.write("dotfiles/c.toml", 0o644, "# mine\n[profiles.b] # second\nprotected = true\n");
    let link = home.path(CONFIG);
    fs::create_dir_all(link.parent().expect("a parent")).expect("a directory");
    std::os::unix::fs::symlink("../../dotfiles/c.toml", &link).expect("a link");
    assert_eq!(login(&home, &server, "b", "acme").code, 0);
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    let text = fs::read_to_string(&dotfiles).expect("a file");
    assert!(text.starts_with("# mine\n[profiles.b] # second\nprotected = true\nbase_url = "), "{text}");
    let left: Vec<_> = fs::read_dir(home.path("dotfiles")).expect("a directory").collect();
    assert_eq!(left.len(), 1, "no temporary file stays behind");
}

#[test]
fn a_name_that_is_a_path_is_refused() {
    let home = Home::new();
    for name in ["../a", ".a", "a/b", ""] {
        let ran = home.run_with_input(&["login", name], &[], "t\n");
        assert!(ran.code == 2 && ran.stderr.contains("a profile's name"), "{ran:?}");
    }
    assert!(!home.path(".local").exists());
}

/// The number of a file: another one takes its place when it is written.
fn inode(path: &std::path::Path) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).expect("it is there"))
}

#[test]
fn a_configuration_whose_text_stays_is_not_written() {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    let before = inode(&home.path(CONFIG));
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    assert_eq!(inode(&home.path(CONFIG)), before);
}

#[test]
fn a_login_whose_configuration_cannot_be_written_changes_nothing() {
    let (home, server) = (Home::new(), Server::start());
    let unwritable = [("CONVRATING_CONFIG", "/proc/convrating/config.toml")];
    let run = |agent| {
        let input = format!("{}\n", server.token(agent));
        home.run_with_input(&["login", "a", "--base-url", &server.url], &unwritable, &input)
    };
    let token = home.path(&format!("{TOKENS}/a"));
    let ran = run("acme");
    assert!(ran.code == 2 && ran.stdout.is_empty(), "{ran:?}");
    assert!(ran.stderr.starts_with("error: config.toml: cannot be written: "), "{ran:?}");
    assert!(ran.stderr.contains("; nothing was changed ("), "{ran:?}");
    assert!(!token.exists());
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    assert_eq!(run("mixed").code, 2);
    assert_eq!(fs::read_to_string(&token).expect("a token"), format!("{}\n", server.token("acme")));
}

#[test]
fn logins_at_the_same_time_lose_no_profile() {
    const LOGINS: usize = 12;
    let (home, server) = (Home::new(), Server::start());
    std::thread::scope(|scope| {
        for number in 0..LOGINS {
            let (home, server) = (&home, &server);
            scope.spawn(move || assert_eq!(login(home, server, &format!("p{number}"), "acme").code, 0));
        }
    });
    assert_eq!(home.run(&["profiles"], &[]).stdout.lines().count(), LOGINS);
}

#[test]
fn a_token_on_the_command_line_is_refused_and_not_repeated() {
    let home = Home::new();
    for arguments in [
        &["login", "x", "s3cret"][..],
        &["login", "x", "--token", "s3cret"],
        &["login", "x", "--json", "s3cret"],
    ] {
        let ran = home.run(arguments, &[]);
        let told = ran.stdout + &ran.stderr;
        assert_eq!(ran.code, 2);
        assert!(
            !told.contains("s3cret")
                && told.contains("hidden, or from a pipe") != arguments.contains(&"--json"),
            "{told}"
        );
    }
}

#[test]
fn a_token_in_the_place_of_a_name_is_not_shown_whole() {
    let (home, server) = (Home::new(), Server::start());
    let ran = home.run(&["login", server.token("acme")], &[]);
    assert!(ran.code == 2 && !ran.stderr.contains(&server.token("acme")[..21]), "{ran:?}");
}
