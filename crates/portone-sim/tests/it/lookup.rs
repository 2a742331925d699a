use serde_json::{Value, json};

use portone_sim::Config;

use crate::help::{START, config, uid, world, world_with};

#[tokio::test]
async fn a_test_payment_is_found_by_its_imp_uid_only_if_it_is_asked_for() {
    let world = world().await;
    let key = world.channel("kcp", true).await;
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 1000, "channel_key": key })).await;
    assert_eq!((&paid["sandbox"], &paid["pg_id"]), (&json!(true), &json!("AO09C")));
    let path = format!("/payments/{}", uid(&paid));
    let (status, answer) = world.get(&path).await;
    assert_eq!((status, &answer["message"]), (404, &json!("존재하지 않는 결제정보입니다.")));
    assert_eq!(world.get(&format!("{path}?include_sandbox=false")).await.0, 404);
    assert_eq!(world.get(&format!("{path}?include_sandbox=true")).await.0, 200);
    assert_eq!(world.get("/payments/find/m").await.0, 200, "the other endpoints still show it");
    assert_eq!(world.get("/payments/findAll/m").await.0, 200);

    let key = world.channel("kcp", false).await;
    let live = world.pay(json!({ "merchant_uid": "live", "amount": 1000, "channel_key": key })).await;
    assert_eq!(live["sandbox"], false);
    assert_eq!(world.get(&format!("/payments/{}", uid(&live))).await.0, 200);
}

#[tokio::test]
async fn a_payment_shows_every_field_in_alphabetical_order_with_zeros_for_times() {
    let world = world().await;
    let order = json!({
        "merchant_uid": "m", "amount": 5000, "name": "포인트", "buyer_name": "김하나", "buyer_tel": "010-0000-0000",
        "custom_data": { "charge": 1 }, "customer_uid": "c",
    });
    let paid = world.pay(order).await;
    for (field, value) in [
        ("status", json!("paid")),
        ("amount", json!(5000)),
        ("cancel_amount", json!(0)),
        ("currency", json!("KRW")),
        ("paid_at", json!(START)),
        ("failed_at", json!(0)),
        ("cancelled_at", json!(0)),
        ("vbank_date", json!(0)),
        ("custom_data", json!("{\"charge\":1}")),
        ("customer_uid_usage", json!("issue")),
        ("buyer_name", json!("김하나")),
        ("fail_reason", json!(null)),
        ("cancel_history", json!([])),
    ] {
        assert_eq!(paid[field], value, "{field}");
    }
    let bytes = world
        .request(reqwest::Method::GET, &format!("/payments/{}?include_sandbox=true", uid(&paid)))
        .bearer_auth(&world.token)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(bytes.is_ascii(), "Korean is written as \\u");
    let places: Vec<_> =
        ["\"amount\"", "\"card_issuer_code\"", "\"promotion\"", "\"sandbox\"", "\"vbank_num\""]
            .iter()
            .map(|name| bytes.find(name).unwrap())
            .collect();
    assert!(places.is_sorted(), "{bytes}");
}

#[tokio::test]
async fn all_attempts_under_one_merchant_uid_come_in_pages() {
    let world = world().await;
    for _ in 0..44 {
        world.sim.control().advance_clock(1);
        world.sim.control().pay(json!({ "merchant_uid": "m", "amount": 5000, "outcome": "failed" }));
    }
    world.pay(json!({ "merchant_uid": "m", "amount": 5000 })).await;
    let pages = [("", 20, 0, 2), ("?page=2", 20, 1, 3), ("?page=3", 5, 2, 0), ("?limit=1000", 45, 0, 0)];
    for (query, count, previous, next) in pages {
        let (status, answer) = world.get(&format!("/payments/findAll/m{query}")).await;
        let page = &answer["response"];
        assert_eq!(status, 200);
        assert_eq!(page["list"].as_array().unwrap().len(), count, "{query}");
        assert_eq!(
            (&page["total"], &page["previous"], &page["next"]),
            (&json!(45), &json!(previous), &json!(next))
        );
    }
    let (_, answer) = world.get("/payments/findAll/m/paid").await;
    assert_eq!(answer["response"]["total"], 1);
    for bad in ["?page=0", "?page=4", "?limit=1001", "?limit=0", "?page=x", "?sorting=amount"] {
        assert_eq!(world.get(&format!("/payments/findAll/m{bad}")).await.0, 400, "{bad}");
    }
    for status in ["unknown", "all"] {
        assert_eq!(world.get(&format!("/payments/findAll/m/{status}")).await.0, 400, "{status}");
        assert_eq!(world.get(&format!("/payments/find/m/{status}")).await.0, 400, "{status}");
    }
    assert_eq!(world.get("/payments/findAll/m/cancelled").await.0, 404);
    assert_eq!(world.get("/payments/findAll/nobody").await.0, 404);
}

