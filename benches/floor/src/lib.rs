//! A form of checkboxes in the plainest way: each key draws everything with ratatui, and its backend writes what differs.

use ratatui::crossterm::event::{Event, KeyCode, read};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Text};

const ROWS: [&str; 5] =
    ["Rate the conversation", "How helpful it was", "How it felt", "Would recommend", "Leave a comment"];

/// Shows the form until the user types q.
///
/// # Errors
/// The terminal cannot be used.
pub fn show_form() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let (mut focus, mut on) = (0, [true, false, true, false, true]);
    loop {
        terminal.draw(|frame| {
            let mut lines = vec![Line::from(" FLOOR  a form of checkboxes"), Line::default()];
            for (row, label) in ROWS.iter().enumerate() {
                let (mark, pointer) = (if on[row] { 'x' } else { ' ' }, if row == focus { '>' } else { ' ' });
                let style = if row == focus { Modifier::REVERSED } else { Modifier::empty() };
                let line = Line::styled(format!(" {pointer} [{mark}] {label}"), Style::new().add_modifier(style));
                lines.push(line);
            }
            lines.extend([Line::default(), Line::from(" space toggle  arrows move  q quit  READY")]);
            frame.render_widget(Text::from(lines), frame.area());
        })?;
        let Event::Key(key) = read()? else { continue };
        match key.code {
            KeyCode::Char('q') => break,
            KeyCode::Char(' ') => on[focus] = !on[focus],
            KeyCode::Down => focus = (focus + 1) % ROWS.len(),
            KeyCode::Up => focus = (focus + ROWS.len() - 1) % ROWS.len(),
            _ => {}
        }
    }
    ratatui::restore();
    Ok(())
}
