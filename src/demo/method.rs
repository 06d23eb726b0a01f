//! The methods of the endpoint.

/// The two methods that the endpoint knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Reads the configuration. HEAD counts as GET: the server library leaves the body of its answer out.
    Get,
    /// Changes the configuration.
    Patch,
}

impl Method {
    /// `None` for a method that the endpoint does not know.
    pub(super) fn from_http(method: &hyper::Method) -> Option<Self> {
        match *method {
            hyper::Method::GET | hyper::Method::HEAD => Some(Self::Get),
            hyper::Method::PATCH => Some(Self::Patch),
            _ => None,
        }
    }
}
