//! The answers of several agents: a line for each, or one JSON array. Each is written as soon as it is there.

use std::cell::RefCell;
use std::ops::ControlFlow;

use serde::Serialize;
use tokio::sync::mpsc::UnboundedReceiver;

use super::console::Console;
use super::failure::{Failure, FailureJson};
use super::interrupt::Interrupts;
use super::news::{News, Newsline, tell_meanwhile};
use super::selection::read;
use crate::agents::{AgentOptions, Agents, AnswerOrder, Profile, side_by_side};
use crate::settings::Settings;
use crate::words::Exit;

/// The answer of one agent, or why there is none.
#[derive(Debug)]
pub(super) struct AgentAnswer<T> {
    /// The profile's name as the user gave it.
    pub(super) name: Option<String>,
    /// The profile that was opened; `None` where it could not be opened.
    pub(super) profile: Option<Profile>,
    /// What the command got, or why it failed.
    pub(super) result: Result<T, Failure>,
}

impl AgentAnswer<Settings> {
    /// Opens an agent, as the command has just read the configuration file, and asks for the agent's configuration.
    pub(super) async fn ask(agents: Agents, options: AgentOptions, newsline: Newsline) -> Self {
        let name = options.profile_name().map(str::to_owned);
        match agents.open_as_known(&options).await {
            Ok(connection) => {
                let result = read(&connection, &newsline).await;
                Self { name, profile: Some(connection.profile), result }
            }
            Err(error) => Self { name, profile: None, result: Err(error.into()) },
        }
    }
}

impl<T> AgentAnswer<T> {
    /// The profile's name, or `-`.
    pub(super) fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or("-")
    }

    /// True if the demo answered.
    pub(super) fn is_demo(&self) -> bool {
        self.profile.as_ref().is_some_and(Profile::is_demo)
    }

    /// The agent, or `-`.
    pub(super) fn shown_agent(&self) -> &str {
        self.agent().unwrap_or("-")
    }

    pub(super) fn exit(&self) -> Exit {
        self.result.as_ref().err().map_or(Exit::Done, Failure::exit)
    }

    /// `{"profile", "agent"}` and the fields of `content`, or `"error"` in place of these.
    pub(super) fn to_json<C: Serialize>(&self, content: impl FnOnce(&T) -> C) -> impl Serialize {
        AnswerJson {
            profile: self.name.as_deref(),
            agent: self.agent(),
            content: self.result.as_ref().ok().map(content),
            error: self.result.as_ref().err().map(Failure::inner_json),
        }
    }

    /// The agent, if the token says which.
    pub(super) fn agent(&self) -> Option<&str> {
        self.profile.as_ref()?.identity.agent.as_deref()
    }
}

#[derive(Serialize)]
struct AnswerJson<'a, C> {
    profile: Option<&'a str>,
    agent: Option<&'a str>,
    #[serde(flatten)]
    content: Option<C>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailureJson>,
}

/// A listing under way.
pub(super) struct Listing<'c, 'w> {
    console: &'c mut Console<'w>,
    is_json: bool,
    all: usize,
    done: usize,
    worst: Exit,
}

impl<'c, 'w> Listing<'c, 'w> {
    /// Begins a listing of `all` answers.
    pub(super) fn begin(console: &'c mut Console<'w>, is_json: bool, all: usize) -> Self {
        console.progress(0, all);
        Self { console, is_json, all, done: 0, worst: Exit::Done }
    }

    /// Writes the next answer.
    pub(super) fn add<E: Serialize>(
        &mut self,
        exit: Exit,
        line: impl FnOnce() -> String,
        element: impl FnOnce() -> E,
    ) {
        self.console.end_progress();
        if self.is_json {
            self.console.json_element(self.done, &element());
        } else {
            self.console.say(&line());
        }
        self.console.flush();
        self.done += 1;
        self.worst = self.worst.max(exit);
        self.console.progress(self.done, self.all);
    }

    /// Runs the jobs side by side and calls `tell` with each answer. It stops at Ctrl-C, and when the reader of stdout is gone.
    /// The output is whole then too: a JSON array is closed.
    pub(super) async fn fill<Job, T>(
        self,
        jobs: impl IntoIterator<Item = Job>,
        news: &mut UnboundedReceiver<News>,
        interrupts: &Interrupts,
        mut tell: impl FnMut(&mut Self, T),
    ) -> Exit
    where
        Job: Future<Output = T> + Send + 'static,
        T: Send + 'static,
    {
        let listing = RefCell::new(self);
        let work = side_by_side(jobs, AnswerOrder::AsListed, |answer| {
            let mut listing = listing.borrow_mut();
            tell(&mut listing, answer);
            if listing.console.is_broken() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let work = tell_meanwhile(work, news, |news| listing.borrow_mut().tell_news(&news));
        let is_interrupted = interrupts.race(work).await.is_err();
        let worst = listing.into_inner().end();
        if is_interrupted { Exit::Interrupted } else { worst }
    }

    /// Writes a line about the next answer to stderr.
    pub(super) fn tell(&mut self, line: &str) {
        self.console.end_progress();
        self.console.tell(line);
    }

    /// Writes news of one profile to stderr.
    pub(super) fn tell_news(&mut self, News { name, line }: &News) {
        self.tell(&format!("{name}: {line}"));
    }

    /// Shows that `done` answers are there. They are told later.
    pub(super) fn count(&mut self, done: usize) {
        self.console.progress(done, self.all);
    }

    /// The run ends no better than this.
    pub(super) fn worsen(&mut self, exit: Exit) {
        self.worst = self.worst.max(exit);
    }

    /// True where only ASCII is written.
    pub(super) fn is_ascii(&self) -> bool {
        self.console.is_ascii()
    }

    /// True if the output on stdout is lost.
    pub(super) fn is_lost(&self) -> bool {
        self.console.is_lost()
    }

    /// Ends the listing. Returns the worst exit code of all answers.
    pub(super) fn end(self) -> Exit {
        if self.is_json {
            self.console.end_json_array(self.done);
        }
        self.console.end_progress();
        self.worst
    }
}

/// The width of the column of names, in characters.
pub(super) fn name_width<'n>(names: impl Iterator<Item = Option<&'n str>>) -> usize {
    names.map(|name| name.map_or(1, |name| name.chars().count())).max().unwrap_or_default()
}
