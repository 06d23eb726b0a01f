//! The header: the agent that is edited. It is on screen in every state and every size, so that the user does not change the
//! wrong agent.
//!
//! ```text
//!  convrating   acme-prod [PROTECTED]                            app.quickchat.ai
//!  Agent demoagent1   Token from file, 41 weeks left               Read 14:02:10
//! ```

use jiff::Zoned;
use ratatui::text::{Line, Span};

use super::super::model::{Model, Phase, Session};
use super::super::pages::moment;
use super::text::{cut, cut_front, ends, width};
use super::theme::Theme;

/// The space between two items on one line.
const GAP: &str = "   ";

/// The header's lines.
pub(super) fn lines(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let columns = usize::from(columns);
    let Some(session) = &model.session else {
        let name =
            vec![Span::raw(" "), Span::styled("convrating", theme.heading), Span::raw("   no token yet")];
        let host = match &model.phase {
            Phase::AskToken(form) => cut_front(&form.host, columns.saturating_sub(2), theme),
            _ => String::new(),
        };
        return vec![Line::from(name), Line::from(format!(" {host}"))];
    };
    let now = &model.now.local;
    let read = model.form().map(|form| format!("Read {} ", moment(&form.read_at, now)));
    two_lines(session, theme, columns, now, read.as_deref())
        .unwrap_or_else(|| flow(session, theme, columns, now))
}

/// The layout of a wide terminal; `None` where it does not fit. The time of the read is left out first.
fn two_lines(
    session: &Session,
    theme: &Theme,
    columns: usize,
    now: &Zoned,
    read: Option<&str>,
) -> Option<Vec<Line<'static>>> {
    let mut first = vec![Span::raw(" "), Span::styled("convrating", theme.heading), Span::raw(GAP)];
    first.extend(name(session, theme));
    let host = Span::raw(format!("{} ", session.context.base_url.host()));
    let second = format!(" {}{GAP}{}", agent(session), token(session, now));
    let first_width: usize = first.iter().map(Span::width).sum();
    if first_width + width(GAP) + host.width() > columns || width(&second) + 1 > columns {
        return None;
    }
    let read = read.filter(|read| width(&second) + 1 + width(read) <= columns).unwrap_or_default().to_owned();
    Some(vec![ends(first, host, columns), ends(vec![Span::raw(second)], Span::raw(read), columns)])
}

/// The layout of a narrow terminal: the items in their order, as many on a line as fit.
fn flow(session: &Session, theme: &Theme, columns: usize, now: &Zoned) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(2);
    let items = [
        fit(name(session, theme), room, theme),
        vec![Span::raw(cut_front(&session.context.base_url.host(), room, theme))],
        vec![Span::raw(cut(&agent(session), room, theme))],
        vec![Span::raw(cut_token(session, now, room, theme))],
    ];
    let spans_width = |spans: &[Span<'_>]| spans.iter().map(Span::width).sum::<usize>();
    let mut lines: Vec<Vec<Span<'static>>> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if spans_width(line) + width(GAP) + spans_width(&item) < columns => {
                line.push(Span::raw(GAP));
                line.extend(item);
            }
            _ => lines.push(std::iter::once(Span::raw(" ")).chain(item).collect()),
        }
    }
    lines.into_iter().map(Line::from).collect()
}

/// Cuts the name so that the line fits. The badges stay whole.
fn fit(mut spans: Vec<Span<'static>>, room: usize, theme: &Theme) -> Vec<Span<'static>> {
    let badges: usize = spans.iter().skip(1).map(Span::width).sum();
    if let Some(name) = spans.first_mut() {
        name.content = cut(&name.content, room.saturating_sub(badges), theme).into();
    }
    spans
}

fn name(session: &Session, theme: &Theme) -> Vec<Span<'static>> {
    let name = theme.name(session.name.as_deref().unwrap_or("no profile"));
    std::iter::once(Span::raw(name)).chain(badges(session, theme)).collect()
}

/// The badges, such as `[DEMO]`, each after a space.
pub(super) fn badges(session: &Session, theme: &Theme) -> Vec<Span<'static>> {
    let badges = [
        (session.is_demo(), "[DEMO]"),
        (session.is_protected, "[PROTECTED]"),
        (session.read_only.is_some(), "[READ ONLY]"),
    ];
    let shown = badges.into_iter().filter(|(is_shown, _)| *is_shown);
    shown.flat_map(|(_, badge)| [Span::raw(" "), Span::styled(badge, theme.badge)]).collect()
}

fn agent(session: &Session) -> String {
    format!("Agent {}", session.identity.agent.as_deref().unwrap_or("unknown"))
}

fn token(session: &Session, now: &Zoned) -> String {
    let left = left(session, now).map(|left| format!(", {left}")).unwrap_or_default();
    format!("Token from {}{left}", session.context.token_source)
}

/// The token in `room` columns. The source is cut before the time left, which matters more.
fn cut_token(session: &Session, now: &Zoned, room: usize, theme: &Theme) -> String {
    let left = left(session, now).map(|left| format!(", {left}")).unwrap_or_default();
    let source = format!("Token from {}", session.context.token_source);
    format!("{}{left}", cut(&source, room.saturating_sub(width(&left)), theme))
}

fn left(session: &Session, now: &Zoned) -> Option<String> {
    session.identity.time_left(now.timestamp().as_second())
}
