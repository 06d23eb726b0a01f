//! A form of checkboxes as one writes it with ratatui: each key draws all widgets, and the backend writes what differs.

use ratatui::Frame;
use ratatui::crossterm::event::{Event, KeyCode, read};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Color, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Paragraph};

const SWITCH: &str = "Rate the conversation";
const QUESTIONS: [&str; 3] = ["How helpful it was", "How it felt", "Would recommend"];

/// What the form holds.
struct Form {
    focus: usize,
    on: [bool; 4],
}

/// Shows the form until the user types q.
///
/// # Errors
/// The terminal cannot be used.
pub fn show_form() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let mut form = Form { focus: 0, on: [true, false, true, false] };
    let rows = form.on.len();
    loop {
        terminal.draw(|frame| form.draw(frame))?;
        let Event::Key(key) = read()? else { continue };
        match key.code {
            KeyCode::Char('q') => break,
            KeyCode::Char(' ') => form.on[form.focus] = !form.on[form.focus],
            KeyCode::Down => form.focus = (form.focus + 1) % rows,
            KeyCode::Up => form.focus = (form.focus + rows - 1) % rows,
            _ => {}
        }
    }
    ratatui::restore();
    Ok(())
}

impl Form {
    fn draw(&self, frame: &mut Frame) {
        let [body, footer] =
            Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(frame.area());
        let mut lines = vec![heading("RATING"), self.row(0, SWITCH), Line::default(), heading("QUESTIONS")];
        lines.extend(QUESTIONS.iter().enumerate().map(|(index, label)| self.row(index + 1, label)));
        frame.render_widget(Paragraph::new(lines).block(Block::bordered().title(" FLOOR ")), body);
        frame.render_widget(Paragraph::new("space toggle  arrows move  q quit  READY"), footer);
    }

    fn row(&self, row: usize, label: &'static str) -> Line<'static> {
        let (pointer, style) =
            if row == self.focus { (" > ", Style::new().reversed()) } else { ("   ", Style::new()) };
        let mark = if self.on[row] { "[x] " } else { "[ ] " };
        Line::from(vec![Span::raw(pointer), Span::styled(mark, style), Span::styled(label, style)])
    }
}

fn heading(text: &'static str) -> Line<'static> {
    Line::styled(text, Style::new().fg(Color::Cyan).bold())
}
