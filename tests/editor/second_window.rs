//! Another window changes the profiles while the editor is open: what the file says at each opening counts.

use convrating::agents::{ConfiguredProfiles, Environment, KnownProfiles, Profile};
use convrating::api::credentials::BaseUrl;
use convrating::demo::{Demo, Method};
use convrating::editor::First;

use crate::support::editor_harness::{EditorHarness, agents, profile, run, run_beside, setup};

/// A directory with the configuration file of an editor, which another window changes.
pub(super) struct Window(std::path::PathBuf);

impl Window {
    pub(super) fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("convrating-{name}-{}", std::process::id()));
        std::fs::create_dir_all(path.join("convrating/tokens")).expect("a directory");
        Self(path)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.0.join("convrating").join(name);
        std::fs::write(&path, text).expect("a file");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("permissions");
    }

    /// The path of one of the editor's files.
    pub(super) fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.join("convrating").join(name)
    }

    /// The text of one of the editor's files.
    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join("convrating").join(name)).expect("a file")
    }

    /// What `login` writes: the profile, and its token, which was checked at this address.
    pub(super) fn log_in(&self, demo: &Demo, more: &str) {
        let (url, agent) = (demo.url(), demo.agent("acme").expect("an agent"));
        let (token, scenario_id) = (agent.token(), agent.scenario_id());
        let line = format!("{{\"base_url\":\"{url}\",\"agent\":\"{scenario_id}\",\"token\":\"{token}\"}}\n");
        self.write("tokens/acme", &line);
        self.write("config.toml", &Self::text(demo, more));
    }

    /// The file's text: a profile for the demo's address.
    pub(super) fn text(demo: &Demo, more: &str) -> String {
        format!("[profiles.acme]\nbase_url = '{}'\n{more}", demo.url())
    }

    /// Where the files lie.
    pub(super) fn environment(&self) -> Environment {
        let variable = |name: &str| (name.into(), self.0.clone().into());
        Environment::new(["XDG_CONFIG_HOME", "XDG_STATE_HOME"].map(variable), None)
    }

    /// An editor that has not opened the profile yet.
    pub(super) fn setup(&self) -> convrating::editor::Setup {
        let configured = ConfiguredProfiles::load(self.environment()).expect("a configuration");
        let mut setup = setup(None);
        setup.agents = agents(KnownProfiles::Configured(configured));
        setup.first = First::List(BaseUrl::parse(BaseUrl::DEFAULT).expect("a URL"));
        setup
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn a_first_profile_that_a_second_window_adds_is_in_the_list() {
    let (demo, window) = (Demo::bind(0).expect("a demo"), Window::new("first-profile"));
    window.write("config.toml", "");
    let mut setup = window.setup();
    setup.first = First::Profile(Box::new(Profile { name: None, ..profile(&demo, "acme") }));
    let (url, token) = (demo.url(), demo.agent("acme").expect("an agent").token().to_owned());
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        let screen = harness.read("Ask visitors").await;
        assert!(!screen.contains("p profiles"), "there is none yet: {screen}");
        harness.press("p");
        harness.read("There are no profiles on this machine: convrating login NAME adds one.").await;
        harness.press("enter esc");
        harness.read("Ask visitors").await;
        window.write("config.toml", "colour = 1\n");
        harness.press("p");
        harness.see(|screen| screen.contains("config.toml, line 1") && screen.contains("Ask visitors")).await;
        window.write("tokens/acme", &token);
        window.write("config.toml", &format!("[profiles.acme]\nbase_url = '{url}'\n"));
        harness.press("p");
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("token from login").await;
        harness.press("q");
    })
    .await;
}

#[tokio::test]
async fn a_login_with_another_address_in_a_second_window_sends_nothing_to_the_old_host() {
    let (old, new) = (Demo::bind(0).expect("a demo"), Demo::bind(0).expect("another"));
    let (old_hooks, new_hooks) = (old.hooks(), new.hooks());
    let window = Window::new("second-window");
    window.log_in(&old, "");
    let setup = window.setup();
    window.log_in(&new, "");
    let (old_url, new_url) = (old.url(), new.url());
    let servers = [tokio::spawn(old.serve()), tokio::spawn(new.serve())];
    run(setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("Ask visitors").await;
        assert_eq!((old_hooks.attempts(Method::Get), new_hooks.attempts(Method::Get)), (0, 2));
        // The other login has stored its token, and not yet written the file.
        window.write("config.toml", &format!("[profiles.acme]\nbase_url = '{old_url}'\nread_only = true\n"));
        harness.press("p");
        harness.read("the stored token of acme").await;
        harness.press("esc q");
    })
    .await;
    assert_eq!((old_hooks.attempts(Method::Get), new_hooks.attempts(Method::Get)), (0, 2), "{new_url}");
    servers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn what_the_file_says_at_each_opening_counts() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new("reopened"), demo.hooks());
    window.log_in(&demo, "scenario_id = 'another'\n");
    let setup = window.setup();
    let guarded = Window::text(&demo, "read_only = true\nprotected = true\n");
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("but the profile is for agent another").await;
        assert_eq!(hooks.attempts(Method::Get), 0, "a token of another agent is never sent");
        window.write("config.toml", &guarded);
        harness.press("r");
        let screen = harness.read("Ask visitors").await;
        assert!(screen.contains("acme [PROTECTED] [READ ONLY]"), "{screen}");
        window.write("config.toml", "colour = 1\n");
        harness.press("p");
        harness.read("config.toml, line 1").await;
        window.write("config.toml", "");
        harness.press("esc p");
        harness.read("0 of 0 answered").await;
        harness.press("enter q q");
    })
    .await;
}

#[tokio::test]
async fn a_guard_that_the_list_shows_counts_for_the_open_form_too() {
    let demo = Demo::bind(0).expect("a demo");
    let (window, hooks) = (Window::new("guarded"), demo.hooks());
    window.log_in(&demo, "");
    let (setup, guarded) = (window.setup(), Window::text(&demo, "protected = true\n"));
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        harness.press("enter");
        harness.read("Ask visitors").await;
        window.write("config.toml", &guarded);
        harness.press("p");
        harness.read("[PROTECTED] (open)").await;
        harness.press("esc space s");
        harness.read("Keep editing").await;
        assert_eq!(hooks.attempts(Method::Patch), 0);
        harness.press("esc q tab tab enter");
    })
    .await;
}

#[tokio::test]
async fn a_helper_program_that_another_window_names_gets_the_terminal_before_it_runs() {
    let demo = Demo::bind(0).expect("a demo");
    let window = Window::new("helper-found");
    window.log_in(&demo, "");
    let (setup, token) = (window.setup(), demo.agent("acme").expect("an agent").token().to_owned());
    let with_helper = Window::text(&demo, &format!("token_command = ['/bin/echo', '{token}']\n"));
    run_beside(demo, setup, async |harness: &mut EditorHarness| {
        harness.read("1 of 1 answered").await;
        window.write("config.toml", &with_helper);
        harness.press("enter");
        let screen = harness.read("Ask visitors").await;
        assert!(screen.contains("token from command echo"), "{screen}");
        let calls = harness.calls.lock().expect("the calls").clone();
        assert_eq!(calls.iter().filter(|call| *call == "Lend").count(), 1, "{calls:?}");
        harness.press("q");
    })
    .await;
}
