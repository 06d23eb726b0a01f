//! The words for a failed call: one table from the kind of failure to text and exit code.

use super::audience::{Audience, CallContext};
use super::exit::Exit;
use crate::save::{Answerer, CallError, CallErrorKind as Kind, Refusal, RetryAfter};

/// Which call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// A GET.
    Read,
    /// A PATCH.
    Write,
}

/// One row of the table.
struct WordsRow {
    kind: Kind,
    /// `None`: the words are the same for both calls.
    call: Option<Call>,
    /// What happened and what to do. See [`placeholder`] for what stands in braces.
    text: &'static str,
    /// What stands at `{advice}` for a user of the editor on a screen.
    editor: &'static str,
    /// The same for a user of the editor line by line.
    lines: &'static str,
    /// What stands at `{advice}` for a user of a shell.
    shell: &'static str,
    /// The few words that the list of profiles has room for; empty where the error's own are short enough.
    short: &'static str,
    exit: Exit,
}

const fn row(kind: Kind, exit: Exit, text: &'static str) -> WordsRow {
    WordsRow { kind, call: None, text, editor: "", lines: "", shell: "", short: "", exit }
}

impl WordsRow {
    const fn on(self, call: Call) -> Self {
        Self { call: Some(call), ..self }
    }

    const fn advise(self, editor: &'static str, lines: &'static str, shell: &'static str) -> Self {
        Self { editor, lines, shell, ..self }
    }

    const fn short(self, short: &'static str) -> Self {
        Self { short, ..self }
    }
}

const TOKEN_REFUSED: &str =
    "The token{whose} was refused: invalid, expired or revoked ({label}).{origin} {advice}{login}{said}";
const NEW_TOKEN: &str = "Make one in the Dashboard under External Apps > API.";

static ROWS: &[WordsRow] = &[
    row(Kind::NotConnected, Exit::Unreachable, "could not connect to {host} ({reason}).")
        .short("unreachable"),
    row(
        Kind::CertificateRefused,
        Exit::Unreachable,
        "The server's certificate was not accepted: {reason}. {remedy}",
    )
    .short("certificate not accepted"),
    row(Kind::TlsFailed, Exit::Unreachable, "TLS with {host} failed: {reason}. {remedy}").short("TLS failed"),
    row(Kind::ProxyRefused, Exit::Unreachable, "The proxy from {proxy}.").short("proxy refused"),
    row(Kind::NotSetUp, Exit::Unreachable, "HTTPS could not be set up: {reason}."),
    row(Kind::TimedOut, Exit::Unreachable, "{host} gave no whole answer within {seconds} s.")
        .short("unreachable"),
    row(Kind::ConnectionBroken, Exit::Unreachable, "the connection to {host} broke ({reason}).")
        .short("unreachable"),
    row(
        Kind::Redirected,
        Exit::Unreachable,
        "The server answered with a redirect to {target} ({status}). It was not followed and the token was not sent there.",
    ),
    row(Kind::TooLarge, Exit::Failed, "The answer is larger than 256 KiB; it was not read."),
    row(Kind::NoConfiguration, Exit::Failed, "The server answered {status} without a configuration."),
    row(
        Kind::NotJson,
        Exit::Failed,
        "The answer is not JSON ({type}). A login page or a proxy may be in between.",
    ),
    row(Kind::WrongShape, Exit::Failed, "{shape}. Nothing is shown rather than guessed."),
    row(
        Kind::Cached,
        Exit::Unreachable,
        "a cache answered, {seconds} s late, and not the API. It does not show what the server holds now.",
    )
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
        "{status} in a form that the API does not document (\"{excerpt}\"). It may be {suspect} or something in between.",
    ),
    row(Kind::BadRequest, Exit::Failed, "The server did not understand the request ({label}){: said}"),
    row(Kind::TokenRefused, Exit::Token, TOKEN_REFUSED)
        .on(Call::Read)
        .advise(
            "t takes a new one. Make one in the Dashboard under External Apps > API.",
            "Type token to give a new one. Make one in the Dashboard under External Apps > API.",
            NEW_TOKEN,
        )
        .short("refused {status}"),
    row(Kind::TokenRefused, Exit::Token, TOKEN_REFUSED).on(Call::Write).advise(
        "t takes a new one; your changes stay. Make one in the Dashboard under External Apps > API.",
        "Type token to give a new one; your changes stay. Make one in the Dashboard under External Apps > API.",
        NEW_TOKEN,
    ),
    row(Kind::PaymentRequired, Exit::Failed, "Quickchat asks for an active subscription ({label}).{said}"),
    row(Kind::ScopeMissing, Exit::Token, "This token may not read the configuration ({status}){: said}")
        .on(Call::Read),
    row(Kind::ScopeMissing, Exit::Token, "This token may only read ({status}){: said} {advice}")
        .on(Call::Write)
        .advise(
            "Use a write_all token: p switches the profile.",
            "Use a write_all token: type profiles to switch the profile.",
            "Use a write_all token.",
        ),
    row(
        Kind::NotFound,
        Exit::Failed,
        "There is no such configuration at this address ({label}). Check the base URL: {url}{said}",
    ),
    row(Kind::RequestTimeout, Exit::Unreachable, "The server refused ({label}){: said}"),
    row(
        Kind::Concurrent,
        Exit::Conflict,
        "Someone is changing this at the same moment ({label}). {advice}{said}",
    )
    .on(Call::Read)
    .advise("Read again.", "Read again.", "Read again."),
    row(
        Kind::Concurrent,
        Exit::Conflict,
        "Someone is changing this at the same moment ({label}). {advice}{said}",
    )
    .on(Call::Write)
    .advise(
        "Read again; your changes are still here.",
        "Read again; your changes are still here.",
        "Run it again.",
    ),
    row(Kind::Invalid, Exit::Failed, "The server did not accept the request ({label}){: said}")
        .on(Call::Read),
    row(Kind::Invalid, Exit::Failed, "The server did not accept the change ({label}){: said}")
        .on(Call::Write),
    row(Kind::TooManyRequests, Exit::Unreachable, "Too many requests ({status}).{when}{said}"),
    row(Kind::ServerFailed, Exit::Unreachable, "The server failed ({label}){: said}{when}"),
    row(Kind::OtherRefusal, Exit::Failed, "The server refused ({label}){: said}"),
];

