//! The variables that choose the way to a server: the proxy, the hosts that are reached without it, and the trusted
//! certificates. A variable that is set to nothing counts as unset.

use std::ffi::OsString;
use std::fmt;

/// The variables that choose the way to a server, as they were when the program started. `Debug` shows their names and no
/// values, since the address of a proxy may hold a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NetworkVariables {
    /// The address of the proxy for https.
    pub(super) https_proxy: Option<NetworkVariable>,
    /// The hosts that are reached without the proxy.
    pub(super) no_proxy: Option<NetworkVariable>,
    /// A file of trusted certificates.
    pub(super) ssl_cert_file: Option<NetworkVariable>,
    /// Directories of trusted certificates.
    pub(super) ssl_cert_dir: Option<NetworkVariable>,
}

/// A variable that is set to something.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct NetworkVariable {
    /// Its name, as the user wrote it: some have two spellings.
    pub(super) name: &'static str,
    /// Its value, which is not empty. It may be secret.
    pub(super) value: OsString,
}

impl NetworkVariables {
    /// Takes the variables from `lookup`, which gives the value of a name. The name in capitals is looked up first.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let first = |names: &[&'static str]| {
            names.iter().find_map(|name| {
                let value = lookup(name).filter(|value| !value.is_empty())?;
                Some(NetworkVariable { name, value })
            })
        };
        Self {
            https_proxy: first(&["HTTPS_PROXY", "https_proxy"]),
            no_proxy: first(&["NO_PROXY", "no_proxy"]),
            ssl_cert_file: first(&["SSL_CERT_FILE"]),
            ssl_cert_dir: first(&["SSL_CERT_DIR"]),
        }
    }
}

impl fmt::Debug for NetworkVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [&self.https_proxy, &self.no_proxy, &self.ssl_cert_file, &self.ssl_cert_dir];
        f.debug_set().entries(all.into_iter().flatten().map(|variable| variable.name)).finish()
    }
}

/// A variable that is set and cannot be honoured. The text names the variable and never repeats an address of a proxy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{subject} cannot be used: {reason}")]
pub(crate) struct VariableFault {
    /// The variable's name, and the path in it where it is one.
    pub(super) subject: String,
    /// What is wrong with its value.
    pub(super) reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(pairs: &[(&str, &str)]) -> NetworkVariables {
        NetworkVariables::from_lookup(|name| {
            pairs.iter().find(|(own, _)| *own == name).map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn a_variable_that_is_set_to_nothing_counts_as_unset() {
        let empty = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR"];
        assert_eq!(variables(&empty.map(|name| (name, ""))), NetworkVariables::default());
        let lower = variables(&[("HTTPS_PROXY", ""), ("https_proxy", "p"), ("no_proxy", "*")]);
        assert_eq!(lower.https_proxy.unwrap().name, "https_proxy");
        assert_eq!(lower.no_proxy.unwrap().name, "no_proxy");
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = format!("{:?}", variables(&[("HTTPS_PROXY", "http://u:s3cret@p"), ("NO_PROXY", "a.b")]));
        assert_eq!(shown, r#"{"HTTPS_PROXY", "NO_PROXY"}"#);
    }
}
