//! The files of a home directory: what is read of them, and what the changes of profiles leave there.

use std::fs;
use std::path::PathBuf;

use super::super::known::KnownProfiles;
use super::super::options::AgentOptions;
use super::super::source::TokenSource;
use super::*;
use crate::agents::Agents;
use crate::api::credentials::{BaseUrl, Token};

/// {"`scenario_id`":"mine"}
const MINE: &str = "e30.eyJzY2VuYXJpb19pZCI6Im1pbmUifQ.c2ln";

/// A home directory, which is removed at the end.
struct Home {
    path: PathBuf,
    environment: Environment,
}

impl Home {
    fn new(name: &str, config: &str) -> Self {
        let path = std::env::temp_dir().join(format!("convrating-changes-{name}-{}", std::process::id()));
        let environment = Environment::new([("HOME".into(), path.clone().into())], None);
        let home = Self { path, environment };
        home.write(config.as_bytes());
        home
    }

    fn write(&self, config: &[u8]) {
        let file = self.environment.config_file();
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, config).unwrap();
    }

    fn lock(&self) -> ChangeLock {
        ChangeLock::try_take(&self.environment).unwrap().unwrap()
    }

    fn load(&self) -> ConfiguredProfiles {
        ConfiguredProfiles::load(self.environment.clone()).unwrap()
    }

    /// The names of the profiles, and the default one.
    fn names(&self) -> (Vec<String>, Option<String>) {
        let profiles = self.load();
        let names = profiles.entries().iter().map(|entry| entry.name.clone()).collect();
        (names, profiles.default_profile().map(str::to_owned))
    }

    /// The line in the file of a stored token.
    fn stored(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.environment.token_directory().join(name)).ok()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// The profile `a` with this token, which `login` stored.
fn profile(token: &str, base_url: &str) -> Profile {
    let source = TokenSource::Readable(ReadableSource::Stored);
    let profile = Profile::unnamed(BaseUrl::parse(base_url).unwrap(), Token::new(token).unwrap(), source);
    Profile { name: Some("a".to_owned()), ..profile }
}

#[test]
fn one_run_at_a_time_has_the_right_to_change_profiles() {
    let home = Home::new("lock", "");
    let lock = home.lock();
    assert!(ChangeLock::try_take(&home.environment).unwrap().is_none());
    drop(lock);
    assert!(ChangeLock::try_take(&home.environment).unwrap().is_some());
}

#[test]
fn a_login_stores_the_token_pins_the_profile_and_names_the_others_of_the_same_agent() {
    let config = "[profiles.b]\nscenario_id = 'mine'\n[profiles.c]\nscenario_id = 'theirs'\n[profiles.d]\n";
    let home = Home::new("login", config);
    for _ in 0..2 {
        let stored = home.lock().store("a", &profile(MINE, BaseUrl::DEFAULT)).unwrap();
        assert_eq!(stored.same_agent, ["b"]);
    }
    assert!(home.stored("a").unwrap().contains(MINE));
    assert_eq!(home.load().entry("a").unwrap().scenario_id.as_deref(), Some("mine"));
    let stored = home.lock().store("e", &profile("opaque", BaseUrl::DEFAULT)).unwrap();
    assert_eq!(stored.same_agent, [""; 0], "a token that names no agent has no other profile");
    let refused = home.lock().store("-a", &profile(MINE, BaseUrl::DEFAULT));
    assert!(matches!(refused, Err(ChangeError::Name { .. })), "{refused:?}");
    assert!(home.stored("-a").is_none());
}

#[tokio::test]
async fn another_token_is_stored_only_for_a_profile_that_is_still_the_same() {
    const OTHER: &str = "https://other.example";
    let cases = [
        ("[profiles.a]\n", BaseUrl::DEFAULT, true),
        ("[profiles.a]\n", OTHER, false),
        ("[profiles.a]\ntoken_env = 'T'\n", BaseUrl::DEFAULT, false),
        ("[profiles.a]\ntoken_env = 'T'\n", OTHER, false),
    ];
    for (config, base_url, is_stored) in cases {
        let home = Home::new("again", config);
        let agents = Agents::new(KnownProfiles::Configured(home.load()));
        let ended = agents.store(&profile("new", base_url)).await;
        assert_eq!(ended.is_ok(), is_stored, "{config} {base_url} {ended:?}");
        assert!(is_stored || matches!(ended, Err(ChangeError::Meanwhile(name)) if name == "a"));
        assert_eq!(home.stored("a").is_some_and(|line| line.contains("new")), is_stored);
    }
}

#[test]
fn a_default_a_new_name_and_a_removal_stand_in_the_file_and_take_the_token_along() {
    let home = Home::new("names", "[profiles.a]\n");
    home.lock().store("b", &profile("opaque", BaseUrl::DEFAULT)).unwrap();
    let names = |names: &[&str], default: Option<&str>| {
        (names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>(), default.map(str::to_owned))
    };
    home.lock().set_default("b").unwrap();
    assert_eq!(home.names(), names(&["a", "b"], Some("b")));
    home.lock().rename("b", "c").unwrap();
    assert_eq!(home.names(), names(&["a", "c"], Some("c")));
    assert!(home.stored("b").is_none() && home.stored("c").is_some());
    assert!(matches!(home.lock().rename("a", "c"), Err(ChangeError::Taken(_))));
    assert!(matches!(home.lock().rename("a", "-c"), Err(ChangeError::Name { .. })));
    home.lock().remove("c").unwrap();
    assert_eq!(home.names().0, ["a"]);
    assert!(home.stored("c").is_none());
}

#[tokio::test]
async fn the_configuration_file_is_read_anew() {
    let home = Home::new("anew", "[profiles.a]\n");
    let agents = Agents::new(KnownProfiles::Configured(home.load()));
    home.write(b"[profiles.b]\n");
    let names = |agents: &Agents| {
        let outlines = agents.known().outlines(&AgentOptions::default());
        outlines.into_iter().filter_map(|outline| outline.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&agents), ["a"]);
    assert_eq!(names(&agents.reload().await.unwrap()), ["b"]);
}

#[test]
fn a_configuration_file_may_be_missing_unless_the_user_named_it_and_is_refused_with_its_place() {
    let home = Home::new("place", "");
    fs::remove_file(home.environment.config_file()).unwrap();
    assert_eq!(home.names(), (Vec::new(), None));
    let named = [("CONVRATING_CONFIG".into(), home.path.join("gone.toml").into())];
    let error = ConfiguredProfiles::load(Environment::new(named, None)).unwrap_err();
    assert!(matches!(error.fault, ConfigFault::Missing), "{error}");
    let too_long = [("CONVRATING_CONFIG".into(), format!("/{}", "x".repeat(300)).into())];
    let error = ConfiguredProfiles::load_or_empty(Environment::new(too_long, None)).unwrap_err();
    assert!(matches!(error.fault, ConfigFault::Unreadable(_)), "{error}");
    home.write(b"# \xff");
    let error = ConfiguredProfiles::load(home.environment.clone()).unwrap_err();
    assert_eq!(error.place, Some((1, 3)), "{error}");
    home.write(b"\ncolour = 1");
    let error = ConfiguredProfiles::load(home.environment.clone()).unwrap_err();
    assert_eq!(error.place, Some((2, 1)), "{error}");
}
