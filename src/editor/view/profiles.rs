//! The list of profiles, each with the state that its server answered with.
//!
//! ```text
//!    PROFILES   2 of 3 answered
//!  > acme-prod [PROTECTED]                                                     on
//!    beta                                                          flags disagree
//!    gamma                                                                      …
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::model::{Model, ProfileList, ProfileState, Session, Size};
use super::body::VisibleBody;
use super::header::badges;
use super::text::{INDENT, cut, ends, heading, width, wrap};
use super::theme::Theme;
use crate::settings::{Item, Settings, Switch};

/// The column of the cursor.
const NAME_COLUMN: u16 = 3;
/// So many columns of a name are always shown, however long the state is.
const LEAST_NAME: usize = 16;
/// The end of a token is shown if it is less than this time away, in seconds.
const WARN_SECONDS: i64 = 30 * 24 * 60 * 60;

const NO_PROFILES: &str = "There are no profiles on this machine: convrating login NAME adds one.";

/// The list's lines.
pub(super) fn body(model: &Model, theme: &Theme, list: &ProfileList, size: Size) -> VisibleBody {
    let answered = list.states.iter().filter(|state| **state != ProfileState::Asked).count();
    let mut title = heading("PROFILES", theme.strong);
    title.push_span(Span::raw(format!("   {answered} of {} answered", list.states.len())));
    if list.states.is_empty() {
        let lines = [vec![title], wrap(NO_PROFILES, size.columns, INDENT, Style::new())].concat();
        return VisibleBody::window(lines.len(), 0, size.rows, |number| lines[number].clone());
    }
    let now = model.now.local.timestamp().as_second();
    let focus = list.focus + 1;
    let body = VisibleBody::window(list.states.len() + 1, focus, size.rows, |number| {
        let Some(index) = number.checked_sub(1) else { return std::mem::take(&mut title) };
        let state = theme.words(&words(&list.states[index], now));
        let profile = &model.profiles[index];
        let open = if model.is_open(profile) { " (open)" } else { "" };
        line((profile, open), &state, index == list.focus, theme, size.columns.into())
    });
    body.with_cursor(NAME_COLUMN, focus)
}

fn line(
    (profile, open): (&Session, &'static str),
    state: &str,
    is_focused: bool,
    theme: &Theme,
    columns: usize,
) -> Line<'static> {
    let mut badges = badges(profile, theme);
    badges.push(Span::raw(open));
    let badge_width: usize = badges.iter().map(Span::width).sum();
    let name = theme.name(profile.name.as_deref().unwrap_or_default());
    // The name matters more than the state: the state is cut first.
    let room = columns.saturating_sub(INDENT.len() + badge_width + 3);
    let state = cut(state, room.saturating_sub(width(&name).min(LEAST_NAME)), theme);
    let name = cut(&name, room.saturating_sub(width(&state)), theme);
    let style = if is_focused { theme.focus } else { Style::new() };
    let mut left = vec![Span::raw(if is_focused { " > " } else { INDENT }), Span::styled(name, style)];
    left.extend(badges);
    ends(left, Span::raw(state), columns.saturating_sub(1))
}

fn words(state: &ProfileState, now: i64) -> String {
    match state {
        ProfileState::Asked => "…".to_owned(),
        ProfileState::Failed(reason) => reason.clone(),
        ProfileState::Read(settings, identity) => {
            let states = states(settings);
            match identity.expires.map(|expires| expires.saturating_sub(now)) {
                Some(..=0) => format!("{states}, token expired"),
                Some(left) if left <= WARN_SECONDS => {
                    let left = identity.time_left(now).unwrap_or_default();
                    format!("{states}, token expires: {left}")
                }
                _ => states,
            }
        }
    }
}

/// The position of each switch, in one word each.
fn states(settings: &Settings) -> String {
    let state = |switch| settings.switch(switch).word(&Item::Switch(switch));
    Switch::all().map(state).collect::<Vec<_>>().join(" ")
}
