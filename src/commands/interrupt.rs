//! Ctrl-C and its like, as something that can be waited for.

use std::io::{self, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;
use signal_hook::low_level::{emulate_default_handler, pipe};
use tokio::io::Interest;
use tokio::sync::watch;

use super::Failure;

/// Hears every such signal from now on; until then one ends the program.
#[derive(Clone, Debug)]
pub(super) struct Interrupts {
    count: watch::Receiver<usize>,
    /// Set for each signal that came.
    came: Arc<[(i32, Arc<AtomicBool>)]>,
}

impl Interrupts {
    /// Begins to listen for these signals, on a task of the runtime that this is called in.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn listen(signals: &[i32]) -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        let register = |signal: &i32| {
            let flag = Arc::new(AtomicBool::new(false));
            // In this order: who is woken finds the flag.
            flag::register(*signal, Arc::clone(&flag))?;
            pipe::register(*signal, theirs.try_clone()?)?;
            Ok((*signal, flag))
        };
        let came = signals.iter().map(register).collect::<io::Result<_>>()?;
        ours.set_nonblocking(true)?;
        let ours = tokio::net::UnixStream::from_std(ours)?;
        let (sender, count) = watch::channel(0);
        tokio::spawn(async move {
            let mut bytes = [0; 16];
            while ours.ready(Interest::READABLE).await.is_ok() {
                if let Ok(signals) = ours.try_read(&mut bytes) {
                    sender.send_modify(|count| *count += signals);
                }
            }
        });
        Ok(Self { count, came })
    }

    /// Something that each of these signals makes readable, for whoever waits in poll(2).
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn waker(&self) -> io::Result<UnixStream> {
        let (ours, theirs) = UnixStream::pair()?;
        for (signal, _) in self.came.iter() {
            pipe::register(*signal, theirs.try_clone()?)?;
        }
        if self.came.iter().any(|(_, came)| came.load(Ordering::Relaxed)) {
            (&theirs).write_all(&[0])?;
        }
        Ok(ours)
    }

    /// Ends the process as a signal other than Ctrl-C would have, if one came: whoever sent it sees that it worked.
    pub(super) fn give_way(&self) {
        if let Some(signal) = self.fatal() {
            // Where even that fails, the program goes on to its end.
            let _ = emulate_default_handler(signal);
        }
    }

    /// True if a signal other than Ctrl-C came.
    pub(super) fn is_fatal(&self) -> bool {
        self.fatal().is_some()
    }

    fn fatal(&self) -> Option<i32> {
        let came = self.came.iter().filter(|(_, came)| came.load(Ordering::Relaxed));
        came.map(|(signal, _)| *signal).find(|signal| *signal != SIGINT)
    }

    /// Waits for the first one; at once if it has been.
    pub(super) async fn first(&self) {
        self.more_than(0).await;
    }

    /// Does the work, unless one comes first.
    pub(super) async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::select! {
            // After one, nothing new begins.
            biased;
            () = self.first() => Err(Failure::Interrupted),
            done = work => Ok(done),
        }
    }

    /// Waits for one more than `seen`, and tells how many there were.
    pub(super) async fn more_than(&self, seen: usize) -> usize {
        let mut count = self.count.clone();
        let reached = count.wait_for(|count| *count > seen).await.map(|count| *count);
        match reached {
            Ok(count) => count,
            // The listener is gone, and so is whoever could interrupt.
            Err(_) => std::future::pending().await,
        }
    }
}
