//! How the editor connects, and how it switches from one profile to another.

use std::time::Duration;

use super::super::message::Effect;
use super::super::model::{
    Activity, Dialog, FirstStart, FirstStep, HiddenInput, Left, LoadFailure, Model, Phase, ProfileList,
    ProfileState, Question, Reading, RequestId, Session, SurveyFailure, Target, TokenUse, Tone,
};
use super::questions::DEAF;
use super::renewal::is_refused;

impl Model {
    /// A connection has been opened. The editor reads the configuration.
    pub(super) fn connected(&mut self, session: Session) -> Vec<Effect> {
        self.session = Some(session);
        self.load()
    }

    /// Connects to the profile that `session` names. The header shows what is known without the token.
    pub(super) fn switch_to(&mut self, session: Session) -> Vec<Effect> {
        self.left = self.leave_form();
        self.target = session.name.clone().map(Target::Named);
        self.session = Some(session);
        self.dialog = None;
        self.open_target()
    }

    /// What the editor goes back to, if the user stops the helper program of the next profile. The form's request is given up.
    fn leave_form(&self) -> Option<Box<Left>> {
        let mut form = Box::new(self.form()?.clone());
        form.activity = Activity::Resting;
        Some(Box::new(Left { session: self.session.clone(), target: self.target.clone(), form }))
    }

    /// The user ended the helper program: the editor is where it was, with its draft.
    pub(super) fn open_stopped(&mut self, request: RequestId) -> Vec<Effect> {
        if !self.is_opening(request) {
            return Vec::new();
        }
        let Some(left) = self.left.take() else {
            self.phase = Phase::failed(LoadFailure::NotOpened);
            return Vec::new();
        };
        (self.session, self.target) = (left.session, left.target);
        self.phase = Phase::Ready(left.form);
        self.hint("The token_command was ended by Ctrl-C. The profile stays the one that was open.")
    }

    /// Connects, or tries that again.
    pub(super) fn open_target(&mut self) -> Vec<Effect> {
        let Some(target) = self.target.clone() else { return Vec::new() };
        let request = self.next_request();
        self.notice = None;
        self.phase = Phase::Opening(request);
        let lend = self.session.as_ref().filter(|session| session.has_helper()).map(|_| Effect::LendTerminal);
        lend.into_iter().chain([Effect::Open(request, target)]).collect()
    }

    /// Another window has given the profile a helper program. The editor opens the profile again, and lends the terminal first.
    pub(super) fn helper_found(&mut self, request: RequestId, session: Session) -> Vec<Effect> {
        if self.is_read_with_source(request) {
            return self.renew_with_helper(session);
        }
        if !self.is_opening(request) {
            return Vec::new();
        }
        self.session = Some(session);
        self.open_target()
    }

    /// Opens the profile again. The configuration file and the token are read again.
    pub(super) fn reopen(&mut self) -> Vec<Effect> {
        let name = self.session.as_ref().and_then(|session| session.name.clone());
        self.target = self.target.take().or(name.map(Target::Named));
        self.open_target()
    }

    /// True if the file or the token may have changed since the profile was opened: it has a profile in the file. A
    /// `token_command` may ask the user for something, so it runs again only where the server refused its token.
    pub(super) fn can_reopen(&self, failure: &LoadFailure) -> bool {
        let Some(session) = self.session.as_ref().filter(|session| !session.is_demo()) else { return false };
        let is_refused = matches!(failure, LoadFailure::Read(error) if is_refused(error));
        session.name.is_some() && (is_refused || !session.has_helper())
    }

    /// Begins the first read, or tries it again. The connection is open.
    pub(super) fn load(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        self.notice = None;
        self.phase = Phase::Loading(Reading { request, retry: None });
        vec![Effect::Read(request)]
    }

    /// Opens a connection while the first choices or the field for the token are on screen.
    pub(super) fn open(&mut self, target: Target) -> Vec<Effect> {
        self.target = Some(target.clone());
        vec![Effect::Open(self.begin_first_request(), target)]
    }

    /// The server refused the typed token. The user can type another one.
    pub(super) fn ask_for_another_token(&mut self, refusal: String) {
        let host = self.session.take().map(|session| session.context.host()).unwrap_or_default();
        let step = FirstStep::Typing { token_use: TokenUse::Once, field: HiddenInput::default() };
        self.phase = Phase::AskToken(FirstStart { host, step, refusal: Some(refusal), request: None });
    }

    /// True if the model still waits for the connection of this number.
    pub fn is_opening(&self, request: RequestId) -> bool {
        match &self.phase {
            Phase::Opening(opening) => *opening == request,
            Phase::AskToken(first) => first.request == Some(request),
            Phase::Loading(_) | Phase::LoadFailed(..) | Phase::Ready(_) => false,
        }
    }

