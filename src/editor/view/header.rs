//! The header: the agent that is edited. It is on screen in every state and every size, so that the user does not change the
//! wrong agent.
//!
//! ```text
//!   acme-prod  [PROTECTED]   agent demoagent1                    app.quickchat.ai
//!  token from file, 41 weeks left                      read 14:02:10   convrating
//! ```

use jiff::Zoned;
use ratatui::text::{Line, Span};

use super::super::model::{Model, Phase, Session};
use super::super::pages::moment;
use super::text::{cut, cut_front, ends, spans_width, width};
use super::theme::Theme;

/// The space between two items on one line.
const GAP: &str = "   ";
/// The product's name, which is the least of what the header says.
const PRODUCT: &str = "convrating";

/// The header's lines.
pub(super) fn lines(model: &Model, theme: &Theme, columns: u16) -> Vec<Line<'static>> {
    let columns = usize::from(columns);
    let Some(session) = &model.session else {
        let name = vec![Span::raw(" "), Span::styled(PRODUCT, theme.strong), Span::raw("   no token yet")];
        let host = match &model.phase {
            Phase::AskToken(form) => cut_front(&form.host, columns.saturating_sub(2), theme),
            _ => String::new(),
        };
        return vec![Line::from(name), Line::from(format!(" {host}"))];
    };
    let now = &model.now.local;
    let read = model.form().map(|form| ["read ", &moment(&form.read_at, now)].concat());
    two_lines(session, theme, columns, now, read.as_deref())
        .unwrap_or_else(|| flow(session, theme, columns, now))
}

/// The layout of a wide terminal; `None` where it does not fit. The product's name is left out first, then the time of the read.
fn two_lines(
    session: &Session,
    theme: &Theme,
    columns: usize,
    now: &Zoned,
    read: Option<&str>,
) -> Option<Vec<Line<'static>>> {
    let mut first = vec![Span::raw(" ")];
    first.extend(name(session, theme));
    first.push(Span::raw(GAP));
    first.extend(agent(session, theme));
    let host = Span::raw(theme.name(&session.context.host()) + " ");
    let mut second = vec![Span::raw(" ")];
    second.extend(token(session, now, theme));
    let room = columns.checked_sub(spans_width(&second) + width(GAP))?;
    if spans_width(&first) + width(GAP) + width(&host.content) > columns {
        return None;
    }
    let read = read.unwrap_or_default();
    let ends_with = [[read, GAP, PRODUCT, " "].concat(), [read, " "].concat(), String::new()];
    let end = ends_with.into_iter().find(|end| width(end) <= room).unwrap_or_default();
    Some(vec![ends(first, host, columns), ends(second, Span::raw(end), columns)])
}

/// The layout of a narrow terminal: the items in their order, as many on a line as fit.
fn flow(session: &Session, theme: &Theme, columns: usize, now: &Zoned) -> Vec<Line<'static>> {
    let room = columns.saturating_sub(2);
    let items = [
        fit(name(session, theme), room, theme),
        agent(session, theme),
        vec![Span::raw(cut_front(&theme.name(&session.context.host()), room, theme))],
        vec![Span::raw(cut_token(session, now, room, theme))],
    ];
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
    if let [name, badges @ ..] = spans.as_mut_slice() {
        name.content = cut(&name.content, room.saturating_sub(spans_width(badges)), theme).into();
    }
    spans
}

/// The profile's name, reversed, and its badges.
fn name(session: &Session, theme: &Theme) -> Vec<Span<'static>> {
    let name = match &session.name {
        Some(name) => Span::styled([" ", &theme.name(name), " "].concat(), theme.focus),
        None => Span::raw("no profile"),
    };
    std::iter::once(name).chain(badges(session, theme)).collect()
}

/// The badges, such as `[DEMO]`, each after a space.
pub(super) fn badges(session: &Session, theme: &Theme) -> Vec<Span<'static>> {
    session.badges().flat_map(|badge| [Span::raw(" "), Span::styled(badge, theme.badge)]).collect()
}

/// The agent. Without a profile it is what the eye has to find first.
fn agent(session: &Session, theme: &Theme) -> Vec<Span<'static>> {
    let agent = theme.name(session.identity.agent.as_deref().unwrap_or("unknown"));
    match session.name {
        Some(_) => vec![Span::raw("agent "), Span::styled(agent, theme.strong)],
        None => vec![Span::styled(format!(" agent {agent} "), theme.focus)],
    }
}

/// The token's source and the time that is left, which stands out where it is short.
fn token(session: &Session, now: &Zoned, theme: &Theme) -> Vec<Span<'static>> {
    let source = Span::raw(format!("token from {}", session.context.token_source));
    let Some(left) = left(session, now) else { return vec![source] };
    let style = theme.time_left(session.identity.seconds_left(now.timestamp().as_second()));
    vec![source, Span::raw(", "), Span::styled(left, style)]
}

/// The token in `room` columns. The source is cut before the time left, which matters more.
fn cut_token(session: &Session, now: &Zoned, room: usize, theme: &Theme) -> String {
    let left = left(session, now).map(|left| format!(", {left}")).unwrap_or_default();
    let source = format!("token from {}", session.context.token_source);
    format!("{}{left}", cut(&source, room.saturating_sub(width(&left)), theme))
}

fn left(session: &Session, now: &Zoned) -> Option<String> {
    session.identity.time_left(now.timestamp().as_second())
}
