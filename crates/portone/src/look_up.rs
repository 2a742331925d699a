//! Asking what was paid.

use reqwest::Method;

use crate::client::Portone;
use crate::envelope::Said;
use crate::error::{PortoneError, odd};
use crate::ids;
use crate::json::Json;
use crate::payment::Payment;

/// Payments a page; PortOne allows up to 1000. A hundred stay well below the largest body that is read.
const PAGE_SIZE: i64 = 100;
/// More pages than any order can have.
const MOST_PAGES: i64 = 50;

impl Portone {
    /// A payment by PortOne's name for it; `None` when PortOne knows none, which may also be so for a moment after
    /// paying. Test payments are asked for by test endpoints alone.
    ///
    /// Source: PortOne V1 `GET /payments/{imp_uid}`.
    ///
    /// # Errors
    /// [`PortoneError::BadId`], or no usable answer.
    pub async fn payment(&self, imp_uid: &str) -> Result<Option<Payment>, PortoneError> {
        ids::imp_uid(imp_uid)?;
        let (timeout, sandbox) = (self.timeouts().look_up, self.sandbox());
        let said = self
            .ask("payment", &|http| {
                let question = http.ask(Method::GET, &["payments", imp_uid], timeout)?;
                Ok(if sandbox { question.query(&[("include_sandbox", "true")]) } else { question })
            })
            .await?;
        let Said::Response(json) = said else { return Ok(None) };
        let payment = Payment::read(&json)?;
        if payment.imp_uid == imp_uid { Ok(Some(payment)) } else { odd("another payment than asked for") }
    }

    /// Every payment under an order, of all pages, the earliest first; test payments too, whatever the endpoint. Empty
    /// when PortOne knows none, which may also be so for a moment after paying.
    ///
    /// Source: PortOne V1 `GET /payments/findAll/{merchant_uid}`.
    ///
    /// # Errors
    /// [`PortoneError::BadId`], or no usable answer: one page or row that makes no sense makes the whole list odd.
    pub async fn payments_of(&self, merchant_uid: &str) -> Result<Vec<Payment>, PortoneError> {
        ids::merchant_uid(merchant_uid)?;
        let mut payments: Vec<Payment> = Vec::new();
        let mut page = 1;
        for _ in 0..MOST_PAGES {
            let Said::Response(json) = self.page_of(merchant_uid, page).await? else {
                // A page that was promised and is not there: something moved meanwhile.
                return if page == 1 { Ok(payments) } else { odd("a page is missing") };
            };
            let Some(rows) = json.get("list").and_then(Json::list) else { return odd("no list") };
            for row in rows {
                let payment = Payment::read(row)?;
                if payment.merchant_uid != merchant_uid {
                    return odd("a payment of another order");
                }
                match payments.iter().find(|known| known.imp_uid == payment.imp_uid) {
                    None => payments.push(payment),
                    Some(known) if *known == payment => {}
                    // It changed between two pages; which of them is now is for the next look-up to say.
                    Some(_) => return odd("one payment told in two ways"),
                }
            }
            match json.get("next").and_then(Json::whole) {
                Some(0) => return Ok(payments),
                Some(next) if next > page => page = next,
                Some(_) | None => return odd("no next page"),
            }
        }
        odd("too many pages")
    }

    async fn page_of(&self, merchant_uid: &str, page: i64) -> Result<Said, PortoneError> {
        let timeout = self.timeouts().look_up;
        // Earliest first: what is paid meanwhile comes at the end and moves no row to a page that was read.
        let query =
            [("page", page.to_string()), ("limit", PAGE_SIZE.to_string()), ("sorting", "started".to_owned())];
        self.ask("findAll", &|http| {
            Ok(http.ask(Method::GET, &["payments", "findAll", merchant_uid], timeout)?.query(&query))
        })
        .await
    }
}
