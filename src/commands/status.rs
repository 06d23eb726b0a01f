//! `status`: prints the profile, the agent and the token, and whether reading works.

use std::path::PathBuf;

use jiff::{Timestamp, Zoned};
use serde::Serialize;

use super::console::Console;
use super::ending::give_way;
use super::failure::{Failure, FailureJson};
use super::interrupt::Interrupts;
use super::listing::{AgentAnswer, Listing, name_width};
use super::news::{Newsline, tell_meanwhile};
use super::render::{in_one_line, profile_words, table};
use super::selection::{Asked, Selection};
use super::world::World;
use crate::agents::{AgentOptions, Agents, Environment, Profile, TOKEN_VARIABLE, parse_scope};
use crate::api::credentials::BaseUrl;
use crate::api::{ProxyServer, Route, VariableFault};
use crate::cli::Query;
use crate::save::{CallError, CallErrorKind};
use crate::settings::Settings;
use crate::visible::visible;
use crate::words::Exit;

const DAY: i64 = 24 * 60 * 60;
/// If a token ends in less than so many days, this is the warning. The more urgent one comes first.
const WARNINGS: [(i64, &str); 2] = [(7, "make a new token now"), (30, "make a new token soon")];
const WHERE_TOKENS_ARE_MADE: &str = "make a new token in the Dashboard under External Apps > API";

pub(super) async fn status(query: &Query, world: &World, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let interrupts = Interrupts::listen()?;
    let ended = show_selected(query, world, &interrupts, console).await;
    give_way(&ended, query.is_json, &interrupts, console);
    ended
}

async fn show_selected(
    query: &Query,
    world: &World,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let selection = Selection::from_options(&query.server, query.is_all, world)?;
    selection.warning().iter().for_each(|warning| console.tell(warning));
    selection.winner().iter().for_each(|winner| console.tell(&format!("Note: {winner}.")));
    let now = (world.clock)();
    let Selection { asked, agents } = selection;
    let options = match asked {
        Asked::One(options) => options,
        Asked::List(list) => {
            return Ok(status_all(agents, list, query.is_json, &now, interrupts, console).await);
        }
    };
    let known = Known::without_token(&agents, &options);
    let (newsline, mut news) = Newsline::open();
    let asking = AgentAnswer::ask(agents, options, newsline);
    let asking = tell_meanwhile(asking, &mut news, |news| console.tell(&news.line));
    let answer = interrupts.race(asking).await?;
    if let Err(Failure::Interrupted) = answer.result {
        return Err(Failure::Interrupted);
    }
    let files = (!answer.is_demo()).then(|| Files::from_environment(&world.environment));
    if query.is_json {
        console.json(&StatusJson { files, ..to_json(&answer, &known, &now) });
    } else {
        let mut rows = rows(&answer, &known, &now);
        rows.extend(files.iter().flat_map(Files::rows));
        console.say(&table(&rows));
    }
    Ok(answer.exit())
}

async fn status_all(
    agents: Agents,
    list: Vec<AgentOptions>,
    is_json: bool,
    now: &Zoned,
    interrupts: &Interrupts,
    console: &mut Console<'_>,
) -> Exit {
    let width = name_width(list.iter().map(AgentOptions::profile_name));
    let listing = Listing::begin(console, is_json, list.len());
    let (newsline, mut news) = Newsline::open();
    let jobs = list.into_iter().map(|options| {
        let known = Known::without_token(&agents, &options);
        let asking = AgentAnswer::ask(agents.clone(), options, newsline.clone());
        async move { (asking.await, known) }
    });
    let tell = |listing: &mut Listing<'_, '_>, (answer, known): (AgentAnswer<Settings>, Known)| {
        listing.add(answer.exit(), || line(&answer, &known, width, now), || to_json(&answer, &known, now));
    };
    listing.fill(jobs, &mut news, interrupts, tell).await
}

/// Where the files are.
#[derive(Serialize)]
struct Files {
    configuration: String,
    tokens: String,
    history: String,
}

