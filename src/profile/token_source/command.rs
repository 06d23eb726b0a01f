//! `token_command`: a program that prints the token, run without a shell and not for long.
//!
//! ```text
//! spawn, in a process group of its own ─► read both pipes ─┬─ it has ended ─► a moment more ─► its first line
//!                                                          └─ the time is up ─► the whole group is killed
//! ```
//!
//! What it left running may keep the pipes open for ever: once the program itself has ended, nothing here waits for
//! them longer than a moment, and no thread stays behind.

mod leash;

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::ioctl_fionbio;

use super::{MAX_TOKEN_BYTES, SourceFault};
use crate::visible::excerpt;
pub use leash::Leash;

/// How often a program that says nothing is asked whether it has ended.
const PAUSE: Timespec = Timespec { tv_sec: 0, tv_nsec: 5_000_000 };
/// How long the ends of the pipes are waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);
const MAX_STDERR_BYTES: usize = 4096;
const MAX_STDERR_CHARS: usize = 300;

/// The first line that the program prints.
pub(super) fn first_line(
    words: &[String],
    directory: &Path,
    limit: Duration,
    leash: &Leash,
) -> Result<String, SourceFault> {
    let deadline = Instant::now() + limit;
    let (program, arguments) = words.split_first().map_or(("", &[][..]), |(p, rest)| (p.as_str(), rest));
    let program_name = || excerpt(&Path::new(program).file_name().unwrap_or_default().to_string_lossy(), 60);
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.process_group(0);
    if directory.is_dir() {
        command.current_dir(directory);
    }
    let not_started = |source| SourceFault::NotStarted { program: program_name(), source };
    let mut child = leash.start(&mut command).map_err(not_started)?;
    let mut stdout = Output::new(child.stdout.take(), MAX_TOKEN_BYTES).map_err(not_started)?;
    let mut stderr = Output::new(child.stderr.take(), MAX_STDERR_BYTES).map_err(not_started)?;
    let status = follow(&mut stdout, &mut stderr, deadline, || leash.ended(&mut child));
    let Some(status) = status else {
        leash.end(&mut child);
        stderr.drain();
        return Err(SourceFault::CommandTooSlow { program: program_name(), limit, stderr: said(&stderr) });
    };
    if !status.success() {
        let status = status.to_string();
        return Err(SourceFault::CommandFailed { program: program_name(), status, stderr: said(&stderr) });
    }
    Ok(String::from_utf8_lossy(&stdout.bytes).lines().next().unwrap_or_default().to_owned())
}

/// Reads both pipes until the program has ended and they have too, or a moment has passed. `None` where it had not
/// ended at the deadline.
fn follow(
    stdout: &mut Output<impl Read + AsFd>,
    stderr: &mut Output<impl Read + AsFd>,
    deadline: Instant,
    mut ended: impl FnMut() -> Option<ExitStatus>,
) -> Option<ExitStatus> {
    let mut end = None;
    loop {
        wait(stdout, stderr);
        stdout.drain();
        stderr.drain();
        let now = Instant::now();
        end = end.or_else(|| ended().map(|status| (status, now + LAST_WORDS)));
        match end {
            Some((status, patience)) if now >= patience || stdout.is_over() && stderr.is_over() => {
                return Some(status);
            }
            None if now >= deadline => return None,
            _ => {}
        }
    }
}

/// Waits for something to read, though not for long.
fn wait(stdout: &Output<impl Read + AsFd>, stderr: &Output<impl Read + AsFd>) {
    let open = [stdout.pipe.as_ref().map(AsFd::as_fd), stderr.pipe.as_ref().map(AsFd::as_fd)];
    let mut open: Vec<_> =
        open.into_iter().flatten().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)).collect();
    // A signal only makes the pause shorter.
    let _ = poll(&mut open, Some(&PAUSE));
}

/// One of the program's outputs, read without waiting.
struct Output<R> {
    /// `None` once it has ended.
    pipe: Option<R>,
    /// Its first bytes, up to the limit; what comes after them is read and dropped.
    bytes: Vec<u8>,
    limit: usize,
}

impl<R: Read + AsFd> Output<R> {
    fn new(pipe: Option<R>, limit: usize) -> io::Result<Self> {
        if let Some(pipe) = &pipe {
            ioctl_fionbio(pipe, true)?;
        }
        Ok(Self { pipe, bytes: Vec::new(), limit })
    }

    /// Takes what is there, up to 64 KiB of it: a program that never stops talking is not listened to for ever.
    fn drain(&mut self) {
        for _ in 0..16 {
            let Some(pipe) = &mut self.pipe else { return };
            let mut chunk = [0; 4096];
            match pipe.read(&mut chunk) {
                Ok(count) if count > 0 => {
                    let room = self.limit - self.bytes.len();
                    self.bytes.extend_from_slice(&chunk[..count.min(room)]);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What came before a failure to read is all there is.
                Ok(_) | Err(_) => self.pipe = None,
            }
        }
    }

    fn is_over(&self) -> bool {
        self.pipe.is_none()
    }
}

fn said<R>(stderr: &Output<R>) -> String {
    excerpt(String::from_utf8_lossy(&stderr.bytes).trim(), MAX_STDERR_CHARS)
}

#[cfg(test)]
mod tests;
