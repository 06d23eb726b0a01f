//! The client of the one resource: read it, change it, and drive a save.
//!
//! ```text
//! Client::read  ─ GET   ─► 200 and the object ─► Settings
//! Client::patch ─ PATCH ─► 200 and the object ─► Settings, to be compared with what was asked for
//!                          any other answer   ─► CallError
//! drive: Step ─► read, patch, or wait ─► Event ─► Save::step ─► the next Step
//!        (from the read to the PATCH's answer with the SaveLock of the agent)
//! ```
//!
//! Only this room names reqwest. Redirects are not followed, no content encoding is undone, no request is sent twice,
//! and no more than [`MAX_BODY_BYTES`] of an answer are read.

mod client;
pub mod credentials;
mod driver;
mod failure;
pub mod log_file;
mod network;
mod no_proxy;
mod proxy;
mod refusal;
mod request_log;
mod save_lock;
mod timing;
mod tls;
mod tls_fault;
mod token_shape;
mod trust;
mod tunnel;

pub use client::{Client, MAX_BODY_BYTES};
pub(crate) use driver::MakeIntent;
pub use driver::{Order, Report, SaveStart, drive};
pub use network::NetworkVariables;
pub(crate) use network::VariableFault;
pub(crate) use proxy::{ProxyServer, Route};
pub(crate) use request_log::RequestLog;
pub use request_log::{HttpMethod, RequestRecord};
pub(crate) use save_lock::{CheckError, read_in_turn};
pub use save_lock::{SaveLock, SaveTurn, TurnMissed};
pub use timing::Timing;
