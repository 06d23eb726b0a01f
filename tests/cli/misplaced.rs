//! A token that the user puts into a wrong place: the place is named, the token is shown, stored and sent nowhere.

use std::fs;

use super::secrets::files;
use super::support::{Home, Server};

/// It has a JWT's shape, and is no token of the server.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";

/// Arguments, where `TOKEN` is the token, and how the error begins.
const ARGUMENTS: [(&[&str], &str); 22] = [
    (&["TOKEN"], "error: argument 1 has"),
    (&["login", "TOKEN"], "error: argument 2 has"),
    (&["login", "kept", "TOKEN"], "error: argument 3 has"),
    (&["login", "kept", "--token", "TOKEN"], "error: argument 4 has"),
    (&["login", "kept", "--token=TOKEN"], "error: argument 3 has"),
    (&["login", "kept", "--base-url", "https://TOKEN.example"], "error: the text after --base-url has"),
    (&["-p", "TOKEN"], "error: the text after -p has"),
    (&["get", "-p", "TOKEN"], "error: the text after -p has"),
    (&["get", "-pTOKEN"], "error: the text after -p has"),
    (&["get", "--profile=TOKEN"], "error: the text after --profile has"),
    (&["get", "--base-url", "TOKEN"], "error: the text after --base-url has"),
    (&["get", "--log", "TOKEN"], "error: the text after --log has"),
    (&["get", "--log", "./TOKEN.log"], "error: the text after --log has"),
    (&["get", "--demo=TOKEN"], "error: the text after --demo has"),
    (&["get", "--timeout", "TOKEN"], "error: the text after --timeout has"),
    (&["set", "--add", "TOKEN"], "error: the text after --add has"),
    (&["set", "--add=Bearer TOKEN"], "error: the text after --add has"),
    (&["set", "--question", "A", "--question", "TOKEN"], "error: the text after --question has"),
    (&["set", "--remove", "TOKEN"], "error: the text after --remove has"),
    (&["set", "--active", "TOKEN"], "error: the text after --active has"),
    (&["history", "-p", "TOKEN"], "error: the text after -p has"),
    (&["completions", "TOKEN"], "error: argument 2 has"),
];

/// Variables that hold the token, and the name that is said.
const VARIABLES: [(&str, &str); 7] = [
    ("CONVRATING_PROFILE", "TOKEN"),
    ("CONVRATING_CONFIG", "TOKEN"),
    ("CONVRATING_CONFIG", "/tmp/TOKEN/config.toml"),
    ("QUICKCHAT_BASE_URL", "https://app.quickchat.ai/TOKEN"),
    ("HTTPS_PROXY", "http://user:TOKEN@proxy.example"),
    ("SSL_CERT_FILE", "TOKEN"),
    ("XDG_STATE_HOME", "/tmp/TOKEN"),
];

/// Configuration files, and how the error begins.
const FILES: [(&str, &str); 9] = [
    ("default_profile = 'TOKEN'\n", "line 1, column 19: default_profile: it has the shape of a token"),
    ("[profiles.'TOKEN']\n", "line 1, column 11: profiles.<token>: it has the shape of a token"),
    ("[profiles.a]\ntoken_env = 'TOKEN'\n", "line 2, column 13: token_env: it has the shape of a token"),
    ("[profiles.a]\ntoken_file = 'TOKEN'\n", "line 2, column 14: token_file: it has the shape of a token"),
    ("[profiles.a]\ntoken_command = ['TOKEN']\n", "line 2, column 17: token_command: it has the shape"),
    ("[profiles.a]\nbase_url = 'https://TOKEN.example'\n", "line 2, column 12: base_url: it has the shape"),
    ("[profiles.a]\nscenario_id = 'TOKEN'\n", "line 2, column 15: scenario_id: it has the shape of a token"),
    ("[profiles.a]\ntoken = 'TOKEN'\n", "line 2, column 1: token: a token does not stand in this file"),
    ("[profiles.a]\nTOKEN = 1\n", "line 2, column 1: unknown key \"<token>\""),
];

/// Runs it, and sees that it ends with exit code 2 and such an error, that no request arrives, and that the token is in no
/// output and in no file.
#[track_caller]
fn refuse(home: &Home, server: &Server, arguments: &[&str], variables: &[(&str, &str)], expected: &str) {
    let here = [("QUICKCHAT_API_TOKEN", server.token("acme")), ("QUICKCHAT_BASE_URL", server.url.as_str())];
    let variables: Vec<_> = here.into_iter().chain(variables.iter().copied()).collect();
    let ran = home.run_with_input(arguments, &variables, TOKEN);
    assert!(ran.code == 2 && ran.stdout.is_empty() && ran.stderr.starts_with(expected), "{ran:?}");
    assert!(!ran.stderr.contains("eyJ"), "{ran:?}");
    assert_eq!(server.requests(), [""; 0], "{arguments:?}");
    let holding: Vec<_> = files(&home.path("")).into_iter().filter(|file| file.1.contains(TOKEN)).collect();
    assert_eq!(holding, [], "{arguments:?}");
    assert!(fs::read_dir(home.path("")).expect("a home").count() < 2, "no file has the token's name");
}

#[test]
fn a_token_as_an_argument_is_refused_by_its_place() {
    let (home, server) = (Home::new(), Server::start());
    for (arguments, expected) in ARGUMENTS {
        let arguments: Vec<_> = arguments.iter().map(|word| word.replace("TOKEN", TOKEN)).collect();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        refuse(&home, &server, &arguments, &[], expected);
    }
}

#[test]
fn a_token_in_another_variable_is_refused_by_the_variables_name() {
    let (home, server) = (Home::new(), Server::start());
    for (name, value) in VARIABLES {
        let value = value.replace("TOKEN", TOKEN);
        for command in
            [&["get"][..], &["set", "--active", "on"], &["status"], &["profiles"], &["login", "kept"]]
        {
            let expected = format!("error: {name} has the shape of a token; ");
            refuse(&home, &server, command, &[(name, &value)], &expected);
        }
    }
}

#[test]
fn a_token_in_the_configuration_file_is_refused_by_line_and_column() {
    let (home, server) = (Home::new(), Server::start());
    for (text, expected) in FILES {
        home.config(&text.replace("TOKEN", TOKEN));
        let ran = home.run(&["get", "-p", "a"], &server.variables("acme"));
        let expected = format!("error: config.toml, {expected}");
        assert!(ran.code == 2 && ran.stderr.starts_with(&expected), "{expected}: {ran:?}");
        assert!(!(ran.stdout + &ran.stderr).contains("eyJ"), "{expected}");
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[test]
fn codes_with_white_space_or_a_comma_are_refused_where_they_would_be_added() {
    let (home, server) = (Home::new(), Server::start());
    for (code, words) in [
        ("A,B", "A,B: A code has no comma inside; add each code by itself."),
        ("A B", "A B: A code has no white space inside."),
    ] {
        for option in ["--add", "--question"] {
            let ran = home.run(&["set", option, code], &server.variables("acme"));
            assert!(ran.code == 2 && ran.stderr.contains(words), "{ran:?}");
        }
    }
    assert!(server.requests().iter().all(|request| !request.starts_with("PATCH")), "nothing was changed");
}
