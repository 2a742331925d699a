//! Waiting for something, with a bound.

use std::time::Duration;

use anyhow::{Context, anyhow};

/// Between two looks. Short against anything a person notices, long against what a look costs.
const BETWEEN: Duration = Duration::from_millis(50);

/// Looks again and again until there is something, `bound` at most.
///
/// A look that fails is a look that found nothing: a window may be half way to where it will be. What went wrong last
/// stands in the error.
///
/// # Errors
/// Nothing was found within `bound`.
pub async fn eventually<T>(
    what: &str,
    bound: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let mut last = None;
    let looking = async {
        loop {
            match look().await {
                Ok(Some(found)) => return found,
                Ok(None) => last = None,
                Err(error) => last = Some(error),
            }
            tokio::time::sleep(BETWEEN).await;
        }
    };
    let found = tokio::time::timeout(bound, looking).await;
    found.map_err(|_| {
        let waited = anyhow!("waited {bound:?} for {what}");
        last.map_or_else(|| anyhow!("{waited}"), |error| error.context(waited.to_string()))
    })
}

/// Waits for one thing to be done, `bound` at most.
///
/// # Errors
/// Its own, or that it took longer.
pub async fn within<T, E>(
    what: &str,
    bound: Duration,
    done: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T>
where
    anyhow::Error: From<E>,
{
    let done =
        tokio::time::timeout(bound, done).await.with_context(|| format!("waited {bound:?} for {what}"))?;
    Ok(done?)
}
