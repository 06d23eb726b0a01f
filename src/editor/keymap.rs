//! All keys, in one table. What a key does, the footer, the help and the table in the README all come from it.
//!
//! A binding has a condition. Where the condition does not hold, the footer does not show the key. If the user presses
//! it, the editor says why it does not work, or does nothing.

mod conditions;
mod group;

use super::model::{Dialog, FirstStep, Model, Motion, Page, Phase, Question};
use crate::terminal::Key::{
    self, BackTab, Backspace, Char, Ctrl, Delete, Down, End, Enter, Esc, F, Home, Left,
};
use crate::terminal::Key::{PageDown, PageUp, Right, Tab, Up};
use conditions::{
    always, asks_to_quit, asks_to_quit_and_can_save, can_add, can_bring_back, can_copy, can_discard,
    can_reload, can_renew, can_save, can_submit, can_switch, can_toggle, can_undo, has_searched,
    is_under_way,
};

pub(crate) use conditions::Condition;
pub use group::HelpGroup;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Moves the focus, or scrolls a page.
    Move(Motion),
    /// Moves the focus to the row that the key's digit counts.
    Jump,
    /// Switches the focused row, or opens the field on the last one.
    Toggle,
    /// Saves.
    Save,
    /// Undoes the last edit.
    Undo,
    /// Undoes all edits.
    Discard,
    /// Sets back what the last save changed, as a draft.
    BringBack,
    /// Opens the page with the saves of the profile.
    History,
    /// Opens the field for a new code.
    Add,
    /// Opens a page.
    Open(Page),
    /// Opens the list of profiles.
    Profiles,
    /// Switches to the focused profile.
    OpenProfile,
    /// Reads the configuration again.
    Reload,
    /// Opens the field for another token.
    NewToken,
    /// Opens the field of the search.
    Find,
    /// Moves the focus to the next match of the latest search.
    FindNext,
    /// Moves the focus to the match before.
    FindPrevious,
    /// Closes the field of the search. The focus stays on the match.
    KeepFound,
    /// Closes the field of the search. The focus goes back.
    GiveUpSearch,
    /// Closes the dialog that is open.
    Close,
    /// Stops the request that is under way.
    Stop,
    /// Ends the editor. Where edits would be lost, it asks first.
    Quit,
    /// Suspends the process until `fg`.
    Suspend,
    /// Draws the whole screen again.
    Redraw,
    /// Copies the request as a curl command.
    Copy,
    /// Chooses the next or the previous button.
    Choose(Motion),
    /// Presses the chosen button.
    Accept,
    /// Presses Save and quit.
    SaveAndQuit,
    /// Presses Quit without saving.
    QuitWithoutSaving,
    /// Takes the text that the user has typed.
    Submit,
    /// Edits the text that the user has typed.
    EditText,
    /// Goes back one step of the start without a token.
    GoBack,
}

/// The part of the screen that keys go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The form.
    Form,
    /// The first read of the configuration is under way. There is no form yet.
    Loading,
    /// The configuration could not be read.
    Failed,
    /// The choices of an editor that has no token.
    Choices,
    /// The field for the name of a new profile.
    Name,
    /// The field for a token.
    Token,
    /// The field for another token of the agent that is open.
    NewToken,
    /// The field for a code.
    Field,
    /// A page to read.
    Page,
    /// The list of profiles.
    List,
    /// The list of profiles at the start of the editor: no form lies behind it.
    FirstList,
    /// The field of the search, on the form or on the list of profiles.
    Search,
    /// A question with buttons.
    Question,
    /// The one line on a terminal that is too small for the form.
    TooSmall,
    /// The same, while the editor asks whether to quit. Only the keys that this line names work.
    SmallQuestion,
}

impl Scope {
    /// Where the keys of `model` go now.
    pub(crate) fn from_model(model: &Model) -> Self {
        match (&model.dialog, &model.phase) {
            (Some(Dialog::Question { question: Question::Quit, .. }), _) if model.size.is_too_small() => {
                Self::SmallQuestion
            }
            _ if model.size.is_too_small() => Self::TooSmall,
            (Some(Dialog::Question { .. }), _) => Self::Question,
            (Some(Dialog::Add { .. }), _) => Self::Field,
            (Some(Dialog::Token { .. }), _) => Self::NewToken,
            (Some(Dialog::Page(..) | Dialog::History(_)), _) => Self::Page,
            (Some(Dialog::Profiles(_)), _) | (None, Phase::Ready(_)) if model.search.field.is_some() => {
                Self::Search
            }
            (Some(Dialog::Profiles(_)), Phase::AskToken(_)) => Self::FirstList,
            (Some(Dialog::Profiles(_)), _) => Self::List,
            (None, Phase::AskToken(first)) => Self::from_first_step(&first.step),
            (None, Phase::Opening(_) | Phase::Loading(_)) => Self::Loading,
            (None, Phase::LoadFailed(..)) => Self::Failed,
            (None, Phase::Ready(_)) => Self::Form,
        }
    }