impl Files {
    fn from_environment(environment: &Environment) -> Self {
        let show = |path: PathBuf| visible(&path.to_string_lossy()).into_owned();
        Self {
            configuration: show(environment.config_file()),
            tokens: show(environment.token_directory()),
            history: show(environment.history_file()),
        }
    }

    fn rows(&self) -> [(&'static str, String); 3] {
        [
            ("Config", self.configuration.clone()),
            ("Tokens", self.tokens.clone()),
            ("History", self.history.clone()),
        ]
    }
}

/// What is known about a profile without its token.
#[derive(Clone, Debug, Default)]
struct Known {
    name: Option<String>,
    agent: Option<String>,
    host: Option<String>,
    source: Option<String>,
    /// The way to the host; or why there is none, in a variable that has a say in it.
    route: Option<Result<Route, VariableFault>>,
}

impl Known {
    fn without_token(agents: &Agents, options: &AgentOptions) -> Self {
        match agents.known().outline(options) {
            Ok(Some(outline)) => Self {
                host: Some(outline.host()),
                name: outline.name,
                agent: outline.identity.agent,
                source: Some(outline.source.to_string()),
                route: Some(agents.route(&outline.base_url)),
            },
            Ok(None) => Self::from_variable(agents, options),
            Err(_) => Self::default(),
        }
    }

    /// What is known of a token that belongs to no profile.
    fn from_variable(agents: &Agents, options: &AgentOptions) -> Self {
        let url = agents.known().unnamed_url(options).ok();
        Self {
            host: url.as_ref().map(BaseUrl::host),
            source: Some(TOKEN_VARIABLE.to_owned()),
            route: url.as_ref().map(|url| agents.route(url)),
            ..Self::default()
        }
    }

    /// The proxy in words, where a variable names one.
    fn proxy_words(&self) -> Option<String> {
        match self.route.as_ref()? {
            Ok(Route::Straight) => None,
            Ok(route) => Some(route.to_string()),
            Err(fault) => Some(fault.to_string()),
        }
    }

    /// Host and port of the proxy that is used.
    fn proxy_place(&self) -> Option<String> {
        self.route.as_ref()?.as_ref().ok()?.proxy().map(ProxyServer::place)
    }
}

fn rows(answer: &AgentAnswer<Settings>, known: &Known, now: &Zoned) -> Vec<(&'static str, String)> {
    let unknown = || "unknown".to_owned();
    let mut rows = match &answer.profile {
        Some(profile) => vec![
            ("Profile", profile_words(profile)),
            ("Agent", profile.identity.agent.clone().unwrap_or_else(unknown)),
            ("Host", profile.host()),
            ("Token", format!("from {}", profile.source)),
            ("Valid", valid(profile, now)),
            ("Can save", describe_scope(scope(profile))),
        ],
        None => vec![
            ("Profile", known.name.clone().unwrap_or_else(|| "none".to_owned())),
            ("Agent", known.agent.clone().unwrap_or_else(unknown)),
            ("Host", known.host.clone().unwrap_or_else(unknown)),
            ("Token", known.source.as_ref().map_or_else(|| "none".to_owned(), |s| format!("from {s}"))),
        ],
    };
    rows.extend(known.proxy_words().map(|words| ("Proxy", words)));
    rows.push(match &answer.result {
        Ok(settings) => ("Reading", format!("works: {}", in_one_line(settings))),
        Err(failure) => ("Reading", format!("does not work: {}", failure.reason())),
    });
    rows.extend(mend(answer, now).map(|mend| ("Fix", mend)));
    rows
}

/// The end of the token, with a warning if it is soon.
fn valid(profile: &Profile, now: &Zoned) -> String {
    let Some((expires, left)) = end(profile, now) else {
        return "not known: the token does not say".to_owned();
    };
    let words = profile.identity.time_left(Timestamp::from(now).as_second()).unwrap_or_default();
    let until = expires.to_zoned(now.time_zone().clone()).strftime("%Y-%m-%d %H:%M").to_string();
    match warning(left) {
        _ if left <= 0 => format!("ended {until}"),
        Some(warning) => format!("until {until}, {words}. Warning: {warning}"),
        None => format!("until {until}, {words}"),
    }
}

fn end(profile: &Profile, now: &Zoned) -> Option<(Timestamp, i64)> {
    let left = profile.identity.seconds_left(Timestamp::from(now).as_second())?;
    Some((Timestamp::from_second(profile.identity.expires?).ok()?, left))
}

fn warning(left: i64) -> Option<&'static str> {
    WARNINGS.iter().find(|(days, _)| left < days * DAY).map(|(_, warning)| *warning)
}

