//! TLS that nginx speaks, in the library and in the built program.

use std::path::Path;

use convrating::demo::Method;

use super::server::{BY_ANSWER, Directives, Nginx, not_read, save_truly};
use crate::api::certificates::Certificates;
use crate::api::lab::Lab;
use crate::api::tls::client;
use crate::support::cli::{Home, Ran, Server, without_times};

/// What nginx says to a client without a certificate of its own.
const NO_CERTIFICATE: &str = "400 No required SSL certificate was sent";

/// The directives that ask each client for a certificate.
fn verifying(folder: &Path) -> String {
    format!("ssl_verify_client on; ssl_client_certificate {};", folder.join("root.pem").display())
}

/// nginx with the good certificate in `folder`, before the server at `target`.
fn speaking_tls(target: &str, folder: &Path, server: &str) -> Option<Nginx> {
    let certificate = folder.join("good.pem");
    Nginx::before(target, &Directives { server, certificate: Some(&certificate), ..Directives::default() })
}

#[tokio::test]
async fn a_save_over_the_tls_of_a_proxy_needs_nothing_but_its_root() {
    let certificates = Certificates::write("nginx-tls");
    for server in ["ssl_protocols TLSv1.2;", "ssl_protocols TLSv1.3;"] {
        let lab = Lab::start();
        let Some(nginx) = speaking_tls(&lab.url, &certificates.folder, server) else { return };
        let client = client(&nginx.url, &lab.token, &certificates.folder);
        assert_eq!(save_truly(&client, &lab).await, BY_ANSWER);
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_client_certificate_is_not_taken_for_an_api_that_does_not_understand() {
    let (lab, certificates) = (Lab::start(), Certificates::write("nginx-client-certificate"));
    let server = verifying(&certificates.folder);
    let Some(nginx) = speaking_tls(&lab.url, &certificates.folder, &server) else { return };
    let client = client(&nginx.url, &lab.token, &certificates.folder);
    assert_eq!(save_truly(&client, &lab).await, not_read(NO_CERTIFICATE));
    assert_eq!(lab.hooks.attempts(Method::Get) + lab.hooks.attempts(Method::Patch), 0);
}

/// `convrating set --active on` against nginx, without the line that names the profile.
fn set(home: &Home, nginx: &Nginx, server: &Server, folder: &Path) -> Ran {
    let root = folder.join("root.pem");
    let variables = [
        ("QUICKCHAT_API_TOKEN", server.token("acme")),
        ("QUICKCHAT_BASE_URL", nginx.url.as_str()),
        ("SSL_CERT_FILE", root.to_str().expect("plain text")),
    ];
    let profile = server.profile_line("acme").replace(server.host(), nginx.host());
    home.run(&["set", "--active", "on"], &variables).after(&profile)
}

#[test]
fn the_program_saves_over_the_tls_of_a_proxy() {
    let (home, server, certificates) = (Home::new(), Server::start(), Certificates::write("nginx-program"));
    let Some(nginx) = speaking_tls(&server.url, &certificates.folder, "") else { return };
    let ran = set(&home, &nginx, &server, &certificates.folder);
    let stdout = without_times(&ran.stdout);
    let expected = "Saved HH:MM:SS: rating off → on (confirmed by the server)\n";
    Ran { stdout, ..ran }.expect(0, expected, "");
    assert_eq!(server.hooks.applied("acme"), 1);
}

#[test]
fn the_program_says_that_the_proxy_wants_a_client_certificate_and_ends_with_5() {
    let (home, server, certificates) =
        (Home::new(), Server::start(), Certificates::write("nginx-program-400"));
    let directives = verifying(&certificates.folder);
    let Some(nginx) = speaking_tls(&server.url, &certificates.folder, &directives) else { return };
    let ran = set(&home, &nginx, &server, &certificates.folder);
    let words = format!(
        "Not saved: something in between answered 400 (\"{NO_CERTIFICATE}\", nginx), not the API. Nothing was sent.\n"
    );
    ran.expect(5, "", &words);
    assert_eq!(server.requests(), [""; 0]);
}
