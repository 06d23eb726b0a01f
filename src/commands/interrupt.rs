//! Ctrl-C, as something that can be waited for.

use std::io;
use std::os::unix::net::UnixStream;

use signal_hook::consts::SIGINT;
use signal_hook::low_level::pipe;
use tokio::io::Interest;
use tokio::sync::watch;

/// Hears every Ctrl-C from now on; until then one ends the program.
#[derive(Clone, Debug)]
pub(super) struct Interrupts {
    count: watch::Receiver<usize>,
}

impl Interrupts {
    /// Begins to listen, on a task of the runtime that this is called in.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn listen() -> io::Result<Self> {
        let (ours, theirs) = UnixStream::pair()?;
        pipe::register(SIGINT, theirs)?;
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
        Ok(Self { count })
    }

    /// Waits for the first one; at once if it has been.
    pub(super) async fn first(&self) {
        self.more_than(0).await;
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
