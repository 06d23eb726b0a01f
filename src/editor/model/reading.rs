//! A request of the editor, and a read under way.

use crate::save::CallError;

/// The number of a request. An answer with the number of an older request comes too late and is dropped.
pub(crate) type RequestId = u64;

/// A read under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number of the request.
    pub request: RequestId,
    /// The number of the try that is under way, and why the try before failed; `None` at the first try.
    pub retry: Option<(usize, CallError)>,
}
