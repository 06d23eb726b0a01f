//! What the documentation says of the endpoint: its address, its limits, its token, and its errors. The fields of the
//! configuration stand in `fields`.

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE};

use super::method::Method;
use super::reply::Reply;
use super::values::FieldError;

const PATH: &str = "/v1/api/conversation_ratings/configuration";

/// The methods of [`PATH`], as the header `Allow` lists them.
const ALLOWED: &str = "GET, HEAD, PATCH";

/// The longest request body that the server keeps, in bytes.
pub(super) const BODY_LIMIT: usize = 1024 * 1024;

/// How many times a minute a token may read.
pub(super) const READS_PER_MINUTE: usize = 120;

/// How many times a minute a token may send a PATCH.
pub(super) const WRITES_PER_MINUTE: usize = 60;

/// The code of each status that is an error. The documentation does not have 405 and 415, which are HTTP's own.
const CODES: &[(u16, &str)] = &[
    (400, "BAD_REQUEST"),
    (401, "PERMISSION_DENIED"),
    (402, "PAYMENT_REQUIRED"),
    (403, "PERMISSION_DENIED"),
    (404, "NOT_FOUND"),
    (405, "METHOD_NOT_ALLOWED"),
    (409, "CONFLICT"),
    (415, "UNSUPPORTED_MEDIA_TYPE"),
    (422, "VALIDATION_ERROR"),
    (429, "TOO_MANY_REQUESTS"),
    (500, "UNKNOWN"),
    (503, "SERVICE_UNAVAILABLE"),
];

/// The code that goes with an error's status; `UNKNOWN` for a status that the documentation does not have.
pub(super) fn error_code(status: u16) -> &'static str {
    CODES.iter().find(|(known, _)| *known == status).map_or("UNKNOWN", |(_, code)| code)
}

/// Why the server refuses a request.
#[derive(Debug)]
pub(super) struct Denial {
    status: u16,
    message: String,
    /// A name and a value.
    header: Option<(&'static str, String)>,
}

impl Denial {
    pub(super) fn bad_request(message: &str) -> Self {
        Self::new(400, message)
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(401, "The token is missing, invalid, expired or revoked")
    }

    pub(super) fn insufficient_scope() -> Self {
        Self::new(403, "Insufficient token scope. Required: write_all")
    }

    /// `wait` is in seconds.
    pub(super) fn too_many(wait: u64) -> Self {
        let refusal = Self::new(429, "Too many requests for this token and endpoint");
        Self { header: Some(("retry-after", wait.to_string())), ..refusal }
    }

    pub(super) fn invalid(error: &FieldError) -> Self {
        Self::new(422, &error.to_string())
    }

    pub(super) fn unsupported_media_type() -> Self {
        Self::new(415, "The body must be application/json")
    }

    fn method_not_allowed() -> Self {
        let refusal = Self::new(405, "This address does not have this method");
        Self { header: Some(("allow", ALLOWED.to_owned())), ..refusal }
    }

    fn not_found() -> Self {
        Self::new(404, "There is nothing at this address")
    }

    fn new(status: u16, message: &str) -> Self {
        Self { status, message: message.to_owned(), header: None }
    }

    /// The answer that tells the client of the refusal.
    pub(super) fn to_reply(&self) -> Reply {
        let reply = Reply::error(self.status, error_code(self.status), &self.message);
        match &self.header {
            Some((name, value)) => reply.with_header(name, value),
            None => reply,
        }
    }
}

/// The method of a request to the endpoint; 404 for another address, 405 for another method.
pub(super) fn check_address(method: Option<Method>, path: &str) -> Result<Method, Denial> {
    if path == PATH { method.ok_or_else(Denial::method_not_allowed) } else { Err(Denial::not_found()) }
}

/// Whether the header `Content-Type` says `application/json`, with or without parameters such as `charset`.
pub(super) fn has_json_type(headers: &HeaderMap) -> bool {
    let text = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = text.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// The token of `Authorization: Bearer TOKEN`; `None` if the header is missing or has another form.
pub(super) fn parse_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use serde_json::{Map, Value};

    use super::*;
    use crate::demo::fields;

    /// The description of the server that schemathesis reads: `just contract`.
    fn read_description() -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contract/openapi.json");
        serde_json::from_str(&std::fs::read_to_string(path).expect("a description")).expect("JSON")
    }

    fn object<'a>(description: &'a Value, pointer: &str) -> &'a Map<String, Value> {
        description.pointer(pointer).and_then(Value::as_object).unwrap_or_else(|| panic!("{pointer}"))
    }

    #[test]
    fn the_description_has_this_path_these_methods_and_these_errors() {
        let description = read_description();
        let paths = object(&description, "/paths");
        assert_eq!(paths.keys().collect::<Vec<_>>(), [PATH]);
        let methods: BTreeSet<_> = object(&paths[PATH], "").keys().map(|name| name.to_uppercase()).collect();
        assert_eq!(methods, ALLOWED.split(", ").map(str::to_owned).collect());
        let responses = object(&description, "/components/responses");
        let errors = responses.iter().filter(|(name, _)| *name != "Configuration");
        let errors: Vec<(u16, Value)> = errors
            .map(|(status, error)| (status.parse().expect("a status"), error["description"].clone()))
            .collect();
        let codes: Vec<_> = CODES.iter().map(|(status, code)| (*status, Value::from(*code))).collect();
        assert_eq!(errors, codes);
    }

    #[test]
    fn each_method_of_the_description_answers_200_or_an_error_of_this_table() {
        let description = read_description();
        for (method, operation) in object(&description["paths"][PATH], "") {
            let statuses: BTreeSet<u16> = object(operation, "/responses")
                .keys()
                .map(|status| status.parse().expect("a status"))
                .collect();
            // 405 is the answer to the other methods. A read has no body.
            let of_bodies: &[u16] = if method == "patch" { &[] } else { &[400, 409, 415, 422] };
            let errors = CODES.iter().map(|(status, _)| *status);
            let expected = errors.filter(|status| *status != 405 && !of_bodies.contains(status));
            assert_eq!(statuses, expected.chain([200]).collect(), "{method}");
        }
    }

    #[test]
    fn the_configuration_of_the_description_has_these_fields_and_no_others() {
        let description = read_description();
        let described: BTreeSet<_> =
            object(&description, "/components/schemas/Configuration/properties").keys().cloned().collect();
        assert_eq!(described, fields::names().map(str::to_owned).collect());
        assert_eq!(description["components"]["schemas"]["Configuration"]["additionalProperties"], false);
    }
}
