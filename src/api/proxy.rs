//! The way to a host: straight, or through the proxy that HTTPS_PROXY names.
//!
//! A proxy's address may hold a user and a password. Nothing here shows more of it than host and port, and an address that
//! cannot be used is not repeated at all.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::credentials::BaseUrl;
use super::network::{NetworkVariable, NetworkVariables, VariableFault};
use super::no_proxy::parse_exemptions;
use crate::visible::excerpt;

/// Schemes of proxies that other programs know and this one does not. They can be named without showing a secret.
const OTHER_SCHEMES: [&str; 6] = ["ftp", "socks", "socks4", "socks4a", "socks5", "socks5h"];

/// How requests reach a host. Its text is what `status` shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// No variable names a proxy.
    Straight,
    /// A variable names a proxy, and the host is on this machine.
    ThisMachine,
    /// A variable names a proxy, and another one names the host as one that is reached without it.
    Exempt {
        /// `NO_PROXY` or `no_proxy`.
        variable: &'static str,
    },
    /// Through a proxy.
    Through(ProxyServer),
}

/// A proxy, and which variable names it. `Debug` and the text show neither user nor password.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ProxyServer {
    variable: &'static str,
    url: Url,
}

impl Route {
    /// The way to the host of `base_url`. This machine is never reached through a proxy.
    ///
    /// # Errors
    /// A variable that has a say in it cannot be honoured.
    pub(crate) fn find(variables: &NetworkVariables, base_url: &BaseUrl) -> Result<Self, VariableFault> {
        let Some(https_proxy) = &variables.https_proxy else { return Ok(Self::Straight) };
        if base_url.is_loopback() {
            return Ok(Self::ThisMachine);
        }
        let proxy = ProxyServer::parse(https_proxy)?;
        match &variables.no_proxy {
            Some(no_proxy) if is_exempt(no_proxy, base_url)? => Ok(Self::Exempt { variable: no_proxy.name }),
            _ => Ok(Self::Through(proxy)),
        }
    }

    /// The proxy that is used.
    pub(crate) fn proxy(&self) -> Option<&ProxyServer> {
        if let Self::Through(proxy) = self { Some(proxy) } else { None }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Straight => f.write_str("none"),
            Self::ThisMachine => f.write_str("none: this machine is reached without one"),
            Self::Exempt { variable } => write!(f, "none: {variable} names this host"),
            Self::Through(proxy) => write!(f, "{}, from {}", proxy.place(), proxy.variable),
        }
    }
}

impl ProxyServer {
    fn parse(variable: &NetworkVariable) -> Result<Self, VariableFault> {
        let fault = |reason: String| VariableFault { subject: variable.name.to_owned(), reason };
        let text = variable.value.to_str().ok_or_else(|| fault("it is not UTF-8".to_owned()))?.trim();
        let url = parse_address(text).map_err(fault)?;
        Ok(Self { variable: variable.name, url })
    }

    /// Host and port: `proxy.example:3128`.
    pub(crate) fn place(&self) -> String {
        let host = excerpt(self.url.host_str().unwrap_or_default(), 100);
        let port = self.url.port_or_known_default();
        port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }

    /// Its address with user and password: a secret.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// The value of its `Proxy-Authorization` header, if its address names a user: a secret.
    pub(super) fn authorization(&self) -> Option<String> {
        if self.url.username().is_empty() && self.url.password().is_none() {
            return None;
        }
        let decode = percent_encoding::percent_decode_str;
        let mut pair: Vec<u8> = decode(self.url.username()).collect();
        pair.push(b':');
        pair.extend(decode(self.url.password().unwrap_or_default()));
        Some(format!("Basic {}", STANDARD.encode(pair)))
    }

    /// `reason`, with this proxy as the way that was taken.
    pub(super) fn explain_failure(&self, reason: &str) -> String {
        format!("through {}, {}: {reason}", self.variable, self.place())
    }
}

/// `HTTPS_PROXY (proxy.example:3128)`.
impl fmt::Display for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.variable, self.place())
    }
}

impl fmt::Debug for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn is_exempt(no_proxy: &NetworkVariable, base_url: &BaseUrl) -> Result<bool, VariableFault> {
    let list = no_proxy.value.to_string_lossy();
    let exemptions = parse_exemptions(&list).map_err(|entry| VariableFault {
        subject: no_proxy.name.to_owned(),
        reason: format!(
            "\"{}\" is no domain, address, host:port or network such as 10.0.0.0/8",
            excerpt(entry, 60)
        ),
    })?;
    let url = base_url.configuration_url();
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else { return Ok(false) };
    Ok(exemptions.iter().any(|exemption| exemption.covers(&host, port)))
}

