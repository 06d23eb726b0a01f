//! A real nginx between the client and the demo server: what its connections, its TLS, its error pages, its limits and its
//! cache do to a save. Where nginx is not installed, these tests say so.

mod cache;
mod connections;
mod limits;
mod pages;
mod server;
mod tls;
