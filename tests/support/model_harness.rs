//! The model of an editor without a terminal, a network or a clock: messages go in, screens come out.

use std::time::Duration;

use convrating::agents::Identity;
use convrating::agents::{ReadableSource, TokenSource};
use convrating::editor::message::{Effect, Message};
use convrating::editor::model::{Form, Model, Now, Session, Size, Start};
use convrating::editor::view::render;
use convrating::editor::view::theme::Theme;
use convrating::journal::SavedLine;
use convrating::save::{Answerer, CallError, Event, Refusal, RetryAfter, Save};
use convrating::settings::Settings;
use convrating::terminal::{Key, Painter};
use convrating::words::{Audience, CallContext};
use ratatui::backend::{Backend, TestBackend};
use ratatui::buffer::Buffer;

/// A model, the time that it is given, and all effects that it asked for.
pub struct ModelHarness {
    pub model: Model,
    pub effects: Vec<Effect>,
    pub now: Now,
    pub theme: Theme,
}

impl ModelHarness {
    /// An editor that has just been started, in a terminal of this size.
    pub fn start(session: Option<Session>, columns: u16, rows: u16) -> Self {
        let local = "2026-11-22T14:02:10[UTC]".parse().expect("a time");
        let now = Now { elapsed: Duration::from_mins(1), local };
        let first = session.map_or(Start::AskToken { host: "app.quickchat.ai".to_owned() }, Start::Connected);
        let (model, effects) = Model::start(first, Vec::new(), Size { columns, rows }, now.clone());
        Self { model, effects, now, theme: Theme::PLAIN }
    }

    /// An editor that has read `settings`, at 80x24.
    pub fn reading(settings: Settings) -> Self {
        Self::reading_at(settings, 80, 24)
    }

    /// An editor that has read `settings`, in a terminal of this size.
    pub fn reading_at(settings: Settings, columns: u16, rows: u16) -> Self {
        let mut harness = Self::start(Some(session()), columns, rows);
        harness.tell(Message::Read { request: 1, result: Ok(settings) });
        harness.effects.clear();
        harness
    }

    /// Sends the model a message.
    pub fn tell(&mut self, message: Message) {
        let effects = self.model.update(message, self.now.clone());
        self.effects.extend(effects);
        // The loop draws a frame and hands back how far what is open can be scrolled.
        if self.model.dialog.is_some() {
            let (_, scroll_end) = self.draw(&self.theme);
            if let Some(end) = scroll_end {
                self.model.note_scroll_end(end);
            }
        }
    }

    /// Presses keys, one after the other: `space`, `down`, `esc`, `c-c`, or a character.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for word in keys.split_whitespace() {
            self.tell(Message::Keys { keys: vec![key(word)], burst: false });
        }
        self
    }

    /// Types a text, character by character.
    pub fn type_text(&mut self, text: &str) -> &mut Self {
        let keys = text.chars().map(Key::Char).collect();
        self.tell(Message::Keys { keys, burst: false });
        self
    }

    /// Pastes a text.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.tell(Message::Pasted(text.chars().filter(|character| !character.is_control()).collect()));
        self
    }

    /// Pastes text in a terminal that does not mark pastes.
    pub fn paste_unmarked(&mut self, text: &str) -> &mut Self {
        let key = |character| if character == '\n' { Key::Enter } else { Key::Char(character) };
        self.tell(Message::Keys { keys: text.chars().map(key).collect(), burst: true });
        self
    }

    /// Lets time pass for the model. The test does not wait.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        self.now.elapsed += time;
        self
    }

    /// Gives these events to the save under way, as the driver does.
    pub fn save_steps(&mut self, events: impl IntoIterator<Item = Event>) -> &mut Self {
        let (request, intent) = self.effects.iter().rev().find_map(saved).expect("a save was asked for");
        let mut save = Save::start(intent);
        for event in events {
            save.step(event).expect("the event fits");
            self.tell(Message::SaveMoved { request, save: Box::new(save.clone()) });
        }
        self
    }

    /// Presses `b`, and answers with what the history holds.
    pub fn bring_back(&mut self, found: Option<SavedLine>) -> &mut Self {
        self.press("b");
        let Some(Effect::FindLastSave(request, _)) = self.effects.last() else {
            panic!("{:?}", self.effects)
        };
        let request = *request;
        self.tell(Message::LastSaveFound { request, result: Ok(found.map(Box::new)) });
        self
    }

    /// The form.
    pub fn form(&self) -> &Form {
        self.model.form().expect("there is a form")
    }

    /// The screen as one line of words, wherever lines were broken.
    pub fn words(&self) -> String {
        self.screen().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A terminal with one frame on it, and how far what is on it can be scrolled.
    fn draw(&self, theme: &Theme) -> (TestBackend, Option<usize>) {
        let Size { columns, rows } = self.model.size;
        let mut backend = TestBackend::new(columns, rows);
        let (picture, scroll_end) = render(&self.model, theme);
        Painter::default().paint(&mut backend, picture).expect("a frame");
        (backend, scroll_end)
    }

    /// The cells of the screen.
    pub fn cells(&self, theme: &Theme) -> Buffer {
        self.draw(theme).0.buffer().clone()
    }

    /// The screen as text, with the cursor's place in the last line.
    pub fn screen(&self) -> String {
        let (mut backend, _) = self.draw(&self.theme);
        let columns = usize::from(self.model.size.columns);
        let mut lines: Vec<String> = backend.buffer().content.chunks(columns).map(line).collect();
        let cursor = backend.cursor_visible().then(|| backend.get_cursor_position().expect("a position"));
        lines.push(cursor.map_or_else(|| "no cursor".to_owned(), |at| format!("cursor {},{}", at.x, at.y)));
        lines.join("\n")
    }
}

