//! The whole editor on a test backend, against a server over TCP.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use convrating::agents::{AgentOptions, Agents, KnownProfiles, Profile, ReadableSource, TokenSource};
use convrating::api::credentials::{BaseUrl, Token};
use convrating::demo::{Demo, Hooks};
use convrating::editor::view::theme::Theme;
use convrating::editor::{Ending, First, Happening, Setup, run_loop};
use convrating::terminal::{TerminalCommand, TerminalEvent, TerminalInput};
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;

use super::model_harness::key;
use convrating::api::Timing;

/// How long a condition may take to come true.
const DEADLINE: Duration = Duration::from_secs(15);

/// The commands that the loop sent to the terminal.
pub type Calls = Arc<Mutex<Vec<String>>>;

/// A whole editor that runs beside the test: keys go in, screens come out.
pub struct EditorHarness {
    to: UnboundedSender<Happening>,
    frames: watch::Receiver<String>,
    drawn: Arc<AtomicUsize>,
    pub calls: Calls,
    /// The terminal can be lent. At first it cannot, as a test has none.
    lends: Arc<AtomicBool>,
}

impl EditorHarness {
    /// Presses these keys, one after the other: see [`key`].
    pub fn press(&self, keys: &str) {
        for word in keys.split_whitespace() {
            self.happen(TerminalInput::Keys { keys: vec![key(word)], burst: false });
        }
    }

    /// Presses a key until it is heard, one press for each frame, which shows as `text`.
    pub async fn insist(&mut self, key: &str, text: &str) {
        while !self.words().contains(text) {
            self.frames.mark_unchanged();
            self.press(key);
            self.frames.changed().await.expect("the loop runs");
        }
    }

    /// From now on the terminal is lent to a helper program that asks for it.
    pub fn allow_lending(&self) {
        self.lends.store(true, Ordering::Relaxed);
    }

    /// How often the loop has asked the terminal for this command.
    pub fn count_calls(&self, command: &str) -> usize {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().filter(|call| *call == command).count()
    }

    /// How many frames the loop has drawn.
    pub fn count_frames(&self) -> usize {
        self.drawn.load(Ordering::Relaxed)
    }

    /// Sends the loop something that happened, such as a signal.
    pub fn happen(&self, happening: impl Into<Happening>) {
        self.to.send(happening.into()).expect("the loop runs");
    }

    /// Gives the terminal another size.
    pub fn resized(&self) {
        self.happen(TerminalEvent::Resized);
    }

    /// The words on the screen now, as one line.
    pub fn words(&self) -> String {
        words(&self.frames.borrow())
    }

    /// Waits until the condition holds for the words on the screen. Returns the words.
    pub async fn see(&mut self, condition: impl Fn(&str) -> bool) -> String {
        let mut frames = self.frames.clone();
        let seen = frames.wait_for(|screen| condition(&words(screen)));
        let Ok(screen) = tokio::time::timeout(DEADLINE, seen).await else {
            panic!("never seen; the screen is\n{}", *self.frames.borrow());
        };
        words(&screen.expect("the loop runs"))
    }

    /// Waits for the first frame after the loop has asked the terminal for this command.
    pub async fn see_call(&mut self, command: &str) {
        let calls = Arc::clone(&self.calls);
        self.see(|_| calls.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|call| call == command))
            .await;
    }

    /// Waits until `text` is on the screen. Returns the words on the screen.
    pub async fn read(&mut self, text: &str) -> String {
        self.see(|screen| screen.contains(text)).await
    }
}

