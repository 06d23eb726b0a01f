//! `token_command`: a program that prints the token, run without a shell and not for long.
//!
//! Its output is read by threads of their own, since a program that it left behind may keep the pipe open for ever:
//! nothing here waits for them longer than the limit.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::{MAX_TOKEN_BYTES, SourceFault};
use crate::visible::excerpt;

/// How often a program that has said everything is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(2);
/// How long the rest of stderr is waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);
const MAX_STDERR_BYTES: usize = 4096;
const MAX_STDERR_CHARS: usize = 300;

/// The first line that the program prints.
pub(super) fn first_line(words: &[String], directory: &Path, limit: Duration) -> Result<String, SourceFault> {
    let deadline = Instant::now() + limit;
    let (program, arguments) = words.split_first().map_or(("", &[][..]), |(p, rest)| (p.as_str(), rest));
    let program_name = || excerpt(&Path::new(program).file_name().unwrap_or_default().to_string_lossy(), 60);
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if directory.is_dir() {
        command.current_dir(directory);
    }
    let mut child =
        command.spawn().map_err(|source| SourceFault::NotStarted { program: program_name(), source })?;
    let stdout = collect(child.stdout.take(), MAX_TOKEN_BYTES);
    let stderr = collect(child.stderr.take(), MAX_STDERR_BYTES);
    let output = stdout.recv_timeout(left(deadline)).ok();
    let status = output.is_some().then(|| wait(&mut child, deadline)).flatten();
    let (Some(output), Some(status)) = (output, status) else {
        end(&mut child);
        return Err(SourceFault::CommandTooSlow { program: program_name(), limit, stderr: said(&stderr) });
    };
    if !status.success() {
        let status = status.to_string();
        return Err(SourceFault::CommandFailed { program: program_name(), status, stderr: said(&stderr) });
    }
    Ok(String::from_utf8_lossy(&output).lines().next().unwrap_or_default().to_owned())
}

/// Reads a pipe to its end and gives the first `limit` bytes of it.
fn collect(pipe: Option<impl Read + Send + 'static>, limit: usize) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(mut pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What came before a failure to read is all there is.
            let _ = pipe.by_ref().take(limit as u64).read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe, &mut std::io::sink());
            // Nobody may be waiting any more.
            let _ = sender.send(bytes);
        });
    }
    receiver
}

fn wait(child: &mut Child, deadline: Instant) -> Option<ExitStatus> {
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if left(deadline).is_zero() {
            return None;
        }
        thread::sleep(PAUSE);
    }
}

fn end(child: &mut Child) {
    // It may have ended just now; either way it is waited for, so that no dead child stays behind.
    let _ = child.kill();
    let _ = child.wait();
}

fn said(stderr: &Receiver<Vec<u8>>) -> String {
    let bytes = stderr.recv_timeout(LAST_WORDS).unwrap_or_default();
    excerpt(String::from_utf8_lossy(&bytes).trim(), MAX_STDERR_CHARS)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: Duration) -> Result<String, String> {
        let words = ["/bin/sh", "-c", script].map(str::to_owned);
        first_line(&words, Path::new(""), limit).map_err(|fault| fault.to_string())
    }

    #[test]
    fn the_first_line_is_the_token() {
        assert_eq!(run("printf 'abc\\nurl: x\\n'", Duration::from_secs(10)).unwrap(), "abc");
    }

    #[test]
    fn a_failure_tells_what_the_program_said() {
        let error = run("printf 'locked\\033[2J\\n' >&2; exit 3", Duration::from_secs(10)).unwrap_err();
        assert_eq!(error, "token_command sh failed (exit status: 3): \"locked^[[2J\"");
    }

    #[test]
    fn a_program_that_does_not_end_is_ended() {
        let limit = Duration::from_millis(20);
        // A program that was left behind keeps the pipe open; this one goes with the test.
        let left_behind = format!("tail --pid={} -f /dev/null &", std::process::id());
        for script in ["exec tail -f /dev/null", "exec >/dev/null; exec tail -f /dev/null", &left_behind] {
            let error = run(script, limit).unwrap_err();
            assert!(error.starts_with("token_command sh gave no token within 0 s"), "{script}: {error}");
        }
    }

    #[test]
    fn more_output_than_a_token_has_does_not_block() {
        let first = run("head -c 300000 /dev/zero | tr '\\0' x", Duration::from_secs(10)).unwrap();
        assert_eq!(first.len(), MAX_TOKEN_BYTES);
    }
}
