//! The loop: waits for something to happen, lets the model change, draws one frame, does what follows.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::clock::Clock;
use super::message::{Effect, Message};
use super::model::{Model, RequestId, Session, Size, Start};
use super::tasks::Tasks;
use super::view::render;
use super::{Ending, First, Happening, Setup};
use crate::agents::Connection;
use crate::terminal::{Backend, Terminal, TerminalCommand, TerminalEvent, TerminalInput};

/// The loop's state besides the model's.
struct Loop<'a, B: Backend, C> {
    terminal: &'a mut Terminal<B>,
    model: Model,
    tasks: Tasks,
    setup: Setup,
    clock: Clock,
    perform_command: C,
    /// Set when a signal or a hang-up asked for the end: the exit code, and until when a save may still end.
    ending: Option<(u8, tokio::time::Instant)>,
    /// The terminal hung up: there is nothing left to draw to.
    is_gone: bool,
}

/// Runs the editor on any backend, with any source of happenings, to its end.
///
/// # Errors
/// The backend's.
///
/// # Panics
/// With the panic of a task that panicked.
pub async fn run_loop<B: Backend>(
    terminal: &mut Terminal<B>,
    to: UnboundedSender<Happening>,
    mut happenings: UnboundedReceiver<Happening>,
    setup: Setup,
    perform_command: impl FnMut(&mut B, TerminalCommand<'_>) -> Result<(), B::Error>,
) -> Result<Ending, B::Error> {
    let clock = Clock::start();
    let first = match &setup.first {
        First::Nobody(base_url) => Start::AskToken { host: base_url.host() },
        First::List(base_url) => Start::ChooseProfile { host: base_url.host() },
        First::Profile(profile) => Start::Connected(Session::from(&**profile)),
        First::Named(session) => Start::Opening(session.clone()),
    };
    let size = read_size(terminal.backend())?;
    let profiles = setup.agents.known().outlines(&setup.options).into_iter().map(Session::from);
    let (model, effects) = Model::start(first, profiles.collect(), size, clock.now());
    let tasks = Tasks::new(to, &setup);
    let mut this =
        Loop { terminal, model, tasks, setup, clock, perform_command, ending: None, is_gone: false };
    this.draw()?;
    let mut end = this.perform(effects)?;
    while end.is_none() {
        let batch = this.next_batch(&mut happenings).await;
        let effects = this.take_all(batch);
        end = this.perform(effects)?.or_else(|| this.end_after_save());
        if end.is_none() {
            this.draw()?;
        }
    }
    let farewell = (!this.is_gone).then(|| this.model.farewell());
    Ok(Ending { code: end.unwrap_or_default(), farewell })
}

impl<B: Backend, C> Loop<'_, B, C>
where
    C: FnMut(&mut B, TerminalCommand<'_>) -> Result<(), B::Error>,
{
    /// Everything that has happened, once anything has; nothing where only the time to end has come.
    async fn next_batch(&mut self, happenings: &mut UnboundedReceiver<Happening>) -> Vec<Happening> {
        let deadline = self.ending.map(|(_, deadline)| deadline);
        let first = tokio::select! {
            happening = happenings.recv() => happening,
            () = self.tasks.watch_for_panics() => None,
            () = until(deadline) => None,
        };
        let mut batch: Vec<_> = first.into_iter().collect();
        while let Ok(happening) = happenings.try_recv() {
            batch.push(happening);
        }
        batch
    }

    /// Takes what happened together. Keys that were pressed before a form came on screen were not meant for it.
    fn take_all(&mut self, batch: Vec<Happening>) -> Vec<Effect> {
        let had_form = self.model.form().is_some();
        let mut effects = Vec::new();
        for happening in batch {
            let is_unseen = !had_form && self.model.form().is_some();
            if !(is_unseen && matches!(happening, Happening::Input(TerminalInput::Keys { .. }))) {
                effects.extend(self.take(happening));
            }
        }
        effects
    }

    fn take(&mut self, happening: Happening) -> Vec<Effect> {
        match happening {
            Happening::Input(TerminalInput::Keys { keys, burst }) => {
                self.update(Message::Keys { keys, burst })
            }
            Happening::Input(TerminalInput::Ended) => {
                self.end(TerminalEvent::HangUp.exit_code().unwrap_or_default())
            }
            Happening::Terminal(event) => self.take_event(event),
            Happening::Message(message) => self.update(message),
            Happening::Opened(request, result) => self.opened(request, result),
        }
    }

    /// Only a connection that the model still waits for becomes the one that requests go over.
    fn opened(&mut self, request: RequestId, result: Result<Box<Connection>, String>) -> Vec<Effect> {
        if !self.model.is_opening(request) {
            return Vec::new();
        }
        let result = result.map(|connection| {
            let session = Session::from(&connection.profile);
            self.tasks.connect(*connection);
            session
        });
        self.update(Message::Opened { request, result })
    }

    fn update(&mut self, message: Message) -> Vec<Effect> {
        let was_saving = self.is_saving();
        let effects = self.model.update(message, self.clock.now());
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
            TerminalEvent::Resized => self.measured(TerminalCommand::Measure),
            TerminalEvent::Stop => vec![Effect::Suspend],
            TerminalEvent::Continued => self.measured(TerminalCommand::Resume),
        }
    }

    /// The terminal may have another size now, and what is on it is not what was drawn.
    fn measured(&mut self, command: TerminalCommand<'_>) -> Vec<Effect> {
        self.try_on_terminal(command);
        match read_size(self.terminal.backend()) {
            Ok(size) => self.update(Message::Resized(size)),
            Err(_) => Vec::new(),
        }
    }

    /// Asks the terminal for something whose failure changes nothing: the loop goes on as if the terminal were as before.
    fn try_on_terminal(&mut self, command: TerminalCommand<'_>) {
        let _ = self.perform_on_terminal(command);
    }

    fn perform_on_terminal(&mut self, command: TerminalCommand<'_>) -> Result<(), B::Error> {
        (self.perform_command)(self.terminal.backend_mut(), command)
    }

    /// The end was asked for from outside: at once, or when the save under way has ended or had its time.
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

    /// Does what the model asked for. The exit code, when it asked for the end.
    fn perform(&mut self, effects: Vec<Effect>) -> Result<Option<u8>, B::Error> {
        for effect in effects {
            match effect {
                Effect::Quit(code) => return Ok(Some(code)),
                Effect::Suspend => self.perform_on_terminal(TerminalCommand::Suspend)?,
                Effect::Copy(text) => self.perform_on_terminal(TerminalCommand::Copy(&text))?,
                Effect::Redraw => self.redraw()?,
                effect => self.tasks.start(effect),
            }
        }
        Ok(None)
    }

    /// The next frame is drawn whole, at the size that the terminal has now.
    fn redraw(&mut self) -> Result<(), B::Error> {
        let size = self.terminal.backend().size()?;
        self.terminal.resize(size.into())
    }

    fn draw(&mut self) -> Result<(), B::Error> {
        if !self.is_gone {
            self.terminal.draw(|frame| render(frame, &self.model, &self.setup.theme))?;
        }
        Ok(())
    }
}

/// The moment `deadline`, or never.
async fn until(deadline: Option<tokio::time::Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The size of what is drawn to.
fn read_size<B: Backend>(backend: &B) -> Result<Size, B::Error> {
    let size = backend.size()?;
    Ok(Size { columns: size.width, rows: size.height })
}
