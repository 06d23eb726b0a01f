//! The text of a field for a secret.

use std::fmt;

use tui_input::Input;

/// Text that is never shown, neither on screen nor in a debug print.
#[derive(Clone, Default)]
pub struct HiddenInput(pub Input);

impl fmt::Debug for HiddenInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HiddenInput(redacted)")
    }
}
