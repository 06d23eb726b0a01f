//! The hold on programs that run: whoever wants their tokens no longer ends them, from any thread.

use std::fmt;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// What each `token_command` of somebody's is held by. It leads a process group of its own, so Ctrl-C does not reach it by
/// itself.
#[derive(Clone, Default)]
pub struct Leash(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    /// Programs that have not been waited for: their numbers are nobody else's yet.
    programs: Vec<Pid>,
    /// Nobody wants a token any more.
    is_cut: bool,
}

impl Leash {
    /// Ends the programs with all that they started and that stayed in their groups; none is started afterwards.
    pub fn cut(&self) {
        let mut held = self.held();
        held.is_cut = true;
        held.programs.iter().copied().for_each(kill);
    }

    pub(super) fn start(&self, command: &mut Command) -> io::Result<Child> {
        let mut held = self.held();
        if held.is_cut {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let child = command.spawn()?;
        held.programs.push(Pid::from_child(&child));
        Ok(child)
    }

    /// How the program ended, if it has.
    pub(super) fn ended(&self, child: &mut Child) -> Option<ExitStatus> {
        let mut held = self.held();
        let status = child.try_wait().ok().flatten()?;
        held.let_go(child);
        Some(status)
    }

    /// Ends the program, and waits for it so that no dead child stays behind.
    pub(super) fn end(&self, child: &mut Child) {
        let mut held = self.held();
        kill(Pid::from_child(child));
        // It cannot ignore that signal.
        let _ = child.wait();
        held.let_go(child);
    }

    #[cfg(test)]
    pub(super) fn holds_something(&self) -> bool {
        !self.held().programs.is_empty()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The program was waited for.
    fn let_go(&mut self, child: &Child) {
        let ended = Pid::from_child(child);
        self.programs.retain(|program| *program != ended);
    }
}

fn kill(leader: Pid) {
    // It may have ended just now.
    let _ = kill_process_group(leader, Signal::KILL);
}

impl fmt::Debug for Leash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Leash")
    }
}
