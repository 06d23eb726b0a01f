use super::support::{CONFIG, Home, TOKENS, mode};

/// Eleven broken files, and where each one is wrong.
const BROKEN: [(&str, &str); 11] = [
    ("[profiles.a", "line 1, column 12: "),
    ("default_profile = \n", "line 1, column 19: "),
    ("colour = 1\n", "line 1, column 1: unknown key \"colour\" "),
    (
        "[profiles.a]\nprotect = true\n",
        "line 2, column 1: unknown key \"protect\"; did you mean \"protected\"? ",
    ),
    ("[profiles.a]\nprotected = \"yes\"\n", "line 2, column 13: protected must be true or false "),
    (
        "[profiles.a]\ntoken_command = \"pass\"\n",
        "line 2, column 17: token_command must be an array of strings: a program and its arguments ",
    ),
    ("[profiles.a]\ntoken_command = []\n", "line 2, column 17: token_command: it names no program "),
    (
        "[profiles.a]\ntoken_env = \"A\"\ntoken_file = \"b\"\n",
        "line 3, column 1: token_file and token_env: a profile has one token source ",
    ),
    (
        "[profiles.a]\nbase_url = \"ftp://x\"\n",
        "line 2, column 1: base_url: the base URL \"ftp://x\" is not https; ",
    ),
    ("[profiles.\"a/b\"]\n", "line 1, column 11: profiles.a/b: a profile's name has only letters, "),
    ("[profiles.a]\ntoken_env = \"A\"\n[profiles.a]\n", "line 3, column 11: duplicate key "),
];

#[test]
fn each_broken_file_is_told_with_its_place() {
    let home = Home::new();
    for (text, expected) in BROKEN {
        home.config(text);
        for command in [&["get"][..], &["profiles"], &["set", "--active", "on"], &["login", "a"]] {
            let ran = home.run(command, &[("QUICKCHAT_API_TOKEN", "t")]);
            let start = format!("error: config.toml, {expected}");
            assert!(ran.stderr.starts_with(&start), "{expected}\n{ran:?}");
            assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
        }
    }
}

#[test]
fn a_default_that_is_not_there_stops_only_whoever_would_use_it() {
    let (home, server) = (Home::new(), super::support::Server::start());
    let config =
        format!("default_profile = 'b'\n[profiles.a]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url);
    home.config(&config);
    let path = home.path(CONFIG);
    let fault = format!(
        "config.toml, line 1, column 1: default_profile: there is no profile \"b\" ({})\n",
        path.display()
    );
    let token = [("T", server.token("acme"))];
    for command in [&["get"][..], &["status"], &["set", "--active", "on"]] {
        let ran = home.run(command, &token);
        let told = ran.stdout.clone() + &ran.stderr;
        assert!(ran.code == 2 && told.contains(fault.trim_end()), "{ran:?}");
    }
    let ran = home.run(&["profiles"], &[]);
    assert_eq!((ran.code, ran.stderr), (0, format!("Warning: {fault}")));
    assert!(ran.stdout.starts_with("  a  "), "{}", ran.stdout);
    assert_eq!(home.run(&["get", "-p", "a"], &token).code, 0);
    assert_eq!(home.run(&["get", "--all"], &token).code, 0);
    let input = format!("{}\n", server.token("acme"));
    let ran = home.run_with_input(&["login", "b", "--base-url", &server.url], &[], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(home.run(&["get"], &[]).code, 0, "login made the profile that was missing");
}

#[test]
fn a_configuration_that_cannot_be_read_is_told_and_waited_for_by_nobody() {
    let home = Home::new();
    let path = home.write(CONFIG, 0o600, "\u{fffd}");
    std::fs::write(&path, b"# \xff").expect("a file");
    let ran = home.run(&["profiles"], &[]);
    assert!(ran.stderr.starts_with("error: config.toml, line 1, column 3: not UTF-8 ("), "{ran:?}");
    std::fs::remove_file(&path).expect("it was there");
    assert_eq!(home.shell(&format!("mkfifo $HOME/{CONFIG}"), &[]).code, 0);
    let ran = home.run(&["profiles"], &[]);
    let stderr = "error: config.toml: cannot be read: it is a FIFO and not a regular file (";
    assert!(ran.code == 2 && ran.stderr.starts_with(stderr), "{ran:?}");
    let ran = home.run(&["profiles"], &[("CONVRATING_CONFIG", "/")]);
    assert!(ran.stderr.contains("cannot be read: it is a directory"), "{ran:?}");
}

#[test]
fn profiles_are_listed_without_reading_a_token() {
    let home = Home::new();
    home.config(
        "default_profile = 'b'\n[profiles.acme-prod]\ntoken_command = ['/bin/false', 'secret']\nscenario_id = 'x1'\n\
         protected = true\n[profiles.b]\ntoken_file = 'nowhere'\nread_only = true\n",
    );
    let stdout = "  acme-prod  app.quickchat.ai  agent x1  token from command false  [PROTECTED]\n\
                  * b          app.quickchat.ai  any agent  token from file  [READ ONLY]\n";
    home.run(&["profiles"], &[]).expect(0, stdout, "");
}

#[test]
fn another_path_for_the_file_and_the_xdg_directories_count() {
    let home = Home::new();
    let text = "[profiles.elsewhere]\n";
    let own = home.write("own.toml", 0o600, text);
    home.write("x/convrating/config.toml", 0o600, text);
    for (name, path) in [("CONVRATING_CONFIG", own), ("XDG_CONFIG_HOME", home.path("x"))] {
        let ran = home.run(&["profiles"], &[(name, path.to_str().expect("UTF-8"))]);
        assert!(ran.stdout.starts_with("  elsewhere  "), "{ran:?}");
    }
}

#[test]
fn a_stored_token_is_closed_to_others_whatever_the_umask() {
    let (home, server) = (Home::new(), super::support::Server::start());
    let line = format!("umask 000; echo \"$T\" | $BIN login a --base-url {}", server.url);
    let ran = home.shell(&line, &[("T", server.token("acme"))]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(mode(&home.path(&format!("{TOKENS}/a"))), 0o600);
    assert_eq!(mode(&home.path(TOKENS)), 0o700);
    assert_eq!(mode(&home.path(CONFIG)), 0o600);
    let ran = home.shell("umask 000; $BIN set -p a --active on", &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(mode(&home.path(super::support::HISTORY)), 0o600);
    assert_eq!(mode(&home.path(".local/state/convrating")), 0o700);
}
