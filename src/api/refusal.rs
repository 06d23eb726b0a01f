//! What an answer with an error status says, and who gave it.
//!
//! ```text
//! JSON object with `errors` that holds a message or a code ─► the API
//! any other JSON                                           ─► undocumented: the API or something in between
//! HTML, text, an empty body                                ─► something in between
//! ```

use serde_json::Value;

use crate::save::{Answerer, Refusal, RetryAfter};
use crate::visible::excerpt;

/// How many characters of a server's own words are shown.
const MAX_QUOTE_CHARS: usize = 200;
/// How many characters of a code, of a page's title or of the header `Server` are shown.
const MAX_NAME_CHARS: usize = 60;
/// How many messages of the API are shown.
const MAX_MESSAGES: usize = 5;
/// Where other APIs put the words of a failure.
const WORDS: [&str; 3] = ["detail", "message", "error"];

/// Reads the body of an answer with the status `status`. `server` is the header of that name.
pub(super) fn parse_refusal(
    status: u16,
    server: Option<&str>,
    body: &[u8],
    retry_after: RetryAfter,
) -> Refusal {
    let answerer = match serde_json::from_slice::<Value>(body) {
        Ok(value) => from_json(&value).unwrap_or_else(|| undocumented(&value)),
        Err(_) => between(server, &String::from_utf8_lossy(body)),
    };
    Refusal { status, answerer, retry_after }
}

/// The API's own answer, if `value` has its shape.
fn from_json(value: &Value) -> Option<Answerer> {
    let errors = value.as_object()?.get("errors")?;
    let (mut messages, mut codes) = (Vec::new(), Vec::new());
    collect(errors, "message", &mut messages);
    collect(errors, "code", &mut codes);
    if messages.is_empty() && codes.is_empty() {
        return None;
    }
    Some(Answerer::Api {
        code: codes.first().map(|code| excerpt(code, MAX_NAME_CHARS)),
        more: messages.len().saturating_sub(MAX_MESSAGES),
        messages: messages.iter().take(MAX_MESSAGES).map(|text| excerpt(text, MAX_QUOTE_CHARS)).collect(),
    })
}

/// Every text with the key `key`, anywhere in `value`, in the order of the body.
fn collect<'a>(value: &'a Value, key: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str().filter(|_| name == key) {
                    Some(text) => found.push(text),
                    None => collect(field, key, found),
                }
            }
        }
        _ => {}
    }
}

/// JSON of another shape: its words, or the JSON itself.
fn undocumented(value: &Value) -> Answerer {
    let mut found = Vec::new();
    for key in WORDS {
        collect(value, key, &mut found);
    }
    let words = found.first().map_or_else(|| value.to_string(), |text| (*text).to_owned());
    Answerer::Undocumented { excerpt: excerpt(words.trim(), MAX_QUOTE_CHARS) }
}

fn between(server: Option<&str>, text: &str) -> Answerer {
    let text = text.trim();
    let words = if text.starts_with('<') { find_title(text) } else { Some(text.to_owned()) };
    Answerer::Between {
        server: server
            .map(|server| excerpt(server.trim(), MAX_NAME_CHARS))
            .filter(|server| !server.is_empty()),
        excerpt: words.map(|words| excerpt(&words, MAX_QUOTE_CHARS)).filter(|words| !words.is_empty()),
    }
}

/// The title of an HTML page, with single spaces.
fn find_title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let start = open + lower[open..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    Some(page[start..end].split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(body: &str) -> Answerer {
        parse_refusal(422, Some("nginx"), body.as_bytes(), RetryAfter::Missing).answerer
    }

    fn api(code: Option<&str>, messages: &[&str], more: usize) -> Answerer {
        let messages = messages.iter().map(|&message| message.to_owned()).collect();
        Answerer::Api { code: code.map(str::to_owned), messages, more }
    }

    fn between(excerpt: Option<&str>) -> Answerer {
        Answerer::Between { server: Some("nginx".to_owned()), excerpt: excerpt.map(str::to_owned) }
    }

    #[test]
    fn every_message_below_errors_is_the_apis_whatever_its_key() {
        let cases = [
            (r#"{"errors":{"root":[{"message":"No.","code":"X"}]}}"#, api(Some("X"), &["No."], 0)),
            (r#"{"errors":{"root":[{"code":"X"}]}}"#, api(Some("X"), &[], 0)),
            (
                r#"{"errors":{"conv_rating_question_codes":[{"message":"Unknown question code"}]}}"#,
                api(None, &["Unknown question code"], 0),
            ),
            (r#"{"errors":[{"message":"a"},{"deep":{"message":"b"}}]}"#, api(None, &["a", "b"], 0)),
            (
                r#"{"errors":{"a":[{"message":"1"},{"message":"2"},{"message":"3"},{"message":"4"},{"message":"5"},{"message":"6"},{"message":"7"}]}}"#,
                api(None, &["1", "2", "3", "4", "5"], 2),
            ),
        ];
        for (body, expected) in cases {
            assert_eq!(parse(body), expected, "{body}");
        }
    }

    #[test]
    fn json_of_another_shape_is_undocumented_and_quoted() {
        let cases = [
            (r#"{"detail":"Not authenticated"}"#, "Not authenticated"),
            (r#"{"error":{"message":"deep"}}"#, "deep"),
            (r#"{"error":"short"}"#, "short"),
            (r#"{"errors":{"root":[]}}"#, r#"{"errors":{"root":[]}}"#),
            (r#"{"errors":{"root":[{"message":1}]}}"#, r#"{"errors":{"root":[{"message":1}]}}"#),
            (r#"{"errors":"x"}"#, r#"{"errors":"x"}"#),
            ("[1]", "[1]"),
            ("null", "null"),
        ];
        for (body, words) in cases {
            assert_eq!(parse(body), Answerer::Undocumented { excerpt: words.to_owned() }, "{body}");
        }
    }

    #[test]
    fn a_page_a_text_or_an_empty_body_is_something_in_between() {
        let cases = [
            ("<html><head><TITLE lang=en>\n Attention   required </title>", Some("Attention required")),
            ("<html>No required SSL certificate was sent", None),
            ("upstream connect error", Some("upstream connect error")),
            ("", None),
            (" \n", None),
        ];
        for (body, words) in cases {
            assert_eq!(parse(body), between(words), "{body}");
        }
        assert_eq!(
            parse_refusal(400, None, b"\xff\xfe", RetryAfter::Missing).answerer,
            Answerer::Between { server: None, excerpt: Some("\u{fffd}\u{fffd}".to_owned()) }
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_and_only_the_documented_shape_is_the_apis(body in any::<Vec<u8>>()) {
            let refusal = parse_refusal(400, None, &body, RetryAfter::Missing);
            prop_assert!(!refusal.is_from_api());
        }

        #[test]
        fn words_are_short_and_visible(text in any::<String>()) {
            let body = serde_json::json!({"errors": {"root": [{"message": text.repeat(50)}]}}).to_string();
            if let Answerer::Api { messages, .. } = parse(&body) {
                prop_assert!(!messages[0].chars().any(crate::visible::is_hidden));
            }
        }
    }
}
