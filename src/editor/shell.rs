//! The loop: it waits for something to happen, updates the model, carries out the effects and shows what has come of it.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::clock::Clock;
use super::face::Face;
use super::frames::NextFrame;
use super::happening::Happening;
use super::keymap::Action;
use super::message::{Copied, Effect, Message, NewToken};
use super::model::{Model, RequestId, Session, Start};
use super::renewal::Renewed;
use super::setup::{Ending, First, Setup};
use super::tasks::Tasks;
use crate::agents::Connection;
use crate::private::spoken;
use crate::terminal::{TerminalCommand, TerminalEvent, TerminalInput, TmuxError};

/// The state of the loop. The model has its own.
struct Loop<F> {
    face: F,
    model: Model,
    next_frame: NextFrame,
    tasks: Tasks,
    setup: Setup,
    clock: Clock,
    /// Set when a signal or a hang-up has asked for the end: the exit code, and the time until which a save may still end.
    ending: Option<(u8, tokio::time::Instant)>,
    /// The terminal hung up. Nothing can be shown any more.
    is_gone: bool,
    /// A helper program owns the terminal.
    is_lent: bool,
}

/// Runs the editor with this face, with any source of happenings, to its end.
///
/// # Errors
/// The face's.
///
/// # Panics
/// With the panic of a task that panicked.
pub(super) async fn run_face<F: Face>(
    face: F,
    to: UnboundedSender<Happening>,
    mut happenings: UnboundedReceiver<Happening>,
    setup: Setup,
) -> Result<Ending, F::Error> {
    let clock = Clock::start();
    let first = match &setup.first {
        First::NoAgent(base_url) => Start::AskToken { host: base_url.host() },
        First::List(base_url) => Start::ChooseProfile { host: base_url.host() },
        First::Profile(profile) => Start::Connected(Session::from(&**profile)),
        First::Named(session) => Start::Opening(session.clone()),
        First::NotOpened(session, reason) => Start::NotOpened(session.clone(), reason.clone()),
    };
    let size = face.size()?;
    let profiles = setup.agents.known().outlines(&setup.options).into_iter().map(Session::from);
    let (mut model, effects) = Model::start(first, profiles.collect(), size, clock.now());
    model.audience = F::AUDIENCE;
    let tasks = Tasks::new(to, &setup);
    let mut this = Loop {
        face,
        model,
        next_frame: NextFrame::default(),
        tasks,
        setup,
        clock,
        ending: None,
        is_gone: false,
        is_lent: false,
    };
    this.next_frame.note_change();
    this.face.follow(&this.model)?;
    this.draw()?;
    let mut end = this.perform(effects)?;
    while end.is_none() {
        let batch = this.next_batch(&mut happenings).await;
        let effects = this.take_all(batch)?;
        end = this.perform(effects)?.or_else(|| this.end_after_save());
        while end.is_none()
            && let Some(effects) = this.answer()?
        {
            end = this.perform(effects)?;
        }
        if end.is_none() {
            this.draw()?;
        }
    }
    let farewell = if this.is_gone { None } else { Some(this.face.leave(this.model.farewell())?) };
    Ok(Ending { code: end.unwrap_or_default(), farewell })
}

impl<F: Face> Loop<F> {
    /// Waits until something happens, and returns all that has happened by then. It is empty where only the deadline has come.
    async fn next_batch(&mut self, happenings: &mut UnboundedReceiver<Happening>) -> Vec<Happening> {
        let deadline = self.ending.map(|(_, deadline)| deadline);
        let first = tokio::select! {
            happening = happenings.recv() => happening,
            () = self.tasks.watch_for_panics() => None,
            () = until(deadline) => None,
            () = until(self.next_frame.deadline()) => None,
            () = until(self.face.deadline()) => {
                self.next_frame.note_change();
                None
            }
        };
        let mut batch: Vec<_> = first.into_iter().collect();
        while let Ok(happening) = happenings.try_recv() {
            batch.push(happening);
        }
        batch
    }

    /// Takes what happened together. Keys are dropped if they came before the form was on screen, or before a helper program
    /// has the terminal: the user did not mean them for it.
    fn take_all(&mut self, batch: Vec<Happening>) -> Result<Vec<Effect>, F::Error> {
        let had_form = self.model.form().is_some();
        let mut effects = Vec::new();
        for happening in batch {
            let is_unseen =
                (!had_form && self.model.form().is_some()) || effects.contains(&Effect::LendTerminal);
            if !(is_unseen
                && matches!(
                    happening,
                    Happening::Input(TerminalInput::Keys { .. } | TerminalInput::Pasted(_))
                ))
            {
                effects.extend(self.take(happening));
                self.face.follow(&self.model)?;
            }
        }
        Ok(effects)
    }

