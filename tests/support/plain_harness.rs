//! The whole editor line by line, against a server over TCP: lines go in, and what it says is a transcript.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use convrating::demo::Demo;
use convrating::editor::plain::run_lines;
use convrating::editor::{Ending, Happening, Setup};
use convrating::terminal::{LineCommand, LineInput, TerminalEvent};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::watch;

/// How long a condition may take to come true.
const DEADLINE: Duration = Duration::from_secs(15);

/// A whole editor that runs beside the test.
pub struct PlainHarness {
    to: UnboundedSender<Happening>,
    said: watch::Receiver<String>,
    transcript: Arc<watch::Sender<String>>,
    shared: Arc<Mutex<Shared>>,
    /// So many bytes of the transcript were read by the test.
    read: usize,
}

/// What the editor's side and the test's side both use.
#[derive(Default)]
struct Shared {
    /// Lines that the user has typed, and that were not asked for yet.
    typed: VecDeque<LineInput>,
    is_asked: bool,
    commands: Vec<LineCommand>,
    /// Standard input is a terminal.
    is_terminal: bool,
    /// Nothing reads what is written.
    is_closed: bool,
    /// A line that arrives at the moment when something cannot be written.
    on_its_way: Option<LineInput>,
}

impl Shared {
    fn perform(&mut self, command: LineCommand, to: &UnboundedSender<Happening>) -> bool {
        match command {
            LineCommand::Ask => self.is_asked = true,
            LineCommand::DropTyped if self.is_terminal => self.typed.clear(),
            _ => {}
        }
        self.hand_over(to);
        if command == LineCommand::Ask {
            return true;
        }
        self.commands.push(command);
        self.is_terminal
    }

    fn hand_over(&mut self, to: &UnboundedSender<Happening>) {
        if self.is_asked
            && let Some(input) = self.typed.pop_front()
        {
            self.is_asked = false;
            // The loop may have ended.
            let _ = to.send(input.into());
        }
    }
}

impl PlainHarness {
    /// Types a line, and waits until the editor has said `text` after it. Returns what it has said since.
    pub async fn say(&mut self, line: &str, text: &str) -> String {
        self.note(&format!("> {line}"));
        self.type_ahead(line);
        self.read(text).await
    }

    /// Types a line without waiting for anything. It does not stand in the transcript.
    pub fn type_ahead(&self, line: &str) {
        self.input(LineInput::Line(line.to_owned()));
    }

    /// Types the last line, after which the editor ends.
    pub fn say_last(&mut self, line: &str) {
        self.note(&format!("> {line}"));
        self.type_ahead(line);
    }

    /// Ends the input.
    pub fn end_input(&mut self) {
        self.note("> (end of input)");
        self.input(LineInput::Ended);
    }

    /// Presses Ctrl-C.
    pub fn interrupt(&mut self) {
        self.note("> (Ctrl-C)");
        self.to.send(TerminalEvent::Interrupted.into()).expect("the loop runs");
    }

    /// From now on standard input is a terminal.
    pub fn be_terminal(&self) {
        self.lock().is_terminal = true;
    }

    /// From now on nothing reads what the editor says.
    pub fn close_output(&self) {
        self.lock().is_closed = true;
    }

    /// The same, and this line arrives at the moment when something cannot be written.
    pub fn close_output_before(&self, line: &str) {
        let mut shared = self.lock();
        (shared.is_closed, shared.on_its_way) = (true, Some(LineInput::Line(line.to_owned())));
    }

    /// What the editor has asked of the terminal, but for lines.
    pub fn commands(&self) -> Vec<LineCommand> {
        self.lock().commands.clone()
    }

    /// Waits until the editor has said `text` since the last line. Returns what it has said since.
    pub async fn read(&mut self, text: &str) -> String {
        let from = self.read;
        let mut said = self.said.clone();
        let seen = said.wait_for(|said| said[from..].contains(text));
        let Ok(said) = tokio::time::timeout(DEADLINE, seen).await else {
            panic!("never said: {text}; said was\n{}", *self.said.borrow());
        };
        let said = said.expect("the loop runs").clone();
        self.read = said.len();
        said[from..].to_owned()
    }

