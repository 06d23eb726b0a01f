//! Many jobs at once, and their results in the order of the jobs.

use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinHandle;

/// How many jobs run at a time.
pub(super) const AT_A_TIME: usize = 8;
/// How many jobs are begun or wait for their turn to be told: what memory holds, however many there are.
const WINDOW: usize = 64;

/// Runs all jobs, [`AT_A_TIME`] at a time, and hands each one's result to `each` in the jobs' order, as soon as that
/// order allows, until it says to stop. A slow job holds up the telling of those behind it, but not their running.
pub(super) async fn side_by_side<Job, T>(
    jobs: impl IntoIterator<Item = Job>,
    mut each: impl FnMut(T) -> ControlFlow<()>,
) where
    Job: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let permits = Arc::new(Semaphore::new(AT_A_TIME));
    let mut jobs = jobs.into_iter();
    let mut begun: VecDeque<JoinHandle<T>> = VecDeque::new();
    loop {
        while begun.len() < WINDOW
            && let Some(job) = jobs.next()
        {
            begun.push_back(begin(job, Arc::clone(&permits)));
        }
        let Some(first) = begun.pop_front() else { return };
        if each(result(first).await).is_break() {
            return;
        }
    }
}

fn begin<Job>(job: Job, permits: Arc<Semaphore>) -> JoinHandle<Job::Output>
where
    Job: Future + Send + 'static,
    Job::Output: Send + 'static,
{
    tokio::spawn(async move {
        // The semaphore is never closed; without a permit the job would only run earlier.
        let _permit = permits.acquire().await;
        job.await
    })
}

async fn result<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // Only the end of the runtime cancels a job, and this future with it.
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn results_come_in_order_with_eight_jobs_at_a_time() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let jobs = (0..1000_usize).map(|number| {
            let (running, most) = (Arc::clone(&running), Arc::clone(&most));
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..number % 7 {
                    tokio::task::yield_now().await;
                }
                running.fetch_sub(1, Ordering::SeqCst);
                number
            }
        });
        let mut told = Vec::new();
        let tell = |number| {
            told.push(number);
            ControlFlow::Continue(())
        };
        side_by_side(jobs, tell).await;
        assert_eq!(told, (0..1000).collect::<Vec<_>>());
        assert_eq!(most.load(Ordering::SeqCst), AT_A_TIME);
    }
}
