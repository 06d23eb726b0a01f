//! The request that a save would send, as a command for sh, bash, zsh and dash.
//!
//! ```text
//! : 'profile acme-prod, agent demoagent1'
//! : "${NAME:?holds no token}" &&                                    without the token nothing is sent
//! printf 'Authorization: Bearer %s\n' "$NAME" |                     printf is a part of the shell: `ps` does not show the token
//! curl -g -X PATCH -H @- -H 'Content-Type: application/json' 'URL'  the header comes from stdin
//! --data-raw 'BODY'
//! ```
//!
//! The first line is a command that does nothing, and no comment: an interactive zsh knows no comments. Reading a header from stdin
//! needs curl 7.55 of 2017 (<https://curl.se/docs/manpage.html#-H>). `-g` keeps curl from reading `[…]` in the URL as a range.

use std::borrow::Cow;

use super::shell_rows::{Word, fill_rows, wrap_rows};
use crate::agents::{ReadableSource, TOKEN_VARIABLE, TokenSource};
use crate::editor::model::Session;
use crate::settings::Patch;
use crate::visible::{ascii, redact, redact_json};

/// The longest row of the text that is copied. A shell without an editor of its own, as dash, reads a row from the terminal, which
/// keeps 1,024 bytes of a row on macOS and 4,096 on Linux
/// (<https://man7.org/linux/man-pages/man3/termios.3.html>, "Canonical and noncanonical mode").
const MAX_COPIED_ROW: usize = 800;

/// The request as a command. It is ASCII only: a shell in another locale would read other characters as keys.
pub(in super::super) struct CurlCommand {
    /// The name of the variable that the token is read from.
    variable: String,
    /// What the command is for: a command of its own.
    label: [Word; 2],
    /// The command, in parts that each begin a row on the screen.
    parts: [Vec<Word>; 4],
}

impl CurlCommand {
    /// The request that sends `patch` to the agent of `session`. `None` where a code in it or the URL repeats a token.
    pub(in super::super) fn new(session: &Session, patch: &Patch) -> Option<Self> {
        let url = session.context.base_url.configuration_url();
        let body = patch.to_json();
        if redact_json(&body) != body || matches!(redact(url.as_str()), Cow::Owned(_)) {
            return None;
        }
        let variable = name_variable(session);
        let check = Word::Expanded(format!("${{{variable}:?holds no token}}"));
        let token = Word::Expanded(format!("${variable}"));
        let [header, kind] = [r"Authorization: Bearer %s\n", "Content-Type: application/json"].map(literal);
        let url = Word::Literal(url.as_str().replace('\'', "%27").replace('!', "%21"));
        let [curl, method, patch, from_stdin] = ["curl -g", "-X", "PATCH", "-H @-"].map(Word::Bare);
        let parts = [
            vec![Word::Bare(":"), check, Word::Bare("&&")],
            vec![Word::Bare("printf"), header, token, Word::Bare("|")],
            vec![curl, method, patch, from_stdin, Word::Bare("-H"), kind, url],
            vec![Word::Bare("--data-raw"), Word::Literal(body.chars().map(escape_json).collect())],
        ];
        Some(Self { variable, label: [Word::Bare(":"), Word::Literal(describe(session))], parts })
    }

    /// The name of the variable that the command reads the token from.
    pub(super) fn variable(&self) -> &str {
        &self.variable
    }

    /// The command in rows for a screen of so many columns.
    pub(super) fn rows(&self, columns: usize) -> Vec<String> {
        let mut rows = fill_rows(&self.label, columns);
        rows.extend(fill_rows(&self.parts.concat(), columns));
        rows
    }

    /// The command as it is copied. No line break is at its end, so that a paste does not run it.
    pub(in super::super) fn text(&self) -> String {
        let mut rows = wrap_rows(&self.label, MAX_COPIED_ROW);
        rows.extend(wrap_rows(&self.parts.concat(), MAX_COPIED_ROW));
        rows.join("\n")
    }
}

