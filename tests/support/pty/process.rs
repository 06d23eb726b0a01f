//! A process that a test watches. The test need not have started it.

use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::retry_on_intr;
use rustix::process::{Pid, PidfdFlags};

use super::DEADLINE;

/// A process that may not be our child.
#[derive(Debug)]
pub struct Process(OwnedFd);

impl Process {
    /// Of a process that runs.
    pub(super) fn from_pid(pid: Pid) -> Self {
        Self(rustix::process::pidfd_open(pid, PidfdFlags::empty()).expect("a program that runs"))
    }

    /// Of one that runs, by its number.
    pub fn with_id(id: i32) -> Self {
        Self::from_pid(Pid::from_raw(id).expect("a pid"))
    }

    /// True until it is gone.
    pub fn is_running(&self) -> bool {
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        retry_on_intr(|| poll(&mut fds, Some(&Timespec::default()))).expect("poll") == 0
    }

    /// Waits until it is gone, and gives the time that took.
    pub fn wait_gone(&self) -> Duration {
        let begun = Instant::now();
        let deadline = Timespec::try_from(DEADLINE).expect("seconds");
        let mut fds = [PollFd::new(&self.0, PollFlags::IN)];
        // The end of a child of another test is a signal in this process.
        let gone = retry_on_intr(|| poll(&mut fds, Some(&deadline))).expect("poll");
        assert_eq!(gone, 1, "the process is still there after {DEADLINE:?}");
        begun.elapsed()
    }
}
