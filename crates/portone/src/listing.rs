//! Asking what was paid in a stretch of time.

use reqwest::Method;

use crate::client::Portone;
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::json::Json;
use crate::payment::Payment;

/// Payments a page; see [`crate::look_up`].
const PAGE_SIZE: i64 = 100;
/// More pages than a shop has in ninety days.
const MOST_PAGES: i64 = 300;
/// `from` and `to` may be this far apart. Source: PortOne V1 `GET /payments/status/{payment_status}`.
const LONGEST_SPAN_S: i64 = 90 * 86_400;
/// More stretches than ten years have.
const MOST_SPANS: usize = 41;
/// How often a list that moved while it was read is read again.
const ATTEMPTS: usize = 3;

/// Why a list is not whole.
enum Unread {
    /// Something changed between two pages.
    Moved,
    Failed(PortoneError),
}

impl From<PortoneError> for Unread {
    fn from(error: PortoneError) -> Unread {
        Unread::Failed(error)
    }
}

impl Portone {
    /// Every payment of the account that was started, paid, failed or cancelled from `from_s` to `to_s` (UNIX seconds,
    /// both included), each once, in order of their names; test payments too, whatever the endpoint.
    ///
    /// Which of a payment's times `from` and `to` are compared with depends on where the payment stands *last*: one that
    /// was paid in the stretch and cancelled after it is in no list of that stretch. So the cancelled ones are asked for
    /// up to now. For `all` the reference can be read in two ways, by the last status or by the start; so the paid ones
    /// are asked for by themselves too, and what any list named is taken.
    ///
    /// Source: PortOne V1 `GET /payments/status/{payment_status}`.
    ///
    /// # Errors
    /// No usable answer. A list that is not whole, or moved each time it was read, is [`PortoneError::Odd`], and never a
    /// shorter list.
    pub async fn payments_between(&self, from_s: i64, to_s: i64) -> Result<Vec<Payment>, PortoneError> {
        if from_s < 0 || to_s < from_s {
            return odd("a stretch of time that ends before it begins");
        }
        self.connect().await?;
        let Some(now_ms) = self.server_now_ms() else { return odd("no clock") };
        // It may lie behind by a second and the way of an answer; a minute more costs nothing.
        let until_s = now_ms.div_euclid(1_000).saturating_add(60).max(to_s);
        for _ in 0..ATTEMPTS {
            match self.whole_lists(from_s, to_s, until_s).await {
                Ok(payments) => return Ok(payments),
                Err(Unread::Failed(error)) => return Err(error),
                Err(Unread::Moved) => tracing::info!("the list of payments moved; it is read again"),
            }
        }
        odd("a list that moves each time it is read")
    }

    async fn whole_lists(&self, from_s: i64, to_s: i64, until_s: i64) -> Result<Vec<Payment>, Unread> {
        let mut named: Vec<Payment> = Vec::new();
        for (status, last) in [("all", to_s), ("paid", to_s), ("cancelled", until_s)] {
            for (from, to) in spans(from_s, last)? {
                for payment in self.whole_list(status, from, to).await? {
                    add(&mut named, payment)?;
                }
            }
        }
        let within = |at: Option<i64>| at.is_some_and(|at| (from_s..=to_s).contains(&at));
        named.retain(|payment| {
            within(payment.started_at)
                || within(payment.paid_at)
                || within(payment.failed_at)
                || within(payment.cancelled_at)
        });
        Ok(named)
    }

    /// All pages of one list.
    async fn whole_list(&self, status: &str, from_s: i64, to_s: i64) -> Result<Vec<Payment>, Unread> {
        let mut payments: Vec<Payment> = Vec::new();
        let mut page = 1;
        let mut first_total = None;
        for _ in 0..MOST_PAGES {
            let json = self.page_by_status(status, from_s, to_s, page).await?;
            let Some(rows) = json.get("list").and_then(Json::list) else { return Ok(odd("no list")?) };
            let Some(total) = json.get("total").and_then(Json::whole) else { return Ok(odd("no total")?) };
            if *first_total.get_or_insert(total) != total {
                return Err(Unread::Moved);
            }
            for row in rows {
                let payment = Payment::read(row)?;
                let place = payments.binary_search_by(|known| known.imp_uid.cmp(&payment.imp_uid));
                match place {
                    // A row that stands on two pages has moved, and pushed another one out of sight.
                    Ok(_) => return Err(Unread::Moved),
                    Err(place) => payments.insert(place, payment),
                }
            }
            match json.get("next").and_then(Json::whole) {
                Some(0) if i64::try_from(payments.len()).ok() == Some(total) => return Ok(payments),
                Some(0) => return Err(Unread::Moved),
                Some(next) if next == page.saturating_add(1) => page = next,
                Some(_) | None => return Ok(odd("no next page")?),
            }
        }
        Ok(odd("too many pages")?)
    }

    async fn page_by_status(
        &self,
        status: &str,
        from_s: i64,
        to_s: i64,
        page: i64,
    ) -> Result<Json, PortoneError> {
        let timeout = self.timeouts().look_up;
        // Earliest first: what is started meanwhile comes at the end and moves no row to a page that was read.
        let query = [
            ("page", page.to_string()),
            ("limit", PAGE_SIZE.to_string()),
            ("from", from_s.to_string()),
            ("to", to_s.to_string()),
            ("sorting", "started".to_owned()),
        ];
        let said = self
            .ask("status", &|http| {
                Ok(http.ask(Method::GET, &["payments", "status", status], timeout)?.query(&query))
            })
            .await?;
        match said {
            Said::Response(json) => Ok(json),
            // The reference knows no 404 here: an empty list is a list.
            Said::NotThere | Said::NotAllowed(_) => odd("no list of payments"),
        }
    }
}

/// The stretch in pieces that PortOne answers for.
fn spans(from_s: i64, to_s: i64) -> Result<Vec<(i64, i64)>, PortoneError> {
    let mut spans = Vec::new();
    let mut from = from_s;
    while spans.len() < MOST_SPANS {
        let to = from.saturating_add(LONGEST_SPAN_S).min(to_s);
        spans.push((from, to));
        if to == to_s {
            return Ok(spans);
        }
        from = to;
    }
    odd("too long a stretch of time")
}

/// Adds a payment of another list. One that is told in two ways changed meanwhile.
fn add(named: &mut Vec<Payment>, payment: Payment) -> Result<(), Unread> {
    match named.binary_search_by(|known| known.imp_uid.cmp(&payment.imp_uid)) {
        Err(place) => named.insert(place, payment),
        Ok(place) if named.get(place) == Some(&payment) => {}
        Ok(_) => return Err(Unread::Moved),
    }
    Ok(())
}
