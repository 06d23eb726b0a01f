//! How the output looks.

use clap::ValueEnum;

/// When colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// `--color`.
    pub color: ColorChoice,
    /// `--ascii`.
    pub is_ascii: bool,
    /// `--plain`: the editor goes line by line.
    pub is_plain: bool,
}