fn line(cells: &[ratatui::buffer::Cell]) -> String {
    let mut text = String::new();
    let mut skip = 0;
    for cell in cells {
        if skip == 0 {
            text.push_str(cell.symbol());
            skip = unicode_width::UnicodeWidthStr::width(cell.symbol()).max(1);
        }
        skip -= 1;
    }
    text.trim_end().to_owned()
}

fn saved(effect: &Effect) -> Option<(u64, convrating::settings::Intent)> {
    match effect {
        Effect::Save(request, intent) => Some((*request, (**intent).clone())),
        _ => None,
    }
}

/// The key that a word means.
pub fn key(word: &str) -> Key {
    match word {
        "space" => Key::Char(' '),
        "enter" => Key::Enter,
        "esc" => Key::Esc,
        "tab" => Key::Tab,
        "backtab" => Key::BackTab,
        "up" => Key::Up,
        "down" => Key::Down,
        "left" => Key::Left,
        "right" => Key::Right,
        "home" => Key::Home,
        "end" => Key::End,
        "pgup" => Key::PageUp,
        "pgdn" => Key::PageDown,
        "backspace" => Key::Backspace,
        "f1" => Key::F(1),
        _ => match word.strip_prefix("c-") {
            Some(letter) => Key::Ctrl(letter.chars().next().expect("a letter")),
            None => Key::Char(word.chars().next().expect("a character")),
        },
    }
}

/// A customer's agent, in production.
pub fn session() -> Session {
    let base_url = convrating::api::credentials::BaseUrl::parse("https://app.quickchat.ai").expect("a URL");
    Session {
        name: Some("acme-prod".to_owned()),
        context: CallContext {
            profile: Some("acme-prod".to_owned()),
            base_url,
            token_source: TokenSource::Readable(ReadableSource::File("token".to_owned())),
            audience: Audience::Editor,
        },
        // 41 weeks after the harness's time.
        identity: Identity {
            agent: Some("demoagent1".to_owned()),
            expires: Some(1_795_356_130 + 41 * 604_800),
        },
        is_protected: false,
        read_only: None,
        is_token_refused: false,
        demo_about: None,
    }
}

/// The same agent as one of the demo's.
pub fn demo_session() -> Session {
    let mut session = session();
    session.context.token_source = TokenSource::Demo;
    session
}

/// An answer with an error status.
pub fn refused(status: u16, code: &str, message: &str) -> CallError {
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let retry_after = RetryAfter::Missing;
    let answerer = Answerer::Api { code: text(code), messages: text(message).into_iter().collect(), more: 0 };
    CallError::Refused(Refusal { status, answerer, retry_after })
}

/// No connection.
pub fn unreachable() -> CallError {
    CallError::Connect { reason: "connection refused".to_owned() }
}
