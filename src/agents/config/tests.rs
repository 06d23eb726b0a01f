mod edits;

use std::path::PathBuf;

use super::super::source::ReadableSource;
use super::*;
use crate::api::credentials::BaseUrl;
use proptest::prelude::*;

fn apply_login(text: &str, edit: &LoginEdit<'_>) -> Option<String> {
    apply_edit(text, &ConfigEdit::Login(edit.clone()))
}

fn fault(text: &str) -> String {
    let (offset, fault) = Config::parse(text).unwrap_err();
    let error = ConfigError {
        path: PathBuf::from("/c/config.toml"),
        place: Some(line_and_column(text, offset)),
        fault,
    };
    error.to_string()
}

#[test]
fn profiles_stand_in_the_files_order() {
    let config = Config::parse(
        "default_profile = 'a'\n\
         [profiles.zoo]\ntoken_command = ['pass', 'show', 'zoo']\n\
         [profiles.a]\nbase_url = 'https://proxy.example'\ntoken_file = '~/t'\nscenario_id = 'x'\nprotected = true\n\
         [profiles.m]\ntoken_env = 'M'\nread_only = true\n[profiles.l]\n",
    )
    .unwrap();
    let names: Vec<_> = config.profiles.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["zoo", "a", "m", "l"]);
    let labels: Vec<_> = config.profiles.iter().map(|entry| entry.source.to_string()).collect();
    assert_eq!(labels, ["command pass", "file", "M", "login"]);
    let flags: Vec<_> = config.profiles.iter().map(|p| (p.is_protected, p.is_read_only)).collect();
    assert_eq!(flags, [(false, false), (true, false), (false, true), (false, false)]);
    assert_eq!(Config::parse("").unwrap(), Config::default());
}

#[test]
fn each_broken_file_says_what_is_wrong_and_where() {
    let cases = [
        ("colour = 1", "line 1, column 1: unknown key \"colour\""),
        (
            "defualt_profile = 'x'",
            "line 1, column 1: unknown key \"defualt_profile\"; did you mean \"default_profile\"?",
        ),
        (
            "[profiles.a]\n  protect = true",
            "line 2, column 3: unknown key \"protect\"; did you mean \"protected\"?",
        ),
        (
            "[profiles.a]\ntoken = 's'",
            "line 2, column 1: token: a token does not stand in this file; use token_command, token_file, token_env or convrating login",
        ),
        ("[profiles.a]\nprotected = 'yes'", "line 2, column 13: protected must be true or false"),
        (
            "[profiles.a]\ntoken_command = 'pass x'",
            "line 2, column 17: token_command must be an array of strings: a program and its arguments",
        ),
        ("[profiles.a]\ntoken_command = []", "line 2, column 17: token_command: it names no program"),
        (
            "[profiles.a]\ntoken_env = 'A'\ntoken_file = 'b'",
            "line 3, column 1: token_file and token_env: a profile has one token source",
        ),
        (
            "[profiles.a]\nbase_url = 'http://example.org'",
            "line 2, column 1: base_url: the base URL \"http://example.org\" is not https; http is for this machine alone (127.0.0.1, ::1, localhost)",
        ),
        (
            "[profiles.'../a']",
            "line 1, column 11: profiles.../a: a profile's name begins with a letter or a digit",
        ),
        ("[profiles.a]\ntoken_command = ['']", "line 2, column 17: token_command: it names no program"),
        (
            "[profiles.a]\nscenario_id = 'eyJhIjoxfQ.e30.c2ln'",
            "line 2, column 15: scenario_id: it has the shape of a token; a token does not stand in this file; use token_command, token_file, token_env or convrating login",
        ),
        ("profiles = 3", "line 1, column 12: profiles must be tables: [profiles.NAME]"),
        ("[profiles.a]\nscenario_id = ''", "line 2, column 15: scenario_id: it is empty"),
    ];
    for (text, expected) in cases {
        assert_eq!(fault(text), format!("config.toml, {expected} (/c/config.toml)"), "{text}");
    }
    for text in ["[profiles.a", "a = ", "[profiles.a]\n[profiles.a]", "x = \"\u{1b}\""] {
        assert!(fault(text).starts_with("config.toml, line "), "{}", fault(text));
    }
}

#[test]
fn a_default_that_is_not_there_is_a_fault_of_its_own() {
    let config = Config::parse("\n default_profile = 'b'\n[profiles.a]").unwrap();
    let stray = config.stray_default(Path::new("/c/config.toml")).unwrap().to_string();
    assert_eq!(
        stray,
        "config.toml, line 2, column 2: default_profile: there is no profile \"b\" (/c/config.toml)"
    );
    assert!(
        Config::parse("default_profile = 'a'\n[profiles.a]").unwrap().stray_default(Path::new("")).is_none()
    );
}

#[test]
fn an_unknown_key_is_shown_in_sixty_characters() {
    let text = format!("{} = 1", "x".repeat(3000));
    assert_eq!(
        fault(&text),
        format!("config.toml, line 1, column 1: unknown key \"{}…\" (/c/config.toml)", "x".repeat(60))
    );
}

