//! The process groups of programs that run in the background for this one. None of them outlives it.
//!
//! A caller ends its group by dropping the [`ChildGroup`]. Where nothing is dropped, because the watcher or a panic ends the process,
//! all groups are killed.

use std::sync::{Mutex, PoisonError};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// A process group that is killed when this is dropped, unless its leader has ended.
#[derive(Debug)]
pub(crate) struct ChildGroup {
    leader: Pid,
}

impl ChildGroup {
    /// The group that the process with this number leads.
    pub(crate) fn new(leader: u32) -> Self {
        let leader = Pid::from_raw(leader.cast_signed());
        GROUPS.lock().unwrap_or_else(PoisonError::into_inner).push(leader);
        Self { leader }
    }

    /// Kills the group, if its leader has not ended.
    pub(crate) fn kill(&mut self) {
        if self.forget() {
            // It may have ended just now.
            let _ = killpg(self.leader, Signal::SIGKILL);
        }
    }

    /// Notes that the leader was waited for: from then on the group's number may be another's. True if that is new.
    pub(crate) fn forget(&mut self) -> bool {
        let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
        let place = groups.iter().position(|group| *group == self.leader);
        place.map(|place| groups.swap_remove(place)).is_some()
    }
}

impl Drop for ChildGroup {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Kills all groups that run.
pub(super) fn kill_all() {
    for group in GROUPS.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        let _ = killpg(group, Signal::SIGKILL);
    }
}
