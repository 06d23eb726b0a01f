//! The editor on a screen of cells.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::face::Face;
use super::happening::Happening;
use super::model::{Model, Size};
use super::setup::{Ending, Setup};
use super::shell::run_face;
use super::view::render;
use super::view::theme::Theme;
use crate::terminal::{Backend, Painter, TerminalCommand};
use crate::words::Audience;

/// A screen, and what does the loop's commands on it.
struct ScreenFace<'a, B: Backend, C> {
    backend: &'a mut B,
    painter: Painter,
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
    backend: &mut B,
    to: UnboundedSender<Happening>,
    happenings: UnboundedReceiver<Happening>,
    setup: Setup,
    perform_command: impl FnMut(&mut B, TerminalCommand<'_>) -> Result<bool, B::Error>,
) -> Result<Ending, B::Error> {
    let face =
        ScreenFace { backend, painter: Painter::default(), perform_command, theme: setup.theme.clone() };
    run_face(face, to, happenings, setup).await
}

impl<B: Backend, C> Face for ScreenFace<'_, B, C>
where
    C: FnMut(&mut B, TerminalCommand<'_>) -> Result<bool, B::Error>,
{
    type Error = B::Error;

    const AUDIENCE: Audience = Audience::Editor;

    fn size(&self) -> Result<Size, Self::Error> {
        let size = self.backend.size()?;
        Ok(Size { columns: size.width, rows: size.height })
    }

    fn perform(&mut self, command: TerminalCommand<'_>) -> Result<bool, Self::Error> {
        (self.perform_command)(self.backend, command)
    }

    /// Makes the next frame a whole one.
    fn redraw(&mut self) -> Result<(), Self::Error> {
        self.painter.clear(self.backend)
    }

    fn show(&mut self, model: &Model) -> Result<Option<usize>, Self::Error> {
        let (picture, scroll_end) = render(model, &self.theme);
        self.painter.paint(self.backend, picture)?;
        Ok(scroll_end)
    }
}
