//! A helper program that owns the terminal while it runs: it may ask the user for something.
//!
//! ```text
//!  start ─► a process group of its own ─► the terminal's foreground ─► follow ─┬─ it ends ──────► its status, its outputs
//!                                                                              ├─ it is stopped ► it goes on
//!                                                                              └─ the terminal hangs up ► it is killed
//!  the end of each, and ForegroundGuard's drop ─► terminal, modes, and what was typed, are taken back
//! ```
//!
//! Ctrl-C reaches the helper program alone, since the terminal sends it to the foreground. Ctrl-Z does nothing: a program of
//! another session may be reading the keys for the helper (as pinentry does for gpg), and no stop reaches that program.

use std::io::{self, Read, Write as _};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getpgrp};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{WaitId, WaitIdOptions, waitid};

use super::controlling::ControllingTerminal;
use super::signals::{SIGCHLD, SignalStream};
use super::{line, loan};

/// After so long, a terminal that still shows what is typed means that nothing asks.
const QUIET: Duration = Duration::from_secs(3);
/// How long the ends of the pipes are waited for once the program has ended.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// Ends the loan of the terminal when it is dropped. A helper program that still runs is killed.
#[derive(Debug)]
pub(crate) struct ForegroundGuard;

impl Drop for ForegroundGuard {
    fn drop(&mut self) {
        loan::revoke();
    }
}

/// A helper program that runs in the terminal's foreground.
#[derive(Debug)]
pub(crate) struct ForegroundJob {
    terminal: ControllingTerminal,
    child: Child,
    signals: SignalStream,
    stdout: JobPipe<ChildStdout>,
    stderr: JobPipe<ChildStderr>,
    is_hung_up: bool,
}

/// What a helper program left.
#[derive(Debug)]
pub(crate) struct JobOutput {
    /// How it ended.
    pub(crate) status: ExitStatus,
    /// The first bytes of its stdout, up to the limit.
    pub(crate) stdout: Vec<u8>,
    /// The first bytes of its stderr, up to the limit.
    pub(crate) stderr: Vec<u8>,
}

impl ForegroundJob {
    /// Starts `command` and hands `terminal` over to it. Of each output `limits` bytes are kept: stdout, stderr.
    ///
    /// # Errors
    /// The program cannot be started, or the terminal is gone, or it is lent already.
    pub(crate) fn start(
        terminal: ControllingTerminal,
        mut command: Command,
        limits: (usize, usize),
    ) -> io::Result<(ForegroundGuard, Self)> {
        let signals = SignalStream::listen(&[SIGCHLD])?;
        let modes = terminal.modes()?;
        let (lent, stdin) = (terminal.try_clone()?, terminal.try_clone()?);
        command.stdin(Stdio::from(stdin.into_file())).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.process_group(0).spawn()?;
        let helper = Pid::from_raw(child.id().cast_signed());
        if !loan::begin(lent, modes, helper) {
            let _ = child.kill().and_then(|()| child.wait());
            return Err(io::ErrorKind::ResourceBusy.into());
        }
        let stdout = JobPipe::new(child.stdout.take(), limits.0);
        let stderr = JobPipe::new(child.stderr.take(), limits.1);
        Ok((ForegroundGuard, Self { terminal, child, signals, stdout, stderr, is_hung_up: false }))
    }

    /// Waits until the program has ended, and takes the terminal back. It blocks. If nothing seems to ask after three seconds,
    /// it writes `notice` to stderr.
    ///
    /// # Errors
    /// The system does not say how the program ended.
    pub(crate) fn follow(mut self, notice: &str) -> io::Result<JobOutput> {
        let ended = self.wait_for_end(notice);
        // From here on the group's number may be another's.
        loan::end();
        ended?;
        let status = self.child.wait()?;
        self.read_last_words();
        Ok(JobOutput { status, stdout: self.stdout.bytes, stderr: self.stderr.bytes })
    }

    fn wait_for_end(&mut self, notice: &str) -> io::Result<()> {
        let mut notice_at = Some(Instant::now() + QUIET);
        while !self.has_ended()? {
            self.wait_for_news(notice_at)?;
            if notice_at.is_some_and(|at| at <= Instant::now()) {
                notice_at = None;
                self.tell(notice);
            }
        }
        Ok(())
    }

    fn tell(&self, notice: &str) {
        if self.terminal.echoes_lines() {
            // There is nowhere to tell of a stderr that fails.
            let _ = io::stderr().write_all(format!("{notice}\n").as_bytes());
        }
    }

