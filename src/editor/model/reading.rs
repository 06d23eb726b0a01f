//! A request of the editor, and a read under way.

use crate::save::CallError;

/// The number of a request; a late answer to an older one is dropped.
pub type RequestId = u64;

/// A read under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its number.
    pub request: RequestId,
    /// Which try it is, and why the one before failed.
    pub retry: Option<(usize, CallError)>,
}
