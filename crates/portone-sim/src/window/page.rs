//! The pages of the pay window, and what they load.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Response},
};
use serde_json::{Number, json};

use super::session::{Mode, Window};
use crate::{
    payment::{Payment, Status},
    rest::InPath,
    shared::Shared,
};

type App = State<Arc<Shared>>;

pub(crate) async fn window(State(shared): App, InPath(id): InPath<String>) -> Response {
    let window = shared.windows().get(&id);
    let payment = window.as_ref().and_then(|window| {
        shared.with(|world, _| world.entry(&window.imp_uid).map(|entry| entry.payment.clone()))
    });
    let (Some(window), Some(payment)) = (window, payment) else {
        let text = "이 결제창은 이미 닫혔거나 만료되었습니다.";
        return (StatusCode::NOT_FOUND, plain(&shared, "결제창 없음", text)).into_response();
    };
    let channel = shared.with(|world, _| {
        let mut channels = world.channels.iter();
        channels
            .find(|channel| channel.pg_provider == payment.pg_provider && channel.pg_id == payment.pg_id)
            .map(|channel| channel.channel_name.clone())
            .unwrap_or_default()
    });
    let html = fill(&shared, &id, &window, &payment, &channel);
    let mut response = Html(html).into_response();
    // Only the page that opened the window may frame it.
    let ancestors = if window.mode == Mode::Iframe { window.page_origin.as_str() } else { "'none'" };
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn fill(shared: &Shared, id: &str, window: &Window, payment: &Payment, channel: &str) -> String {
    let data = json!({ "id": id, "mode": window.mode.name(), "pageOrigin": window.page_origin });
    let approve = if payment.pay_method == "vbank" { "가상계좌 발급" } else { "결제하기" };
    let unit = if payment.currency == "KRW" { "원".to_owned() } else { format!(" {}", payment.currency) };
    let values = [
        ("{{font}}", font_link(shared).to_owned()),
        // `<` would end the script element that carries the data.
        ("{{data}}", data.to_string().replace('<', "\\u003c")),
        ("{{shop}}", escape(&window.shop)),
        ("{{name}}", escape(payment.name.as_deref().unwrap_or("상품명 없음"))),
        ("{{amount}}", escape(&grouped(&payment.amount))),
        ("{{unit}}", escape(&unit)),
        ("{{method}}", escape(&method_name(&payment.pay_method))),
        ("{{channel}}", escape(channel)),
        ("{{merchant_uid}}", escape(&payment.merchant_uid)),
        ("{{sandbox}}", (if payment.sandbox { "테스트 채널" } else { "실연동 채널" }).to_owned()),
        ("{{approve}}", approve.to_owned()),
    ];
    replace_once(include_str!("window.html"), &values)
}

/// Fills the places from left to right, so that a value that looks like a place stays a value.
fn replace_once(template: &str, values: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(template.len() + 512);
    let mut rest = template;
    while let Some(at) = rest.find("{{") {
        let (before, place) = rest.split_at(at);
        out.push_str(before);
        match values.iter().find(|(name, _)| place.starts_with(name)) {
            Some((name, value)) => {
                out.push_str(value);
                rest = place.strip_prefix(name).unwrap_or_default();
            }
            None => {
                out.push_str("{{");
                rest = place.strip_prefix("{{").unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

pub(crate) async fn receipt(State(shared): App, InPath(imp_uid): InPath<String>) -> Response {
    let payment = shared.with(|world, _| world.entry(&imp_uid).map(|entry| entry.payment.clone()));
    match payment {
        Some(payment) if payment.status != Status::Ready => {
            let text = format!(
                "{} · {}{} · {}",
                payment.name.as_deref().unwrap_or("상품명 없음"),
                grouped(&payment.amount),
                if payment.currency == "KRW" { "원" } else { "" },
                payment.merchant_uid
            );
            plain(&shared, "모의 매출전표", &text).into_response()
        }
        Some(_) | None => (StatusCode::NOT_FOUND, plain(&shared, "매출전표 없음", "결제된 거래가 아닙니다."))
            .into_response(),
    }
}

fn plain(shared: &Shared, title: &str, text: &str) -> Html<String> {
    let values = [
        ("{{font}}", font_link(shared).to_owned()),
        ("{{title}}", escape(title)),
        ("{{text}}", escape(text)),
    ];
    Html(replace_once(include_str!("plain.html"), &values))
}

fn font_link(shared: &Shared) -> &'static str {
    if shared.font.is_some() { "<link rel=\"stylesheet\" href=\"/sim/font.css\">" } else { "" }
}

pub(crate) async fn style() -> impl axum::response::IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=UTF-8")], include_str!("window.css"))
}

pub(crate) async fn script() -> impl axum::response::IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=UTF-8")], include_str!("window.js"))
}

pub(crate) async fn font_style() -> impl axum::response::IntoResponse {
    let css = "@font-face{font-family:\"Pretendard Variable\";font-weight:45 920;font-display:swap;\
               src:url(\"/sim/font.woff2\") format(\"woff2\")}";
    ([(header::CONTENT_TYPE, "text/css; charset=UTF-8")], css)
}

pub(crate) async fn font(State(shared): App) -> Response {
    match &shared.font {
        Some(font) => ([(header::CONTENT_TYPE, "font/woff2")], font.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn method_name(method: &str) -> String {
    let name = match method {
        "card" => "신용·체크카드",
        "trans" => "실시간 계좌이체",
        "vbank" => "가상계좌",
        "phone" => "휴대폰 소액결제",
        "kakaopay" => "카카오페이",
        "naverpay" => "네이버페이",
        "tosspay" => "토스페이",
        "payco" => "페이코",
        "samsung" | "samsungpay" => "삼성페이",
        "applepay" => "애플페이",
        other => other,
    };
    name.to_owned()
}

/// `1234567` → `1,234,567`.
fn grouped(amount: &Number) -> String {
    let text = amount.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), None), |(w, f)| (w, Some(f)));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) && !out.ends_with('-') {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use serde_json::Number;

    use super::{escape, grouped, replace_once};

    #[test]
    fn an_amount_is_grouped_by_thousands() {
        assert_eq!(grouped(&Number::from(100)), "100");
        assert_eq!(grouped(&Number::from(1_000)), "1,000");
        assert_eq!(grouped(&Number::from(12_345_678)), "12,345,678");
    }

    #[test]
    fn a_product_name_cannot_become_a_place_or_a_tag() {
        let values = [("{{a}}", escape("<b>{{b}}")), ("{{b}}", "2".to_owned())];
        assert_eq!(replace_once("{{a}} {{b}} {{c}}", &values), "&lt;b&gt;{{b}} 2 {{c}}");
    }
}
