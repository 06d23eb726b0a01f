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
    for (path, fault) in [
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
fn a_time_shorter_than_a_second_is_told_as_it_is() {
    let (home, server) = (Home::new(), Server::start());
    server.hooks.fail_always(Method::Get, Fault::none().after(std::time::Duration::from_hours(1)));
    let ran = home.run(&["get", "--timeout", "0.05"], &server.variables("acme"));
    let words = "gave no whole answer within 0.05 s.";
    ran.expect(5, "", &format!("Not read: {} {words}\n", server.host()));
}
