//! The hold on a program that runs: whoever wants its token no longer ends it, from any thread.

use std::fmt;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// What a `token_command` is held by. It leads a process group of its own, so Ctrl-C does not reach it by itself.
#[derive(Clone, Default)]
pub struct Leash(pub(super) Arc<Mutex<Held>>);

/// What is at the end of it.
#[derive(Default)]
pub(super) enum Held {
    /// No program, or one that has ended.
    #[default]
    Nothing,
    /// A program that has not been waited for: its number is nobody else's yet.
    Program(Pid),
    /// No program may be started any more.
    Cut,
}

impl Leash {
    /// Ends the program with all that it started and that stayed in its group; none is started afterwards.
    pub fn cut(&self) {
        let mut held = self.held();
        held.kill();
        *held = Held::Cut;
    }

    pub(super) fn start(&self, command: &mut Command) -> io::Result<Child> {
        let mut held = self.held();
        if matches!(*held, Held::Cut) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let child = command.spawn()?;
        *held = Held::Program(Pid::from_child(&child));
        Ok(child)
    }

    /// How the program ended, if it has.
    pub(super) fn ended(&self, child: &mut Child) -> Option<ExitStatus> {
        let mut held = self.held();
        let status = child.try_wait().ok().flatten()?;
        held.let_go();
        Some(status)
    }

    /// Ends the program, and waits for it so that no dead child stays behind.
    pub(super) fn end(&self, child: &mut Child) {
        let mut held = self.held();
        held.kill();
        // It cannot ignore that signal.
        let _ = child.wait();
        held.let_go();
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn kill(&self) {
        if let Self::Program(leader) = self {
            // It may have ended just now.
            let _ = kill_process_group(*leader, Signal::KILL);
        }
    }

    /// The program was waited for.
    fn let_go(&mut self) {
        if let Self::Program(_) = self {
            *self = Self::Nothing;
        }
    }
}

impl fmt::Debug for Leash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Leash")
    }
}
