//! How the loop stops the reader from reading keys for a while, and knows that it has stopped.
//!
//! ```text
//!  loop: pause ── a byte ──► reader: obey ── acknowledges ──► loop goes on
//!  loop: resume ─ a byte ──► reader reads keys again
//! ```

use std::io::{self, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::Duration;

/// How long a pause may take to be acknowledged. The reader lingers for some 25 ms at most while keys arrive.
const PATIENCE: Duration = Duration::from_secs(1);

/// The loop's side. When it is dropped, the reader ends.
#[derive(Debug)]
pub(super) struct ReaderControl {
    orders: UnixStream,
    acknowledged: Receiver<()>,
}

/// The reader's side.
#[derive(Debug)]
pub(super) struct ReaderOrders {
    orders: UnixStream,
    acknowledge: SyncSender<()>,
}

/// Both sides.
///
/// # Errors
/// The system gives no socket.
pub(super) fn control_pair() -> io::Result<(ReaderControl, ReaderOrders)> {
    let (here, there) = UnixStream::pair()?;
    let (acknowledge, acknowledged) = sync_channel(1);
    Ok((ReaderControl { orders: here, acknowledged }, ReaderOrders { orders: there, acknowledge }))
}

impl ReaderControl {
    /// Makes the reader stop reading, and waits until it has stopped. False if the reader does not say so: it has ended, or
    /// hangs.
    pub(super) fn pause(&self) -> bool {
        self.order() && self.acknowledged.recv_timeout(PATIENCE).is_ok()
    }

    /// Lets the reader read again, after [`pause`](Self::pause).
    pub(super) fn resume(&self) {
        self.order();
    }

    fn order(&self) -> bool {
        (&self.orders).write_all(&[0]).is_ok()
    }
}

impl ReaderOrders {
    /// The stream that an order makes readable.
    pub(super) fn stream(&self) -> &UnixStream {
        &self.orders
    }

    /// Pauses: says so, and waits until the reader may read again.
    ///
    /// # Errors
    /// The loop's side was dropped.
    pub(super) fn obey(&self) -> io::Result<()> {
        (&self.orders).read_exact(&mut [0])?;
        // A loop that did not wait for the answer is not waited for either.
        let _ = self.acknowledge.try_send(());
        (&self.orders).read_exact(&mut [0])
    }
}