    /// True once the program has ended; it is not waited for yet, so that its number stays its own.
    ///
    /// Both states are asked for at once: for a program that has ended, the question whether it is stopped is an error (ECHILD).
    fn has_ended(&self) -> io::Result<bool> {
        let id = || WaitId::Pid(rustix::process::Pid::from_child(&self.child));
        let either = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        loop {
            match waitid(id(), either | WaitIdOptions::NOWAIT)? {
                None => return Ok(false),
                Some(status) if !status.stopped() => return Ok(true),
                Some(_) => {}
            }
            // The stop is taken before the program goes on, so that a second stop is seen too. A program that has ended since is
            // left as it is.
            let _ = waitid(id(), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
            self.go_on()?;
        }
    }

    /// The program was stopped: by Ctrl-Z, or because it touched the terminal before it owned it. It goes on at once.
    ///
    /// Where another job owns the terminal, this process was stopped too, and a shell has continued it in the background. It
    /// stops again, until the shell's `fg`.
    fn go_on(&self) -> io::Result<()> {
        let helper = Pid::from_raw(self.child.id().cast_signed());
        while !self.terminal.is_owned_by(&[getpgrp(), helper]) && line::has_job_control() && loan::is_lent() {
            line::stop_process_group()?;
        }
        let _ = self.terminal.give_to(helper);
        let _ = killpg(helper, Signal::SIGCONT);
        Ok(())
    }

    /// Waits for the program's end or stop, for output, for the terminal's end, and until `deadline`. Reads what came.
    fn wait_for_news(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        let Self { terminal, signals, stdout, stderr, is_hung_up, child } = self;
        // Of the terminal no events are requested: poll(2) reports a hang-up all the same.
        let mut fds = vec![PollFd::new(signals.wake(), PollFlags::IN)];
        if !*is_hung_up {
            fds.push(PollFd::new(terminal.file(), PollFlags::empty()));
        }
        let pipes = [stdout.source(), stderr.source()];
        fds.extend(pipes.into_iter().flatten().map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN)));
        wait(&mut fds, deadline)?;
        let hangs_up = !*is_hung_up && !fds[1].revents().is_empty();
        let mut ready = fds[if *is_hung_up { 1 } else { 2 }..].iter().map(|fd| !fd.revents().is_empty());
        let has_news = pipes.map(|pipe| pipe.is_some() && ready.next() == Some(true));
        signals.clear();
        if hangs_up {
            *is_hung_up = true;
            let _ = killpg(Pid::from_raw(child.id().cast_signed()), Signal::SIGKILL);
        }
        stdout.read_if(has_news[0]);
        stderr.read_if(has_news[1]);
        Ok(())
    }

    /// Reads what is left in the pipes. What the program left running may hold them open.
    fn read_last_words(&mut self) {
        let deadline = Instant::now() + LAST_WORDS;
        while Instant::now() < deadline && (self.stdout.source().is_some() || self.stderr.source().is_some())
        {
            let pipes = [self.stdout.source(), self.stderr.source()];
            let mut fds: Vec<_> = pipes
                .into_iter()
                .flatten()
                .map(|pipe| PollFd::from_borrowed_fd(pipe, PollFlags::IN))
                .collect();
            if wait(&mut fds, Some(deadline)).is_err() {
                return;
            }
            let mut ready = fds.iter().map(|fd| !fd.revents().is_empty());
            let has_news = pipes.map(|pipe| pipe.is_some() && ready.next() == Some(true));
            self.stdout.read_if(has_news[0]);
            self.stderr.read_if(has_news[1]);
        }
    }
}

/// poll(2) until `deadline`. A signal ends it early.
fn wait(fds: &mut [PollFd<'_>], deadline: Option<Instant>) -> io::Result<()> {
    let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let left = left.and_then(|left| Timespec::try_from(left).ok());
    match poll(fds, left.as_ref()) {
        Ok(_) | Err(Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// One of the program's outputs.
#[derive(Debug)]
struct JobPipe<R> {
    /// `None` once it has ended.
    pipe: Option<R>,
    /// The first bytes, up to the limit. What comes after them is read and dropped.
    bytes: Vec<u8>,
    limit: usize,
}

impl<R: Read + AsFd> JobPipe<R> {
    fn new(pipe: Option<R>, limit: usize) -> Self {
        Self { pipe, bytes: Vec::new(), limit }
    }

    fn source(&self) -> Option<BorrowedFd<'_>> {
        self.pipe.as_ref().map(AsFd::as_fd)
    }

    /// Reads once, where something is there to be read. A failure ends the output, as its end does.
    fn read_if(&mut self, is_ready: bool) {
        let Some(pipe) = self.pipe.as_mut().filter(|_| is_ready) else { return };
        let mut chunk = [0; 4096];
        match pipe.read(&mut chunk) {
            Ok(count @ 1..) => {
                let room = self.limit - self.bytes.len();
                self.bytes.extend_from_slice(&chunk[..count.min(room)]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(_) | Err(_) => self.pipe = None,
        }
    }
}
