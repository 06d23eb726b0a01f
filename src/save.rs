//! The save: a value that steps on events, without clock, socket or words. A reader of the crate goes on here from
//! [`settings`](crate::settings).
//!
//! ```text
//! press of s ─► Checking ──read ok──┬─ no setting left to send ──────────────► Saved (the server has it)
//!                  ▲                ├─ same setting changed elsewhere ─► Conflict ─ consent ─► Checking
//!                  │                └─ else ─► Sending ──┬─ answer holds all ► Saved
//!                  │                              ▲      ├─ never sent ──────► Reconnecting ─► Sending, or NotSaved
//!                  └── Waiting (429, 503 later) ◄─┼──────┤
//!                                                 │      ├─ in doubt ────────► Probing ─► Saved, NotSaved,
//!                                                 │      │                                Conflict or Unknown
//!                                                 │      └─ refused ─────────► NotSaved
//! ```
//!
//! [`Save::start`] begins with [`Step::Read`]; [`Save::start_checked`] has that read behind it. A save that finds another
//! one of this machine under way is `Queued` before it reads. The driver ([`drive`](crate::api::drive), for the editor and for `set`
//! alike) does what a [`Step`] says and comes back with an [`Event`]; [`Save::step`] gives the next step.
//!
//! The promises: a PATCH follows a successful read made after the user asked to save; one PATCH is in flight; a PATCH
//! that may have been sent is sent again only after a read; "saved" means that an answer or a read held every value
//! asked for; "not saved" means that no value was applied as far as reads can tell.

mod after;
mod call_error;
mod evidence;
mod machine;
mod outcome;
mod refusal;
mod retry_after;
mod state;

pub use after::Aftermath;
pub use call_error::{CallError, CallErrorKind};
pub use evidence::{Attempt, Blind, Conflict, Doubt, Sent};
pub use machine::Save;
pub(crate) use machine::{PROBES, RECONNECTS};
pub use outcome::{Confirmation, Outcome, Reason};
pub use refusal::{Answerer, Refusal};
pub use retry_after::RetryAfter;
pub use state::{Consent, Event, Probe, ProbeRule, State, Step, Wait};
