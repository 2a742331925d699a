//! One question about a charge at a time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::ChargeId;
use tokio::sync::OwnedMutexGuard;

/// Above this many, those that nobody holds are forgotten.
const MANY: usize = 64;

#[derive(Default)]
struct Line {
    /// How many questions have begun.
    begun: AtomicU64,
    head: Arc<tokio::sync::Mutex<()>>,
}

/// Who asks PortOne about which charge.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<ChargeId, Arc<Line>>>);

impl Turns {
    /// Waits for the turn. `None`: somebody began after this call and is through.
    ///
    /// Twenty hints at once are two questions: the one that is under way, which may have left before what the hints are
    /// about, and one after it.
    pub(crate) async fn take(&self, charge: ChargeId) -> Option<OwnedMutexGuard<()>> {
        let line = self.line(charge);
        let begun = line.begun.load(Ordering::SeqCst);
        let turn = Arc::clone(&line.head).lock_owned().await;
        if line.begun.load(Ordering::SeqCst) > begun {
            return None;
        }
        line.begun.fetch_add(1, Ordering::SeqCst);
        Some(turn)
    }

    fn line(&self, charge: ChargeId) -> Arc<Line> {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() > MANY {
            lines.retain(|_, line| Arc::strong_count(line) > 1 || Arc::strong_count(&line.head) > 1);
        }
        Arc::clone(lines.entry(charge).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charge(number: u128) -> ChargeId {
        ChargeId(uuid::Uuid::from_u128(number))
    }

    #[tokio::test]
    async fn many_who_come_while_one_asks_are_one_question_more() {
        let turns = Arc::new(Turns::default());
        let first = turns.take(charge(1)).await;
        assert!(first.is_some());
        let waiting: Vec<_> = (0..20)
            .map(|_| {
                let turns = Arc::clone(&turns);
                tokio::spawn(async move { turns.take(charge(1)).await.is_some() })
            })
            .collect();
        // All of them stand in line before the first is through.
        while Arc::strong_count(&turns.line(charge(1)).head) < 22 {
            tokio::task::yield_now().await;
        }
        drop(first);
        let mut asked = 0;
        for waiting in waiting {
            asked += usize::from(waiting.await.unwrap());
        }
        assert_eq!(asked, 1);
        // And whoever comes later asks anew.
        assert!(turns.take(charge(1)).await.is_some());
    }

    #[tokio::test]
    async fn charges_do_not_wait_for_one_another_and_are_forgotten() {
        let turns = Turns::default();
        let held = turns.take(charge(0)).await;
        for number in 1..500 {
            assert!(turns.take(charge(number)).await.is_some());
        }
        assert!(held.is_some() && turns.0.lock().unwrap().len() <= MANY + 2);
    }
}
