//! The loan of the terminal to a helper program, and its end: from any thread, once.
//!
//! What has to be undone stands in a process-wide static, as in `line`: the thread that follows the program, the caller that
//! lets go of it, a panic hook and the watcher can all end the loan.

use std::sync::{Mutex, PoisonError};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, getpgrp};
use rustix::termios::Termios;

use super::controlling::ControllingTerminal;

static LOAN: Mutex<Option<Loan>> = Mutex::new(None);

/// A terminal that a helper program owns.
struct Loan {
    terminal: ControllingTerminal,
    /// The modes before the loan.
    modes: Termios,
    /// The process group of the helper program.
    helper: Pid,
}

/// Notes the loan of `terminal` to the group `helper`, and hands the terminal over. False if the terminal is lent already.
pub(super) fn begin(terminal: ControllingTerminal, modes: Termios, helper: Pid) -> bool {
    let mut loan = LOAN.lock().unwrap_or_else(PoisonError::into_inner);
    if loan.is_some() {
        return false;
    }
    // It fails where the program has ended already: then nothing is handed over.
    let _ = terminal.give_to(helper);
    *loan = Some(Loan { terminal, modes, helper });
    true
}

/// True while the terminal is lent.
pub(crate) fn is_lent() -> bool {
    LOAN.lock().unwrap_or_else(PoisonError::into_inner).is_some()
}

/// Ends the loan after the helper program has ended.
pub(super) fn end() {
    take_back(LOAN.lock().unwrap_or_else(PoisonError::into_inner).take(), false);
}

/// Ends the loan, and with it the helper program and all that it started in its group.
pub(super) fn revoke() {
    take_back(LOAN.lock().unwrap_or_else(PoisonError::into_inner).take(), true);
}

/// Takes the terminal, its modes and what was typed. Where another job has the terminal, all of it is that job's.
fn take_back(loan: Option<Loan>, is_revoked: bool) {
    let Some(Loan { terminal, modes, helper }) = loan else { return };
    if is_revoked {
        // It may have ended just now.
        let _ = killpg(helper, Signal::SIGKILL);
    }
    let own = getpgrp();
    if terminal.is_owned_by(&[own, helper]) {
        let _ = terminal.give_to(own);
        terminal.restore(&modes);
    }
}
