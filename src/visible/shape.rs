//! What a token looks like: a JWT, three parts of base64url with dots between them
//! (<https://www.rfc-editor.org/rfc/rfc7519#section-3>). The first two parts are JSON objects, and `{"` is `eyJ`.

/// What the first part of a token begins with: the JSON texts `{"alg":`, `{"typ":`, `{"kid":` and `{"cty":`. Nothing else
/// begins so, and it is enough, because a message may have cut the rest off.
const KNOWN_HEADS: [&[u8]; 4] = [b"eyJhbGciOi", b"eyJ0eXAiOi", b"eyJraWQiOi", b"eyJjdHkiOi"];
/// The first byte of anything of a token's shape, small or capital.
pub(super) const FIRST_OF_SHAPE: u8 = b'e';
/// How a JSON object begins in base64: `{"`, `{ `, a line break behind `{`, `{}`.
const OBJECTS: [&[u8]; 5] = [b"eyJ", b"eyI", b"eyA", b"ewo", b"e30"];
/// The shortest first part, in bytes. `{"a":1}` has ten.
const MIN_HEADER: usize = 10;
/// The shortest second and third part where the second is no JSON object, in bytes: it may be encrypted.
const MIN_OPAQUE: usize = 10;
/// The shortest first and second part, in bytes, where capitals are lost. A URL's host is in small letters, and a host's own
/// name may begin with `eyj`.
const MIN_LOWER: [usize; 2] = [16, 12];

/// True if something of a token's shape stands in `text`.
pub(crate) fn has_token_shape(text: &str) -> bool {
    let bytes = text.as_bytes();
    (0..bytes.len()).any(|start| measure_shape(&bytes[start..]) > 0)
}

/// How many bytes of a token's shape `text` begins with; 0 where it does not begin with a token.
pub(super) fn measure_shape(text: &[u8]) -> usize {
    if !begins_with(text, b"eyj") {
        return 0;
    }
    let header = measure_part(text);
    let payload = measure_next_part(text, header);
    let signature = measure_next_part(text, header + payload);
    let (header_text, payload_text) = (&text[..header], text.get(header + 1..).unwrap_or_default());
    let is_token = KNOWN_HEADS.iter().any(|head| begins_with(header_text, head))
        || is_exact_token(header_text, payload_text, payload)
        || header >= MIN_LOWER[0] && payload > MIN_LOWER[1] && begins_with(payload_text, OBJECTS[0])
        || header_text.starts_with(OBJECTS[0])
            && header >= MIN_HEADER
            && payload > MIN_OPAQUE
            && signature > MIN_OPAQUE;
    if is_token { header + payload + signature } else { 0 }
}

/// True if both parts are JSON objects, in capitals and small letters as they were written. `payload` counts the dot.
fn is_exact_token(header: &[u8], payload_text: &[u8], payload: usize) -> bool {
    let is_object = OBJECTS.iter().any(|object| payload_text.starts_with(object));
    header.starts_with(OBJECTS[0]) && header.len() >= MIN_HEADER && payload > OBJECTS[0].len() && is_object
}

/// How many bytes of base64url `text` begins with, the padding included.
fn measure_part(text: &[u8]) -> usize {
    let is_letter = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let letters = text.iter().take_while(is_letter).count();
    letters + text[letters..].iter().take(2).take_while(|byte| **byte == b'=').count()
}

/// How many bytes the dot at `start` and the part behind it have; 0 where there is none.
fn measure_next_part(text: &[u8], start: usize) -> usize {
    match text.get(start..) {
        Some([b'.', rest @ ..]) => match measure_part(rest) {
            0 => 0,
            part => part + 1,
        },
        _ => 0,
    }
}

/// Capitals do not count.
fn begins_with(text: &[u8], start: &[u8]) -> bool {
    text.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;

    #[test]
    fn what_has_a_tokens_shape() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzY2VuYXJpb19pZCI6ImRlbW9hZ2VudDEifQ.c2lnbmF0dXJl";
        let yes = [
            jwt.to_owned(),
            jwt.to_ascii_lowercase(),
            format!("https://{jwt}.evil.example/?t={jwt}"),
            format!("NAME={jwt};"),
            format!("\u{feff}満{jwt}"),
            "eyJhIjoxfQ.e30.c2ln".to_owned(),
            "eyJhIjoxfQ.eyJhIjoxfQ.".to_owned(),
            "eyJhbGciOiJIUzI1NiIsIn".to_owned(),
            "eyJlbmMiOiJBMTI4R0NNIn0.AAAAAAAAAAAA.BBBBBBBBBBBB".to_owned(),
        ];
        for text in yes {
            assert!(has_token_shape(&text), "{text}");
        }
        let no = [
            "",
            "eyJ",
            "eyJhIjoxfQ",
            "HELPFUL_THUMBS",
            "EYJAFJALLA_RATING",
            "eyjafjallajokull.example.com",
            "eyjafjalla.eyja.is",
            "app.quickchat.ai",
            "e30.e30.c2ln",
            "/home/ey/J.toml",
        ];
        for text in no {
            assert!(!has_token_shape(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ordinary_codes_hosts_and_paths_have_no_tokens_shape(
            code in "[A-Z0-9_]{1,40}",
            host in r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){0,4}",
            path in r"(/[a-z0-9_.-]{1,12}){1,6}",
        ) {
            prop_assert!(!has_token_shape(&code));
            prop_assert!(!has_token_shape(&host));
            prop_assert!(!has_token_shape(&path));
        }

        #[test]
        fn every_jwt_is_measured_whole_also_where_capitals_are_lost(
            claims in "[ -~]{4,60}",
            signature in "[A-Za-z0-9_-]{1,60}",
            end in "([ \"';,>/?&\u{e9}].{0,9})?",
        ) {
            let part = |text: String| URL_SAFE_NO_PAD.encode(text);
            let header = part(r#"{"alg":"HS256"}"#.to_owned());
            let jwt = format!("{header}.{}.{signature}", part(format!(r#"{{"s":{claims:?}}}"#)));
            prop_assert_eq!(measure_shape(format!("{jwt}{end}").as_bytes()), jwt.len());
            let lower = jwt.to_ascii_lowercase();
            prop_assert_eq!(measure_shape(format!("{lower}{end}").as_bytes()), jwt.len());
        }
    }
}
