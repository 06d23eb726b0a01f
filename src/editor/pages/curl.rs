//! The request that a save would send, as a curl command.

use crate::api::credentials::BaseUrl;
use crate::settings::Patch;

/// The request as a command for a POSIX shell. The shell reads the token from a variable. The command is ASCII only, so that
/// a paste sends exactly these bytes.
pub(in super::super) fn curl(base_url: &BaseUrl, patch: &Patch) -> String {
    let body: String = patch.to_json().chars().map(ascii_json).collect();
    let quoted = body.replace('\'', r"'\''");
    let url = base_url.configuration_url().as_str().replace('\'', "%27");
    format!(
        "curl -X PATCH '{url}' -H \"Authorization: Bearer $QUICKCHAT_API_TOKEN\" \
         -H 'Content-Type: application/json' --data-raw '{quoted}'"
    )
}

/// A character of a JSON text, escaped where it is not ASCII.
fn ascii_json(character: char) -> String {
    if character.is_ascii() && character != '\x7F' {
        return character.to_string();
    }
    let units = character.encode_utf16(&mut [0; 2]).to_vec();
    units.into_iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::QuestionCode;
    use crate::settings::tests::settings;

    #[test]
    fn the_curl_command_is_ascii_and_holds_no_token() {
        let base_url = BaseUrl::parse("https://app.quickchat.ai").unwrap();
        let mut draft = settings(true, "");
        draft.codes.push(QuestionCode::new("it's 満\u{202e}\u{1F600}"));
        let patch = Patch::between(&settings(false, ""), &draft);
        assert_eq!(
            curl(&base_url, &patch),
            "curl -X PATCH 'https://app.quickchat.ai/v1/api/conversation_ratings/configuration' \
             -H \"Authorization: Bearer $QUICKCHAT_API_TOKEN\" -H 'Content-Type: application/json' \
             --data-raw '{\"conv_rating_active\":true,\"conv_rating_popup_active\":true,\
             \"conv_rating_question_codes\":[\"it'\\''s \\u6e80\\u202e\\ud83d\\ude00\"]}'"
        );
    }
}
