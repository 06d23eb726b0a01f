//! The life of a profile: `profiles default`, `rename` and `remove`, and `logout`.

use std::fs;

use super::support::{CONFIG, Home, Server, TOKENS, mode};

fn login(home: &Home, server: &Server, name: &str, agent: &str) {
    let input = format!("{}\n", server.token(agent));
    let ran = home.run_with_input(&["login", name, "--base-url", &server.url], &[], &input);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn config(home: &Home) -> String {
    fs::read_to_string(home.path(CONFIG)).expect("a file")
}

#[test]
fn a_profile_is_renamed_made_the_default_and_removed_with_its_token() {
    let (home, server) = (Home::new(), Server::start());
    login(&home, &server, "a", "acme");
    login(&home, &server, "b", "mixed");
    home.run(&["profiles", "default", "b"], &[]).expect(0, "b is the default\n", "");
    home.run(&["profiles", "rename", "b", "c"], &[]).expect(0, "Renamed b: it is c now\n", "");
    assert!(config(&home).starts_with("default_profile = \"c\"\n"), "{}", config(&home));
    let token = home.path(&format!("{TOKENS}/c"));
    assert!(mode(&token) == 0o600 && !home.path(&format!("{TOKENS}/b")).exists());
    assert!(home.run(&["get"], &[]).stdout.contains("Agent      demoagent3\n"), "the token went along");
    home.run(&["profiles", "remove", "c", "--yes"], &[]).expect(0, "Removed c and its stored token\n", "");
    assert!(!token.exists() && !config(&home).contains("default_profile"), "{}", config(&home));
    home.run(&["logout", "a", "--yes"], &[]).expect(0, "Removed a and its stored token\n", "");
    assert_eq!(home.run(&["profiles"], &[]).stdout, "");
    assert_eq!(fs::read_dir(home.path(TOKENS)).expect("a directory").count(), 0);
}

#[test]
fn what_cannot_be_done_to_a_profile_changes_nothing() {
    let home = Home::new();
    let text = "# mine\n[profiles.a]\ntoken_env = 'T'\n[profiles.b]\n";
    home.config(text);
    let unknown = "error: there is no profile \"x\"; there are: a, b\n";
    let cases: [(&[&str], i32, &str); 9] = [
        (&["profiles", "default", "x"], 2, unknown),
        (&["profiles", "rename", "x", "y"], 2, unknown),
        (&["profiles", "remove", "x", "--yes"], 2, unknown),
        (&["profiles", "remove", "x"], 2, unknown),
        (&["logout", "x"], 2, unknown),
        (&["profiles", "rename", "a", "b"], 2, "error: there is a profile \"b\" already\n"),
        (&["profiles", "rename", "a", "a"], 2, "error: there is a profile \"a\" already\n"),
        (
            &["profiles", "rename", "a", "../b"],
            2,
            "error: ../b: a profile's name begins with a letter or a digit\n",
        ),
        (
            &["profiles", "remove", "a"],
            2,
            "error: removing a wants --yes, or a yes on the terminal; nothing was changed\n",
        ),
    ];
    for (arguments, code, stderr) in cases {
        home.run(arguments, &[]).expect(code, "", stderr);
        assert_eq!(config(&home), text);
    }
}

#[test]
fn a_link_is_followed_and_a_token_that_login_did_not_store_is_named() {
    let home = Home::new();
    let text = "# mine\n\n# about a\n[profiles.a]\ntoken_env = 'T'\n[profiles.b]\n# end\n";
    let dotfiles = home.write("dotfiles/c.toml", 0o644, text);
    let link = home.path(CONFIG);
    fs::create_dir_all(link.parent().expect("a parent")).expect("a directory");
    std::os::unix::fs::symlink("../../dotfiles/c.toml", &link).expect("a link");
    let ran = home.run(&["profiles", "remove", "a", "--yes"], &[]);
    ran.expect(0, "Removed a; its token stays where it is (T)\n", "");
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    let left = fs::read_to_string(&dotfiles).expect("a file");
    assert_eq!(left, "# mine\n\n# about a\n[profiles.b]\n# end\n");
}

#[test]
fn a_change_that_cannot_be_written_leaves_the_token() {
    let (home, server) = (Home::new(), Server::start());
    login(&home, &server, "a", "acme");
    login(&home, &server, "b", "mixed");
    let text = config(&home);
    for change in ["profiles rename a c", "logout a --yes"] {
        // No file may grow: the new text cannot be written.
        let ran = home.shell(&format!("ulimit -f 0; exec $BIN {change}"), &[]);
        assert!(ran.code == 2 && ran.stderr.contains("cannot be written: file too large"), "{ran:?}");
        assert!(ran.stderr.contains("nothing was changed"), "{ran:?}");
        assert!(home.path(&format!("{TOKENS}/a")).exists() && !home.path(&format!("{TOKENS}/c")).exists());
    }
    assert_eq!(config(&home), text);
}

#[test]
fn profiles_are_json_where_json_is_asked_for() {
    let home = Home::new();
    home.run(&["profiles", "--json"], &[]).expect(0, "[]\n", "");
    home.config(
        "default_profile = 'b'\n[profiles.acme-prod]\ntoken_command = ['/bin/false', 'secret']\nscenario_id = 'x1'\n\
         protected = true\n[profiles.b]\ntoken_file = 'nowhere'\nread_only = true\nbase_url = 'https://b.example/x'\n",
    );
    let expected = serde_json::json!([
        {"profile": "acme-prod", "default": false, "base_url": "https://app.quickchat.ai", "agent": "x1",
         "token_source": "command false", "protected": true, "read_only": false},
        {"profile": "b", "default": true, "base_url": "https://b.example/x", "agent": null,
         "token_source": "file", "protected": false, "read_only": true},
    ]);
    assert_eq!(home.run(&["profiles", "--json"], &[]).json(), expected);
}

#[test]
fn the_variable_that_wins_is_named_by_login_profiles_and_status() {
    let (home, server) = (Home::new(), Server::start());
    let input = format!("{}\n", server.token("mixed"));
    let variables = server.variables("acme");
    let note = "Note: QUICKCHAT_API_TOKEN is set and wins where no -p is given: agent demoagent1; \
                a is used with -p a.\n";
    let ran = home.run_with_input(&["login", "a"], &variables, &input);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, note), "{ran:?}");
    assert_eq!(home.run(&["profiles"], &variables).stderr, note);
    assert_eq!(home.run(&["status"], &variables).stderr, note);
    assert_eq!(home.run(&["status", "-p", "a"], &variables).stderr, "");
    assert_eq!(home.run(&["profiles"], &[("QUICKCHAT_API_TOKEN", "")]).stderr, "");
}

