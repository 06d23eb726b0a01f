//! What a token says about itself: the claims of a JWT, unverified.
//!
//! Nothing here is a proof, because the signature cannot be checked without the server's key. A token that is no JWT works
//! all the same; it has no claims.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::api::credentials::Token;
use crate::visible::excerpt;

/// The claims that are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// `scenario_id`: the agent that the token belongs to, made visible.
    pub agent: Option<String>,
    /// `exp`: when the token ends, in seconds since 1970.
    pub expires: Option<i64>,
}

impl Identity {
    /// The claims in the payload of `token`; none where it is no JWT.
    pub(crate) fn from_token(token: &Token) -> Self {
        let claims = parse_payload(token.expose()).unwrap_or_default();
        let agent = claims.get("scenario_id").and_then(Value::as_str).filter(|agent| !agent.is_empty());
        Self {
            agent: agent.map(|agent| excerpt(agent, 60)),
            expires: claims.get("exp").and_then(parse_seconds),
        }
    }

    /// How many seconds the token lives from `now` (seconds since 1970); 0 or less where it has expired.
    pub(crate) fn seconds_left(&self, now: i64) -> Option<i64> {
        Some(self.expires?.saturating_sub(now))
    }

    /// How long the token lives from `now` (seconds since 1970), in words: `41 weeks left`, `expired`.
    pub(crate) fn time_left(&self, now: i64) -> Option<String> {
        const DAY: i64 = 24 * 60 * 60;
        let left = self.seconds_left(now)?;
        let count = |number: i64, unit: &str| match number {
            1 => format!("1 {unit} left"),
            _ => format!("{number} {unit}s left"),
        };
        Some(match left {
            ..=0 => "expired".to_owned(),
            1..3600 => count(left.div_euclid(60).max(1), "minute"),
            3600..172_800 => count(left / 3600, "hour"),
            _ if left < 21 * DAY => count(left / DAY, "day"),
            // Rounded, so that a token of 52 weeks does not lose one in its first second.
            _ => count((left + 7 * DAY / 2) / (7 * DAY), "week"),
        })
    }
}

/// `scenario_id` exactly as the token has it, not made visible. The agent of a profile is compared with it.
///
/// # Errors
/// Why the token names no agent: its payload cannot be read, or `scenario_id` is not a text.
pub(crate) fn parse_scenario_id(token: &Token) -> Result<String, &'static str> {
    let claims = parse_payload(token.expose()).ok_or("its payload cannot be read")?;
    match claims.get("scenario_id") {
        None => Err("it has no scenario_id"),
        Some(Value::String(agent)) if agent.is_empty() => Err("its scenario_id is empty"),
        Some(Value::String(agent)) => Ok(agent.clone()),
        Some(Value::Number(_)) => Err("its scenario_id is a number"),
        Some(Value::Array(_)) => Err("its scenario_id is a list"),
        Some(Value::Object(_)) => Err("its scenario_id is an object"),
        Some(Value::Bool(_)) => Err("its scenario_id is true or false"),
        Some(Value::Null) => Err("its scenario_id is null"),
    }
}

/// `read_all` or `write_all`, where the token has a claim `scope` that says so. Otherwise the scope is unknown until the
/// server refuses a call.
pub(crate) fn parse_scope(token: &Token) -> Option<&'static str> {
    let claims = parse_payload(token.expose())?;
    let scope = claims.get("scope").and_then(Value::as_str)?;
    ["write_all", "read_all"].into_iter().find(|known| scope.split_whitespace().any(|word| word == *known))
}

