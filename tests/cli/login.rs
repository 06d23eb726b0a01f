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
    assert_eq!(stored, stored_line(&server, "acme", "demoagent1"));
    let config = fs::read_to_string(home.path(CONFIG)).expect("a file");
    let expected = format!(
        "default_profile = \"acme-prod\"\n\n[profiles.acme-prod]\nbase_url = \"{}\"\nscenario_id = \"demoagent1\"\n",
        server.url
    );
    assert_eq!(config, expected);
    let ran = home.run(&["get"], &[]);
    assert!(ran.code == 0 && ran.stdout.contains("Token      from login, 52 weeks left\n"), "{ran:?}");
}

/// What stands in the file of a stored token.
fn stored_line(server: &Server, name: &str, agent: &str) -> String {
    let (url, token) = (&server.url, server.token(name));
    format!("{{\"base_url\":\"{url}\",\"agent\":\"{agent}\",\"token\":\"{token}\"}}\n")
}

#[test]
fn login_for_a_profile_that_is_pinned_to_another_agent_is_refused() {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    let remove = "nothing was stored. To use the name for another agent: convrating profiles remove a\n";
    let stderr =
        format!("error: a is for agent demoagent1, and this token is for agent demoagent3; {remove}");
    login(&home, &server, "a", "mixed").expect(4, "", &stderr);
    let ran = home.run_with_input(&["login", "a"], &[], "opaque\n");
    let stderr = "error: a is for agent demoagent1, and this token is for no agent that can be read: \
                  its payload cannot be read; ";
    ran.expect(4, "", &format!("{stderr}{remove}"));
    assert_eq!(server.requests().len(), 1, "nothing was sent for a token that is refused");
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    assert_eq!(home.run(&["logout", "a", "--yes"], &[]).code, 0);
    assert_eq!(login(&home, &server, "a", "mixed").code, 0);
}

#[test]
fn a_login_whose_file_cannot_take_its_place_puts_the_token_back() {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    let before = fs::read_to_string(home.path(&format!("{TOKENS}/a"))).expect("a token");
    // A new file can be written beside this path, and none can be renamed to it: only a directory could end like this.
    let config = home.path("other/");
    let variables = [("CONVRATING_CONFIG", config.to_str().expect("a path"))];
    for name in ["a", "new"] {
        let input = format!("{}\n", server.token("mixed"));
        let ran = home.run_with_input(&["login", name, "--base-url", &server.url], &variables, &input);
        let fault = "cannot be written: not a directory; nothing was changed";
        ran.expect(2, "", &format!("error: config.toml: {fault} ({})\n", config.display()));
    }
    assert_eq!(fs::read_to_string(home.path(&format!("{TOKENS}/a"))).expect("a token"), before);
    let left: Vec<_> = fs::read_dir(home.path(TOKENS)).expect("a directory").flatten().collect();
    assert_eq!(left.len(), 1, "no token of the new profile is left: {left:?}");
    let beside: Vec<_> = fs::read_dir(home.path("")).expect("the home").flatten().collect();
    assert!(beside.iter().all(|entry| !entry.file_name().to_string_lossy().ends_with(".tmp")), "{beside:?}");
}

#[test]
fn login_names_the_other_profiles_of_the_same_agent() {
    let (home, server) = (Home::new(), Server::start());
    assert_eq!(login(&home, &server, "a", "acme").stderr, "");
    assert_eq!(login(&home, &server, "b", "mixed").stderr, "");
    let stderr = "Note: agent demoagent1 is also the agent of: a.\n";
    assert_eq!(login(&home, &server, "c", "acme").stderr, stderr);
}

#[test]
fn a_login_removes_what_an_interrupted_one_left() {
    let (home, server) = (Home::new(), Server::start());
    let left = home.write(&format!("{TOKENS}/.convrating-00c0ffee00c0ffee.tmp"), 0o600, "a token\n");
    assert_eq!(login(&home, &server, "a", "acme").code, 0);
    assert!(!left.exists());
}

#[test]
fn a_login_that_waits_for_another_says_so() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let (home, server) = (Home::new(), Server::start());
    let lock = home.write(".local/state/convrating/login.lock", 0o600, "");
    let held = fs::File::open(lock).expect("a file");
    held.lock().expect("a lock");
    let mut command = home.command(&["login", "a", "--base-url", &server.url], &[]);
    command.stdin(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.stdout(std::process::Stdio::null()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{}", server.token("acme")).expect("it reads");
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
    assert_eq!(line, "waiting for another convrating login\n");
    assert!(!home.path(CONFIG).exists());
    drop(held);
    assert_eq!(super::support::end(child).code, 0);
    assert!(home.path(CONFIG).exists());
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
    assert_eq!(fs::read_to_string(&token).expect("a token"), stored_line(&server, "acme", "demoagent1"));
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
