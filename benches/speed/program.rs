//! One way to start a program in a terminal, for every row that measures one.

use std::path::{Path, PathBuf};

use crate::stage::{Gate, Stage};
use crate::support::cli::Server;
use crate::support::pty::Builder;

/// What is on screen when the form is.
pub const FORM: &str = "HELPFUL_THUMBS";
/// What is on the floor program's screen.
pub const FLOOR_READY: &str = "READY";

/// A program to be measured.
#[derive(Clone)]
pub struct Program {
    path: PathBuf,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    config: Option<String>,
    size: (u16, u16),
    /// What is on its screen when it takes keys.
    pub ready: String,
}

impl Program {
    pub fn new(path: &Path, arguments: &[&str], ready: &str) -> Self {
        Self {
            path: path.to_owned(),
            arguments: arguments.iter().map(ToString::to_string).collect(),
            variables: Vec::new(),
            config: None,
            size: (80, 24),
            ready: ready.to_owned(),
        }
    }

    /// The editor in the demo.
    pub fn demo() -> Self {
        Self::new(binary(), &["--demo"], FORM)
    }

    /// The editor on the first agent of a server that stands at `url`.
    pub fn editor(url: &str, server: &Server) -> Self {
        let token = server.token("acme");
        Self::new(binary(), &[], FORM)
            .variables(&[("QUICKCHAT_BASE_URL", url), ("QUICKCHAT_API_TOKEN", token)])
    }

    pub fn variables(mut self, variables: &[(&str, &str)]) -> Self {
        self.variables
            .extend(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    /// With this configuration file.
    pub fn config(self, text: &str) -> Self {
        Self { config: Some(text.to_owned()), ..self }
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub fn size(self, columns: u16, rows: u16) -> Self {
        Self { size: (columns, rows), ..self }
    }

    pub fn ready(self, ready: &str) -> Self {
        Self { ready: ready.to_owned(), ..self }
    }

    /// The same program in another file.
    pub fn copied_to(self, path: &Path) -> Self {
        Self { path: path.to_owned(), ..self }
    }

    /// Starts it, and waits until it takes keys.
    pub fn open(&self) -> Stage {
        self.open_under(&[])
    }

    /// The same under a tool, which stands with its options before the program.
    pub fn open_under(&self, tool: &[&str]) -> Stage {
        let stage = Stage::new(self.builder(tool).start());
        stage.wait_for_output(&self.ready);
        stage
    }

    /// Starts a shell that becomes the program when the gate opens: so its own cost does not count.
    pub fn wait_at_gate(&self) -> Gate {
        Gate::new(|path| {
            let script = r#"read go < "$GATE"; exec "$@""#;
            self.builder(&["/bin/sh", "-c", script, "sh"]).env("GATE", &path.display().to_string()).start()
        })
    }

    fn builder(&self, before: &[&str]) -> Builder {
        let path = self.path.display().to_string();
        let words: Vec<_> =
            before.iter().copied().chain([&*path]).chain(self.arguments.iter().map(|word| &**word)).collect();
        let mut builder = Builder::command(Path::new(words[0]), &words[1..]).size(self.size.0, self.size.1);
        for (name, value) in &self.variables {
            builder = builder.env(name, value);
        }
        if let Some(text) = &self.config {
            builder = builder.file("config/convrating/config.toml", text);
        }
        builder
    }
}

pub fn binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_convrating"))
}