    /// Takes the next of what the user has typed line by line. `None` where there is nothing, or it has to wait.
    fn answer(&mut self) -> Result<Option<Vec<Effect>>, F::Error> {
        let Some(messages) = self.face.next_messages(&self.model) else { return Ok(None) };
        let effects: Vec<_> = messages.into_iter().flat_map(|message| self.update(message)).collect();
        // After the end the last line says what has come of it.
        if !effects.iter().any(|effect| matches!(effect, Effect::Quit(_))) {
            self.face.follow(&self.model)?;
        }
        Ok(Some(effects))
    }

    fn take(&mut self, happening: Happening) -> Vec<Effect> {
        match happening {
            // They were typed before the helper program was there, and the reader pauses now.
            Happening::Input(TerminalInput::Keys { .. } | TerminalInput::Pasted(_)) if self.is_lent => {
                Vec::new()
            }
            Happening::Input(TerminalInput::Keys { keys, burst }) => {
                self.update(Message::Keys { keys, burst })
            }
            Happening::Input(TerminalInput::Pasted(text)) => self.update(Message::Pasted(text)),
            Happening::Input(TerminalInput::Ended) => {
                self.end(TerminalEvent::HangUp.exit_code().unwrap_or_default())
            }
            Happening::Line(input) => {
                self.face.hear(input);
                self.next_frame.note_change();
                Vec::new()
            }
            Happening::Terminal(event) => self.take_event(event),
            Happening::LeftToTmux(text, loaded) => self.left_to_tmux(&text, loaded),
            Happening::Message(message) => match *message {
                Message::OpenStopped(request) => self.open_stopped(request),
                message => self.update(message),
            },
            Happening::Opened(request, result) => self.opened(request, result),
            Happening::Renewed(request, result) => self.renewed(request, result),
        }
    }

    /// The opening of a connection has ended. The connection is used only if the model still waits for it.
    fn opened(&mut self, request: RequestId, result: Result<Box<Connection>, String>) -> Vec<Effect> {
        if !self.model.is_opening(request) {
            return Vec::new();
        }
        let mut effects = self.take_back();
        let result = result.map(|connection| {
            let session = Session::from(&connection.profile);
            self.tasks.connect(*connection);
            if session.is_demo() {
                // The user may have opened the demo in place of typing a token: its agents can be listed from now on.
                self.model.take_profiles(self.tasks.sessions());
            }
            session
        });
        effects.extend(self.update(Message::Opened { request, result }));
        effects
    }

    /// The renewal of a token has ended. The new connection is used only if the model still waits for it.
    fn renewed(&mut self, request: RequestId, result: Result<Box<Renewed>, String>) -> Vec<Effect> {
        if !self.model.is_renewing(request) {
            return Vec::new();
        }
        let mut effects = self.take_back();
        let result = result.map(|renewed| {
            let Renewed { connection, read } = *renewed;
            let session = Session::from(&connection.profile);
            self.tasks.connect(connection);
            Box::new(NewToken { session, read })
        });
        effects.extend(self.update(Message::Renewed { request, result }));
        effects
    }

    /// The connection that was left for the opening is the one again, where the model goes back to it.
    fn open_stopped(&mut self, request: RequestId) -> Vec<Effect> {
        if !self.model.is_opening(request) {
            return Vec::new();
        }
        let mut effects = self.take_back();
        effects.extend(self.update(Message::OpenStopped(request)));
        if self.model.form().is_some() {
            self.tasks.go_back();
        }
        effects
    }

    /// tmux has taken the text or not. In place of tmux the terminal gets it.
    fn left_to_tmux(&mut self, text: &str, loaded: Result<(), TmuxError>) -> Vec<Effect> {
        let copied =
            loaded.map_or_else(|error| Copied::RefusedByTmux(describe_refusal(&error)), |()| Copied::InTmux);
        if copied != Copied::InTmux {
            self.try_on_terminal(TerminalCommand::Copy(text));
        }
        self.update(Message::Copied(copied))
    }

