//! What a task or a thread gives when it ends.

use tokio::task::JoinError;

/// What a task gave. A panic in it is resumed here, where there is still a process to resume it in: in convrating itself a panic
/// has ended it ([`install_panic_report`](crate::install_panic_report)), in a test it has not.
///
/// A task that was cancelled gives nothing: only the end of the runtime cancels one that is waited for, and the runtime
/// drops this future then.
pub(super) async fn output_of<T>(ended: Result<T, JoinError>) -> T {
    match ended {
        Ok(output) => output,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => std::future::pending().await,
    }
}

/// Runs `work`, which may block, on a thread of its own. The thread runs on when the caller drops this future.
pub(crate) async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    output_of(tokio::task::spawn_blocking(work).await).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    #[should_panic(expected = "on purpose, on a thread")]
    async fn a_panic_on_the_thread_is_resumed_in_the_task_that_waits_for_it() {
        run_blocking(|| panic!("on purpose, on a thread")).await;
    }

    #[tokio::test]
    async fn a_task_that_was_cancelled_gives_nothing() {
        let task = tokio::spawn(std::future::pending::<()>());
        task.abort();
        let output = output_of(task.await);
        tokio::select! {
            biased;
            () = output => panic!("it gave something"),
            () = tokio::task::yield_now() => {}
        }
    }
}
