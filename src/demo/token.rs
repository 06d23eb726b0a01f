//! Tokens in the vendor's form: a JWT that names its agent. The server compares whole tokens and never checks a signature.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// How long a token is valid.
const LIFETIME: Duration = Duration::from_hours(52 * 7 * 24);
/// For so long a token has expired that is of no use for a save.
const AGO: Duration = Duration::from_hours(24);
const SIGNATURE_BYTES: usize = 32;

/// How a server makes its tokens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mint {
    /// New ones, valid for 52 weeks from this time. Their signatures are random, so that no token can be computed.
    Fresh(SystemTime),
    /// The same ones in each run and on each machine, without a time.
    Fixed,
}

/// Whether a token can be used for a save.
#[derive(Clone, Copy, Debug)]
pub(super) enum Validity {
    Valid,
    Expired,
}

impl Mint {
    /// Makes a token for the agent of this `scenario_id`.
    pub(super) fn make(self, scenario_id: &str, validity: Validity) -> String {
        match self {
            Self::Fresh(now) => make_fresh(scenario_id, now, validity),
            Self::Fixed => assemble(&json!({"scenario_id": scenario_id}), *validity.fixed_signature()),
        }
    }
}

impl Validity {
    /// The bytes can be read by people who decode a token.
    fn fixed_signature(self) -> &'static [u8; SIGNATURE_BYTES] {
        match self {
            Self::Valid => b"convrating serve: a valid token.",
            Self::Expired => b"convrating serve: expired token.",
        }
    }
}

fn make_fresh(scenario_id: &str, now: SystemTime, validity: Validity) -> String {
    let made = match validity {
        Validity::Valid => now,
        Validity::Expired => now - LIFETIME - AGO,
    };
    let payload = json!({
        "scenario_id": scenario_id,
        "iat": unix_seconds(made),
        "exp": unix_seconds(made + LIFETIME),
    });
    assemble(&payload, std::array::from_fn(|_| fastrand::u8(..)))
}

fn assemble(payload: &Value, signature: [u8; SIGNATURE_BYTES]) -> String {
    let header = json!({"alg": "HS256", "typ": "JWT"});
    format!("{}.{}.{}", encode_part(&header), encode_part(payload), URL_SAFE_NO_PAD.encode(signature))
}

fn encode_part(claims: &Value) -> String {
    URL_SAFE_NO_PAD.encode(claims.to_string())
}

/// Seconds since 1970; 0 if the clock stands before that.
fn unix_seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
