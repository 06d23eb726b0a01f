//! What is sent, to the byte.

use convrating::demo::{Method, Recorded};

use super::lab::{Lab, brisk, rating_on, save, within};
use crate::support::configuration::rating_body;

const PATH: &str = "/v1/api/conversation_ratings/configuration";

/// Everything of a request: its line, its headers sorted by name, its body.
fn whole(request: &Recorded) -> String {
    let mut headers: Vec<_> =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    headers.sort();
    let body = String::from_utf8_lossy(&request.body);
    format!("{} {}\n{}\n\n{body}", request.method, request.path, headers.join("\n"))
}

#[tokio::test]
async fn a_save_is_one_get_and_one_patch_with_these_headers_and_no_others() {
    let lab = Lab::start();
    save(&lab.client(brisk()), rating_on().intent()).await;
    let host = lab.url.trim_start_matches("http://");
    let agent = concat!("convrating/", env!("CARGO_PKG_VERSION"));
    let token = &lab.token;
    let body = rating_body(true);
    let requests: Vec<_> = lab.hooks.requests().iter().map(whole).collect();
    assert_eq!(
        requests,
        [
            format!(
                "GET {PATH}\naccept: application/json\nauthorization: Bearer {token}\ncache-control: no-cache\nhost: {host}\nuser-agent: {agent}\n\n"
            ),
            format!(
                "PATCH {PATH}\naccept: application/json\nauthorization: Bearer {token}\ncontent-length: {}\n\
                 content-type: application/json\nhost: {host}\nuser-agent: {agent}\n\n{body}",
                body.len()
            ),
        ]
    );
}

#[tokio::test]
async fn a_base_url_with_a_path_keeps_it() {
    let lab = Lab::start();
    let (client, _) = lab.client_at(&format!("{}/proxy/", lab.url), brisk());
    within(client.read(1)).await.expect_err("the demo has nothing there");
    assert_eq!(lab.hooks.requests()[0].path, format!("/proxy{PATH}"));
    assert_eq!(lab.hooks.count(Method::Get), 1);
}