    fn from_first_step(step: &FirstStep) -> Self {
        match step {
            FirstStep::Choosing(_) => Self::Choices,
            FirstStep::Naming(_) => Self::Name,
            FirstStep::Typing { .. } => Self::Token,
        }
    }

    /// True where a character is text for a field.
    pub(crate) fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Token | Self::NewToken | Self::Field | Self::Search)
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Binding {
    /// What the key does.
    pub action: Action,
    /// The keys that do it.
    pub keys: &'static [Key],
    /// How the help and the README name the keys; empty for those that the footer or a button explains where they work.
    pub label: &'static str,
    /// What the help and the README say of them.
    pub about: &'static str,
    /// Where the help says it; `None` without a label.
    pub group: Option<HelpGroup>,
    /// The key's name in the footer and the word after it; `None` where the footer does not show the key.
    pub footer: Option<Hint>,
    /// The parts of the screen where it works.
    pub scopes: &'static [Scope],
    /// Whether it works now.
    pub when: fn(&Model) -> Condition,
}

/// How a binding stands in the footer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The name of the key.
    pub key: &'static str,
    /// The word for what it does.
    pub word: &'static str,
    /// Where there is no room for all hints, those with the highest rank are left out.
    pub rank: u8,
}

#[expect(clippy::unnecessary_wraps, reason = "a column of the table")]
const fn hint(key: &'static str, word: &'static str, rank: u8) -> Option<Hint> {
    Some(Hint { key, word, rank })
}

const FORM: &[Scope] = &[Scope::Form];
const FORM_OR_FAILED: &[Scope] = &[Scope::Form, Scope::Failed];
const LISTS: &[Scope] = &[Scope::Form, Scope::Page, Scope::List, Scope::FirstList, Scope::Failed];
const NAMED_ROWS: &[Scope] = &[Scope::Form, Scope::List, Scope::FirstList];
const VIEWS: &[Scope] = &[Scope::Form, Scope::Loading, Scope::Failed];
const VIEWS_OR_CHOICES: &[Scope] = &[Scope::Form, Scope::Loading, Scope::Failed, Scope::Choices];
const BUTTONS: &[Scope] = &[Scope::Question, Scope::Choices];
const FIRST_FIELDS: &[Scope] = &[Scope::Name, Scope::Token];
const TEXT_OR_SEARCH: &[Scope] = &[Scope::Field, Scope::Name, Scope::Token, Scope::NewToken, Scope::Search];
const EVERYWHERE: &[Scope] = &[
    Scope::Form,
    Scope::Loading,
    Scope::Failed,
    Scope::Choices,
    Scope::Name,
    Scope::Token,
    Scope::NewToken,
    Scope::Field,
    Scope::Page,
    Scope::List,
    Scope::FirstList,
    Scope::Search,
    Scope::Question,
    Scope::TooSmall,
    Scope::SmallQuestion,
];
const CLOSABLE: &[Scope] = &[
    Scope::Page,
    Scope::List,
    Scope::FirstList,
    Scope::Field,
    Scope::NewToken,
    Scope::Question,
    Scope::SmallQuestion,
];
const QUESTIONS: &[Scope] = &[Scope::Question, Scope::SmallQuestion];

macro_rules! bindings {
    ($($keys:expr, $label:literal $(in $group:ident)?
        => $action:expr, $about:literal, $footer:expr, $scopes:expr, $when:expr;)*) => {
        &[$(Binding {
            action: $action, keys: &$keys, label: $label, about: $about, group: bindings!(@ $($group)?),
            footer: $footer, scopes: $scopes, when: $when,
        }),*]
    };
    (@) => { None };
    (@ $group:ident) => { Some(HelpGroup::$group) };
}