fn literal(text: &str) -> Word {
    Word::Literal(text.to_owned())
}

/// `profile acme-prod, agent demoagent1`, with the number of each character that a shell or a terminal could act on.
fn describe(session: &Session) -> String {
    let name =
        session.name.as_ref().map_or_else(|| "no profile".to_owned(), |name| format!("profile {name}"));
    let demo = if session.is_demo() { " [DEMO]" } else { "" };
    let text = format!("{name}{demo}, {}", session.agent());
    ascii(&text).replace('\'', "<U+0027>").replace('!', "<U+0021>")
}

/// The variable that the command takes the token from. No other profile's token stands in it by accident: it has the name of the
/// variable that this token came from, or a name that no other profile has.
fn name_variable(session: &Session) -> String {
    let agent = || session.identity.agent.as_deref().unwrap_or("unknown");
    // Two underscores, one behind the other, come from the name of no profile.
    match (&session.context.token_source, &session.name) {
        (TokenSource::Readable(ReadableSource::Variable(name)), _) if is_shell_name(name) => name.clone(),
        (TokenSource::Demo, name) => {
            format!("{TOKEN_VARIABLE}_demo__{}", encode_name(name.as_deref().unwrap_or_else(agent)))
        }
        (_, Some(name)) => format!("{TOKEN_VARIABLE}_{}", encode_name(name)),
        (_, None) => format!("{TOKEN_VARIABLE}_agent__{}", encode_name(agent())),
    }
}

/// True if a shell takes `name` as the name of a variable.
fn is_shell_name(name: &str) -> bool {
    let is_part = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    name.bytes().all(is_part) && !name.starts_with(|first: char| first.is_ascii_digit()) && !name.is_empty()
}

/// `name` with `_` and two hex digits for each byte of UTF-8 that is neither an ASCII letter nor a digit. Two names never give the
/// same text.
fn encode_name(name: &str) -> String {
    let encode = |byte: u8| match byte {
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("_{byte:02X}"),
    };
    name.bytes().map(encode).collect()
}

