//! Every test that needs more than one module: one binary, a folder for each side of the product.

#![expect(
    clippy::expect_used,
    reason = "a test that cannot go on panics; clippy sees only the test functions themselves as tests"
)]
#![expect(unreachable_pub, reason = "pub in these modules means: for all tests")]

mod api;
mod cli;
mod demo;
mod docs;
mod editor;
mod support;
mod terminal;
