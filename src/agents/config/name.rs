//! The names that a profile can have.

use crate::visible::has_token_shape;

/// The longest name of a profile, in characters.
const MAX_NAME_CHARS: usize = 64;

/// Makes sure that `name` can be the name of a profile, which is also the name of the file with its token.
///
/// # Errors
/// Why it cannot, as a sentence without a full stop.
pub(crate) fn check_name(name: &str) -> Result<(), &'static str> {
    let is_allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    if has_token_shape(name) {
        return Err("it has the shape of a token and is no profile's name");
    }
    if name.is_empty() {
        return Err("a profile's name is not empty");
    }
    if name.starts_with(['.', '-']) {
        return Err("a profile's name begins with a letter or a digit");
    }
    if !name.chars().all(is_allowed) {
        return Err("a profile's name has only letters, digits, '-', '_' and '.'");
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err("a profile's name has at most 64 characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_sixty_four_characters_at_most() {
        assert_eq!(check_name(&"a".repeat(64)), Ok(()));
        assert_eq!(check_name(&"a".repeat(65)), Err("a profile's name has at most 64 characters"));
    }
}
