//! What went wrong with TLS, as a value.

/// What a failure of TLS is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TlsTopic {
    /// The server's certificate was not accepted.
    Certificate,
    /// The two sides did not come to terms.
    Handshake,
    /// The other side does not speak TLS.
    NotTls,
}

/// What went wrong with TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TlsFault {
    /// What it is about.
    pub(super) topic: TlsTopic,
    /// Why, in a few words without a full stop.
    pub(super) reason: String,
    /// What helps: one sentence.
    pub(super) remedy: &'static str,
}

impl TlsFault {
    pub(super) fn new(topic: TlsTopic, reason: impl Into<String>, remedy: &'static str) -> Self {
        Self { topic, reason: reason.into(), remedy }
    }

    /// A fault of the certificate.
    pub(super) fn certificate(reason: impl Into<String>, remedy: &'static str) -> Self {
        Self::new(TlsTopic::Certificate, reason, remedy)
    }

    /// A fault of the talk before the first request.
    pub(super) fn handshake(reason: impl Into<String>, remedy: &'static str) -> Self {
        Self::new(TlsTopic::Handshake, reason, remedy)
    }
}
