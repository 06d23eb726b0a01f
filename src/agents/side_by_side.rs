//! Many jobs at once: the one place that says how many.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use tokio::task::JoinSet;

use super::join::output_of;

/// How many jobs run at a time.
const AT_A_TIME: usize = 8;
/// How many jobs may have begun before the caller has the answer of the first of them: this bounds the memory.
const MAX_AHEAD: usize = 64;

/// The order in which the caller gets the answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerOrder {
    /// In the order of the jobs. A slow job holds back the answers behind it, while up to 64 jobs go on.
    AsListed,
    /// Each answer as soon as it is there.
    AsTheyCome,
}

/// Runs all `jobs`, eight at a time, and hands each answer to `each`, until `each` breaks off. Jobs that still run then,
/// or when the caller drops this future, are dropped.
///
/// # Panics
/// With the panic of a job that panicked.
pub(crate) async fn side_by_side<Job, T>(
    jobs: impl IntoIterator<Item = Job>,
    order: AnswerOrder,
    mut each: impl FnMut(T) -> ControlFlow<()>,
) where
    Job: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut jobs = jobs.into_iter().enumerate();
    let mut running = JoinSet::new();
    let mut waiting = BTreeMap::new();
    let (mut begun, mut handed_over) = (0, 0);
    loop {
        while running.len() < AT_A_TIME
            && begun < handed_over + MAX_AHEAD
            && let Some((place, job)) = jobs.next()
        {
            running.spawn(async move { (place, job.await) });
            begun += 1;
        }
        let Some(ended) = running.join_next().await else { return };
        let (place, answer) = output_of(ended).await;
        waiting.insert(if order == AnswerOrder::AsListed { place } else { handed_over }, answer);
        while let Some(answer) = waiting.remove(&handed_over) {
            handed_over += 1;
            if each(answer).is_break() {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// The numbers of `jobs` in the order in which the caller gets them.
    async fn answers<Job>(jobs: impl IntoIterator<Item = Job>, order: AnswerOrder) -> Vec<usize>
    where
        Job: Future<Output = usize> + Send + 'static,
    {
        let mut answers = Vec::new();
        let keep = |number| {
            answers.push(number);
            ControlFlow::Continue(())
        };
        side_by_side(jobs, order, keep).await;
        answers
    }

    #[tokio::test]
    async fn eight_jobs_run_at_a_time_and_every_answer_comes_once() {
        for order in [AnswerOrder::AsListed, AnswerOrder::AsTheyCome] {
            let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
            let jobs = (0..1000_usize).map(|number| {
                let (running, most) = (Arc::clone(&running), Arc::clone(&most));
                async move {
                    most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    for _ in 0..=number % 7 {
                        tokio::task::yield_now().await;
                    }
                    running.fetch_sub(1, Ordering::SeqCst);
                    number
                }
            });
            let mut answers = answers(jobs, order).await;
            if order == AnswerOrder::AsTheyCome {
                assert_ne!(answers, (0..1000).collect::<Vec<_>>());
                answers.sort_unstable();
            }
            assert_eq!(answers, (0..1000).collect::<Vec<_>>(), "{order:?}");
            assert_eq!(most.load(Ordering::SeqCst), AT_A_TIME, "{order:?}");
        }
    }

    #[tokio::test]
    async fn a_slow_job_holds_back_no_answer_that_comes_before_its_own() {
        let (release, gate) = tokio::sync::oneshot::channel::<()>();
        let (mut gate, mut release) = (Some(gate), Some(release));
        let jobs = (0..200_usize).map(|number| {
            let gate = gate.take();
            async move {
                if let Some(gate) = gate {
                    gate.await.expect("the caller opens the gate");
                }
                number
            }
        });
        let mut answers = Vec::new();
        side_by_side(jobs, AnswerOrder::AsTheyCome, |number| {
            answers.push(number);
            if answers.len() == 199 {
                release.take().expect("once").send(()).expect("the first job waits");
            }
            ControlFlow::Continue(())
        })
        .await;
        assert_eq!(answers, (1..200).chain([0]).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn jobs_that_the_caller_no_longer_waits_for_are_dropped() {
        let token = Arc::new(());
        let jobs = (0..8).map(|number| {
            let token = Arc::clone(&token);
            async move {
                if number > 0 {
                    std::future::pending::<()>().await;
                }
                drop(token);
            }
        });
        side_by_side(jobs, AnswerOrder::AsListed, |()| ControlFlow::Break(())).await;
        while Arc::strong_count(&token) > 1 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_slow_first_job_lets_only_so_many_others_begin_before_it_ends() {
        let begun = AtomicUsize::new(0);
        let jobs = (0..MAX_AHEAD * 2).map(|number| {
            begun.fetch_add(1, Ordering::SeqCst);
            async move {
                if number == 0 {
                    std::future::pending::<()>().await;
                }
            }
        });
        let all = side_by_side(jobs, AnswerOrder::AsListed, |()| ControlFlow::Continue(()));
        let others = async {
            for _ in 0..MAX_AHEAD * 10 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = all => panic!("the first job does not end"),
            () = others => {}
        }
        assert_eq!(begun.load(Ordering::SeqCst), MAX_AHEAD);
    }
}
