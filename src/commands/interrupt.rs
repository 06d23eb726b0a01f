//! Ctrl-C and other signals that end a command. A command can wait for them.

use std::io;

use tokio::io::Interest;
use tokio::sync::watch;

use super::failure::Failure;
use crate::terminal::signals::{SIGINT, SignalFlags, SignalStream, end_by, is_ignored, list_ending};

/// The signals that came since [`listen`](Self::listen). Before that call each of them ends the program.
#[derive(Clone, Debug)]
pub(super) struct Interrupts {
    count: watch::Receiver<usize>,
    signals: SignalFlags,
}

impl Interrupts {
    /// Begins to listen for every signal that ends a program, on a task of the runtime that this is called in. A signal that
    /// the parent process set to be ignored stays ignored.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(super) fn listen() -> io::Result<Self> {
        Self::hear(&list_ending(&[]))
    }

    /// The same for Ctrl-C alone.
    ///
    /// # Errors
    /// The system gives no socket or no handler.
    pub(super) fn listen_to_ctrl_c() -> io::Result<Self> {
        Self::hear(if is_ignored(SIGINT) { &[] } else { &[SIGINT] })
    }

    fn hear(signals: &[i32]) -> io::Result<Self> {
        let signals = SignalFlags::register(signals)?;
        let stream = signals.open_stream()?;
        let wake = tokio::net::UnixStream::from_std(stream.wake().try_clone()?)?;
        let (sender, count) = watch::channel(0);
        tokio::spawn(count_signals(stream, wake, sender));
        Ok(Self { count, signals })
    }

    /// The signals' flags, for a caller that waits in poll(2).
    pub(super) fn flags(&self) -> &SignalFlags {
        &self.signals
    }

    /// If a signal other than Ctrl-C came, ends the process as that signal does by default: its sender sees that it worked.
    pub(super) fn give_way(&self) {
        if let Some(signal) = self.fatal() {
            end_by(signal);
        }
    }

    /// True if a signal other than Ctrl-C came.
    pub(super) fn is_fatal(&self) -> bool {
        self.fatal().is_some()
    }

    fn fatal(&self) -> Option<i32> {
        self.signals.came().find(|signal| *signal != SIGINT)
    }

    /// Waits for the first signal. Returns at once if one has come already.
    pub(super) async fn first(&self) {
        self.more_than(0).await;
    }

    /// Does the work, unless a signal comes first.
    ///
    /// # Errors
    /// [`Failure::Interrupted`] if a signal came first.
    pub(super) async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::select! {
            // After a signal no new work begins.
            biased;
            () = self.first() => Err(Failure::Interrupted),
            done = work => Ok(done),
        }
    }

    /// Waits until more than `seen` signals have come, and returns how many came.
    pub(super) async fn more_than(&self, seen: usize) -> usize {
        let mut count = self.count.clone();
        let reached = count.wait_for(|count| *count > seen).await.map(|count| *count);
        match reached {
            Ok(count) => count,
            // No task listens: every signal is ignored, or the task has ended with its runtime.
            Err(_) => std::future::pending().await,
        }
    }
}

/// Counts the bytes of `wake`, one for each signal. They come as long as `_stream` is there.
async fn count_signals(_stream: SignalStream, wake: tokio::net::UnixStream, sender: watch::Sender<usize>) {
    let mut bytes = [0; 16];
    while wake.ready(Interest::READABLE).await.is_ok() {
        if let Ok(signals) = wake.try_read(&mut bytes) {
            sender.send_modify(|count| *count += signals);
        }
    }
}