#[tokio::test]
async fn find_answers_one_payment_the_newest_unless_sorted_otherwise() {
    let world = world().await;
    let first = world.pay(json!({ "merchant_uid": "주문 1", "amount": 1, "outcome": "failed" })).await;
    let last = world.pay(json!({ "merchant_uid": "주문 1", "amount": 1, "outcome": "paid" })).await;
    let path = "/payments/find/%EC%A3%BC%EB%AC%B8%201";
    for (query, expected) in [("", &last), ("?sorting=started", &first), ("?sorting=-paid", &last)] {
        assert_eq!(world.get(&format!("{path}{query}")).await.1["response"]["imp_uid"], expected["imp_uid"]);
    }
    assert_eq!(world.get(&format!("{path}/failed")).await.1["response"]["imp_uid"], first["imp_uid"]);
    assert_eq!(world.get(&format!("{path}/cancelled")).await.0, 404);
}

#[tokio::test]
async fn an_empty_status_is_any_status() {
    let world = world().await;
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 1 })).await;
    assert_eq!(world.get("/payments/find/m/").await, world.get("/payments/find/m").await);
    let (status, answer) = world.get("/payments/findAll/m/?page=1").await;
    assert_eq!((status, &answer["response"]["list"][0]), (200, &paid));
}

#[tokio::test]
async fn a_path_that_is_no_text_is_refused_in_an_envelope() {
    let world = world().await;
    for path in ["/payments/%ff", "/payments/findAll/%ff/paid", "/payments/prepare/%ff"] {
        assert_eq!(world.get(path).await.0, 400, "{path}");
    }
    assert_eq!(world.post("/_sim/payments/%ff/set", json!({})).await.0, 400);
}

#[tokio::test]
async fn only_some_providers_tell_who_issued_a_card() {
    let world = world().await;
    for (pg, issuer) in [("html5_inicis", json!(null)), ("kcp", json!(null)), ("nice_v2", json!("366"))] {
        let paid = world.pay(json!({ "merchant_uid": pg, "amount": 1, "pg": pg })).await;
        assert_eq!((&paid["card_code"], &paid["card_issuer_code"]), (&json!("366"), &issuer), "{pg}");
        for field in ["card_issuer_name", "card_publisher_code", "card_publisher_name"] {
            assert_eq!(paid[field].is_null(), issuer.is_null(), "{pg} {field}");
        }
    }
}

#[tokio::test]
async fn nobody_gets_a_live_channel_who_did_not_ask_for_one() {
    let world = world().await;
    for (pg, sandbox) in [(json!(null), true), (json!("kakaopay"), true), (json!("kcp.IP7PT"), false)] {
        let paid = world.pay(json!({ "merchant_uid": pg.to_string(), "amount": 1, "pg": pg })).await;
        assert_eq!(paid["sandbox"], sandbox, "{pg}");
    }
}

#[tokio::test]
async fn some_of_many_is_a_207_and_none_a_404() {
    let world = world().await;
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 1 })).await;
    let path = format!("/payments?imp_uid[]={}", uid(&paid));
    let count = |answer: &Value| answer["response"].as_array().map(Vec::len);
    let (status, answer) = world.get(&path).await;
    assert_eq!((status, count(&answer)), (200, Some(1)));
    let (status, answer) = world.get(&format!("{path}&imp_uid[]=imp_0&merchant_uid[]=m")).await;
    assert_eq!((status, count(&answer)), (207, Some(2)));
    assert_eq!(world.get("/payments?imp_uid[]=imp_0").await.0, 404);
}

