//! The words for a failed call: one table from the kind of failure to text and exit code.

use super::audience::{Audience, CallContext};
use super::exit::Exit;
use super::explanation::Explanation;
use crate::save::{Answerer, CallError, CallErrorKind as Kind, Refusal, RetryAfter};

/// Which call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A GET.
    Read,
    /// A PATCH.
    Write,
}

/// One row of the table. Its texts are templates: see [`placeholder`] for what stands in braces.
struct WordsRow {
    kind: Kind,
    /// `None`: the words are the same for both calls.
    call: Option<Call>,
    /// What happened.
    happened: &'static str,
    /// What a user of the editor does next on a screen; empty where the caller knows.
    editor: &'static str,
    /// The same line by line.
    lines: &'static str,
    /// What a user of a shell does next.
    shell: &'static str,
    /// What else is known. The server's own words follow.
    details: &'static str,
    /// The few words that the list of profiles has room for; empty where the error's own are short enough.
    short: &'static str,
    exit: Exit,
}

const fn row(kind: Kind, exit: Exit, happened: &'static str) -> WordsRow {
    WordsRow { kind, call: None, happened, editor: "", lines: "", shell: "", details: "", short: "", exit }
}

impl WordsRow {
    const fn on(self, call: Call) -> Self {
        Self { call: Some(call), ..self }
    }

    const fn advise(self, editor: &'static str, lines: &'static str, shell: &'static str) -> Self {
        Self { editor, lines, shell, ..self }
    }

    const fn details(self, details: &'static str) -> Self {
        Self { details, ..self }
    }

    const fn short(self, short: &'static str) -> Self {
        Self { short, ..self }
    }
}

const TOKEN_REFUSED: &str = "{token} was refused: expired or revoked ({status}).";
const EDIT: &str = "Edit and save again, or d discards.";
const EDIT_LINES: &str = "Edit and save again, or discard.";
const RENEW: &str = "Renew it in the Dashboard first.";
const CHECK_URL: &str = "Check the base URL: {url}";

/// The command that stores another token, and how the editor reads it then: by a key, and by a word.
const OR_LOGIN: [&str; 2] =
    [" (or: convrating login NAME, then r)", " (or: convrating login NAME, then read)"];
const LOGIN: [&str; 2] =
    [" Or run convrating login NAME, then press r.", " Or run convrating login NAME, then type read."];
const TRY_KEYS: &str = "If it is the token, t takes a new one.";
const TRY_WORDS: &str = "If it is the token, type token to give a new one.";