    /// The helper program has ended: the terminal is entered and drawn anew.
    fn take_back(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.is_lent) { self.measured(TerminalCommand::TakeBack) } else { Vec::new() }
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        let now = self.clock.now();
        if self.model.ignores(&message, &now) {
            return Vec::new();
        }
        if message.is_news() {
            self.next_frame.note_news(tokio::time::Instant::now());
        } else {
            self.next_frame.note_change();
        }
        let was_saving = self.is_saving();
        let effects = self.model.update(message, now);
        if self.is_saving() != was_saving {
            self.try_on_terminal(TerminalCommand::SetBusy(!was_saving));
        }
        effects
    }

    fn take_event(&mut self, event: TerminalEvent) -> Vec<Effect> {
        self.is_gone |= event == TerminalEvent::HangUp;
        match event {
            TerminalEvent::Signal(_) | TerminalEvent::HangUp => {
                self.end(event.exit_code().unwrap_or_default())
            }
            TerminalEvent::Interrupted => {
                // Where the line cannot be ended, the rest is said on it.
                let _ = self.face.note_interrupt();
                self.update(Message::Act(Action::Quit, None))
            }
            TerminalEvent::Resized => self.measured(TerminalCommand::Measure),
            TerminalEvent::Stop => vec![Effect::Suspend],
            TerminalEvent::Continued => self.measured(TerminalCommand::Resume),
        }
    }

    /// The terminal may have another size now, and its screen may show something else than the last frame.
    fn measured(&mut self, command: TerminalCommand<'_>) -> Vec<Effect> {
        self.try_on_terminal(command);
        match self.face.size() {
            Ok(size) => self.update(Message::Resized(size)),
            Err(_) => Vec::new(),
        }
    }

    /// Sends the terminal a command whose failure can be ignored. The loop goes on as if the terminal had not changed.
    fn try_on_terminal(&mut self, command: TerminalCommand<'_>) {
        let _ = self.face.perform(command);
    }

    /// A signal or a hang-up asks for the end. The editor ends at once, or when the save under way has ended or its time is over.
    fn end(&mut self, code: u8) -> Vec<Effect> {
        if self.ending.is_none() {
            let grace = if self.is_saving() { self.setup.agents.timing().grace } else { Duration::ZERO };
            self.ending = Some((code, tokio::time::Instant::now() + grace));
        }
        Vec::new()
    }

    fn end_after_save(&mut self) -> Option<u8> {
        let (code, deadline) = self.ending?;
        if self.is_saving() && tokio::time::Instant::now() < deadline {
            return None;
        }
        self.model.leave_by_force();
        Some(code)
    }

    fn is_saving(&self) -> bool {
        self.model.is_sending()
    }

    /// Carries out the effects. Returns the exit code if one of them is the end.
    fn perform(&mut self, effects: Vec<Effect>) -> Result<Option<u8>, F::Error> {
        for effect in effects {
            match effect {
                Effect::Quit(code) => return Ok(Some(code)),
                Effect::LendTerminal => {
                    self.is_lent = self.face.perform(TerminalCommand::Lend)?;
                    self.tasks.start(effect);
                }
                Effect::Suspend => drop(self.face.perform(TerminalCommand::Suspend)?),
                Effect::Copy(text) if !self.setup.is_in_tmux => self.copy(&text, Copied::Sent)?,
                Effect::Redraw => self.face.redraw()?,
                effect => self.tasks.start(effect),
            }
        }
        Ok(None)
    }

    /// Sends a text to the terminal's clipboard, and tells the model.
    fn copy(&mut self, text: &str, copied: Copied) -> Result<(), F::Error> {
        self.face.perform(TerminalCommand::Copy(text))?;
        // No effect follows from it.
        self.update(Message::Copied(copied));
        Ok(())
    }

    /// Shows the model, if a frame is due.
    fn draw(&mut self) -> Result<(), F::Error> {
        if !self.next_frame.take(tokio::time::Instant::now()) || self.is_gone {
            return Ok(());
        }
        if let Some(end) = self.face.show(&self.model)? {
            self.model.note_scroll_end(end);
        }
        Ok(())
    }
}

/// Waits until `deadline`; for ever where there is none.
async fn until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Why tmux did not take the text, with the system's reason where it says one.
fn describe_refusal(error: &TmuxError) -> String {
    match error {
        TmuxError::NotStarted(source) => format!("{error} ({})", spoken(source)),
        TmuxError::Failed(_) | TmuxError::TooSlow => error.to_string(),
    }
}
