//! The pages, made of an order.

use serde_json::json;

use crate::params;
use crate::text::{cut, grouped, html, json_in_html};
use crate::ticket::Ticket;

const PAGE: &str = include_str!("page.html");
const CLOSED: &str = include_str!("closed.html");
/// The page's own script.
pub(crate) const SCRIPT: &str = include_str!("pay.js");
/// The page's own look.
pub(crate) const STYLE: &str = include_str!("pay.css");
const FONT_FACE: &str = "@font-face{font-family:\"Pretendard Variable\";font-weight:45 920;font-display:swap;\
                         src:url(\"/font.woff2\") format(\"woff2\")}\n";

/// The stylesheet, with the shop's font where there is one.
pub(crate) fn style(has_font: bool) -> String {
    if has_font { format!("{FONT_FACE}{STYLE}") } else { STYLE.to_owned() }
}

/// The page on which a ticket's order is paid. `base` is its address without the host.
pub(crate) fn pay(ticket: &Ticket, origin: &str, base: &str) -> String {
    let order = &ticket.order;
    let name = cut(&order.pay.name, 40);
    // Only what the SDK needs. The charge's key, and how the till knows it, stay here.
    let data = json!({
        "base": base,
        "sdk": order.sdk_url,
        "userCode": order.user_code,
        "pay": params::request_pay(&order.pay, &format!("{origin}{base}/return")),
        "begun": ticket.begun,
        "answer": ticket.answer.as_ref().map(|answer| json!({
            "words": answer.words(),
            "again": ticket.may_try_again(),
        })),
    });
    let (mark, ribbon) = match order.mode.as_str() {
        "live" => ("", None),
        "practice" => ("[연습] ", Some("연습 — 실제 결제가 아닙니다")),
        _ => ("[테스트] ", Some("테스트 모드 — 실제 충전이 아닙니다")),
    };
    let ribbon =
        ribbon.map(|text| format!("<p id=\"mode\" class=\"pay-ribbon\">{text}</p>")).unwrap_or_default();
    fill(
        PAGE,
        &[
            ("mark", mark),
            ("ribbon", &ribbon),
            ("name", &html(&name)),
            ("amount", &grouped(order.pay.won.get())),
            ("data", &json_in_html(&data)),
        ],
    )
}

/// The page for a ticket that is dead or never was.
pub(crate) fn closed() -> &'static str {
    CLOSED
}

/// Puts values into `{{places}}`, in one pass: a value that looks like a place is not filled again.
fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    for (index, piece) in template.split("{{").enumerate() {
        match piece.split_once("}}") {
            Some((place, rest)) if index > 0 => {
                out.push_str(values.iter().find(|(key, _)| *key == place).map_or("", |(_, value)| value));
                out.push_str(rest);
            }
            Some(_) | None => out.push_str(piece),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_place_is_left_alone() {
        assert_eq!(fill("<{{a}}|{{b}}>", &[("a", "{{b}}"), ("b", "2")]), "<{{b}}|2>");
    }

    #[test]
    fn every_place_of_the_page_is_known() {
        for piece in PAGE.split("{{").skip(1) {
            let place = piece.split("}}").next().unwrap();
            assert!(["mark", "ribbon", "name", "amount", "data"].contains(&place), "{place}");
        }
    }
}
