//! Which proxy is taken, and how it is named where it fails.

use url::Url;

use crate::visible::excerpt;

/// The variable that names a proxy, and what it says; one that is set to nothing says nothing.
pub(super) fn variable() -> Option<(&'static str, String)> {
    ["HTTPS_PROXY", "https_proxy"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var(name).ok()?)))
        .find(|(_, address)| !address.is_empty())
}

/// True if no host is reached without it.
pub(super) fn is_for_every_host() -> bool {
    ["NO_PROXY", "no_proxy"].iter().all(|name| std::env::var_os(name).is_none_or(|hosts| hosts.is_empty()))
}

/// `reason`, with the proxy as the way that was taken; without the user that its address may name.
pub(super) fn on_the_way(reason: &str) -> String {
    let Some((name, address)) = variable() else { return reason.to_owned() };
    let url = Url::parse(&address).ok().filter(Url::has_host);
    let url = url.or_else(|| Url::parse(&format!("http://{address}")).ok());
    let host = url.as_ref().and_then(Url::host_str).unwrap_or("an unreadable address");
    let port = url.as_ref().and_then(Url::port).map(|port| format!(":{port}")).unwrap_or_default();
    format!("through {name}, {}{port}: {reason}", excerpt(host, 100))
}