fn parse_payload(token: &str) -> Option<Value> {
    let mut parts = token.split('.');
    let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A date of a JWT: whole seconds, a fraction of them, or a text of digits.
fn parse_seconds(value: &Value) -> Option<i64> {
    if let Value::String(digits) = value {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        return is_number.then(|| digits.parse().unwrap_or(i64::MAX));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast of a large float gives the latest date that there is"
    )]
    value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn identity(claims: &str) -> Identity {
        let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
        Identity::from_token(&Token::new(&token).unwrap())
    }

    #[test]
    fn the_agent_and_the_end_stand_in_the_payload() {
        let known = identity(r#"{"scenario_id":"demoagent1","exp":1800000000.9,"iat":1}"#);
        assert_eq!(known, Identity { agent: Some("demoagent1".to_owned()), expires: Some(1_800_000_000) });
        assert_eq!(identity(r#"{"scenario_id":"a\u001b[2J"}"#).agent.unwrap(), "a^[[2J");
    }

    #[test]
    fn the_scope_is_known_only_where_the_token_has_it() {
        let token = |claims: &str| Token::new(&format!("e30.{}.s", URL_SAFE_NO_PAD.encode(claims))).unwrap();
        assert_eq!(parse_scope(&token(r#"{"scope":"read_all"}"#)), Some("read_all"));
        assert_eq!(parse_scope(&token(r#"{"scope":"other write_all"}"#)), Some("write_all"));
        assert_eq!(parse_scope(&token(r#"{"scope":7}"#)), None);
        assert_eq!(parse_scope(&token("{}")), None);
        assert_eq!(parse_scenario_id(&token(r#"{"scenario_id":"a\u001b"}"#)).unwrap(), "a\u{1b}");
    }

    #[test]
    fn the_end_is_a_number_a_fraction_or_a_text_of_digits() {
        let cases = [
            ("1800000000", Some(1_800_000_000)),
            ("1.8e9", Some(1_800_000_000)),
            ("1800000000.9", Some(1_800_000_000)),
            ("\"1800000000\"", Some(1_800_000_000)),
            ("-5", Some(-5)),
            ("18446744073709551615", Some(i64::MAX)),
            ("\"99999999999999999999999\"", Some(i64::MAX)),
            ("\"\"", None),
            ("\"1.8e9\"", None),
            ("\" 18\"", None),
            ("\"soon\"", None),
            ("null", None),
            ("[1800000000]", None),
        ];
        for (exp, expected) in cases {
            assert_eq!(identity(&format!("{{\"exp\":{exp}}}")).expires, expected, "{exp}");
        }
    }

    #[test]
    fn a_token_that_names_no_agent_says_why() {
        let token = |text: &str| Token::new(text).unwrap();
        for text in ["opaque", "a.!!!.c", "e30.bm90anNvbg.c"] {
            assert_eq!(parse_scenario_id(&token(text)), Err("its payload cannot be read"), "{text}");
        }
        let cases = [
            ("{}", "it has no scenario_id"),
            ("[]", "it has no scenario_id"),
            (r#"{"scenario_id":7}"#, "its scenario_id is a number"),
            (r#"{"scenario_id":["mine"]}"#, "its scenario_id is a list"),
            (r#"{"scenario_id":{"mine":1}}"#, "its scenario_id is an object"),
            (r#"{"scenario_id":true}"#, "its scenario_id is true or false"),
            (r#"{"scenario_id":null}"#, "its scenario_id is null"),
            (r#"{"scenario_id":""}"#, "its scenario_id is empty"),
        ];
        for (claims, why) in cases {
            let text = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims));
            assert_eq!(parse_scenario_id(&token(&text)), Err(why), "{claims}");
        }
    }

    #[test]
    fn a_token_that_is_no_jwt_has_no_claims() {
        for text in ["opaque", "a.b", "a.b.c.d", "a.!!!.c", "..", "e30.bm90anNvbg.c"] {
            assert_eq!(Identity::from_token(&Token::new(text).unwrap()), Identity::default(), "{text}");
        }
        assert_eq!(identity(r#"{"scenario_id":7,"exp":"soon"}"#), Identity::default());
        assert_eq!(identity("[]"), Identity::default());
    }

    #[test]
    fn time_left_is_shown_in_one_unit() {
        const DAY: i64 = 86_400;
        let expires = |left: i64| Identity { agent: None, expires: Some(left) }.time_left(0).unwrap();
        let cases = [
            (-5, "expired"),
            (0, "expired"),
            (30, "1 minute left"),
            (7200, "2 hours left"),
            (2 * DAY, "2 days left"),
            (20 * DAY, "20 days left"),
            (21 * DAY - 1, "20 days left"),
            (21 * DAY, "3 weeks left"),
            (24 * DAY, "3 weeks left"),
            (24 * DAY + DAY / 2, "4 weeks left"),
            (41 * 7 * DAY + 5, "41 weeks left"),
        ];
        for (left, words) in cases {
            assert_eq!(expires(left), words);
        }
        assert_eq!(Identity::default().time_left(0), None);
    }

    proptest! {
        #[test]
        fn any_token_is_read_without_a_panic(text in "[!#-&(-:?-_a-~]{1,80}=?", claims in ".{0,40}", now in any::<i64>()) {
            let _ = Identity::from_token(&Token::new(&text).unwrap()).time_left(now);
            let _ = identity(&claims).time_left(now);
        }
    }
}
