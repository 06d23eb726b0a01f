//! The editor line by line, for screen readers, dumb terminals and scripts: the same model, another view and another reader.
//!
//! ```text
//!  line ─► hear::interpret(&Model, line) ─► [Message] ─► Model::update ─► [Effect]
//!                                                            │
//!      lines ◄── tell::tell(before, after) ◄─────────────────┘
//! ```
//!
//! Lines are only ever added. No byte goes out but text and line feeds: no escape sequence, no redrawing, no spinner.
//!
//! The next line of the user is taken when nothing is under way any more. Only `stop`, Ctrl-C and signals come before that.

mod answers;
pub mod commands;
mod first_start;
mod form;
mod hear;
mod pages;
mod profiles;
mod question;
mod speak;
mod tell;
mod waiting;

use std::io::{self, Write};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::time::Instant;

pub use self::hear::{Heard, interpret};
use self::speak::speak;
use self::tell::{forget, repeat_question, tell};
use self::waiting::{
    WaitingStep, asks_by_itself, describe_step, find_step, hides_typing, is_said, stop_message,
};
use super::face::Face;
use super::happening::Happening;
use super::keymap::Action;
use super::message::Message;
use super::model::{Model, Size};
use super::setup::{Ending, Setup};
use super::shell::run_face;
use crate::terminal::{LineCommand, LineInput, TerminalCommand};
use crate::visible::Charset;
use crate::words::Audience;

/// A step that takes longer is told.
const LONG: Duration = Duration::from_secs(1);
/// The model wants a size. In this one all of it works.
const SIZE: Size = Size { columns: 80, rows: 24 };

/// What is said and heard line by line.
struct PlainFace<W, C> {
    output: W,
    perform_command: C,
    charset: Charset,
    /// The model as it was told last.
    told: Option<Model>,
    /// Lines that are to be written.
    lines: Vec<String>,
    /// A line of the user that has not been taken yet.
    held: Option<LineInput>,
    input: InputState,
    /// What the user types is not shown.
    is_hidden: bool,
    /// Nothing hears what is written any more.
    is_closed: bool,
    /// What is under way, and when it is told; `None` once it has been told.
    step: Option<(WaitingStep, Option<Instant>)>,
}

/// Who reads the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputState {
    /// It is left unread.
    Idle,
    /// A line is being read.
    Asked,
    /// A helper program owns the terminal.
    Lent,
}

/// Runs the editor line by line, with any source of happenings, to its end. What it says goes to `output`, and `perform_command`
/// does what it asks of the terminal.
///
/// # Errors
/// The output cannot be written, for another reason than that nothing reads it any more; or a command failed.
///
/// # Panics
/// With the panic of a task that panicked.
pub async fn run_lines(
    output: impl Write,
    to: UnboundedSender<Happening>,
    happenings: UnboundedReceiver<Happening>,
    setup: Setup,
    perform_command: impl FnMut(LineCommand) -> io::Result<bool>,
) -> io::Result<Ending> {
    let face = PlainFace {
        output,
        perform_command,
        charset: setup.theme.charset,
        told: None,
        lines: Vec::new(),
        held: None,
        input: InputState::Idle,
        is_hidden: false,
        is_closed: false,
        step: None,
    };
    run_face(face, to, happenings, setup).await
}

impl<W: Write, C: FnMut(LineCommand) -> io::Result<bool>> Face for PlainFace<W, C> {
    type Error = io::Error;

    const AUDIENCE: Audience = Audience::Lines;

    fn size(&self) -> io::Result<Size> {
        Ok(SIZE)
    }

    fn perform(&mut self, command: TerminalCommand<'_>) -> io::Result<bool> {
        match command {
            TerminalCommand::Suspend => (self.perform_command)(LineCommand::Suspend),
            TerminalCommand::Lend => self.lend(),
            TerminalCommand::TakeBack => {
                self.input = InputState::Idle;
                (self.perform_command)(LineCommand::TakeBack)
            }
            TerminalCommand::SetBusy(is_busy) => (self.perform_command)(LineCommand::SetBusy(is_busy)),
            TerminalCommand::Resume => self.resume(),
            TerminalCommand::Measure | TerminalCommand::Copy(_) => Ok(false),
        }
    }