/// Every kind has a row; a test walks all of them.
fn row_for(kind: Kind, call: Call) -> &'static WordsRow {
    let fits = |row: &&WordsRow| row.kind == kind && row.call.is_none_or(|own| own == call);
    ROWS.iter().find(fits).unwrap_or(&ROWS[ROWS.len() - 1])
}

/// A failed call as a sentence or two: what happened, what to do, and the server's own words.
pub fn explain(error: &CallError, call: Call, context: &CallContext) -> String {
    let row = row_for(error.kind(), call);
    fill(row.text, |name| placeholder(name, row, error, context))
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
fn placeholder(name: &str, row: &WordsRow, error: &CallError, context: &CallContext) -> String {
    match (name, error) {
        ("host", _) => context.host(),
        ("url", _) => context.base_url.to_string(),
        ("whose", _) => context.whose_token(),
        ("origin", _) => context.origin(),
        ("login", _) => context.other_way(),
        ("advice", _) => match context.audience {
            Audience::Editor => row.editor.to_owned(),
            Audience::Lines => row.lines.to_owned(),
            Audience::Shell => row.shell.to_owned(),
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
        ("suspect", CallError::Refused(refusal)) => name_suspect(refusal.status, context.audience).to_owned(),
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
        // The server's words as the end of the sentence.
        (": said", _) => quote(refusal).map_or_else(|| ".".to_owned(), |quote| format!(": {quote}")),
        // The server's words as a sentence of their own.
        ("said", _) => quote(refusal).map(|quote| format!(" The server said: {quote}")).unwrap_or_default(),
        ("when", _) => when_to_try_again(refusal.retry_after),
        ("excerpt", Answerer::Undocumented { excerpt }) => excerpt.clone(),
        ("page", Answerer::Between { server, excerpt }) => name_page(server.as_deref(), excerpt.as_deref()),
        _ => String::new(),
    }
}

/// What else than something in between may have given an answer that the API does not document.
fn name_suspect(status: u16, audience: Audience) -> &'static str {
    match (status, audience) {
        (401 | 403, Audience::Editor) => "the token (t takes a new one)",
        (401 | 403, Audience::Lines) => "the token (type token to give a new one)",
        (401 | 403, Audience::Shell) => "the token",
        _ => "the API",
    }
}

/// A page's title or text and the server that gave it: ` ("Attention required", cloudflare)`.
fn name_page(server: Option<&str>, excerpt: Option<&str>) -> String {
    let title = excerpt.map(|excerpt| format!("\"{excerpt}\""));
    let parts: Vec<_> = title.into_iter().chain(server.map(str::to_owned)).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

/// The API's words in quotes, as the end of a sentence.
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
        seconds => format!(" Try again in {}.", span(seconds)),
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
