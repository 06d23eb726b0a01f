//! A question code that a user has typed: what is refused, and how much can be edited.

use crate::visible::{has_token_shape, is_hidden};

/// How many codes can be edited. A longer list is shown read only.
pub(crate) const MAX_CODES: usize = 500;
/// How many characters a code may have to be edited.
pub(crate) const MAX_CODE_CHARS: usize = 200;

/// Why a code cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddError {
    /// Only white space was typed, or nothing.
    #[error("Type a question code first.")]
    Empty,
    /// White space inside.
    #[error("A code has no white space inside.")]
    WhiteSpace,
    /// A comma inside: probably several codes.
    #[error("A code has no comma inside; add each code by itself.")]
    Comma,
    /// The shape of a token. The text is shown nowhere.
    #[error("This has the shape of a token and is no question code.")]
    TokenShaped,
    /// Control, format or other characters that cannot be seen.
    #[error("A code has no control or invisible characters.")]
    Hidden,
    /// Longer than `MAX_CODE_CHARS`.
    #[error("A code has at most {MAX_CODE_CHARS} characters.")]
    TooLong,
    /// The code has a row already.
    #[error("This code is in the list already.")]
    AlreadyThere,
    /// `MAX_CODES` codes are on, or the list is too long to be edited.
    #[error("{MAX_CODES} codes are on already; no more can be edited here.")]
    TooMany,
}

/// Refuses a text that no user can add as a code, whatever the draft holds. White space around it was taken off.
pub(crate) fn check_code(text: &str) -> Result<(), AddError> {
    if text.is_empty() {
        return Err(AddError::Empty);
    }
    if has_token_shape(text) {
        return Err(AddError::TokenShaped);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(AddError::WhiteSpace);
    }
    if text.contains(',') {
        return Err(AddError::Comma);
    }
    if text.chars().any(is_hidden) {
        return Err(AddError::Hidden);
    }
    if text.chars().count() > MAX_CODE_CHARS {
        return Err(AddError::TooLong);
    }
    Ok(())
}
