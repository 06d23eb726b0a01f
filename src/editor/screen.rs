//! The editor on a screen of cells.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::face::Face;
use super::happening::Happening;
use super::model::{Model, Size};
use super::setup::{Ending, Setup};
use super::shell::run_face;
use super::view::render;
use super::view::theme::Theme;
use crate::terminal::{Backend, Terminal, TerminalCommand};
use crate::words::Audience;

/// A screen, and what does the loop's commands on it.
struct ScreenFace<'a, B: Backend, C> {
    terminal: &'a mut Terminal<B>,
    perform_command: C,
    theme: Theme,
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
    happenings: UnboundedReceiver<Happening>,
    setup: Setup,
    perform_command: impl FnMut(&mut B, TerminalCommand<'_>) -> Result<bool, B::Error>,
) -> Result<Ending, B::Error> {
    let face = ScreenFace { terminal, perform_command, theme: setup.theme.clone() };
    run_face(face, to, happenings, setup).await
}

impl<B: Backend, C> Face for ScreenFace<'_, B, C>
where
    C: FnMut(&mut B, TerminalCommand<'_>) -> Result<bool, B::Error>,
{
    type Error = B::Error;

    const AUDIENCE: Audience = Audience::Editor;

    fn size(&self) -> Result<Size, Self::Error> {
        let size = self.terminal.backend().size()?;
        Ok(Size { columns: size.width, rows: size.height })
    }

    fn perform(&mut self, command: TerminalCommand<'_>) -> Result<bool, Self::Error> {
        (self.perform_command)(self.terminal.backend_mut(), command)
    }

    /// Makes the next frame a whole one, in the size that the terminal has now.
    fn redraw(&mut self) -> Result<(), Self::Error> {
        let size = self.terminal.backend().size()?;
        self.terminal.resize(size.into())
    }

    fn show(&mut self, model: &Model) -> Result<Option<usize>, Self::Error> {
        let mut scroll_end = None;
        self.terminal.draw(|frame| scroll_end = render(frame, model, &self.theme))?;
        Ok(scroll_end)
    }
}