static ROWS: &[WordsRow] = &[
    row(Kind::NotConnected, Exit::Unreachable, "could not connect to {host} ({reason}).")
        .short("unreachable"),
    row(Kind::CertificateRefused, Exit::Unreachable, "The server's certificate was not accepted: {reason}.")
        .advise("{remedy}", "{remedy}", "{remedy}")
        .short("certificate not accepted"),
    row(Kind::TlsFailed, Exit::Unreachable, "TLS with {host} failed: {reason}.")
        .advise("{remedy}", "{remedy}", "{remedy}")
        .short("TLS failed"),
    row(Kind::ProxyRefused, Exit::Unreachable, "The proxy from {proxy}.").short("proxy refused"),
    row(Kind::NotSetUp, Exit::Unreachable, "HTTPS could not be set up: {reason}."),
    row(Kind::TimedOut, Exit::Unreachable, "{host} gave no whole answer within {seconds} s.")
        .short("unreachable"),
    row(Kind::ConnectionBroken, Exit::Unreachable, "the connection to {host} broke ({reason}).")
        .short("unreachable"),
    row(Kind::Redirected, Exit::Unreachable, "The server answered with a redirect to {target} ({status}).")
        .details("It was not followed and the token was not sent there."),
    row(Kind::TooLarge, Exit::Failed, "The answer is larger than 256 KiB; it was not read."),
    row(Kind::NoConfiguration, Exit::Failed, "The server answered {status} without a configuration."),
    row(Kind::NotJson, Exit::Failed, "The answer is not JSON ({type}).")
        .details("A login page or a proxy may be in between."),
    row(Kind::WrongShape, Exit::Failed, "{shape}.").details("Nothing is shown rather than guessed."),
    row(Kind::Cached, Exit::Unreachable, "a cache answered, {seconds} s late, and not the API.")
        .details("It does not show what the server holds now.")
        .short("a cache answered"),
    row(
        Kind::AnsweredInBetween,
        Exit::Unreachable,
        "something in between answered {status}{page}, not the API.",
    )
    .short("something in between"),
    row(
        Kind::Undocumented,
        Exit::Unreachable,
        "{status} in a form that the API does not document (\"{excerpt}\").",
    )
    .advise("{try a token}", "{try a token}", "")
    .details("It may be {suspect} or something in between."),
    row(Kind::BadRequest, Exit::Failed, "The server did not understand the request ({label}).")
        .on(Call::Read),
    row(Kind::BadRequest, Exit::Failed, "The server did not understand the request ({label}).")
        .on(Call::Write)
        .advise(EDIT, EDIT_LINES, ""),
    row(Kind::TokenRefused, Exit::Token, TOKEN_REFUSED)
        .on(Call::Read)
        .advise("t takes a new token{or login}.", "Type token to give a new one{or login}.", "")
        .details("{new token}")
        .short("refused {status}"),
    row(Kind::TokenRefused, Exit::Token, TOKEN_REFUSED)
        .on(Call::Write)
        .advise("t takes a new token.", "Type token to give a new one.", "")
        .details("{new token}{login}"),
    row(Kind::PaymentRequired, Exit::Failed, "Quickchat asks for an active subscription ({label}).")
        .advise(RENEW, RENEW, RENEW),
    row(Kind::ScopeMissing, Exit::Token, "This token may not read the configuration ({status}).")
        .on(Call::Read)
        .advise("t takes another token.", "Type token to give another one.", ""),
    row(Kind::ScopeMissing, Exit::Token, "This token may only read ({status}).")
        .on(Call::Write)
        .advise(
            "Use a write_all token: t takes one.",
            "Use a write_all token: type token to give one.",
            "Use a write_all token.",
        )
        .details("{other profile}"),
    row(Kind::NotFound, Exit::Failed, "There is no such configuration at this address ({label}).")
        .advise(CHECK_URL, CHECK_URL, CHECK_URL),
    row(Kind::RequestTimeout, Exit::Unreachable, "The server refused ({label})."),
    row(Kind::Concurrent, Exit::Conflict, "Someone is changing this at the same moment ({label}).")
        .on(Call::Read)
        .advise("", "", "Read again."),
    row(Kind::Concurrent, Exit::Conflict, "Someone is changing this at the same moment ({label}).")
        .on(Call::Write)
        .advise("", "", "Run it again."),
    row(Kind::Invalid, Exit::Failed, "The server did not accept the request ({label}).").on(Call::Read),
    row(Kind::Invalid, Exit::Failed, "The server did not accept the change ({label}).")
        .on(Call::Write)
        .advise(EDIT, EDIT_LINES, ""),
    row(Kind::TooManyRequests, Exit::Unreachable, "Too many requests ({status}).")
        .advise("{when}", "{when}", "{when}"),
    row(Kind::ServerFailed, Exit::Unreachable, "The server failed ({label}).")
        .advise("{when}", "{when}", "{when}"),
    row(Kind::OtherRefusal, Exit::Failed, "The server refused ({label})."),
];

/// Every kind has a row; a test walks all of them.
fn row_for(kind: Kind, call: Call) -> &'static WordsRow {
    let fits = |row: &&WordsRow| row.kind == kind && row.call.is_none_or(|own| own == call);
    ROWS.iter().find(fits).unwrap_or(&ROWS[ROWS.len() - 1])
}

/// A failed call: what happened, what to do, and the server's own words. It has no lead.
pub fn explain(error: &CallError, call: Call, context: &CallContext) -> Explanation {
    let row = row_for(error.kind(), call);
    let fill = |template| fill(template, |name| placeholder(name, error, context));
    let todo = match context.audience {
        Audience::Editor => row.editor,
        Audience::Lines => row.lines,
        Audience::Shell => row.shell,
    };
    let said = error.refusal().and_then(quote).map(|quote| format!("The server said: {quote}"));
    Explanation {
        lead: String::new(),
        happened: fill(row.happened),
        todo: fill(todo),
        details: fill(row.details),
        said: said.unwrap_or_default(),
    }
}

/// A failed call in the few words that the list of profiles has room for.
pub(crate) fn name_in_list(error: &CallError) -> String {
    match row_for(error.kind(), Call::Read).short {
        "" => error.to_string(),
        short => fill(short, |_| error.status().map(|status| status.to_string()).unwrap_or_default()),
    }
}

impl From<&CallError> for Exit {
    fn from(error: &CallError) -> Self {
        row_for(error.kind(), Call::Write).exit
    }
}