#[tokio::test]
async fn a_list_by_status_looks_at_the_time_that_belongs_to_the_status() {
    let world = world().await;
    world.pay(json!({ "merchant_uid": "a", "amount": 1 })).await;
    world.pay(json!({ "merchant_uid": "b", "amount": 1, "outcome": "abandoned" })).await;
    let total = |answer: Value| answer["response"]["total"].clone();
    assert_eq!(total(world.get("/payments/status/all").await.1), 2);
    assert_eq!(total(world.get("/payments/status/ready").await.1), 1);
    assert_eq!(total(world.get(&format!("/payments/status/paid?from={START}&to={START}")).await.1), 1);
    let before = START - 1;
    assert_eq!(total(world.get(&format!("/payments/status/paid?to={before}")).await.1), 0);
    world.sim.control().advance_clock(91 * 86_400);
    assert_eq!(world.get("/payments/status/paid").await.0, 401, "the token ended");
    let token = world.fetch_token().await;
    let get = |path: &str| {
        crate::help::send(
            world.request(reqwest::Method::GET, path).bearer_auth(token["access_token"].as_str().unwrap()),
        )
    };
    assert_eq!(total(get("/payments/status/paid").await.1), 0, "only 90 days by default");
    assert_eq!(get(&format!("/payments/status/paid?from={START}")).await.0, 400);
    let (status, answer) = get("/payments/status/done").await;
    assert_eq!((status, &answer["message"]), (400, &json!("지원되지 않는 상태값입니다.")));
    assert_eq!(get("/payments/status/paid?page=2").await.0, 400);
}

#[tokio::test]
async fn a_cancelled_payment_stands_in_the_list_of_the_day_of_its_cancel_alone() {
    let world = world().await;
    let paid = world.pay(json!({ "merchant_uid": "a", "amount": 1 })).await;
    world.sim.control().advance_clock(1_200);
    world.sim.control().console_cancel(&uid(&paid), json!({ "by": "portone" }));
    let at = START + 1_200;
    let total = |answer: Value| answer["response"]["total"].clone();
    for (status, from, to, count) in [
        ("all", START, START, 0),
        ("paid", START, START, 0),
        ("cancelled", START, START, 0),
        ("all", at, at, 1),
        ("cancelled", at, at, 1),
    ] {
        let path = format!("/payments/status/{status}?from={from}&to={to}");
        assert_eq!(total(world.get(&path).await.1), count, "{path}");
    }
    let other = world_with(Config { all_by_start: true, ..config() }).await;
    let paid = other.pay(json!({ "merchant_uid": "a", "amount": 1 })).await;
    other.sim.control().advance_clock(1_200);
    other.sim.control().console_cancel(&uid(&paid), json!({ "by": "portone" }));
    for (from, count) in [(START, 1), (at, 0)] {
        let path = format!("/payments/status/all?from={from}&to={from}");
        assert_eq!(total(other.get(&path).await.1), count, "{path}");
    }
}

#[tokio::test]
async fn every_provider_has_a_live_and_a_test_channel() {
    let world = world().await;
    let (_, answer) = world.get("/users/pg").await;
    let channels = answer["response"].as_array().unwrap().clone();
    for provider in ["html5_inicis", "kcp", "nice_v2", "kakaopay", "tosspayments", "naverpay", "tosspay_v2"] {
        for sandbox in [false, true] {
            let found =
                channels.iter().filter(|each| each["pg_provider"] == provider && each["sandbox"] == sandbox);
            assert_eq!(found.count(), 1, "{provider} {sandbox}");
        }
    }
    assert!(channels.iter().all(|each| each["type"] == "payment"));
    let paid = world.pay(json!({ "merchant_uid": "m", "amount": 1, "pg": "html5_inicis.INIpayTest" })).await;
    assert_eq!((&paid["pg_id"], &paid["sandbox"]), (&json!("INIpayTest"), &json!(true)));
    let (_, answer) =
        world.post("/_sim/pay", json!({ "merchant_uid": "n", "amount": 1, "channel_key": "no" })).await;
    assert_eq!(answer["error_code"], "NOT_READY");
    assert_eq!(answer["message"], "등록 된 PG 설정 정보를 찾을 수 없습니다.");
}
