//! What is edited: the settings of the page, and the three-way merge. A reader of the crate begins here.
//!
//! ```text
//! body of an answer ─ Settings::from_json ─► Settings ─ Draft ─► Intent ─ merge with a fresh read ─► Patch ─► body
//! ```
//!
//! [`switch`] is the table of on/off settings. An [`Item`] is what a user switches (a switch or one question code); a
//! [`Setting`] is what is sent and compared as a whole (a switch, or all codes together, as a set).

pub mod catalog;
mod code;
mod configuration;
mod draft;
mod intent;
mod item;
mod patch;
mod row_order;
mod set_back;
pub mod switch;
mod typed_code;
mod wire;
mod written;

pub use code::QuestionCode;
pub(crate) use configuration::QUESTION_CODES;
pub use configuration::Settings;
pub use draft::{Draft, Row, SavePoint};
pub use intent::Intent;
pub use item::{Change, Item, Position, Setting};
pub use patch::Patch;
pub use set_back::{LeftReason, SetBack};
pub use switch::Switch;
pub(crate) use switch::flag_names;
pub use typed_code::AddError;
pub(crate) use typed_code::check_code;
pub use wire::ShapeError;
pub use written::{WrittenError, WrittenFault};

#[cfg(test)]
pub(crate) use intent::tests as intent_tests;
#[cfg(test)]
pub(crate) mod tests;
