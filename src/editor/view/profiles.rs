//! The profiles of this machine, each with its state as it answers.
//!
//! ```text
//!    PROFILES   2 of 3 answered
//!  > acme-prod [PROTECTED]                                                     on
//!    beta                                                          flags disagree
//!    gamma                                                                      …
//! ```

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::model::{Model, ProfileList, ProfileState, Session};
use super::Body;
use super::header::badges;
use super::text::{INDENT, cut, ends, heading, width};
use super::theme::Theme;
use crate::profile::identity::Identity;
use crate::settings::Rating;

/// Where the cursor stands.
const NAME_COLUMN: u16 = 3;
/// So many columns of a name are shown whatever its state is.
const LEAST_NAME: usize = 16;
/// From how long before its end on a token's end is told, in days.
const WARN_DAYS: i64 = 30;

/// The list's lines.
pub(super) fn body(model: &Model, theme: &Theme, list: &ProfileList, columns: u16) -> Body {
    let answered = list.states.iter().filter(|state| **state != ProfileState::Asked).count();
    let mut title = heading("PROFILES", theme.heading);
    title.push_span(Span::raw(format!("   {answered} of {} answered", list.states.len())));
    let mut lines = vec![title];
    let now = model.now.local.timestamp().as_second();
    for (index, (profile, state)) in model.profiles.iter().zip(&list.states).enumerate() {
        let state = theme.words(&words(state, now));
        lines.push(line(profile, &state, index == list.focus, theme, columns.into()));
    }
    let focus = list.focus + 1;
    Body { lines, focus, cursor: Some((NAME_COLUMN, focus)), is_page: false }
}

fn line(profile: &Session, state: &str, is_focused: bool, theme: &Theme, columns: usize) -> Line<'static> {
    let badges = badges(profile, theme);
    let badge_width: usize = badges.iter().map(Span::width).sum();
    let name = theme.words(profile.name.as_deref().unwrap_or_default());
    // Who it is matters more than how it stands: the state gives way first.
    let room = columns.saturating_sub(INDENT.len() + badge_width + 3);
    let state = cut(state, room.saturating_sub(width(&name).min(LEAST_NAME)));
    let name = cut(&name, room.saturating_sub(width(&state)));
    let style = if is_focused { theme.focus } else { Style::new() };
    let mut left = vec![Span::raw(if is_focused { " > " } else { INDENT }), Span::styled(name, style)];
    left.extend(badges);
    ends(left, Span::raw(state), columns.saturating_sub(1))
}

fn words(state: &ProfileState, now: i64) -> String {
    match state {
        ProfileState::Asked => "…".to_owned(),
        ProfileState::Failed(reason) => reason.clone(),
        ProfileState::Read(rating, identity) => {
            let rating = match rating {
                Rating::Mixed { .. } => "flags disagree".to_owned(),
                rating => rating.to_string(),
            };
            match expiry(identity, now) {
                Some(left) if left == "expired" => format!("{rating}, token expired"),
                Some(left) => format!("{rating}, token expires: {left}"),
                None => rating,
            }
        }
    }
}

/// How long the token lives, where that is not long.
fn expiry(identity: &Identity, now: i64) -> Option<String> {
    let left = identity.expires?.saturating_sub(now);
    if left > WARN_DAYS * 24 * 60 * 60 { None } else { identity.time_left(now) }
}