#[test]
fn a_named_configuration_that_is_not_there_is_an_error_but_for_login() {
    let (home, server) = (Home::new(), Server::start());
    let variables = [("CONVRATING_CONFIG", "~/own.toml"), ("QUICKCHAT_API_TOKEN", server.token("acme"))];
    let path = home.path("own.toml");
    let stderr = format!(
        "error: config.toml: CONVRATING_CONFIG names a file that is not there ({})\n",
        path.display()
    );
    for arguments in [&["get"][..], &["set", "--active", "on"], &["profiles"], &["logout", "a", "--yes"]] {
        home.run(arguments, &variables).expect(2, "", &stderr);
    }
    let input = format!("{}\n", server.token("acme"));
    let ran = home.run_with_input(&["login", "a", "--base-url", &server.url], &variables[..1], &input);
    assert!(ran.code == 0 && path.exists(), "{ran:?}");
    assert_eq!(home.run(&["get"], &variables[..1]).code, 0);
    assert!(
        home.run(&["status"], &variables[..1]).stdout.contains(&format!("Config     {}\n", path.display()))
    );
}

#[test]
fn with_one_profile_it_is_used_and_with_several_they_are_named() {
    let (home, server) = (Home::new(), Server::start());
    let profile = |name| format!("[profiles.{name}]\ntoken_env = 'T'\nbase_url = '{}'\n", server.url);
    let variables = [("T", server.token("acme"))];
    home.config(&profile("only"));
    assert_eq!(home.run(&["get"], &variables).code, 0);
    home.config(&(profile("a") + &profile("b")));
    let stderr = "error: nothing says which profile: give one with -p NAME, or convrating profiles default NAME; \
                  there are: a, b\n";
    home.run(&["get"], &variables).expect(4, "", stderr);
    home.run(&["set", "--active", "on"], &variables).expect(4, "", stderr);
    assert_eq!(server.requests(), ["GET"]);
}
