//! What the page shows and carries.

use checkout::{Hint, Options, SDK_URL};
use reqwest::StatusCode;

use crate::shop::{CHARGE, Shop, data, order};

async fn page_of(shop: &Shop, order: checkout::Order) -> String {
    let url = shop.checkout.open(order).unwrap();
    let response = shop.get(&url).await;
    assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
    response.text().await.unwrap()
}

#[tokio::test]
async fn the_page_carries_what_the_sdk_needs_and_nothing_of_ours() {
    let shop = Shop::new().await;
    let page = page_of(&shop, order()).await;
    let url = shop.checkout.url_of(CHARGE).unwrap();
    assert_eq!(
        data(&page),
        serde_json::json!({
            "base": url.strip_prefix(&shop.origin()).unwrap(), "sdk": "http://127.0.0.1:9/iamport.js",
            "userCode": "imp00000000", "begun": false, "answer": null,
            "pay": {
                "channelKey": "channel-key-1", "pay_method": "card", "merchant_uid": "pt1a2b3c4d",
                "name": "포인트 충전", "amount": 100_000, "buyer_name": "김서연", "buyer_tel": "010-1234-4821",
                "digital": true,
                "m_redirect_url": format!("{url}/return"),
            },
        })
    );
    assert!(!page.contains(CHARGE), "the charge's key stays in the till");
    assert!(page.contains("lang=\"ko\"") && page.contains("100,000<span"));
    assert_eq!(shop.told(), [Hint::Opened { charge: CHARGE.to_owned() }]);
}

#[tokio::test]
async fn script_in_a_name_stays_a_name() {
    let shop = Shop::new().await;
    let mut nasty = order();
    let name = "</script><img onerror=x>{{data}}";
    nasty.pay.name = name.to_owned();
    nasty.pay.buyer_name = Some("<!--<script>".to_owned());
    nasty.pay.custom_data = Some(serde_json::json!({ "memo": "</script>\u{2028}&lt;" }));
    let page = page_of(&shop, nasty).await;
    assert!(!page.contains("<img") && !page.contains("<!--") && !page.contains('\u{2028}'), "{page}");
    assert_eq!(page.matches("</script>").count(), 2, "the page's own two");
    let pay = &data(&page)["pay"];
    assert_eq!(pay["name"], name);
    assert_eq!(pay["buyer_name"], "<!--<script>");
    assert_eq!(pay["custom_data"]["memo"], "</script>\u{2028}&lt;");
    assert!(page.contains("&lt;/script&gt;&lt;img onerror=x&gt;{{data}}"));
}

#[tokio::test]
async fn long_names_are_cut_between_characters() {
    let shop = Shop::new().await;
    let mut long = order();
    long.pay.name = "충".repeat(41);
    long.pay.buyer_name = Some("김".repeat(17));
    let pay = &data(&page_of(&shop, long).await)["pay"];
    assert_eq!(pay["name"], "충".repeat(40));
    assert_eq!(pay["buyer_name"], "김".repeat(16));
}

#[tokio::test]
async fn only_live_is_without_a_ribbon() {
    let shop = Shop::new().await;
    for (mode, words) in [
        ("practice", Some("연습 — 실제 결제가 아닙니다")),
        ("test", Some("테스트 모드 — 실제 충전이 아닙니다")),
        ("live", None),
    ] {
        let mut order = order();
        order.mode = mode.to_owned();
        if mode != "practice" {
            order.sdk_url = SDK_URL.to_owned();
        }
        let page = page_of(&shop, order).await;
        match words {
            Some(words) => assert!(page.contains(words), "{mode}"),
            None => assert!(!page.contains("pay-ribbon") && !page.contains("아닙니다"), "{mode}"),
        }
    }
}

#[tokio::test]
async fn the_page_never_says_paid_or_failed() {
    let shop = Shop::new().await;
    let page = page_of(&shop, order()).await;
    let script = shop.get(&format!("{}/pay.js", shop.origin())).await;
    assert_eq!(script.headers()["content-type"], "text/javascript; charset=utf-8");
    for text in [page, script.text().await.unwrap()] {
        for word in ["완료", "실패", "결제되었습니다", "결제되지 않았습니다"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

#[tokio::test]
async fn the_font_is_served_when_there_is_one() {
    let shop = Shop::with(Options { font: Some(b"wOF2") }).await;
    let font = shop.get(&format!("{}/font.woff2", shop.origin())).await;
    assert_eq!(font.headers()["content-type"], "font/woff2");
    assert_eq!(font.text().await.unwrap(), "wOF2");
    let style = shop.get(&format!("{}/pay.css", shop.origin())).await;
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert!(style.text().await.unwrap().starts_with("@font-face"));

    let without = Shop::new().await;
    assert_eq!(
        without.get(&format!("{}/font.woff2", without.origin())).await.status(),
        StatusCode::NOT_FOUND
    );
    let style = without.get(&format!("{}/pay.css", without.origin())).await.text().await.unwrap();
    assert!(!style.contains("@font-face"));
}