#[test]
fn a_login_keeps_everything_it_does_not_change() {
    let text = "# mine\ndefault_profile = \"b\" # first\n\n[profiles.b]\n# from pass\ntoken_command = [\"pass\"]\n\
                base_url = \"https://old.example\" # old\nprotected = true # careful\n";
    let url = BaseUrl::parse("https://new.example").unwrap();
    let edit = LoginEdit { name: "b", base_url: &url, scenario_id: Some("x1") };
    let edited = apply_login(text, &edit).unwrap();
    for kept in ["# mine\n", "# first\n", "\"https://new.example\" # old\n", "protected = true # careful\n"] {
        assert!(edited.contains(kept), "{kept} in\n{edited}");
    }
    let profile = Config::parse(&edited).unwrap().profiles.remove(0);
    assert_eq!((profile.source, profile.scenario_id.as_deref()), (ReadableSource::Stored, Some("x1")));
    let again = apply_login(&edited, &LoginEdit { name: "c", ..edit }).unwrap();
    let config = Config::parse(&again).unwrap();
    assert_eq!((config.profiles.len(), config.default_profile.as_deref()), (2, Some("b")));
}

fn logged_in(text: &str, scenario_id: Option<&str>) -> String {
    let url = BaseUrl::parse("https://new.example").unwrap();
    apply_login(text, &LoginEdit { name: "b", base_url: &url, scenario_id }).unwrap()
}

#[test]
fn comments_of_a_key_that_login_takes_away_stay() {
    let edited = logged_in(
        "[profiles.b]\n# from pass\ntoken_command = [\"pass\"] # not op\nprotected = true # careful\n",
        None,
    );
    assert_eq!(
        edited,
        "[profiles.b]\n# from pass\n# not op\nprotected = true # careful\nbase_url = \"https://new.example\"\n"
    );
    let edited = logged_in(
        "[profiles.b]\nbase_url = \"https://new.example\"\nscenario_id = \"x\" # Support's\n\n# last\ntoken_env = \"T\"\n# end\n",
        None,
    );
    assert_eq!(edited, "[profiles.b]\n# Support's\n\n# last\nbase_url = \"https://new.example\"\n# end\n");
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let text =
        "\u{feff}# mine\r\n[profiles.b] # second\r\n# from pass\r\ntoken_env = 'T'\r\nprotected = true\r\n";
    let edited = logged_in(text, Some("x1"));
    assert_eq!(
        edited,
        "\u{feff}# mine\r\n[profiles.b] # second\r\n# from pass\r\nprotected = true\r\n\
         base_url = \"https://new.example\"\r\nscenario_id = \"x1\"\r\n"
    );
    assert_eq!(Config::parse(&edited).unwrap().profiles.len(), 1);
    assert_eq!(logged_in(&edited, Some("x1")), edited, "a second login changes nothing");
}

#[test]
fn the_first_login_makes_the_default() {
    let url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
    let edit = LoginEdit { name: "a", base_url: &url, scenario_id: None };
    let edited = apply_login("", &edit).unwrap();
    assert_eq!(edited, "default_profile = \"a\"\n\n[profiles.a]\nbase_url = \"https://app.quickchat.ai\"\n");
}

#[test]
fn a_login_that_changes_nothing_leaves_the_quotes_as_they_are() {
    let text = "[profiles.b]\nbase_url = 'https://new.example'\n";
    assert_eq!(logged_in(text, None), text);
}

proptest! {
    #[test]
    fn any_text_is_a_configuration_or_an_error_with_a_place(text in any::<String>()) {
        if let Err((offset, _)) = Config::parse(&text) {
            let (line, column) = line_and_column(&text, offset);
            prop_assert!(line >= 1 && column >= 1);
        }
    }

    #[test]
    fn any_keys_and_values_are_a_configuration_or_an_error(
        key in "(base_url|token_command|token_file|protected|scenario_id|[a-z_]{1,12})",
        value in "(true|1|''|'[a-z:/]{0,20}'|\\[\\]|\\['a', 1\\]|\\{\\}|[0-9:-]{1,10})",
        name in "[a-z.'\"-]{1,6}",
    ) {
        let _ = Config::parse(&format!("[profiles.{name}]\n{key} = {value}"));
    }

    #[test]
    fn what_login_writes_is_read_again(name in "[a-z0-9][a-z0-9._-]{0,20}", agent in "\\PC{1,20}") {
        let url = BaseUrl::parse(BaseUrl::DEFAULT).unwrap();
        let edit = LoginEdit { name: &name, base_url: &url, scenario_id: Some(&agent) };
        let config = Config::parse(&apply_login("", &edit).unwrap()).unwrap();
        prop_assert_eq!(config.profiles[0].scenario_id.as_deref(), Some(agent.as_str()));
    }
}

#[test]
fn the_example_is_a_configuration() {
    let config = Config::parse(include_str!("../../../assets/config.example.toml"))
        .map_err(|(offset, fault)| format!("{offset}: {fault}"))
        .unwrap();
    let labels: Vec<_> = config.profiles.iter().map(|entry| entry.source.to_string()).collect();
    assert_eq!(labels, ["login", "command pass", "file", "SANDBOX_TOKEN"]);
}
