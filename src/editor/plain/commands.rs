//! All words, in one table: what a word does, the line that names them, `help` and the table in the README all come from it.
//!
//! A word is another name for an action of the table of keys. Where that action works, and why it does not, stands there.

use super::super::keymap::{Action, Scope, is_in_scope};
use super::super::model::{Model, Page};

/// One row of the table.
#[derive(Debug)]
pub struct WordCommand {
    /// The word that the user types, in any case.
    pub word: &'static str,
    /// What follows the word, as the help names it; empty where nothing does.
    pub operand: &'static str,
    /// What the word does.
    pub task: WordTask,
    /// What the help and the README say of it.
    pub about: &'static str,
}

/// What a word does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordTask {
    /// It adds the code that follows it.
    AddCode,
    /// It says again what is edited, and each line.
    List,
    /// It says what each word does.
    Help,
    /// It stops what is under way.
    Stop,
    /// An action of the table of keys.
    Act(Action),
}

macro_rules! commands {
    ($($word:literal $operand:literal => $task:expr, $about:literal;)*) => {
        &[$(WordCommand { word: $word, operand: $operand, task: $task, about: $about }),*]
    };
}

/// All words, in the order in which they are named.
pub const COMMANDS: &[WordCommand] = commands! {
    "add" "CODE" => WordTask::AddCode, "add a question code";
    "save" "" => WordTask::Act(Action::Save), "save the changes";
    "list" "" => WordTask::List, "say every line again";
    "undo" "" => WordTask::Act(Action::Undo), "undo the last change";
    "discard" "" => WordTask::Act(Action::Discard), "discard all unsaved changes";
    "read" "" => WordTask::Act(Action::Reload), "read from the server again; your changes stay";
    "back" "" => WordTask::Act(Action::BringBack), "bring back what the last save changed, as a change to save";
    "token" "" => WordTask::Act(Action::NewToken), "give a new token; it is not shown";
    "request" "" => WordTask::Act(Action::Open(Page::Request)), "say what save would send, and the curl command for it";
    "profiles" "" => WordTask::Act(Action::Profiles), "list the profiles, and switch to one";
    "history" "" => WordTask::Act(Action::History), "list the saves of this profile";
    "log" "" => WordTask::Act(Action::Open(Page::Log)), "list the requests of this run";
    "help" "" => WordTask::Help, "say what each word does";
    "quit" "" => WordTask::Act(Action::Quit), "quit; with unsaved changes it asks first";
    "stop" "" => WordTask::Stop, "stop what is under way";
};

/// The command of a line: its word in any case, and what follows the word.
pub(super) fn find_command(line: &str) -> Option<(&'static WordCommand, &str)> {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let command = COMMANDS.iter().find(|command| command.word.eq_ignore_ascii_case(word))?;
    // What follows a word that takes nothing is a mistake.
    let rest = rest.trim();
    (rest.is_empty() || !command.operand.is_empty()).then_some((command, rest))
}

/// The rows of the help and of the README: what the user types, and what it does.
pub fn help() -> impl Iterator<Item = (String, &'static str)> {
    let commands = COMMANDS.iter().map(|command| (label(command), command.about));
    [("NUMBER".to_owned(), "switch that line on or off")].into_iter().chain(commands)
}

/// The words that have a meaning where the user is, in a list: `add CODE, save, list`.
pub(super) fn list_words(model: &Model) -> String {
    let words: Vec<_> = COMMANDS.iter().filter(|command| has_place(command, model)).map(label).collect();
    words.join(", ")
}

fn label(command: &WordCommand) -> String {
    format!("{} {}", command.word, command.operand).trim_end().to_owned()
}

/// True if the word belongs to what is before the user. Whether it works now is another question.
fn has_place(command: &WordCommand, model: &Model) -> bool {
    match command.task {
        WordTask::AddCode | WordTask::List => Scope::from_model(model) == Scope::Form,
        WordTask::Help => true,
        WordTask::Stop => false,
        WordTask::Act(action) => is_in_scope(model, action),
    }
}
