//! Tokens in the vendor's form: a JWT that names its agent and is valid for 52 weeks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How long a token is valid.
pub(super) const LIFETIME: Duration = Duration::from_hours(52 * 7 * 24);
const SIGNATURE_BYTES: usize = 32;

/// Makes a new token for one agent. The signature is random, so that a token cannot be computed from the agent's
/// `scenario_id`. The server compares whole tokens and never checks a signature.
pub(super) fn mint(scenario_id: &str, now: SystemTime) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT"});
    let payload = json!({
        "scenario_id": scenario_id,
        "iat": unix_seconds(now),
        "exp": unix_seconds(now + LIFETIME),
    });
    format!("{}.{}.{}", encode_part(&header), encode_part(&payload), make_signature())
}

fn encode_part(claims: &Value) -> String {
    URL_SAFE_NO_PAD.encode(claims.to_string())
}

fn make_signature() -> String {
    let bytes: [u8; SIGNATURE_BYTES] = std::array::from_fn(|_| fastrand::u8(..));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Seconds since 1970; 0 if the clock stands before that.
fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
