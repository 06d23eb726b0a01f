//! The tokens of this run. They need not have a JWT's shape, so text from outside is searched for each of them.
//!
//! Each is noted once, when it is read, for the whole process: a message can repeat the token of any profile that this run
//! has opened.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use super::shape::FIRST_OF_SHAPE;

/// The shortest token that is searched for, in bytes. A shorter one would be found in ordinary words.
const HEAD: usize = 8;
/// How many bytes of a token's beginning are enough where a message has cut the rest off.
const MIN_CUT: usize = 24;

static OWN: RwLock<OwnTokens> =
    RwLock::new(OwnTokens { by_head: BTreeMap::new(), is_first: mark_byte([false; 256], FIRST_OF_SHAPE) });

/// The tokens of this run, in small letters: a host that repeats a token has lost its capitals.
pub(super) struct OwnTokens {
    by_head: BTreeMap<[u8; HEAD], Vec<Box<[u8]>>>,
    /// For each byte, whether a token begins with it. Most bytes of a text are passed by with this alone.
    is_first: [bool; 256],
}

/// `is_first` with this letter among the first ones, small and capital.
const fn mark_byte(mut is_first: [bool; 256], byte: u8) -> [bool; 256] {
    is_first[byte.to_ascii_lowercase() as usize] = true;
    is_first[byte.to_ascii_uppercase() as usize] = true;
    is_first
}

/// Notes a token of this run. Text that is made visible from now on shows `<token>` in its place. A token of fewer than
/// eight characters is not noted.
pub(crate) fn note_token(token: &str) {
    let lower = token.to_ascii_lowercase().into_bytes();
    let Some(head) = lower.first_chunk::<HEAD>() else { return };
    let mut own = OWN.write().unwrap_or_else(PoisonError::into_inner);
    own.is_first = mark_byte(own.is_first, head[0]);
    let tokens = own.by_head.entry(*head).or_default();
    if !tokens.iter().any(|known| **known == *lower) {
        tokens.push(lower.into_boxed_slice());
    }
}

/// The tokens that were noted up to now.
pub(super) fn own_tokens() -> RwLockReadGuard<'static, OwnTokens> {
    OWN.read().unwrap_or_else(PoisonError::into_inner)
}

impl OwnTokens {
    /// True if a token of this run, or anything of a token's shape, may begin with `byte`.
    pub(super) fn may_begin_with(&self, byte: u8) -> bool {
        self.is_first[usize::from(byte)]
    }

    /// How many bytes of a token of this run `text` begins with; 0 where it does not begin with one.
    pub(super) fn measure(&self, text: &[u8]) -> usize {
        let Some(head) = text.first_chunk::<HEAD>() else { return 0 };
        let Some(tokens) = self.by_head.get(&head.map(|byte| byte.to_ascii_lowercase())) else { return 0 };
        tokens.iter().map(|token| measure_common(token, text)).max().unwrap_or(0)
    }
}

/// How much of `token` `text` begins with, if that is all of it or most of a long one.
fn measure_common(token: &[u8], text: &[u8]) -> usize {
    let pairs = token.iter().zip(text);
    let common = pairs.take_while(|(own, found)| **own == found.to_ascii_lowercase()).count();
    if common == token.len() || common >= MIN_CUT { common } else { 0 }
}
