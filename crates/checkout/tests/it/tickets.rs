//! How long a ticket lives, and what is said when it is dead.

use std::sync::{Arc, OnceLock};

use checkout::{Checkout, CheckoutError, Options, OsRandom, Random, SystemClock};
use money::Won;
use reqwest::{Method, StatusCode};

use crate::shop::{CHARGE, Shop, order};

const HALF_AN_HOUR_MS: u64 = 30 * 60 * 1_000;

/// Every door of the ticket answers with this status, the ones for people with the calm page.
async fn is_shut(shop: &Shop, url: &str, status: StatusCode) {
    for (method, route, for_people) in [
        (Method::GET, "", true),
        (Method::GET, "/return?imp_uid=imp_1", true),
        (Method::POST, "/return", true),
        (Method::POST, "/result", false),
        (Method::POST, "/begin", false),
    ] {
        let request = shop.own(method, &format!("{url}{route}")).body(r#"{"again":true}"#);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), status, "{route}");
        let text = response.text().await.unwrap();
        if for_people {
            assert!(text.contains("이 결제창은 닫혔습니다") && text.contains("직원 화면"), "{text}");
            assert!(!text.contains("실패") && !text.contains("완료"));
        } else {
            assert_eq!(text, "");
        }
    }
    assert_eq!(shop.told(), [], "a dead ticket tells nothing");
}

#[tokio::test]
async fn closing_kills_the_ticket() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    assert_eq!(shop.checkout.url_of(CHARGE).as_deref(), Some(url.as_str()));
    assert!(shop.checkout.close(CHARGE));
    assert!(!shop.checkout.close(CHARGE));
    assert_eq!(shop.checkout.url_of(CHARGE), None);
    is_shut(&shop, &url, StatusCode::GONE).await;
}

#[tokio::test]
async fn a_ticket_dies_after_thirty_minutes() {
    let shop = Shop::new().await;
    shop.clock.move_to(5_000);
    let url = shop.checkout.open(order()).unwrap();
    shop.clock.move_to(5_000 + HALF_AN_HOUR_MS - 1);
    assert_eq!(shop.get(&url).await.status(), StatusCode::OK);
    shop.told();
    shop.clock.move_to(5_000 + HALF_AN_HOUR_MS);
    assert_eq!(shop.checkout.url_of(CHARGE), None);
    is_shut(&shop, &url, StatusCode::GONE).await;
}

#[tokio::test]
async fn opening_again_makes_a_new_ticket_and_closes_the_old_one() {
    let shop = Shop::new().await;
    let old = shop.checkout.open(order()).unwrap();
    let mut other = order();
    other.charge = "another charge".to_owned();
    let beside = shop.checkout.open(other).unwrap();
    let new = shop.checkout.open(order()).unwrap();
    assert_ne!(old, new);
    is_shut(&shop, &old, StatusCode::GONE).await;
    assert_eq!(shop.get(&new).await.status(), StatusCode::OK);
    assert_eq!(shop.get(&beside).await.status(), StatusCode::OK, "another charge's ticket lives on");
}

#[tokio::test]
async fn a_ticket_that_never_was_is_unknown() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let (base, token) = url.rsplit_once('/').unwrap();
    assert_eq!(token.len(), 64, "256 bits");
    for guess in ["0".repeat(64), token[..63].to_owned(), token.to_uppercase() + "0", "x".to_owned()] {
        is_shut(&shop, &format!("{base}/{guess}"), StatusCode::NOT_FOUND).await;
    }
}

#[tokio::test]
async fn an_order_that_cannot_be_paid_leaves_the_older_ticket_alone() {
    let shop = Shop::new().await;
    let url = shop.checkout.open(order()).unwrap();
    let mut broken = order();
    broken.pay.won = Won::ZERO;
    assert!(matches!(shop.checkout.open(broken), Err(CheckoutError::Order("won"))));
    assert_eq!(shop.checkout.url_of(CHARGE).as_deref(), Some(url.as_str()));
}

#[tokio::test]
async fn without_random_numbers_no_ticket_is_made() {
    struct Dry;
    impl Random for Dry {
        fn fill(&self, _: &mut [u8]) -> std::io::Result<()> {
            Err(std::io::ErrorKind::Unsupported.into())
        }
    }
    let checkout =
        Checkout::start(Arc::new(|_| ()), Arc::new(SystemClock::new()), Arc::new(Dry), Options::default())
            .await
            .unwrap();
    assert!(matches!(checkout.open(order()), Err(CheckoutError::Random(_))));
    assert_eq!(checkout.url_of(CHARGE), None);
}

#[tokio::test]
async fn the_till_may_close_the_ticket_while_it_is_being_told() {
    let till: Arc<OnceLock<Checkout>> = Arc::default();
    let ear = Arc::clone(&till);
    let hints = Arc::new(move |_| {
        ear.get().unwrap().close(CHARGE);
    });
    let shop = Shop::new().await;
    let checkout =
        Checkout::start(hints, Arc::new(SystemClock::new()), Arc::new(OsRandom), Options::default())
            .await
            .unwrap();
    let url = checkout.open(order()).unwrap();
    till.set(checkout).ok();
    assert_eq!(shop.get(&url).await.status(), StatusCode::OK);
    assert_eq!(shop.get(&url).await.status(), StatusCode::GONE);
}