/// `template` with each `{name}` replaced. What is put in is not looked at again: a server's text cannot name a value.
fn fill(template: &str, value: impl Fn(&str) -> String) -> String {
    let mut pieces = template.split('{');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        text.push_str(&value(name));
        text.push_str(rest);
    }
    text
}

/// What stands in place of `{name}`.
fn placeholder(name: &str, error: &CallError, context: &CallContext) -> String {
    match (name, error) {
        ("host", _) => context.host(),
        ("url", _) => context.base_url.to_string(),
        ("token", _) => context.name_token(),
        ("new token", _) => context.new_token(),
        ("or login", _) => context.login(OR_LOGIN),
        ("login", _) => context.login(LOGIN),
        ("other profile", _) => match context.audience {
            Audience::Editor => "p switches the profile.".to_owned(),
            Audience::Lines => "Type profiles to switch the profile.".to_owned(),
            Audience::Shell => String::new(),
        },
        (
            "reason",
            CallError::Connect { reason }
            | CallError::Tls { reason, .. }
            | CallError::Handshake { reason, .. }
            | CallError::SetUp { reason }
            | CallError::Broken { reason, .. },
        ) => reason.clone(),
        ("remedy", CallError::Tls { remedy, .. } | CallError::Handshake { remedy, .. }) => remedy.clone(),
        ("proxy", CallError::ProxyRefused { proxy, status }) => match status {
            Some(status) => format!("{proxy} refused the connection ({status})"),
            None => format!("{proxy} refused the connection"),
        },
        ("seconds", CallError::TimedOut { after }) => after.as_secs_f64().to_string(),
        ("seconds", CallError::Cached { age }) => age.to_string(),
        ("try a token", _) if is_about_token(error) => {
            context.audience.choose(TRY_KEYS, TRY_WORDS).to_owned()
        }
        ("suspect", _) => if is_about_token(error) { "the token" } else { "the API" }.to_owned(),
        ("target", CallError::Redirect { host, .. }) => host.clone(),
        ("type", CallError::NotJson { content_type }) => {
            content_type.clone().unwrap_or_else(|| "no content type".to_owned())
        }
        ("shape", CallError::Shape(shape)) => shape.to_string(),
        ("status", _) => error.status().map(|status| status.to_string()).unwrap_or_default(),
        (_, CallError::Refused(refusal)) => refusal_placeholder(name, refusal),
        _ => String::new(),
    }
}

fn refusal_placeholder(name: &str, refusal: &Refusal) -> String {
    match (name, &refusal.answerer) {
        ("label", _) => refusal.label(),
        ("when", _) => when_to_try_again(refusal.retry_after),
        ("excerpt", Answerer::Undocumented { excerpt }) => excerpt.clone(),
        ("page", Answerer::Between { server, excerpt }) => name_page(server.as_deref(), excerpt.as_deref()),
        _ => String::new(),
    }
}

/// True for an answer that the API does not document, and that a bad token may be the reason of.
fn is_about_token(error: &CallError) -> bool {
    matches!(error.status(), Some(401 | 403))
}

/// A page's title or text and the server that gave it: ` ("Attention required", cloudflare)`.
fn name_page(server: Option<&str>, excerpt: Option<&str>) -> String {
    let title = excerpt.map(|excerpt| format!("\"{excerpt}\""));
    let parts: Vec<_> = title.into_iter().chain(server.map(str::to_owned)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// The API's words in quotes, as a sentence; `None` where it gave none.
fn quote(refusal: &Refusal) -> Option<String> {
    let Answerer::Api { messages, more, .. } = &refusal.answerer else { return None };
    let last = messages.last()?;
    let quoted: Vec<_> = messages.iter().map(|message| format!("\"{message}\"")).collect();
    let end = match more {
        0 if last.ends_with(['.', '!', '?', '…']) => String::new(),
        0 => ".".to_owned(),
        more => format!(" and {more} more."),
    };
    Some(quoted.join(" ") + &end)
}

fn when_to_try_again(retry_after: RetryAfter) -> String {
    match retry_after.seconds() {
        0 => String::new(),
        seconds => format!("Try again in {}.", span(seconds)),
    }
}

/// A length of time in words: `45 s`, `12 minutes`, `3 hours`, `2 days`.
fn span(seconds: u64) -> String {
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7200 => format!("{} minutes", seconds.div_ceil(60)),
        7201..=172_800 => format!("{} hours", seconds.div_ceil(3600)),
        _ => format!("{} days", seconds.div_ceil(86_400)),
    }
}

#[cfg(test)]
mod tests;
