//! What NO_PROXY means: a list, separated by commas, of the hosts that are reached without the proxy.
//!
//! ```text
//! example.com  .example.com  *.example.com     the domain and everything below it
//! example.com:8443  10.0.0.1:443  [::1]:443    the same, at this port alone
//! 10.0.0.1  ::1  [::1]                         an address
//! 10.0.0.0/8  fd00::/8                         all addresses of a network (CIDR)
//! *                                            every host
//! ```

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::Host;

/// One entry of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Exemption {
    /// Every host.
    All,
    /// A domain and all domains below it, at one port or at all.
    Domain(String, Option<u16>),
    /// An address, at one port or at all.
    Address(IpAddr, Option<u16>),
    /// The addresses that share so many first bits with this one.
    Network(IpAddr, u8),
}

/// Reads the list. White space around an entry does not count, and neither does an empty entry.
///
/// # Errors
/// The first entry that is none of the forms above.
pub(super) fn parse_exemptions(list: &str) -> Result<Vec<Exemption>, &str> {
    let entries = list.split(',').map(str::trim).filter(|entry| !entry.is_empty());
    entries.map(|entry| parse_exemption(entry).ok_or(entry)).collect()
}

fn parse_exemption(entry: &str) -> Option<Exemption> {
    if entry == "*" {
        return Some(Exemption::All);
    }
    if let Some((address, bits)) = entry.split_once('/') {
        let address = address.parse().ok()?;
        let bits = bits.parse().ok()?;
        return (bits <= bit_count(address)).then_some(Exemption::Network(address, bits));
    }
    if let Ok(address) = entry.parse() {
        return Some(Exemption::Address(address, None));
    }
    let (host, port) = split_port(entry)?;
    if let Some(inner) = host.strip_prefix('[') {
        let address: Ipv6Addr = inner.strip_suffix(']')?.parse().ok()?;
        return Some(Exemption::Address(address.into(), port));
    }
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return Some(Exemption::Address(address.into(), port));
    }
    Some(Exemption::Domain(parse_domain(host)?, port))
}

/// The host, and the port behind the last colon where there is one.
fn split_port(entry: &str) -> Option<(&str, Option<u16>)> {
    if entry.ends_with(']') {
        return Some((entry, None));
    }
    match entry.rsplit_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((entry, None)),
    }
}

/// The domain as URLs spell it: in lower case, its letters beyond ASCII encoded, without a dot at either end.
fn parse_domain(text: &str) -> Option<String> {
    let bare = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')).unwrap_or(text);
    match Host::parse(bare).ok()? {
        Host::Domain(name) if !name.contains('*') => Some(trim_dot(&name).to_owned()),
        // `10.1` is an address for a URL; in this list it is more likely the beginning of one.
        _ => None,
    }
}

fn trim_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

impl Exemption {
    /// True if this entry means `host` at `port`.
    pub(super) fn covers(&self, host: &Host<&str>, port: u16) -> bool {
        let is_port = |own: &Option<u16>| own.is_none_or(|own| own == port);
        match self {
            Self::All => true,
            Self::Domain(domain, own) => is_port(own) && is_below(host, domain),
            Self::Address(address, own) => is_port(own) && as_address(host) == Some(*address),
            Self::Network(network, bits) => {
                as_address(host).is_some_and(|address| has_prefix(address, *network, *bits))
            }
        }
    }
}

fn is_below(host: &Host<&str>, domain: &str) -> bool {
    let Host::Domain(name) = host else { return false };
    let name = trim_dot(name).to_ascii_lowercase();
    name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn as_address(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some((*address).into()),
        Host::Ipv6(address) => Some((*address).into()),
    }
}

