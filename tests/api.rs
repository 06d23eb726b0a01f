//! The client and the save over TCP, against the demo server and against servers that break TLS or HTTP.

#![expect(clippy::expect_used, reason = "a helper that fails is a test that fails")]

mod answers;
mod broken_ways;
mod broken_words;
mod certificates;
mod connections;
mod drafts;
mod lab;
mod late;
mod local_names;
pub(crate) mod matrix;
mod nginx;
mod one_door;
mod orders;
mod outside;
mod platform_roots;
mod proxies;
mod requests;
mod scenarios;
mod tls;
mod turns;
pub(crate) mod two_editors;