    /// All that was typed and said, with each time of day as `HH:MM:SS`.
    pub fn transcript(&self) -> String {
        without_times(&self.said.borrow())
    }

    fn input(&self, input: LineInput) {
        let mut shared = self.lock();
        shared.typed.push_back(input);
        shared.hand_over(&self.to);
    }

    fn note(&mut self, line: &str) {
        self.transcript.send_modify(|transcript| transcript.extend([line, "\n"]));
        self.read = self.transcript.borrow().len();
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is written goes to the transcript.
struct Output(Arc<watch::Sender<String>>, Arc<Mutex<Shared>>, UnboundedSender<Happening>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut shared = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.is_closed {
            let on_its_way = shared.on_its_way.take();
            shared.typed.extend(on_its_way);
            shared.hand_over(&self.2);
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let text = std::str::from_utf8(bytes).expect("text");
        self.0.send_modify(|transcript| *transcript += text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs an editor line by line, and `script` as its user. Both have to end. Returns the transcript, with the line that stays at
/// its end, and how the editor ended.
pub async fn run_plain(setup: Setup, script: impl AsyncFnOnce(&mut PlainHarness)) -> (String, Ending) {
    let (to, happenings) = unbounded_channel();
    let (transcript, said) = watch::channel(String::new());
    let (transcript, shared) = (Arc::new(transcript), Arc::new(Mutex::new(Shared::default())));
    let output = Output(Arc::clone(&transcript), Arc::clone(&shared), to.clone());
    let (own, own_to) = (Arc::clone(&shared), to.clone());
    let perform = |command| Ok(own.lock().unwrap_or_else(PoisonError::into_inner).perform(command, &own_to));
    let mut editor = PlainHarness { to: to.clone(), said, transcript, shared: Arc::clone(&shared), read: 0 };
    let ended = tokio::time::timeout(DEADLINE * 4, async {
        let (ending, ()) =
            tokio::join!(run_lines(output, to, happenings, setup, perform), script(&mut editor));
        ending
    });
    let ending = ended.await.expect("the editor ends").expect("no fault of the terminal");
    let farewell = ending.farewell.clone().unwrap_or_default();
    (format!("{}{farewell}\n", editor.transcript()), ending)
}

/// The same beside the demo's server, which ends with it.
pub async fn run_plain_beside(
    demo: Demo,
    setup: Setup,
    script: impl AsyncFnOnce(&mut PlainHarness),
) -> (String, Ending) {
    let server = tokio::spawn(demo.serve());
    let ended = run_plain(setup, script).await;
    server.abort();
    ended
}

/// Text with each time of day as `HH:MM:SS`, the time a request took as `N ms`, the demo's port as `PORT`, and the time that a
/// token of the demo has left as it is in its first second.
fn without_times(text: &str) -> String {
    let text = text.replace("51 weeks left", "52 weeks left");
    let mut words = Vec::new();
    for word in text.split(' ') {
        words.push(without_time(word));
        if word.starts_with("ms")
            && let Some(took) = words.len().checked_sub(2)
        {
            "N".clone_into(&mut words[took]);
        }
    }
    let text = words.join(" ");
    let (start, rest) = text.split_once("127.0.0.1:").unwrap_or((&text, ""));
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    if port.is_empty() { start.to_owned() } else { text.replace(&port, "PORT") }
}

/// The word with the digits of a time of day in it replaced.
fn without_time(word: &str) -> String {
    let bytes = word.as_bytes();
    let is_time = |at: usize| {
        let shape = bytes.get(at..at + 8);
        shape.is_some_and(|shape| {
            shape
                .iter()
                .enumerate()
                .all(|(place, byte)| if place % 3 == 2 { *byte == b':' } else { byte.is_ascii_digit() })
        })
    };
    match (0..word.len()).find(|at| is_time(*at)) {
        Some(at) => format!("{}HH:MM:SS{}", &word[..at], &word[at + 8..]),
        None => word.to_owned(),
    }
}