fn bit_count(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// True if both addresses are of one family and their first `bits` bits agree.
fn has_prefix(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let differing = match (address, network) {
        (IpAddr::V4(left), IpAddr::V4(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros(),
        (IpAddr::V6(left), IpAddr::V6(right)) => (left.to_bits() ^ right.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= u32::from(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_exempt(list: &str, host: &str, port: u16) -> bool {
        let host = Host::parse(host).unwrap();
        let host = match &host {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        };
        parse_exemptions(list).unwrap().iter().any(|exemption| exemption.covers(&host, port))
    }

    #[test]
    fn each_form_of_an_entry_covers_its_hosts_and_no_others() {
        let cases: [(&str, &[&str], &[&str]); 13] = [
            ("*", &["app.quickchat.ai", "10.0.0.1", "[::1]"], &[]),
            (
                "quickchat.ai",
                &["quickchat.ai", "app.quickchat.ai", "APP.Quickchat.AI", "app.quickchat.ai."],
                &["notquickchat.ai", "quickchat.ai.evil"],
            ),
            (".quickchat.ai", &["quickchat.ai", "app.quickchat.ai"], &["notquickchat.ai"]),
            ("*.quickchat.ai", &["quickchat.ai", "a.b.quickchat.ai"], &["notquickchat.ai"]),
            ("Quickchat.AI.", &["app.quickchat.ai"], &["quickchat.a"]),
            ("bücher.example", &["xn--bcher-kva.example"], &["bucher.example"]),
            ("10.0.0.1", &["10.0.0.1"], &["10.0.0.10", "10.0.0.1.example"]),
            ("::1", &["[::1]", "[0:0:0:0:0:0:0:1]"], &["[::2]"]),
            ("[fd00::1]", &["[fd00::1]"], &["[fd00::2]"]),
            ("10.0.0.0/8", &["10.255.0.1"], &["11.0.0.1", "[::a00:1]", "a.b"]),
            ("fd00::/8", &["[fdff::1]"], &["[fc00::1]", "10.0.0.1"]),
            ("0.0.0.0/0", &["1.2.3.4"], &["[::1]", "a.b"]),
            (" a.b ,, 10.0.0.0/32 ", &["a.b", "10.0.0.0"], &["b.a", "10.0.0.1"]),
        ];
        for (list, covered, others) in cases {
            for host in covered {
                assert!(is_exempt(list, host, 443), "{list} covers {host}");
            }
            for host in others {
                assert!(!is_exempt(list, host, 443), "{list} does not cover {host}");
            }
        }
    }

    #[test]
    fn an_entry_with_a_port_covers_that_port_alone() {
        for (entry, host) in [
            ("a.b:8443", "x.a.b"),
            (".a.b:8443", "a.b"),
            ("10.0.0.1:8443", "10.0.0.1"),
            ("[::1]:8443", "[::1]"),
        ] {
            assert!(is_exempt(entry, host, 8443), "{entry}");
            assert!(!is_exempt(entry, host, 443), "{entry}");
        }
    }

    #[test]
    fn an_entry_of_no_known_form_is_named() {
        for entry in [
            "10.*",
            "10.",
            "10.1",
            "10.0.0.0/33",
            "fd00::/129",
            "a.b/8",
            "<local>",
            "a.b:port",
            "a b",
            "http://a.b",
            "*.a.*",
            "[::1",
            "a.b:",
            ".",
            "*.",
        ] {
            assert_eq!(parse_exemptions(&format!("a.b,{entry}")), Err(entry));
        }
        assert_eq!(parse_exemptions(" , ,"), Ok(Vec::new()));
    }

    proptest! {
        #[test]
        fn no_list_is_too_strange_to_be_read(list in ".{0,60}") {
            if let Err(entry) = parse_exemptions(&list) {
                prop_assert!(list.contains(entry));
            }
        }

        #[test]
        fn a_network_covers_an_address_if_the_masked_bits_are_the_same(left: u32, right: u32, bits in 0_u8..=32) {
            let mask = u32::MAX.checked_shl(32 - u32::from(bits)).unwrap_or(0);
            let [address, network] = [left, right].map(Ipv4Addr::from_bits);
            let expected = left & mask == right & mask;
            prop_assert_eq!(is_exempt(&format!("{network}/{bits}"), &address.to_string(), 443), expected);
        }

        #[test]
        fn a_domain_covers_itself_and_what_is_below_it(domain in "[a-z]{1,8}(\\.[a-z]{1,8}){0,3}", below in "[a-z]{1,8}") {
            for entry in [domain.clone(), format!(".{domain}"), format!("*.{domain}")] {
                prop_assert!(is_exempt(&entry, &domain, 443));
                let (inside, outside) = (format!("{below}.{domain}"), format!("{below}{domain}"));
                prop_assert!(is_exempt(&entry, &inside, 443));
                prop_assert!(!is_exempt(&entry, &outside, 443));
            }
        }
    }
}