/// All keys, in the order of the footer and of each group of the help. Where one row of the help names the keys of several
/// bindings, the label stands at the first one.
pub const BINDINGS: &[Binding] = bindings! {
    [Up, Char('k')], "Up Down k j" in Look => Action::Move(Motion::Up), "move; scroll a page", None, LISTS, always;
    [Down, Char('j')], "" => Action::Move(Motion::Down), "", None, LISTS, always;
    [Tab], "Tab Shift-Tab" in Look => Action::Move(Motion::Down), "move down, up", None, FORM, always;
    [BackTab], "" => Action::Move(Motion::Up), "", None, FORM, always;
    [Home, Char('g')], "Home End g G" in Look => Action::Move(Motion::First), "first row, last row", None, LISTS, always;
    [End, Char('G')], "" => Action::Move(Motion::Last), "", None, LISTS, always;
    [PageUp], "PgUp PgDn" in Look => Action::Move(Motion::PageUp), "a screenful up, down", None, LISTS, always;
    [PageDown], "" => Action::Move(Motion::PageDown), "", None, LISTS, always;
    [Char('1'), Char('2'), Char('3'), Char('4'), Char('5'), Char('6'), Char('7'), Char('8'), Char('9')], "1-9" in Look
        => Action::Jump, "move to that row", None, FORM, always;
    [Char(' '), Char('x'), Enter], "Space x Enter" in Change
        => Action::Toggle, "toggle the row; on + open the field", hint("space", "toggle", 4), FORM, can_toggle;
    [Char('a')], "a" in Change => Action::Add, "add a question code", hint("a", "add", 10), FORM, can_add;
    [Char('s'), Ctrl('s')], "s" in Save => Action::Save, "save", hint("s", "save", 3), FORM, can_save;
    [Char('u')], "u" in Change => Action::Undo, "undo the last edit", hint("u", "undo", 5), FORM, can_undo;
    [Char('d')], "d" in Change => Action::Discard, "discard all edits", hint("d", "discard", 6), FORM, can_discard;
    [Char('b')], "b" in Change => Action::BringBack, "bring back the last save, as a draft",
        hint("b", "bring back", 9), FORM, can_bring_back;
    [Char('h')], "h" in Save => Action::History, "history: the saves of this profile",
        hint("h", "history", 14), FORM, always;
    [Char('v')], "v" in Save => Action::Open(Page::Request), "view the request; c copies it as curl",
        hint("v", "request", 8), FORM, always;
    [Char('r')], "r" in Save => Action::Reload, "read again", hint("r", "read again", 11),
        FORM_OR_FAILED, can_reload;
    [Char('t')], "t" in Save => Action::NewToken, "take a new token", hint("t", "new token", 13), FORM_OR_FAILED,
        can_renew;
    [Char('l')], "l" in Look => Action::Open(Page::Log), "log of all requests",
        hint("l", "log", 12), VIEWS, always;
    [Char('p')], "p" in Look => Action::Profiles, "profiles: see, switch",
        hint("p", "profiles", 7), VIEWS_OR_CHOICES, always;
    [Char('/')], "/" in Look => Action::Find, "find a code, a profile", hint("/", "find", 14),
        NAMED_ROWS, always;
    [Char('n')], "n N" in Look => Action::FindNext, "the next, the previous", None, NAMED_ROWS, has_searched;
    [Char('N')], "" => Action::FindPrevious, "", None, NAMED_ROWS, has_searched;
    [Enter], "" => Action::KeepFound, "", hint("Enter", "stay here", 2), &[Scope::Search], always;
    [Esc], "" => Action::GiveUpSearch, "", hint("Esc", "go back", 3), &[Scope::Search], always;
    [Enter, Char(' ')], "" => Action::OpenProfile, "", hint("Enter", "open", 2), &[Scope::List, Scope::FirstList],
        can_switch;
    [Enter], "" => Action::Submit, "", hint("Enter", "add", 2), &[Scope::Field], can_submit;
    [Enter], "" => Action::Submit, "", hint("Enter", "use this name", 2), &[Scope::Name], can_submit;
    [Enter], "" => Action::Submit, "", hint("Enter", "use this token", 2), &[Scope::Token, Scope::NewToken], can_submit;
    [Left, Right, Home, End, Backspace, Delete, Ctrl('u'), Ctrl('w')], "" => Action::EditText, "", None, TEXT_OR_SEARCH,
        always;
    [Esc], "" => Action::GoBack, "", hint("Esc", "back", 3), FIRST_FIELDS, always;
    [Up, Char('k')], "" => Action::Choose(Motion::Up), "", None, &[Scope::Choices], always;
    [Down, Char('j')], "" => Action::Choose(Motion::Down), "", None, &[Scope::Choices], always;
    [Up], "" => Action::Move(Motion::Up), "", None, &[Scope::Question], always;
    [Down], "" => Action::Move(Motion::Down), "", None, &[Scope::Question], always;
    [PageUp], "" => Action::Move(Motion::PageUp), "", None, &[Scope::Question], always;
    [PageDown], "" => Action::Move(Motion::PageDown), "", None, &[Scope::Question], always;
    [Left, BackTab], "" => Action::Choose(Motion::Up), "", None, BUTTONS, always;
    [Right, Tab], "" => Action::Choose(Motion::Down), "", hint("Tab", "choose", 4), BUTTONS, always;
    [Enter], "" => Action::Accept, "", hint("Enter", "accept", 3), BUTTONS, can_submit;
    [Char('s')], "" => Action::SaveAndQuit, "", hint("s", "save and quit", 5), &[Scope::Question],
        asks_to_quit_and_can_save;
    [Char('n')], "" => Action::QuitWithoutSaving, "", hint("n", "quit without saving", 6), QUESTIONS, asks_to_quit;
    [Char('c')], "" => Action::Copy, "", hint("c", "copy as curl", 7), &[Scope::Page, Scope::Question],
        can_copy;
    [Esc], "Esc" in Look => Action::Close, "close; stop a request",
        hint("Esc", "close", 1), CLOSABLE, always;
    [Esc], "" => Action::Stop, "", hint("Esc", "stop", 2), &[Scope::Form, Scope::Loading, Scope::TooSmall],
        is_under_way;
    [Char('?'), F(1)], "? F1" in Look => Action::Open(Page::Help), "every key", hint("?", "help", 2), VIEWS_OR_CHOICES, always;
    [Char('q')], "q" in Look => Action::Quit, "quit; close a page",
        hint("q", "quit", 1), QUITTABLE, always;
    [Char('q')], "" => Action::Close, "", None, &[Scope::Page, Scope::List], always;
    [Ctrl('c')], "Ctrl-C" in Look => Action::Quit, "quit, from a field too", None,
        VIEWS_AND_PAGES, always;
    [Ctrl('c')], "" => Action::Quit, "", hint("Ctrl-C", "quit", 4), TEXT_OR_SEARCH, always;
    [Ctrl('c')], "" => Action::Quit, "", None, QUESTIONS, always;
    [Ctrl('z')], "Ctrl-Z" in Look => Action::Suspend, "suspend; fg comes back", None, EVERYWHERE, always;
    [Ctrl('l')], "Ctrl-L" in Look => Action::Redraw, "draw again", None, EVERYWHERE, always;
};

