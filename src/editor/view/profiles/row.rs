//! One profile of the list: what stands in each column, and what is said of it while it is focused.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::model::{ProfileState, Session};
use super::super::header::badges;
use super::super::table::{Cell, styled};
use super::super::theme::Theme;
use crate::agents::Identity;
use crate::settings::Switch;

/// A column of the list.
#[derive(Clone, Copy, Debug)]
pub(super) enum ListColumn {
    Profile,
    Agent,
    Switch(Switch),
    Asked,
    Token,
}

impl ListColumn {
    /// Every column, from left to right.
    pub(super) fn all() -> Vec<Self> {
        let switches = Switch::all().map(Self::Switch);
        [Self::Profile, Self::Agent].into_iter().chain(switches).chain([Self::Asked, Self::Token]).collect()
    }

    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Agent => "agent",
            Self::Switch(switch) => switch.definition().word,
            Self::Asked => "asked",
            Self::Token => "token",
        }
    }

    /// With this width a column stays where it is while the servers answer.
    pub(super) fn least_width(self) -> usize {
        let widest = match self {
            Self::Profile => "",
            Self::Agent => "demoagent1",
            // The longest of the words for a position.
            Self::Switch(_) => "DISAGREE",
            Self::Asked => "1 of 2",
            Self::Token => "refused 401",
        };
        widest.len().max(self.heading().len())
    }

    /// True for a column that a narrow screen does without.
    pub(super) fn can_be_left_out(self) -> bool {
        !matches!(self, Self::Profile | Self::Switch(_))
    }
}

/// A profile, and what is known of it.
pub(super) struct ListedProfile<'a> {
    pub(super) profile: &'a Session,
    pub(super) state: &'a ProfileState,
    pub(super) is_open: bool,
    pub(super) is_focused: bool,
    /// In seconds since 1970.
    pub(super) now: i64,
    pub(super) theme: &'a Theme,
}

/// The cells of a profile. Where its server gave no configuration they may end early, with the failure behind them.
pub(super) struct ProfileRow {
    pub(super) cells: Vec<Cell>,
    pub(super) failure: Option<Cell>,
}

impl ListedProfile<'_> {
    /// What stands in these columns. A failure that is about the token stands in the token's column, if that is shown.
    pub(super) fn row(&self, columns: &[ListColumn]) -> ProfileRow {
        let has_token = columns.iter().any(|column| matches!(column, ListColumn::Token));
        let failure = match self.state {
            ProfileState::Failed(failure) if !(failure.is_about_token && has_token) => {
                Some(styled(self.theme.words(&failure.short), self.theme.wrong))
            }
            _ => None,
        };
        let is_before = |column: &&ListColumn| matches!(column, ListColumn::Profile | ListColumn::Agent);
        let shown = columns.iter().take_while(|column| failure.is_none() || is_before(column));
        ProfileRow { cells: shown.map(|column| self.cell(*column)).collect(), failure }
    }

    fn cell(&self, column: ListColumn) -> Cell {
        match (column, self.state) {
            (ListColumn::Profile, _) => self.name(),
            (ListColumn::Agent, _) => Line::from(self.theme.name(self.agent().unwrap_or_default())),
            (ListColumn::Switch(switch), ProfileState::Read(settings, _)) => {
                let (word, style) = self.theme.position(settings.switches.switch(switch));
                styled(word, style)
            }
            (ListColumn::Switch(_), ProfileState::Asked) => Line::from(self.theme.words("…")),
            (ListColumn::Switch(_), ProfileState::Failed(_)) => Line::from("?"),
            (ListColumn::Asked, ProfileState::Read(settings, _)) => Line::from(settings.asked.clone()),
            (ListColumn::Token, ProfileState::Read(_, identity)) => self.time_left(identity),
            (ListColumn::Token, ProfileState::Failed(failure)) => {
                styled(self.theme.words(&failure.short), self.theme.wrong)
            }
            (ListColumn::Asked | ListColumn::Token, _) => Line::default(),
        }
    }

    /// The name, reversed where it is focused, with the badges and `(open)`.
    fn name(&self) -> Cell {
        let style = if self.is_focused { self.theme.focus } else { Style::new() };
        let name = self.theme.name(self.profile.name.as_deref().unwrap_or_default());
        let mut cell = Line::from(Span::styled(name, style));
        cell.spans.extend(badges(self.profile, self.theme));
        cell.spans.extend(self.is_open.then(|| Span::raw(" (open)")));
        cell
    }

    /// The agent that the token is for, or the one that the profile is for.
    fn agent(&self) -> Option<&str> {
        let own = match self.state {
            ProfileState::Read(_, identity) => identity.agent.as_deref(),
            ProfileState::Asked | ProfileState::Failed(_) => None,
        };
        own.or(self.profile.identity.agent.as_deref())
    }

    fn time_left(&self, identity: &Identity) -> Cell {
        let left = identity.time_left(self.now).unwrap_or_default();
        styled(left.trim_end_matches(" left"), self.theme.time_left(identity.seconds_left(self.now)))
    }

    /// The profile in words: why its server did not answer, then what no column shows.
    pub(super) fn describe(&self, columns: &[ListColumn], is_named: bool) -> String {
        let has = |wanted: fn(&ListColumn) -> bool| columns.iter().any(wanted);
        let agent = format!("agent {}, ", self.agent().unwrap_or("unknown"));
        let agent = if has(|column| matches!(column, ListColumn::Agent)) { "" } else { &agent };
        let left = match self.state {
            ProfileState::Read(_, identity) if !has(|column| matches!(column, ListColumn::Token)) => {
                identity.time_left(self.now).map(|left| format!(", {left}"))
            }
            _ => None,
        };
        let context = &self.profile.context;
        let (host, source) = (context.host(), &context.token_source);
        let about = format!("{agent}{host}, token from {source}{}", left.unwrap_or_default());
        let about = match self.state {
            ProfileState::Failed(failure) => format!("{} ({about})", failure.reason),
            ProfileState::Read(..) | ProfileState::Asked => about,
        };
        match &self.profile.name {
            Some(name) if is_named => format!("{name}: {about}"),
            _ => about,
        }
    }
}
