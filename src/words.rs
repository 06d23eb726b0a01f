//! What the product says of a failure or an outcome, and with which exit code a command ends.
//!
//! ```text
//! CallError ─ kind ─► one row of the table in `call`: text, short text, exit code ─┐
//! Outcome   ─────────► `outcome`: lead, what happened, what to do, details ────────┴─► editor, commands
//! ```
//!
//! Each text is made for one [`Audience`]: a user of the editor has keys and a draft, a user of a shell has commands.
//! Keys and commands are named here and in the rooms below, and in no room above.

mod audience;
mod call;
mod exit;
mod explanation;
mod outcome;
mod progress;
mod saved_line;
mod set_back;

pub use audience::{Audience, CallContext};
pub(crate) use call::name_in_list;
pub use call::{Call, explain};
pub use exit::{EXITS, Exit, ExitRow};
pub use explanation::Explanation;
pub use outcome::describe_outcome;
pub(crate) use outcome::{describe_aftermath, describe_elsewhere, describe_undone, list_changes};
pub(crate) use progress::{WAITING_FOR_TURN, describe_retry, describe_wait};
pub(crate) use saved_line::{
    describe_empty_history, describe_newest, describe_unreadable_history, list_saved_changes, name_author,
    name_save,
};
pub(crate) use set_back::{MissingSave, describe_missing_save, describe_set_back, describe_undo};
