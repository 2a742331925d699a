use portone::{PortoneError, Status};
use serde_json::{Value, json};

use crate::script::{Reply, SERVER_NOW, Scripted, envelope, payment, refusal};

const FROM: i64 = SERVER_NOW - 3_600;
const TO: i64 = SERVER_NOW - 60;
const ALL: &str = "GET /payments/status/all";
const PAID: &str = "GET /payments/status/paid";
const CANCELLED: &str = "GET /payments/status/cancelled";

fn paid(name: &str) -> Value {
    payment(name, "order-1", json!({ "paid_at": FROM + 10, "started_at": FROM + 5 }))
}

fn page(list: Vec<Value>, total: i64, next: i64) -> Reply {
    Reply::Says(200, envelope(json!({ "total": total, "previous": 0, "next": next, "list": list })))
}

fn one(list: Vec<Value>) -> Vec<Reply> {
    let total = i64::try_from(list.len()).unwrap();
    vec![page(list, total, 0)]
}

async fn told(all: Vec<Reply>, paid: Vec<Reply>, cancelled: Vec<Reply>) -> Scripted {
    let portone = Scripted::start().await;
    for (question, replies) in [(ALL, all), (PAID, paid), (CANCELLED, cancelled)] {
        portone.on(question, replies);
    }
    portone
}

#[tokio::test]
async fn what_any_of_the_lists_names_is_taken_once() {
    let gone = json!({ "status": "cancelled", "cancelled_at": TO + 50, "cancel_amount": 10000, "paid_at": FROM, "started_at": FROM - 9 });
    let portone = told(
        one(vec![paid("imp_2"), paid("imp_1")]),
        one(vec![paid("imp_3"), paid("imp_1")]),
        one(vec![payment("imp_4", "order-4", gone), {
            let other = json!({ "status": "cancelled", "cancelled_at": TO + 50, "paid_at": FROM - 2, "started_at": FROM - 9 });
            payment("imp_5", "order-5", other)
        }]),
    )
    .await;
    let found = portone.client().payments_between(FROM, TO).await.unwrap();
    let names: Vec<&str> = found.iter().map(|payment| payment.imp_uid.as_str()).collect();
    assert_eq!(
        names,
        ["imp_1", "imp_2", "imp_3", "imp_4"],
        "paid before and cancelled after is another day's"
    );
    assert_eq!(found[3].status, Status::Cancelled);
    let asked: Vec<String> = portone.asked().into_iter().map(|(question, _)| question).collect();
    let query = |to: i64| format!("?page=1&limit=100&from={FROM}&to={to}&sorting=started");
    assert!(asked.contains(&format!("{ALL}{}", query(TO))), "{asked:?}");
    assert!(asked.contains(&format!("{PAID}{}", query(TO))), "{asked:?}");
    // What was paid in the stretch may have been cancelled at any time up to now.
    assert!(asked.contains(&format!("{CANCELLED}{}", query(SERVER_NOW + 60))), "{asked:?}");
}

#[tokio::test]
async fn a_long_stretch_is_asked_for_in_pieces_of_ninety_days() {
    let portone = told(one(vec![]), one(vec![]), one(vec![])).await;
    let day = 86_400;
    portone.client().payments_between(SERVER_NOW - 200 * day, SERVER_NOW).await.unwrap();
    assert_eq!((portone.count(ALL), portone.count(PAID), portone.count(CANCELLED)), (3, 3, 3));
    for (question, _) in portone.asked().iter().filter(|(question, _)| question.contains("status")) {
        let number = |name: &str| {
            let rest = question.split_once(&format!("{name}=")).unwrap().1;
            rest.split('&').next().unwrap().parse::<i64>().unwrap()
        };
        assert!(number("to") - number("from") <= 90 * day, "{question}");
    }
    let error = portone.client().payments_between(0, SERVER_NOW).await;
    assert!(matches!(error, Err(PortoneError::Odd { .. })), "half a century: {error:?}");
}

#[tokio::test]
async fn all_pages_are_read() {
    let first: Vec<Value> = (100..200).map(|n| paid(&format!("imp_{n}"))).collect();
    let second: Vec<Value> = (200..250).map(|n| paid(&format!("imp_{n}"))).collect();
    let pages = vec![page(first, 150, 2), page(second, 150, 0)];
    let portone = told(pages, one(vec![]), one(vec![])).await;
    assert_eq!(portone.client().payments_between(FROM, TO).await.unwrap().len(), 150);
}

#[tokio::test]
async fn a_list_that_moved_is_read_again_and_one_that_never_rests_is_none() {
    let whole = || one(vec![paid("imp_1"), paid("imp_2")]);
    let moved = [
        // A row stands on both pages: another one slipped by.
        vec![page(vec![paid("imp_1")], 2, 2), page(vec![paid("imp_1")], 2, 0)],
        // One row fewer than were promised.
        vec![page(vec![paid("imp_1")], 2, 0)],
        vec![page(vec![paid("imp_1")], 2, 2), page(vec![paid("imp_2")], 3, 0)],
    ];
    for (row, replies) in moved.into_iter().enumerate() {
        let then: Vec<Reply> = replies.iter().cloned().chain(whole()).collect();
        let portone = told(then, one(vec![]), one(vec![])).await;
        assert_eq!(portone.client().payments_between(FROM, TO).await.unwrap().len(), 2, "{row}");
        let portone = Scripted::start().await;
        portone.on(ALL, replies.iter().cloned().cycle().take(12).collect());
        let error = portone.client().payments_between(FROM, TO).await;
        assert!(matches!(error, Err(PortoneError::Odd { .. })), "{row}: {error:?}");
    }
    // One payment, told in two ways by two lists.
    let other = payment("imp_1", "order-1", json!({ "paid_at": FROM, "cancel_amount": 1 }));
    let portone = told(one(vec![paid("imp_1")]), one(vec![other]), one(vec![])).await;
    let error = portone.client().payments_between(FROM, TO).await;
    assert!(matches!(error, Err(PortoneError::Odd { .. })), "{error:?}");
    assert_eq!(portone.count(ALL), 3, "it is asked again, and not for ever");
}

#[tokio::test]
async fn an_answer_that_is_no_whole_list_is_an_error_and_never_a_shorter_list() {
    let strange = [
        Reply::Says(404, refusal(-1, "없음")),
        Reply::Says(400, refusal(-1, "데이터 범위를 넘어선 page입니다.")),
        Reply::Says(200, refusal(1, "없음")),
        Reply::Says(200, envelope(json!({ "list": [], "next": 0 }))),
        Reply::Says(200, envelope(json!({ "total": 0, "next": 0 }))),
        Reply::Says(200, envelope(json!({ "total": 0, "list": [] }))),
        Reply::Says(200, envelope(json!({ "total": "0", "list": [], "next": 0 }))),
        page(vec![paid("imp_1")], 2, 3),
        page(vec![paid("imp_1"), json!({ "imp_uid": "imp_2" })], 2, 0),
        Reply::Says(503, String::new()),
    ];
    for (row, reply) in strange.into_iter().enumerate() {
        for question in [ALL, PAID, CANCELLED] {
            let portone = told(one(vec![]), one(vec![]), one(vec![])).await;
            portone.on(question, vec![reply.clone()]);
            let error = portone.client().payments_between(FROM, TO).await;
            assert!(error.is_err(), "{row} {question}: {error:?}");
        }
    }
    let portone = told(one(vec![]), one(vec![]), one(vec![])).await;
    assert!(portone.client().payments_between(TO, FROM).await.is_err());
}