fn scope(profile: &Profile) -> Option<&'static str> {
    parse_scope(&profile.token)
}

/// Whether a token with this scope may save.
fn describe_scope(scope: Option<&str>) -> String {
    match scope {
        Some("write_all") => "yes (scope write_all)".to_owned(),
        Some(scope) => format!("no (scope {scope})"),
        None => "not known until the first save".to_owned(),
    }
}

/// What the user can do so that reading works, or goes on working.
fn mend(answer: &AgentAnswer<Settings>, now: &Zoned) -> Option<String> {
    let is_ending = answer
        .profile
        .as_ref()
        .and_then(|profile| end(profile, now))
        .is_some_and(|(_, left)| warning(left).is_some());
    let kind = answer.result.as_ref().err().and_then(Failure::call_error).map(CallError::kind);
    let is_refused = matches!(kind, Some(CallErrorKind::TokenRefused | CallErrorKind::ScopeMissing));
    match (&answer.profile, &answer.result) {
        (Some(profile), result) if is_ending && result.is_ok() || is_refused => {
            profile.renewal().map(|renewal| format!("{WHERE_TOKENS_ARE_MADE}, then {renewal}"))
        }
        (_, Err(failure)) => failure.mend(),
        _ => None,
    }
}

fn line(answer: &AgentAnswer<Settings>, known: &Known, width: usize, now: &Zoned) -> String {
    let (state, rest) = match (&answer.result, &answer.profile) {
        (Ok(_), Some(profile)) => ("works", valid(profile, now)),
        (Ok(_), None) => ("works", String::new()),
        (Err(failure), _) => ("failed", failed(failure, mend(answer, now))),
    };
    let agent = answer.agent().or(known.agent.as_deref()).unwrap_or("-");
    let source = known.source.as_ref().map_or_else(|| "no token".to_owned(), |s| format!("from {s}"));
    format!("{:width$}  {agent:12}  {state:6}  {source}  {rest}", answer.shown_name())
}

/// Why reading does not work, and what the user can do, if the reason does not say so itself.
fn failed(failure: &Failure, mend: Option<String>) -> String {
    let reason = failure.reason();
    match mend.filter(|mend| !reason.contains(mend.as_str())) {
        Some(mend) => format!("{}. Fix: {mend}", reason.trim_end_matches('.')),
        None => reason,
    }
}

#[derive(Serialize)]
struct StatusJson {
    profile: Option<String>,
    agent: Option<String>,
    host: Option<String>,
    token_source: Option<String>,
    /// Host and port of the proxy that is used.
    proxy: Option<String>,
    expires: Option<String>,
    days_left: Option<i64>,
    scope: Option<&'static str>,
    works: bool,
    error: Option<FailureJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<Files>,
}

fn to_json(answer: &AgentAnswer<Settings>, known: &Known, now: &Zoned) -> StatusJson {
    let profile = answer.profile.as_ref();
    let ends = profile.and_then(|profile| end(profile, now));
    let outline = profile.map(Profile::outline);
    let (name, agent, host, source) = match outline {
        Some(outline) => {
            let (host, source) = (outline.host(), outline.source.to_string());
            (outline.name, outline.identity.agent, Some(host), Some(source))
        }
        None => (known.name.clone(), known.agent.clone(), known.host.clone(), known.source.clone()),
    };
    StatusJson {
        profile: name,
        agent,
        host,
        token_source: source,
        proxy: known.proxy_place(),
        expires: ends.map(|(expires, _)| expires.to_string()),
        days_left: ends.map(|(_, left)| left.div_euclid(DAY)),
        scope: profile.and_then(scope),
        works: answer.result.is_ok(),
        error: answer.result.as_ref().err().map(|failure| failure.json_with(mend(answer, now))),
        files: None,
    }
}