/// A proxy's address: a URL, or host and port. What is wrong with it is told without repeating it.
fn parse_address(text: &str) -> Result<Url, String> {
    if text.contains(['"', '\'']) {
        return Err("it has quotes in it".to_owned());
    }
    let whole = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let no_url = "it is not an address such as http://proxy.example:3128";
    let url = Url::parse(&whole).map_err(|_| no_url.to_owned())?;
    match url.scheme() {
        "http" | "https" => {}
        other if OTHER_SCHEMES.contains(&other) => {
            return Err(format!("it is an address of {other}; http and https are supported"));
        }
        _ => return Err(no_url.to_owned()),
    }
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    // `http://user:12345/67@proxy` is a host named user for every reader of URLs.
    let more = "it has more than a host and a port; in a password write / as %2F, ? as %3F and # as %23";
    if is_bare { Ok(url) } else { Err(more.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn find(https_proxy: &str, no_proxy: &str, base_url: &str) -> Result<Route, VariableFault> {
        let variables = NetworkVariables::from_lookup(|name| match name {
            "HTTPS_PROXY" => Some(OsString::from(https_proxy)),
            "NO_PROXY" => Some(OsString::from(no_proxy)),
            _ => None,
        });
        Route::find(&variables, &BaseUrl::parse(base_url).unwrap())
    }

    #[test]
    fn an_address_that_can_be_used_is_shown_without_user_and_password() {
        for (address, place) in [
            ("http://proxy.example:3128", "proxy.example:3128"),
            ("http://proxy.example:3128/", "proxy.example:3128"),
            (" proxy.example:3128 ", "proxy.example:3128"),
            ("10.0.0.1:3128", "10.0.0.1:3128"),
            ("http://proxy.example", "proxy.example:80"),
            ("https://proxy.example", "proxy.example:443"),
            ("http://[::1]:3128", "[::1]:3128"),
            ("http://user:s3cret@proxy.example:3128", "proxy.example:3128"),
            ("user:s3cret@proxy.example:3128", "proxy.example:3128"),
            ("http://user:s3cret@x@proxy.example:3128", "proxy.example:3128"),
            ("http://user:12345%2F67@proxy.example:3128", "proxy.example:3128"),
        ] {
            let route = find(address, "", BaseUrl::DEFAULT).unwrap();
            assert_eq!(route.to_string(), format!("{place}, from HTTPS_PROXY"));
            assert_eq!(format!("{route:?}"), format!("Through(HTTPS_PROXY ({place}))"));
        }
    }

    #[test]
    fn an_address_that_cannot_be_used_is_refused_by_name_and_not_repeated() {
        let (more, no_url) = ("it has more than a host and a port", "it is not an address such as");
        for (address, reason) in [
            ("http://s3cret:12345/67@proxy", more),
            ("s3cret:12345/67@proxy", more),
            ("http://s3cret:12#34@proxy", more),
            ("http://s3cret:12?34@proxy", more),
            ("http://proxy/s3cret.pac", more),
            ("http://s3cret:pa/ss@proxy", no_url),
            ("s3cret://proxy", no_url),
            ("http://", no_url),
            ("http://s3 cret", no_url),
            ("\"http://s3cret\"", "it has quotes in it"),
            ("'http://s3cret'", "it has quotes in it"),
            ("ftp://s3cret", "it is an address of ftp; http and https are supported"),
            ("socks5://s3cret", "it is an address of socks5; http and https are supported"),
            ("SOCKS5H://s3cret", "it is an address of socks5h; http and https are supported"),
        ] {
            let fault = find(address, "", BaseUrl::DEFAULT).unwrap_err().to_string();
            assert!(fault.starts_with(&format!("HTTPS_PROXY cannot be used: {reason}")), "{fault}");
            assert!(!fault.contains("cret"), "{fault}");
        }
    }

    #[test]
    fn this_machine_and_what_no_proxy_names_are_reached_without_the_proxy() {
        let proxy = "http://proxy.example:3128";
        for local in ["http://127.0.0.1:1", "https://localhost", "https://[::1]"] {
            assert_eq!(find(proxy, "", local), Ok(Route::ThisMachine));
            assert_eq!(find("ftp://x", "", local), Ok(Route::ThisMachine), "it has no say in it");
        }
        assert_eq!(find("", "", BaseUrl::DEFAULT), Ok(Route::Straight));
        assert_eq!(find("", "10.*", BaseUrl::DEFAULT), Ok(Route::Straight));
        let exempt = find(proxy, "10.0.0.0/8,.quickchat.ai", BaseUrl::DEFAULT).unwrap();
        assert_eq!(exempt.to_string(), "none: NO_PROXY names this host");
        assert!(find(proxy, "quickchat.ai:8443", BaseUrl::DEFAULT).unwrap().proxy().is_some());
        let fault = find(proxy, "a.b, 10.*", BaseUrl::DEFAULT).unwrap_err().to_string();
        let words = "\"10.*\" is no domain, address, host:port or network such as 10.0.0.0/8";
        assert_eq!(fault, format!("NO_PROXY cannot be used: {words}"));
    }

    #[test]
    fn user_and_password_are_decoded_for_the_proxys_header() {
        let header = |address| find(address, "", BaseUrl::DEFAULT).unwrap().proxy().unwrap().authorization();
        assert_eq!(header("http://me:a%2Fb@p").unwrap(), format!("Basic {}", STANDARD.encode("me:a/b")));
        assert_eq!(header("http://me@p").unwrap(), format!("Basic {}", STANDARD.encode("me:")));
        assert_eq!(header("http://p"), None);
    }
}
