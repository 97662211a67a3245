//! Keeps one loop going: starts it again after a failure or a panic, with a
//! pause that grows from one second to a minute. The pause ends when the database
//! comes back: most likely it was why the loop failed.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::{task::JoinHandle, time::Instant};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use super::wake::Database;

/// Shortest pause before another start.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// Longest pause before another start.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A loop that ran for so long had recovered: the pause starts over.
const RECOVERED_AFTER: Duration = Duration::from_secs(120);

/// Makes the future of one run.
pub type Job = Box<dyn FnMut() -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>> + Send>;

/// Wraps an async closure into a [`Job`].
pub fn job<F, Fut>(mut make: F) -> Job
where
    F: FnMut() -> Fut + Send + 'static,
    Fut: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    Box::new(move || Box::pin(make()))
}

/// Runs a job until `stop`, whatever happens to it.
pub async fn supervise(name: String, mut job: Job, mut database: Database, stop: CancellationToken) {
    let mut pause = FIRST_PAUSE;
    loop {
        database.forget();
        let started = Instant::now();
        let run: JoinHandle<anyhow::Result<()>> = tokio::spawn(job());
        let ended = run.await;
        if stop.is_cancelled() {
            return;
        }
        if started.elapsed() > RECOVERED_AFTER {
            pause = FIRST_PAUSE;
        }
        match ended {
            Ok(Ok(())) => info!(task = name, "Task `{name}` ended; starting it again in {pause:?}"),
            Ok(Err(why)) => error!(task = name, "Task `{name}`: {why:#}; trying again in {pause:?}"),
            Err(died) => error!(task = name, "Task `{name}` died: {died}; trying again in {pause:?}"),
        }
        tokio::select! {
            () = tokio::time::sleep(jittered(pause)) => pause = (pause * 2).min(LONGEST_PAUSE),
            () = database.came_back() => pause = FIRST_PAUSE,
            () = stop.cancelled() => return,
        }
    }
}

/// A pause between half and the whole of `pause`, so that many nodes do not come
/// back at one moment.
pub fn jittered(pause: Duration) -> Duration {
    let share = getrandom::u32().unwrap_or(u32::MAX);
    pause / 2 + (pause / 2).mul_f64(f64::from(share) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;
    use crate::tasks::Wake;

    #[tokio::test(start_paused = true)]
    async fn a_failing_and_a_panicking_job_is_started_again_until_stopped() {
        let (runs, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
        let (count, end) = (runs.clone(), stop.clone());
        let job = job(move || {
            let (count, end) = (count.clone(), end.clone());
            async move {
                match count.fetch_add(1, Ordering::SeqCst) {
                    0 => anyhow::bail!("no server"),
                    1 => panic!("a library died"),
                    _ => {
                        end.cancel();
                        Ok(())
                    }
                }
            }
        });
        supervise("test".into(), job, Wake::new().database(), stop).await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_failed_often_starts_at_once_when_the_database_is_back() {
        let (wake, stop) = (Wake::new(), CancellationToken::new());
        let runs = Arc::new(AtomicUsize::new(0));
        let count = runs.clone();
        let job = job(move || {
            count.fetch_add(1, Ordering::SeqCst);
            async { anyhow::bail!("no database") }
        });
        let supervised = tokio::spawn(supervise("test".into(), job, wake.database(), stop.clone()));
        // Long enough for the longest pause.
        tokio::time::sleep(Duration::from_secs(600)).await;
        let (before, start) = (runs.load(Ordering::SeqCst), Instant::now());
        wake.connected(Instant::now());
        while runs.load(Ordering::SeqCst) == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(start.elapsed() < Duration::from_secs(1), "{:?}", start.elapsed());
        stop.cancel();
        supervised.await.unwrap();
    }

    #[test]
    fn jitter_stays_between_half_and_whole() {
        for _ in 0..1000 {
            let pause = jittered(Duration::from_secs(10));
            assert!((Duration::from_secs(5)..=Duration::from_secs(10)).contains(&pause), "{pause:?}");
        }
    }
}