/// A character of a JSON text, escaped where it is not ASCII or where a shell could act on it.
fn escape_json(character: char) -> String {
    if matches!(character, ' '..='~') && !matches!(character, '\'' | '!') {
        return character.to_string();
    }
    let units = character.encode_utf16(&mut [0; 2]).to_vec();
    units.into_iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agents::Identity;
    use crate::api::credentials::BaseUrl;
    use crate::settings::QuestionCode;
    use crate::settings::tests::settings;
    use crate::words::{Audience, CallContext};

    const STORED: TokenSource = TokenSource::Readable(ReadableSource::Stored);

    fn session(name: Option<&str>, token_source: TokenSource) -> Session {
        let name = name.map(str::to_owned);
        let base_url = BaseUrl::parse("https://app.quickchat.ai").unwrap();
        let identity = Identity { agent: Some("demoagent1".to_owned()), expires: None };
        Session {
            name: name.clone(),
            context: CallContext { profile: name, base_url, token_source, audience: Audience::Editor },
            identity,
            is_protected: false,
            read_only: None,
            is_token_refused: false,
            demo_about: None,
        }
    }

    fn command(session: &Session, code: &str) -> Option<CurlCommand> {
        let mut draft = settings(true, "");
        draft.codes.push(QuestionCode::new(code));
        CurlCommand::new(session, &Patch::between(&settings(false, ""), &draft))
    }

    #[test]
    fn it_is_one_line_that_names_the_profile_and_one_command_in_ascii() {
        let session = session(Some("acme-prod"), STORED);
        let text = command(&session, "it's 満\u{202e}\u{1F600}!").unwrap().text();
        assert_eq!(
            text,
            ": 'profile acme-prod, agent demoagent1'\n\
             : \"${QUICKCHAT_API_TOKEN_acme_2Dprod:?holds no token}\" && \
             printf 'Authorization: Bearer %s\\n' \"$QUICKCHAT_API_TOKEN_acme_2Dprod\" | \
             curl -g -X PATCH -H @- -H 'Content-Type: application/json' \
             'https://app.quickchat.ai/v1/api/conversation_ratings/configuration' \
             --data-raw '{\"conv_rating_active\":true,\"conv_rating_popup_active\":true,\
             \"conv_rating_question_codes\":[\"it\\u0027s \\u6e80\\u202e\\ud83d\\ude00\\u0021\"]}'"
        );
    }

    #[test]
    fn the_variable_is_the_tokens_own_or_has_a_name_that_no_other_profile_has() {
        let variable = |name: &str| TokenSource::Readable(ReadableSource::Variable(name.to_owned()));
        let cases = [
            (Some("acme-prod"), STORED, "_acme_2Dprod"),
            (Some("a_b.c"), STORED, "_a_5Fb_2Ec"),
            (Some("müller"), STORED, "_m_C3_BCller"),
            (Some("acme-prod"), TokenSource::Prompt, "_acme_2Dprod"),
            (Some("acme"), TokenSource::Demo, "_demo__acme"),
            (None, variable("QUICKCHAT_API_TOKEN"), ""),
            (None, TokenSource::Prompt, "_agent__demoagent1"),
            // A shell takes none of these as a variable.
            (Some("acme"), variable("my-token"), "_acme"),
            (Some("acme"), variable("1TOKEN"), "_acme"),
            (Some("acme"), variable("T}; id #"), "_acme"),
        ];
        for (name, source, expected) in cases {
            let expected = format!("QUICKCHAT_API_TOKEN{expected}");
            assert_eq!(name_variable(&session(name, source)), expected, "{name:?}");
        }
        assert_eq!(name_variable(&session(Some("acme"), variable("ACME_TOKEN"))), "ACME_TOKEN");
    }

    #[test]
    fn the_first_line_says_in_ascii_which_agent_it_is() {
        let mut hostile = session(Some("müller"), STORED);
        hostile.identity.agent = Some("it's `id` !!".to_owned());
        assert_eq!(describe(&hostile), "profile m<U+00FC>ller, agent it<U+0027>s `id` <U+0021><U+0021>");
        let demo = session(Some("acme"), TokenSource::Demo);
        assert_eq!(describe(&demo), "profile acme [DEMO], agent demoagent1");
        assert_eq!(describe(&session(None, TokenSource::Prompt)), "no profile, agent demoagent1");
    }

    #[test]
    fn a_hostile_url_is_one_word() {
        let mut session = session(None, TokenSource::Prompt);
        session.context.base_url = BaseUrl::parse("http://[::1]:9/it's!/[1-3]").unwrap();
        let text = command(&session, "A").unwrap().text();
        let words = shlex::split(&text).unwrap();
        let url = "http://[::1]:9/it%27s%21/[1-3]/v1/api/conversation_ratings/configuration";
        assert!(words.iter().any(|word| word == url), "{text}");
    }

    #[test]
    fn there_is_no_command_where_a_code_repeats_a_token() {
        crate::visible::note_token("0paque-token'of\"this-run");
        let session = session(Some("acme-prod"), STORED);
        assert!(command(&session, "a 0paque-token'of\"this-run").is_none());
        assert!(command(&session, "a quote \" and \\ a backslash").is_some());
    }

    #[test]
    fn each_row_is_short_enough_for_the_line_of_a_terminal() {
        let session = session(Some("acme-prod"), STORED);
        let command = command(&session, &"it's long ".repeat(2000)).unwrap();
        let (text, rows) = (command.text(), command.rows(80).join("\n"));
        assert!(text.lines().all(|line| line.len() <= MAX_COPIED_ROW), "{text}");
        // The line break between the label and the command is no end of a row that goes on.
        let [text, rows] = [text, rows].map(|text| shlex::split(&text.replace("\\\n", "")));
        assert_eq!(text, rows);
    }
}
