//! The start without a token: the three choices, the name of a new profile, and the field for a token.

use tui_input::Input;

use super::super::message::{Effect, NewProfile};
use super::super::model::{
    FirstChoice, FirstStep, HiddenInput, Model, Motion, Phase, RequestId, Session, Target, TokenUse,
};
use crate::agents::{ChangeError, check_name};
use crate::api::credentials::{Token, TokenError};
use crate::settings::Settings;
use crate::visible::has_token_shape;
use crate::words::Audience;

const NO_NAME: &str = "Type a name first, such as acme-prod.";
const NO_TOKEN: &str = "Type or paste a token first.";

impl Model {
    /// Chooses the next or the previous button.
    pub(super) fn choose_first(&mut self, motion: Motion) {
        let Phase::AskToken(first) = &mut self.phase else { return };
        let FirstStep::Choosing(chosen) = &mut first.step else { return };
        let all = FirstChoice::ALL;
        let place = all.iter().position(|choice| choice == chosen).unwrap_or(0);
        let step = if motion == Motion::Up { all.len() - 1 } else { 1 };
        *chosen = all[(place + step) % all.len()];
    }

    /// Presses the chosen button.
    pub(super) fn accept_first(&mut self) -> Vec<Effect> {
        let Phase::AskToken(first) = &mut self.phase else { return Vec::new() };
        let FirstStep::Choosing(chosen) = &first.step else { return Vec::new() };
        match chosen {
            FirstChoice::AddProfile => first.go_to(FirstStep::Naming(Input::default())),
            FirstChoice::UseOnce => first.go_to(type_token(TokenUse::Once)),
            FirstChoice::OpenDemo => return self.open(Target::Demo),
        }
        Vec::new()
    }

    /// Enter in the field for a name. A text of a token's shape is forgotten.
    pub(super) fn submit_name(&mut self) -> Vec<Effect> {
        let Phase::AskToken(first) = &mut self.phase else { return Vec::new() };
        let FirstStep::Naming(field) = &mut first.step else { return Vec::new() };
        let name = field.value().trim().to_owned();
        if has_token_shape(&name) {
            field.reset();
        }
        match refuse_name(&name, &self.profiles, self.audience) {
            Some(refusal) => first.refusal = Some(refusal),
            None => first.go_to(type_token(TokenUse::Kept(name))),
        }
        Vec::new()
    }

    /// Enter in the field for a token. The field is empty after it.
    pub(super) fn submit_first_token(&mut self) -> Vec<Effect> {
        let Phase::AskToken(first) = &mut self.phase else { return Vec::new() };
        let FirstStep::Typing { token_use, field } = &mut first.step else { return Vec::new() };
        let (typed, token_use) = (Token::new(field.0.value()), token_use.clone());
        field.0.reset();
        let token = match typed {
            Ok(token) => token,
            Err(error) => {
                first.refusal = Some(describe_token_error(error));
                return Vec::new();
            }
        };
        first.refusal = None;
        match token_use {
            TokenUse::Once => self.open(Target::Typed(token)),
            TokenUse::Kept(name) => {
                vec![Effect::Add(self.begin_first_request(), Box::new(NewProfile { name, token }))]
            }
        }
    }

    /// The number of a request that tries what the user has answered.
    pub(super) fn begin_first_request(&mut self) -> RequestId {
        let request = self.next_request();
        if let Phase::AskToken(first) = &mut self.phase {
            first.request = Some(request);
        }
        request
    }

    /// Esc: the request that tries the answer is given up, or the user is asked again what came before.
    pub(super) fn go_back(&mut self) -> Vec<Effect> {
        let Phase::AskToken(first) = &mut self.phase else { return Vec::new() };
        if first.request.take().is_some() {
            first.refusal = Some("Stopped.".to_owned());
            return vec![Effect::Abort];
        }
        let before = match &first.step {
            FirstStep::Choosing(_) => return Vec::new(),
            FirstStep::Naming(_) => FirstStep::Choosing(FirstChoice::AddProfile),
            FirstStep::Typing { token_use: TokenUse::Once, .. } => FirstStep::Choosing(FirstChoice::UseOnce),
            FirstStep::Typing { token_use: TokenUse::Kept(name), .. } => {
                FirstStep::Naming(Input::from(name.clone()))
            }
        };
        first.go_to(before);
        Vec::new()
    }

    /// The new profile is stored, and this is what its token has read.
    pub(super) fn open_added(&mut self, settings: Settings) -> Vec<Effect> {
        let Some(session) = self.session.clone() else { return Vec::new() };
        let name = session.name.clone().unwrap_or_default();
        self.target = Some(Target::Named(name.clone()));
        self.hint = Some(format!("Stored {name}: {}.{}", session.agent(), self.list_same_agent(&session)));
        self.profiles.retain(|profile| profile.name != session.name);
        self.profiles.push(session);
        self.loaded_settings(settings)
    }

    /// The profiles that are for the agent of `added` too, behind a space; empty where there is none.
    fn list_same_agent(&self, added: &Session) -> String {
        let agent = &added.identity.agent;
        let same = self.profiles.iter().filter(|other| agent.is_some() && other.identity.agent == *agent);
        let names: Vec<_> = same.filter_map(|other| other.name.as_deref()).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!(" It is also the agent of: {}.", names.join(", "))
        }
    }
}

fn type_token(token_use: TokenUse) -> FirstStep {
    FirstStep::Typing { token_use, field: HiddenInput::default() }
}

/// Why a new profile cannot have this name, in a sentence. What is said does not repeat a name that is refused for its shape.
fn refuse_name(name: &str, profiles: &[Session], audience: Audience) -> Option<String> {
    if name.is_empty() {
        return Some(NO_NAME.to_owned());
    }
    if let Err(fault) = check_name(name) {
        return Some(format!("Not taken: {fault}."));
    }
    let is_taken = profiles.iter().any(|profile| profile.name.as_deref() == Some(name));
    let taken = || {
        let error = ChangeError::Taken(name.to_owned());
        let other =
            audience.choose("press Esc, then p, and open it.", "go back, type profiles, and open it.");
        format!("Not taken: {error}. Type another name; or {other}")
    };
    is_taken.then(taken)
}

/// Why what the user typed is no token, in a sentence.
pub(super) fn describe_token_error(error: TokenError) -> String {
    match error {
        TokenError::Empty => NO_TOKEN.to_owned(),
        error => format!("Not taken: {error}."),
    }
}