    pub(super) fn opened(&mut self, request: RequestId, result: Result<Session, String>) -> Vec<Effect> {
        if !self.is_opening(request) {
            return Vec::new();
        }
        self.left = None;
        let reason = match result {
            Ok(session) => return self.connected(session),
            Err(reason) => reason,
        };
        match &mut self.phase {
            Phase::AskToken(first) => first.refuse(reason),
            phase => *phase = Phase::failed(LoadFailure::Open(reason)),
        }
        Vec::new()
    }

    /// True for the profile that the editor is connected to.
    pub fn is_open(&self, profile: &Session) -> bool {
        let own = self.session.as_ref();
        own.is_some_and(|own| own.name == profile.name && own.is_demo() == profile.is_demo())
    }

    /// `p` opens the list. It names all profiles at once; the state of each one follows when its server has answered.
    pub(super) fn list_profiles(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        let focus = self.profiles.iter().position(|profile| self.is_open(profile)).unwrap_or(0);
        let states = vec![ProfileState::Asked; self.profiles.len()];
        self.dialog = Some(Dialog::Profiles(ProfileList { request, focus, states }));
        vec![Effect::Survey(request)]
    }

    /// The list as the file names it now. The row that the user was on keeps the focus where it is still there.
    pub(super) fn listed(&mut self, request: RequestId, result: Result<Vec<Session>, String>) -> Vec<Effect> {
        let Some(Dialog::Profiles(list)) = &mut self.dialog else { return Vec::new() };
        if list.request != request {
            return Vec::new();
        }
        match result {
            Ok(profiles) => {
                self.take_profiles(profiles);
                self.take_new_guards();
            }
            Err(reason) if list.states.is_empty() => {
                let effects = self.end_dialog();
                self.say(Tone::Bad, reason);
                return effects;
            }
            Err(reason) => {
                let failure = SurveyFailure { short: "not asked".to_owned(), reason, is_about_token: false };
                list.states.fill(ProfileState::Failed(failure));
            }
        }
        Vec::new()
    }

    /// These profiles take the place of those that there were. A list of other ones that is open begins anew: it has one state for
    /// each profile.
    pub fn take_profiles(&mut self, profiles: Vec<Session>) {
        let names =
            |profiles: &[Session]| profiles.iter().map(|profile| profile.name.clone()).collect::<Vec<_>>();
        let (before, now) = (names(&self.profiles), names(&profiles));
        self.profiles = profiles;
        if let Some(Dialog::Profiles(list)) = &mut self.dialog
            && before != now
        {
            let place = before.get(list.focus).and_then(|name| now.iter().position(|other| other == name));
            list.focus = place.unwrap_or(list.focus.min(now.len().saturating_sub(1)));
            list.states = vec![ProfileState::Asked; now.len()];
        }
    }

    /// A guard that the file has got since the open profile was opened counts at once. None is taken away before the profile
    /// is opened again.
    fn take_new_guards(&mut self) {
        let Some(listed) = self.profiles.iter().find(|profile| self.is_open(profile)) else { return };
        let (is_protected, read_only) = (listed.is_protected, listed.read_only);
        if let Some(own) = &mut self.session {
            own.is_protected |= is_protected;
            own.read_only = own.read_only.or(read_only);
        }
    }

    pub(super) fn surveyed(&mut self, request: RequestId, index: usize, state: ProfileState) -> Vec<Effect> {
        if let Some(Dialog::Profiles(list)) = &mut self.dialog
            && list.request == request
            && let Some(place) = list.states.get_mut(index)
        {
            *place = state;
        }
        Vec::new()
    }

    pub(super) fn choose_profile(&mut self) -> Vec<Effect> {
        let Some(Dialog::Profiles(list)) = &self.dialog else { return Vec::new() };
        let Some(profile) = self.profiles.get(list.focus).cloned() else { return Vec::new() };
        if self.form().is_some() && self.is_open(&profile) {
            return self.close();
        }
        if self.has_unsaved_changes() {
            self.ask(Question::Switch(Box::new(profile)), Duration::ZERO);
            return vec![Effect::EndSurvey];
        }
        self.leave_for(profile)
    }

    /// Gives up the form and its edits, and opens another profile.
    pub(super) fn leave_for(&mut self, profile: Session) -> Vec<Effect> {
        self.remember_unknown();
        let mut effects = vec![Effect::EndSurvey, Effect::Abort];
        effects.extend(self.switch_to(profile));
        effects
    }

    /// Opens another profile after the save before it. Edits that the user has made meanwhile are asked about.
    pub(super) fn leave_saved_for(&mut self, profile: Box<Session>) -> Vec<Effect> {
        if !self.has_unsaved_changes() {
            return self.leave_for(*profile);
        }
        let effects = self.end_dialog();
        self.ask(Question::Switch(profile), DEAF);
        effects
    }
}
