//! Two ends of one place where a request waits: the test has the `Hold`, the server has the `Gate`.

use tokio::sync::{oneshot, watch};

/// A place where one request waits until the test releases it. A test that drops the hold releases the request too.
#[derive(Debug)]
#[must_use = "a hold that is dropped holds nothing"]
pub struct Hold {
    arrived: watch::Receiver<bool>,
    release: oneshot::Sender<()>,
}

/// The server's end of a [`Hold`].
#[derive(Debug)]
pub(super) struct Gate {
    arrived: watch::Sender<bool>,
    released: oneshot::Receiver<()>,
}

impl Hold {
    pub(super) fn new() -> (Self, Gate) {
        let (arrived, has_arrived) = watch::channel(false);
        let (release, released) = oneshot::channel();
        (Self { arrived: has_arrived, release }, Gate { arrived, released })
    }

    /// Waits until a request has arrived here. It waits for ever if no request comes.
    pub async fn arrived(&self) {
        if self.arrived.clone().wait_for(|arrived| *arrived).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Lets the request go on.
    pub fn release(self) {
        drop(self.release);
    }
}

impl Gate {
    /// Tells the test that a request is here, and waits until the test releases it.
    pub(super) async fn pass(self) {
        self.arrived.send_replace(true);
        // An error means that the test dropped the hold, which is how it releases the request.
        self.released.await.ok();
    }
}
