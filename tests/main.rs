//! Every test that needs more than one module: one binary, a folder for each side of the product.

mod cli;
mod demo;