    fn redraw(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn follow(&mut self, model: &Model) -> io::Result<()> {
        self.lines.extend(tell(self.told.as_ref(), model, self.charset));
        self.follow_step(model);
        self.guard(model)?;
        self.told = Some(model.clone());
        Ok(())
    }

    fn show(&mut self, model: &Model) -> io::Result<Option<usize>> {
        self.tell_long_step(model);
        self.write_lines()?;
        if self.input == InputState::Idle && !self.is_closed && self.held.is_none() {
            (self.perform_command)(LineCommand::Ask)?;
            self.input = InputState::Asked;
        }
        Ok(None)
    }

    fn hear(&mut self, input: LineInput) {
        if self.input == InputState::Asked {
            self.input = InputState::Idle;
        }
        // The end stays, whatever was still on its way.
        self.held = Some(if self.is_closed { LineInput::Ended } else { input });
    }

    fn note_interrupt(&mut self) -> io::Result<()> {
        (self.perform_command)(LineCommand::EndLine).map(drop)
    }

    fn next_messages(&mut self, model: &Model) -> Option<Vec<Message>> {
        if is_said(model) {
            return Some(vec![Message::Act(Action::Close, None)]);
        }
        let is_listening = find_step(model).is_none();
        let input = self.held.take_if(|input| is_listening || is_stop(input))?;
        let heard = match input {
            LineInput::Line(_) if !is_listening => Heard::Do(vec![stop_message(model)]),
            LineInput::Line(line) => interpret(model, &line),
            LineInput::TooLong => Heard::Say(vec!["That line is too long.".to_owned()]),
            LineInput::NotText => Heard::Say(vec!["That line is not UTF-8 text.".to_owned()]),
            LineInput::Ended => Heard::Do(vec![Message::InputEnded]),
        };
        match heard {
            Heard::Do(messages) => {
                self.told = Some(forget(model));
                Some(messages)
            }
            Heard::Say(lines) => {
                self.lines.extend(lines);
                None
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        // The end waits for what is under way, and for nothing else.
        let has_to_end = self.is_closed && self.held.is_some() && self.step.is_none();
        if has_to_end { Some(Instant::now()) } else { self.step.and_then(|(_, at)| at) }
    }

    fn leave(&mut self, farewell: String) -> io::Result<String> {
        self.write_lines()?;
        Ok(speak(&farewell, self.charset))
    }
}

/// True for the one line that does not wait for what is under way.
fn is_stop(input: &LineInput) -> bool {
    matches!(input, LineInput::Line(line) if line.trim().eq_ignore_ascii_case("stop"))
}

impl<W: Write, C: FnMut(LineCommand) -> io::Result<bool>> PlainFace<W, C> {
    /// The reader reads nothing while a helper program has the terminal. What was typed before was not for the program.
    fn lend(&mut self) -> io::Result<bool> {
        let is_lent = (self.perform_command)(LineCommand::Lend)?;
        if is_lent {
            self.input = InputState::Lent;
        }
        Ok(is_lent)
    }

    /// After a stop what is typed is hidden again, and the user hears again what is asked.
    fn resume(&mut self) -> io::Result<bool> {
        self.lines.extend(self.told.iter().flat_map(repeat_question));
        if self.is_hidden { (self.perform_command)(LineCommand::Hide) } else { Ok(false) }
    }

    /// Notes when a step begins, so that it is told if it takes long.
    fn follow_step(&mut self, model: &Model) {
        let step = find_step(model);
        if self.step.map(|(step, _)| step) != step {
            self.step = step.map(|step| (step, Some(Instant::now() + LONG)));
        }
    }

    fn tell_long_step(&mut self, model: &Model) {
        if let Some((step, at)) = &mut self.step
            && at.is_some_and(|at| at <= Instant::now())
        {
            *at = None;
            self.lines.push(describe_step(model, *step));
        }
    }

    /// Shows and hides what the user types, and throws away what was typed for something else. It comes before the question is
    /// said.
    fn guard(&mut self, model: &Model) -> io::Result<()> {
        let is_hidden = hides_typing(model);
        let mut has_dropped = false;
        if is_hidden != self.is_hidden {
            self.is_hidden = is_hidden;
            let command = if is_hidden { LineCommand::Hide } else { LineCommand::Show };
            has_dropped = (self.perform_command)(command)? && !is_hidden;
        }
        if asks_by_itself(self.told.as_ref(), model) {
            has_dropped |= (self.perform_command)(LineCommand::DropTyped)?;
        }
        self.held.take_if(|input| has_dropped && *input != LineInput::Ended);
        Ok(())
    }

    /// Writes all lines at once. Where nothing reads them any more, the input counts as ended.
    fn write_lines(&mut self) -> io::Result<()> {
        let spoken: String = self.lines.drain(..).map(|line| speak(&line, self.charset) + "\n").collect();
        if self.is_closed || spoken.is_empty() {
            return Ok(());
        }
        match self.output.write_all(spoken.as_bytes()).and_then(|()| self.output.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.is_closed = true;
                self.held = Some(LineInput::Ended);
                Ok(())
            }
            written => written,
        }
    }
}
