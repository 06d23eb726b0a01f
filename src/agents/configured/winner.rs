//! Which variable wins over the profiles, in words.

use super::ConfiguredProfiles;
use crate::agents::environment::{PROFILE_VARIABLE, TOKEN_VARIABLE};
use crate::agents::identity::Identity;
use crate::api::credentials::Token;
use crate::visible::excerpt;

impl ConfiguredProfiles {
    /// A sentence without a full stop that a variable wins over the profile that would be used without it: the default one,
    /// or the only one. `None` where no variable does.
    pub(crate) fn warn_of_winner(&self) -> Option<String> {
        let only = match self.entries() {
            [only] => Some(only.name.as_str()),
            _ => None,
        };
        let has_both = self.environment.raw(PROFILE_VARIABLE).is_some();
        let loser = self.default_profile().or(only);
        match loser.and_then(|name| self.warn_of_winner_over(name)) {
            None if has_both && self.environment.raw(TOKEN_VARIABLE).is_some() => self.describe_winner(),
            warning => warning,
        }
    }

    /// The same for the profile of this name, which a user may expect to be used from now on.
    pub(crate) fn warn_of_winner_over(&self, name: &str) -> Option<String> {
        if self.environment.text(PROFILE_VARIABLE).as_deref() == Some(name) {
            return None;
        }
        Some(format!("{}; {name} is used with -p {name}", self.describe_winner()?))
    }

    fn describe_winner(&self) -> Option<String> {
        const WINS: &str = "is set and wins where no -p is given";
        if let Some(name) = self.environment.text(PROFILE_VARIABLE) {
            let agent = self.entry(&name).ok().map(|entry| entry.scenario_id.as_deref());
            let agent = match agent {
                None => "which is not there".to_owned(),
                Some(agent) => agent
                    .map_or_else(|| "any agent".to_owned(), |agent| format!("agent {}", excerpt(agent, 60))),
            };
            let also = self.environment.raw(TOKEN_VARIABLE).map(|_| format!(", over {TOKEN_VARIABLE} too"));
            let also = also.unwrap_or_default();
            return Some(format!("{PROFILE_VARIABLE} {WINS}{also}: profile {}, {agent}", excerpt(&name, 60)));
        }
        let token = self.environment.text(TOKEN_VARIABLE)?;
        let agent = Token::new(&token).ok().and_then(|token| Identity::from_token(&token).agent);
        Some(format!("{TOKEN_VARIABLE} {WINS}: agent {}", agent.as_deref().unwrap_or("unknown")))
    }
}
