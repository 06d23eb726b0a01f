//! Another token for the agent that is open: `r` reads it again from its source, and with `t` the user types one. The draft
//! stays.

use super::super::message::{Effect, NewToken, Renewal, TypedText};
use super::super::model::{
    Activity, Dialog, HiddenInput, Model, Phase, ReadOnly, Reading, RequestId, Session, Tone,
};
use super::answers::not_read;
use super::first_start::describe_token_error;
use crate::api::credentials::{Token, TokenError};
use crate::save::{CallError, CallErrorKind};
use crate::settings::Settings;

/// True where another token could work.
pub(super) fn is_refused(error: &CallError) -> bool {
    matches!(error.kind(), CallErrorKind::TokenRefused | CallErrorKind::ScopeMissing)
}

/// The effects by which the token of `session` is read again.
fn from_source(session: &Session, request: RequestId) -> Vec<Effect> {
    let lend = session.has_helper().then_some(Effect::LendTerminal);
    let renewal = Renewal { session: session.clone(), typed: None, has_form: true };
    lend.into_iter().chain([Effect::Renew(request, Box::new(renewal))]).collect()
}

/// What the user typed. The demo takes any text but an empty one, and no part of it is kept: it may be a real token.
fn parse_typed(text: &str, is_demo: bool) -> Result<TypedText, TokenError> {
    if is_demo && !text.trim().is_empty() {
        return Ok(TypedText::ForDemo);
    }
    Token::new(text).map(TypedText::Token)
}

impl Model {
    /// The effects of `r` on a form whose token can be read again from its source. `None` where only the configuration can.
    pub(super) fn renew_from_source(&mut self, request: RequestId) -> Option<Vec<Effect>> {
        let session = self.session.as_mut()?;
        if !session.can_reread_token() {
            // The user may have given the token more rights meanwhile.
            session.read_only = session.read_only.filter(|why| *why != ReadOnly::Refused);
            return None;
        }
        Some(from_source(session, request))
    }

    /// Another window has given the profile a helper program. The token is read again, and the terminal is lent first.
    pub(super) fn renew_with_helper(&mut self, found: Session) -> Vec<Effect> {
        let request = self.next_request();
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Reading(Reading { request, retry: None });
        }
        let Some(session) = &mut self.session else { return Vec::new() };
        session.context = found.context;
        from_source(session, request)
    }

    /// The trial of a typed token ends here, where one is under way.
    pub(super) fn give_up_trial(&mut self) -> Vec<Effect> {
        match &mut self.dialog {
            Some(Dialog::Token { request: request @ Some(_), .. }) => {
                *request = None;
                vec![Effect::Abort]
            }
            _ => Vec::new(),
        }
    }

    /// Where the server refused the token, a helper program that asks the user may run again.
    pub(super) fn note_refused_token(&mut self, error: Option<&CallError>) {
        if let (Some(session), Some(error)) = (&mut self.session, error) {
            session.is_token_refused |= is_refused(error);
        }
    }

    /// `t` opens the field for another token.
    pub(super) fn open_token_field(&mut self) -> Vec<Effect> {
        self.notice = None;
        self.dialog = Some(Dialog::Token { field: HiddenInput::default(), refusal: None, request: None });
        Vec::new()
    }

    /// Enter in that field. While a token is being tried it does nothing.
    pub(super) fn submit_new_token(&mut self) -> Vec<Effect> {
        let (next, has_form) = (self.newest + 1, self.form().is_some());
        let Some(session) = self.session.clone() else { return Vec::new() };
        let Some(Dialog::Token { field, refusal, request: request @ None }) = &mut self.dialog else {
            return Vec::new();
        };
        let parsed = parse_typed(field.0.value(), session.is_demo());
        field.0.reset();
        let typed = match parsed {
            Ok(typed) => Some(typed),
            Err(error) => {
                *refusal = Some(describe_token_error(error));
                return Vec::new();
            }
        };
        (*refusal, *request) = (None, Some(next));
        let request = self.next_request();
        if let Some(form) = self.form_mut() {
            // The trial takes the place of a read that follows a save by itself.
            form.activity = Activity::Resting;
        }
        let renewal = Renewal { session, typed, has_form };
        vec![Effect::Renew(request, Box::new(renewal))]
    }

    /// True if the model still waits for the renewal of this number.
    pub fn is_renewing(&self, request: RequestId) -> bool {
        let is_tried =
            matches!(&self.dialog, Some(Dialog::Token { request: tried, .. }) if *tried == Some(request));
        let is_added = matches!(&self.phase, Phase::AskToken(first) if first.request == Some(request));
        is_tried || is_added || self.is_read_with_source(request)
    }

    pub(super) fn is_read_with_source(&self, request: RequestId) -> bool {
        let reading = self.form().and_then(|form| match &form.activity {
            Activity::Reading(reading) => Some(reading.request),
            _ => None,
        });
        reading == Some(request)
    }

    pub(super) fn renewed(
        &mut self,
        request: RequestId,
        result: Result<Box<NewToken>, String>,
    ) -> Vec<Effect> {
        if !self.is_renewing(request) {
            return Vec::new();
        }
        let NewToken { session, read } = match (result, &mut self.phase) {
            (Ok(new), _) => *new,
            (Err(reason), Phase::AskToken(first)) => {
                first.refuse(reason);
                return Vec::new();
            }
            (Err(reason), _) => return self.keep_old_token(&reason),
        };
        self.session = Some(session);
        match read {
            Some(settings) if matches!(self.phase, Phase::AskToken(_)) => self.open_added(settings),
            Some(settings) => self.take_typed_token(settings),
            // The terminal is the editor's again by now, and the read shows its tries.
            None => vec![Effect::Read(request)],
        }
    }

    fn keep_old_token(&mut self, reason: &str) -> Vec<Effect> {
        if let Some(Dialog::Token { refusal, request, .. }) = &mut self.dialog {
            (*refusal, *request) = (Some(format!("Not taken: {reason}")), None);
            return Vec::new();
        }
        if let Some(form) = self.form_mut() {
            form.activity = Activity::Resting;
        }
        self.say(Tone::Bad, not_read(reason.into()))
    }

    /// The token that the user typed works: requests go out with it.
    fn take_typed_token(&mut self, settings: Settings) -> Vec<Effect> {
        self.dialog = None;
        let effects = match self.phase {
            Phase::Ready(_) => self.read_again(Ok(settings)),
            _ => self.loaded_settings(settings),
        };
        let stored = self.session.as_ref().filter(|session| session.can_reread_token());
        let name = stored.and_then(|session| session.name.as_ref());
        let kept = name.map_or_else(|| "for this run".to_owned(), |name| format!("and stored for {name}"));
        self.hint = Some(format!("The new token is used from now on, {kept}."));
        effects
    }
}
