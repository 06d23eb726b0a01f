//! What a failed connection says of the way that was taken: the variables that choose it are named.

use super::support::{Home, Ran, Server};
use crate::support::closed_port::ClosedPort;
use convrating::demo::{Fault, Method};

/// `get` from an address that is reached through a proxy, with a trust root and these variables.
fn get(home: &Home, variables: &[(&str, &str)]) -> Ran {
    let root = rcgen::generate_simple_self_signed(["nobody.invalid".to_owned()]).expect("a certificate");
    let root = home.write("root.pem", 0o600, &root.cert.pem());
    let mut all = vec![("QUICKCHAT_API_TOKEN", "t"), ("SSL_CERT_FILE", root.to_str().expect("UTF-8"))];
    all.extend(variables);
    home.run(&["get", "--base-url", "https://api.invalid"], &all)
}

#[test]
fn a_proxy_that_fails_is_named_as_the_way_that_was_taken() {
    let (home, port) = (Home::new(), ClosedPort::take());
    let proxy = port.address().to_string();
    for (name, address) in [
        ("HTTPS_PROXY", format!("http://me:s3cret@{proxy}")),
        ("HTTPS_PROXY", proxy.clone()),
        ("https_proxy", format!("http://{proxy}")),
    ] {
        // One that is set to nothing hides no other.
        let other = if name == "HTTPS_PROXY" { ("https_proxy", "") } else { ("HTTPS_PROXY", "") };
        let way = format!("through {name}, {proxy}: connection refused");
        let stderr = format!("Not read: could not connect to api.invalid ({way}).\n");
        get(&home, &[(name, &address), other]).expect(5, "", &stderr);
    }
}

#[test]
fn trusted_certificates_that_cannot_be_used_are_named() {
    let home = Home::new();
    let text = home.write("text", 0o600, "no certificate\n");
    let fifo = home.path("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR)
        .expect("a FIFO");
    for (path, fault) in [
        (fifo.to_str().expect("UTF-8"), "it is a FIFO and not a regular file"),
        ("/nowhere/root.pem", "no such file or directory"),
        ("/", "it is a directory and not a regular file"),
        (text.to_str().expect("UTF-8"), "it holds no certificate that can be used"),
    ] {
        let stderr =
            format!("Not read: HTTPS could not be set up: SSL_CERT_FILE ({path}) cannot be used: {fault}.\n");
        get(&home, &[("SSL_CERT_FILE", path)]).expect(5, "", &stderr);
    }
}

#[test]
fn directories_of_trusted_certificates_that_cannot_be_used_are_named() {
    let home = Home::new();
    let empty = home.path("empty");
    std::fs::create_dir(&empty).expect("a directory");
    let root = home.write("root.pem", 0o600, "no certificate\n");
    for (path, fault) in [
        ("/nowhere", "no such file or directory"),
        (empty.to_str().expect("UTF-8"), "it holds no certificate that can be used"),
        (root.to_str().expect("UTF-8"), "not a directory"),
        (":", "it holds no certificate that can be used"),
    ] {
        let stderr =
            format!("Not read: HTTPS could not be set up: SSL_CERT_DIR ({path}) cannot be used: {fault}.\n");
        get(&home, &[("SSL_CERT_DIR", path)]).expect(5, "", &stderr);
    }
}

#[test]
fn a_variable_that_is_set_to_nothing_counts_as_unset() {
    let (home, port) = (Home::new(), ClosedPort::take());
    let address = port.address().to_string();
    let read = |variables: &[(&str, &str)]| {
        let mut all = vec![("QUICKCHAT_API_TOKEN", "t"), ("HTTPS_PROXY", address.as_str())];
        all.extend(variables);
        home.run(&["get", "--base-url", "https://api.invalid"], &all)
    };
    let unset = read(&[]);
    for name in ["SSL_CERT_FILE", "SSL_CERT_DIR", "NO_PROXY", "no_proxy", "https_proxy"] {
        let ran = read(&[(name, "")]);
        assert_eq!(
            (ran.code, ran.stdout, ran.stderr),
            (unset.code, unset.stdout.clone(), unset.stderr.clone())
        );
    }
    assert!(!unset.stderr.contains("SSL_CERT_FILE ("), "{}", unset.stderr);
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_by_name_and_its_password_is_not_shown() {
    let home = Home::new();
    for (name, address, reason) in [
        ("HTTPS_PROXY", "\"http://user:s3cret@proxy\"", "it has quotes in it"),
        ("https_proxy", "ftp://user:s3cret@proxy", "it is an address of ftp; http and https are supported"),
        (
            "HTTPS_PROXY",
            "http://s3cret:12345/67@proxy",
            "it has more than a host and a port; in a password write / as %2F, ? as %3F and # as %23",
        ),
    ] {
        let stderr = format!("Not read: HTTPS could not be set up: {name} cannot be used: {reason}.\n");
        get(&home, &[(name, address)]).expect(5, "", &stderr);
    }
}

/// A base URL, variables, the row of the proxy, and the proxy in JSON.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Option<String>, Option<&'a str>);

#[test]
fn status_names_the_proxy_without_its_user() {
    let (home, port, server) = (Home::new(), ClosedPort::take(), Server::start());
    let place = port.address().to_string();
    let proxy = format!("http://me:s3cret@{place}");
    let status = |url: &str, more: &[(&str, &str)], option: &[&str]| {
        let root = home.path("root.pem");
        let mut all = vec![("QUICKCHAT_API_TOKEN", "t"), ("SSL_CERT_FILE", root.to_str().expect("UTF-8"))];
        all.extend(more);
        let ran = home.run(&[&["status", "--base-url", url], option].concat(), &all);
        assert!(!ran.stdout.contains("s3cret") && !ran.stderr.contains("s3cret"), "{ran:?}");
        ran
    };
    let root = rcgen::generate_simple_self_signed(["nobody.invalid".to_owned()]).expect("a certificate");
    home.write("root.pem", 0o600, &root.cert.pem());
    let proxy = ("HTTPS_PROXY", proxy.as_str());
    let api = "https://api.invalid";
    let cases: [Case<'_>; 5] = [
        (api, &[proxy], Some(format!("{place}, from HTTPS_PROXY")), Some(&place)),
        (api, &[proxy, ("NO_PROXY", ".invalid")], Some("none: NO_PROXY names this host".to_owned()), None),
        (&server.url, &[proxy], Some("none: this machine is reached without one".to_owned()), None),
        (&server.url, &[], None, None),
        (
            api,
            &[("HTTPS_PROXY", "socks5://p")],
            Some(
                "HTTPS_PROXY cannot be used: it is an address of socks5; http and https are supported"
                    .to_owned(),
            ),
            None,
        ),
    ];
    for (url, variables, words, json) in cases {
        let shown = status(url, variables, &[]).stdout;
        let row = shown.lines().find_map(|line| line.strip_prefix("Proxy")).map(|row| row.trim().to_owned());
        assert_eq!(row, words, "{shown}");
        assert_eq!(status(url, variables, &["--json"]).json()["proxy"].as_str(), json);
    }
}

#[test]
fn a_time_shorter_than_a_second_is_told_as_it_is() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.fail_always(Method::Get, Fault::none().after(std::time::Duration::from_hours(1)));
    let ran = home.run(&["get", "--timeout", "0.05"], &server.variables("acme"));
    let words = "gave no whole answer within 0.05 s.";
    ran.expect(5, "", &format!("Not read: {} {words}\n", server.host()));
}
