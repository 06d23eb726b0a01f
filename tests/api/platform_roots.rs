//! The platform's trusted certificates, on a file system that holds nothing else: its one file, and its directory.

use std::fs;
use std::process::Output;

use convrating::demo::Method;

use super::certificates::{Certificates, tls_before};
use super::lab::Lab;
use crate::terminal::static_binary::EmptyRoot;

/// Asks a server from a file system where its root stands in the platform's file and directory, or another root, or none.
async fn get([file, directory]: [Option<bool>; 2], name: &str) -> (Output, usize) {
    let root = EmptyRoot::make(name).expect("as before");
    let [ours, other] =
        [format!("{name}-ours"), format!("{name}-other")].map(|name| Certificates::write(&name));
    let places = root.folder.0.join("etc/ssl/certs");
    fs::create_dir_all(&places).expect("a folder");
    for (place, is_ours) in [("ca-certificates.crt", file), ("company.pem", directory)] {
        if let Some(is_ours) = is_ours {
            let certificates = if is_ours { &ours } else { &other };
            fs::copy(certificates.folder.join("root.pem"), places.join(place)).expect("a file");
        }
    }
    let lab = Lab::start();
    let (url, _handshakes) = tls_before(&lab, &ours.folder, &["good"]).await;
    let mut command = root.command(&["get"]);
    command.env("QUICKCHAT_BASE_URL", url).env("QUICKCHAT_API_TOKEN", &lab.token);
    let ran = tokio::task::spawn_blocking(move || command.output().expect("chroot")).await.expect("a thread");
    (ran, lab.hooks.attempts(Method::Get))
}

#[tokio::test]
async fn the_platforms_directory_of_certificates_counts_beside_its_file() {
    if EmptyRoot::make("platform-roots").is_none() {
        return;
    }
    for (index, (file, directory, is_trusted)) in [
        (Some(true), None, true),
        (Some(true), Some(false), true),
        (Some(false), Some(true), true),
        (None, Some(true), true),
        (Some(false), None, false),
        (Some(false), Some(false), false),
    ]
    .into_iter()
    .enumerate()
    {
        let (ran, requests) = get([file, directory], &format!("platform-roots-{index}")).await;
        let stderr = String::from_utf8_lossy(&ran.stderr);
        assert_eq!(ran.status.code(), Some(if is_trusted { 0 } else { 5 }), "{index}: {stderr}");
        assert_eq!(stderr.contains("certificate was not accepted"), !is_trusted, "{index}: {stderr}");
        assert_eq!(requests, usize::from(is_trusted), "{index}");
    }
}