fn words(screen: &str) -> String {
    screen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A profile for one of the demo's agents.
pub fn profile(demo: &Demo, agent: &str) -> Profile {
    let agent = demo.agent(agent).expect("an agent of that name");
    let base_url = BaseUrl::parse(&demo.url()).expect("a URL");
    let token = Token::new(agent.token()).expect("a token");
    // With the demo as its source no save would be recorded.
    let source = TokenSource::Readable(ReadableSource::Variable("A_TEST".to_owned()));
    let profile = Profile::unnamed(base_url, token, source);
    Profile { name: Some(agent.name().to_owned()), ..profile }
}

/// Opens these profiles, with fifty times less patience than a user has.
pub fn agents(known: KnownProfiles) -> Agents {
    Agents::new(known).with_timing(Timing::default().faster(50))
}

/// What an editor is given in a test: fifty times less patience than a user has.
pub fn setup(profile: Option<Profile>) -> Setup {
    let known = KnownProfiles::Ready(profile.iter().cloned().collect());
    Setup {
        first: match profile {
            Some(profile) => First::Profile(Box::new(profile)),
            None => First::NoAgent(BaseUrl::parse(BaseUrl::DEFAULT).expect("a URL")),
        },
        agents: agents(known),
        options: AgentOptions::default(),
        start_demo: Arc::new(|| Err("The demo is not in this test.".to_owned())),
        journal: None,
        is_in_tmux: false,
        theme: Theme::PLAIN,
    }
}

/// Runs an editor on one of the demo's agents, and `script` as its user. Both have to end.
pub async fn edit(agent: &str, script: impl AsyncFnOnce(&mut EditorHarness, Hooks)) -> Ending {
    let demo = Demo::bind(0).expect("a demo");
    let (setup, hooks) = (setup(Some(profile(&demo, agent))), demo.hooks());
    run_beside(demo, setup, async |editor: &mut EditorHarness| script(editor, hooks).await).await
}

/// Runs the demo's server, an editor, and `script` as its user. The server ends with them.
pub async fn run_beside(demo: Demo, setup: Setup, script: impl AsyncFnOnce(&mut EditorHarness)) -> Ending {
    let server = tokio::spawn(demo.serve());
    let ending = run(setup, script).await;
    server.abort();
    ending
}

/// Runs an editor, and `script` as its user. Both have to end.
pub async fn run(setup: Setup, script: impl AsyncFnOnce(&mut EditorHarness)) -> Ending {
    let (to, happenings) = unbounded_channel();
    let (screens, frames) = watch::channel(String::new());
    let calls = Calls::default();
    let lends = Arc::new(AtomicBool::new(false));
    let drawn = Arc::<AtomicUsize>::default();
    let mut editor = EditorHarness {
        to: to.clone(),
        frames,
        drawn: Arc::clone(&drawn),
        calls: Arc::clone(&calls),
        lends: Arc::clone(&lends),
    };
    let backend = Shown { inner: TestBackend::new(80, 24), screens, drawn };
    let ended = tokio::time::timeout(DEADLINE * 4, async {
        let (ending, ()) =
            tokio::join!(looped(to, happenings, setup, backend, (calls, lends)), script(&mut editor));
        ending
    });
    ended.await.expect("the editor ends")
}

async fn looped(
    to: UnboundedSender<Happening>,
    happenings: UnboundedReceiver<Happening>,
    setup: Setup,
    mut backend: Shown,
    (calls, lends): (Calls, Arc<AtomicBool>),
) -> Ending {
    let note = |backend: &mut Shown, command: TerminalCommand<'_>| {
        if command == TerminalCommand::Measure {
            backend.inner.resize(40, 12);
        }
        calls.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{command:?}"));
        Ok(command != TerminalCommand::Lend || lends.load(Ordering::Relaxed))
    };
    run_loop(&mut backend, to, happenings, setup, note).await.expect("a backend that never fails")
}

/// A test backend that sends each frame to the tests that wait for one.
struct Shown {
    inner: TestBackend,
    screens: watch::Sender<String>,
    drawn: Arc<AtomicUsize>,
}

impl Backend for Shown {
    type Error = core::convert::Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Cell)>>(&mut self, content: I) -> Result<(), Self::Error> {
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Self::Error> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.drawn.fetch_add(1, Ordering::Relaxed);
        let screen = self.inner.to_string();
        // The test may have ended already.
        let _ = self.screens.send(screen.replace('"', " "));
        Ok(())
    }
}
