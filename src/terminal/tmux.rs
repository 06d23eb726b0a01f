//! The buffer of the tmux that this program runs in. Text that stands there can be pasted in every window of that tmux.
//!
//! tmux does not take the text from the escape code OSC 52, unless its option `set-clipboard` is `on`. From version 3.2 on the
//! option `-w` of `load-buffer` lets tmux pass the text on to the clipboard of the terminal
//! (<https://man.openbsd.org/tmux.1#load-buffer>, <https://github.com/tmux/tmux/blob/master/CHANGES>).

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use process_wrap::tokio::{CommandWrap, ProcessSession};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::Command;
use tokio::time::timeout;

use super::children::ChildGroup;

/// How long tmux may take.
const LIMIT: Duration = Duration::from_secs(1);
/// The first version that knows `load-buffer -w`.
const FIRST_WITH_CLIPBOARD: (u32, u32) = (3, 2);
/// The most bytes that are read of the version.
const MAX_VERSION_BYTES: u64 = 100;

/// Why tmux did not take a text. Each follows a colon.
#[derive(Debug, thiserror::Error)]
pub enum TmuxError {
    /// The program is missing, or the system does not start it.
    #[error("it cannot be started")]
    NotStarted(#[source] io::Error),
    /// It ended with an error.
    #[error("it failed ({0})")]
    Failed(ExitStatus),
    /// It gave no answer in time. It was killed.
    #[error("it gave no answer within a second")]
    TooSlow,
}

/// Puts `text` into the newest buffer of the tmux that this program runs in. It takes a second at most. The caller ends tmux's
/// client by dropping this future.
///
/// # Errors
/// tmux does not take the text.
pub(crate) async fn load_tmux_buffer(text: &str) -> Result<(), TmuxError> {
    let loading = async {
        let version = run(&["-V"], "").await?;
        let arguments =
            if has_clipboard(&version) { &["load-buffer", "-w", "-"][..] } else { &["load-buffer", "-"] };
        run(arguments, text).await
    };
    timeout(LIMIT, loading).await.unwrap_or(Err(TmuxError::TooSlow)).map(drop)
}

/// True if the tmux that calls itself so knows the option `-w`. A version without a number is one that was built from its newest source.
fn has_clipboard(version: &str) -> bool {
    let number = version.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let mut parts = number.split(|letter: char| !letter.is_ascii_digit()).map(str::parse);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= FIRST_WITH_CLIPBOARD,
        _ => true,
    }
}

/// Runs tmux to its end with `input` at its stdin. Returns the beginning of what it prints. It leads a session of its own, so
/// that it cannot write to the terminal.
async fn run(arguments: &[&str], input: &str) -> Result<String, TmuxError> {
    let mut command = Command::new("tmux");
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let started = CommandWrap::from(command).wrap(ProcessSession).spawn();
    let mut program = started.map_err(TmuxError::NotStarted)?;
    // It is killed where this future is dropped.
    let mut group = ChildGroup::new(program.id().unwrap_or_default());
    let (stdin, stdout) = (program.stdin().take(), program.stdout().take());
    let writing = async {
        if let Some(mut stdin) = stdin {
            // tmux says by its exit status whether it has read all.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let reading = async {
        let mut printed = Vec::new();
        if let Some(stdout) = stdout {
            let _ = stdout.take(MAX_VERSION_BYTES).read_to_end(&mut printed).await;
        }
        String::from_utf8_lossy(&printed).into_owned()
    };
    let ((), printed, status) = tokio::join!(writing, reading, program.inner_mut().wait());
    group.forget();
    match status.map_err(TmuxError::NotStarted)? {
        status if status.success() => Ok(printed),
        status => Err(TmuxError::Failed(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_for_the_clipboard_is_known_from_three_point_two_on() {
        for new in ["tmux 3.2", "tmux 3.2a\n", "tmux 3.3a", "tmux 3.10", "tmux next-3.4", "tmux 4.0"] {
            assert!(has_clipboard(new), "{new}");
        }
        for new in ["tmux master", "tmux openbsd-7.4", ""] {
            assert!(has_clipboard(new), "{new}");
        }
        for old in ["tmux 3.1", "tmux 3.1c", "tmux 2.9a\n", "tmux 1.8", "tmux next-3.1"] {
            assert!(!has_clipboard(old), "{old}");
        }
    }
}
