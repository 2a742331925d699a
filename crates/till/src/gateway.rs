//! PortOne for one book: the client, and its words turned into the ledger's.

use counter::{AppError, GatewayError};
use ledger::{Account, Answer, Found, FoundStatus, Intent, Listed, Said, UnixMillis};
use portone::{Amount, Payment, Portone, PortoneError, Status};

/// What went wrong, in the counter's words.
pub(crate) fn gateway_error(error: PortoneError) -> AppError {
    let gateway = match error {
        PortoneError::KeysRefused { message } => GatewayError::KeysRefused(message),
        PortoneError::Busy { retry_after_s } => GatewayError::Busy { retry_after_s },
        PortoneError::Refused { message, .. } => GatewayError::Refused { message },
        error @ (PortoneError::Unreachable { .. }
        | PortoneError::TimedOut { .. }
        | PortoneError::Down { .. }) => GatewayError::Unreachable(chain(&error)),
        error => GatewayError::Odd(chain(&error)),
    };
    gateway.into()
}

fn chain(error: &PortoneError) -> String {
    let mut line = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

/// PortOne's clock, where it is known.
pub(crate) fn server_now(client: &Portone) -> Option<UnixMillis> {
    client.server_now_ms().map(UnixMillis)
}

/// How far ahead of PortOne's clock a payment may lie before that clock is learnt anew, in milliseconds.
const AHEAD_MS: i64 = 60 * 1000;

/// Asks for every payment under an intent. What the list calls paid is asked for again by its own name: a live
/// client gets no answer there for a test payment, and what is credited was then said twice, in the same words.
///
/// It counts as asked at its beginning: what happened while the answer was on its way is not in it.
pub(crate) async fn look_up(client: &Portone, intent: &Intent) -> Result<Answer, AppError> {
    let mut at = now(client)?;
    let listed = client.payments_of(&intent.merchant_uid).await.map_err(gateway_error)?;
    let mut found = Vec::with_capacity(listed.len());
    for payment in listed {
        let paid = payment.status == Status::Paid && payment.sandbox == Some(intent.mode.sandbox());
        found.push(translate(if paid { said_twice(client, payment).await? } else { payment }));
    }
    if found.iter().any(|found| found.paid_at.is_some_and(|paid_at| paid_at > at.plus_ms(AHEAD_MS))) {
        // It is our carried clock that is behind: it stands still while the machine sleeps.
        client.learn_clock().await.map_err(gateway_error)?;
        at = now(client)?;
    }
    Ok(Answer { found, at })
}

/// Asks for every payment of the account in this time. Whole seconds around it: PortOne knows none that are smaller.
pub(crate) async fn payments_between(
    client: &Portone,
    from: UnixMillis,
    to: UnixMillis,
) -> Result<Vec<Listed>, AppError> {
    let (from_s, to_s) = (from.0.div_euclid(1_000), to.0.div_euclid(1_000));
    let payments = client.payments_between(from_s, to_s).await.map_err(gateway_error)?;
    let listed = |payment: Payment| Listed {
        cancelled_at: seconds(payment.cancelled_at),
        custom_data: payment.custom_data.clone(),
        found: translate(payment),
    };
    Ok(payments.into_iter().map(listed).collect())
}

fn now(client: &Portone) -> Result<UnixMillis, AppError> {
    server_now(client).ok_or_else(|| GatewayError::Odd("no clock".to_owned()).into())
}

/// A listed payment, asked for by its name. One that is not there by its name is neither paid nor not: its status is then
/// no word that we know.
async fn said_twice(client: &Portone, listed: Payment) -> Result<Payment, AppError> {
    let named = match client.payment(&listed.imp_uid).await {
        Ok(named) => named,
        Err(PortoneError::BadId) => None,
        Err(error) => return Err(gateway_error(error)),
    };
    match named {
        Some(named) if same(&listed, &named) => Ok(named),
        // A cancel between the two questions looks like this too; the next look-up tells.
        Some(_) => Err(GatewayError::Odd("one payment, told in two ways".to_owned()).into()),
        None => Ok(Payment {
            status: Status::Unrecognized("paid, but not found by its name".to_owned()),
            ..listed
        }),
    }
}

/// Whether both say the same in all that decides about points.
fn same(listed: &Payment, named: &Payment) -> bool {
    let deciding = |payment: &Payment| {
        (
            (payment.merchant_uid.clone(), payment.status.clone(), payment.amount.clone()),
            (payment.cancel_amount.clone(), payment.cancel_history_len, payment.currency.clone()),
            (payment.sandbox, payment.pg_provider.clone(), payment.pg_id.clone()),
            (payment.paid_at, payment.customer_uid_usage.clone()),
        )
    };
    deciding(listed) == deciding(named)
}

fn seconds(at: Option<i64>) -> Option<UnixMillis> {
    at.map(|at| UnixMillis(at.saturating_mul(1_000)))
}

fn said(amount: Amount) -> Said {
    match amount {
        Amount::Whole(number) => Said::Whole(number),
        Amount::Odd(text) => Said::Odd(text),
    }
}

fn translate(payment: Payment) -> Found {
    let account = payment.vbank.and_then(|vbank| {
        Some(Account {
            number: vbank.num.filter(|number| !number.is_empty())?,
            bank: vbank.name.unwrap_or_default(),
            holder: vbank.holder,
            due_at: seconds(vbank.date),
        })
    });
    Found {
        imp_uid: payment.imp_uid,
        merchant_uid: payment.merchant_uid,
        status: match payment.status {
            Status::Ready => FoundStatus::Ready,
            Status::Paid => FoundStatus::Paid,
            Status::Cancelled => FoundStatus::Cancelled,
            Status::Failed => FoundStatus::Failed,
            Status::Unrecognized(word) => FoundStatus::Unrecognized(word),
        },
        amount: said(payment.amount),
        cancel_amount: said(payment.cancel_amount),
        cancels: payment.cancel_history_len,
        currency: payment.currency,
        sandbox: payment.sandbox,
        pg_provider: payment.pg_provider,
        pg_id: payment.pg_id,
        pg_tid: payment.pg_tid,
        pay_method: payment.pay_method,
        apply_num: payment.apply_num,
        card_name: payment.card_name,
        card_number: payment.card_number,
        receipt_url: payment.receipt_url,
        paid_at: seconds(payment.paid_at),
        started_at: seconds(payment.started_at),
        fail_reason: payment.fail_reason,
        cancel_reason: payment.cancel_reason,
        customer_uid_usage: payment.customer_uid_usage,
        account,
    }
}