const QUITTABLE: &[Scope] =
    &[Scope::Form, Scope::Loading, Scope::Failed, Scope::Choices, Scope::FirstList, Scope::TooSmall];
const VIEWS_AND_PAGES: &[Scope] = &[
    Scope::Form,
    Scope::Loading,
    Scope::Failed,
    Scope::Choices,
    Scope::Page,
    Scope::List,
    Scope::FirstList,
    Scope::TooSmall,
];

/// What a key does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It does this action.
    Act(Action),
    /// It does an action that is not possible now, and why.
    Refused(&'static str),
    /// It does an action that is not possible now, and there is nothing to say.
    Nothing,
    /// It is bound to no action here.
    Unbound,
}

/// What `key` does now.
pub fn resolve(model: &Model, key: Key) -> Resolved {
    resolve_binding(model, |binding| binding.keys.contains(&key))
}

/// What the keys for `action` do now, where the user names the action in place of pressing one of them.
pub(crate) fn resolve_action(model: &Model, action: Action) -> Resolved {
    resolve_binding(model, |binding| binding.action == action)
}

/// True if the action belongs to what keys go to now. Whether it works now is another question.
pub(crate) fn is_in_scope(model: &Model, action: Action) -> bool {
    resolve_action(model, action) != Resolved::Unbound
}

fn resolve_binding(model: &Model, is_meant: impl Fn(&Binding) -> bool) -> Resolved {
    let scope = Scope::from_model(model);
    let Some(binding) = BINDINGS.iter().find(|binding| binding.scopes.contains(&scope) && is_meant(binding))
    else {
        return Resolved::Unbound;
    };
    match (binding.when)(model) {
        Ok(()) => Resolved::Act(binding.action),
        Err("") => Resolved::Nothing,
        Err(why) => Resolved::Refused(why),
    }
}

/// The bindings that work now, in the table's order.
pub fn working(model: &Model) -> impl Iterator<Item = &'static Binding> {
    let scope = Scope::from_model(model);
    BINDINGS.iter().filter(move |binding| binding.scopes.contains(&scope) && (binding.when)(model).is_ok())
}

/// The rows of the help and of the README, group by group: the name of the keys, and what they do.
pub fn help() -> impl Iterator<Item = (&'static str, &'static str)> {
    HelpGroup::ALL.into_iter().flat_map(help_of)
}

/// The rows of one group of the help.
pub(crate) fn help_of(group: HelpGroup) -> impl Iterator<Item = (&'static str, &'static str)> {
    let listed = BINDINGS.iter().filter(move |binding| binding.group == Some(group));
    listed.map(|binding| (binding.label, binding.about))
}

#[cfg(test)]
mod tests;
