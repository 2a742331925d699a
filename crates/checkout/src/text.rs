//! Cutting, cleaning and escaping of text that goes into a page or comes out of one.

/// The longest text in a hint, in characters.
const HINT_CHARS: usize = 200;

/// Characters that change how a line is read but are not seen: control characters, line separators, and the ones
/// that turn the direction of writing around. On a staff screen they could make one sum look like another.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The text as it is read: a line break is a space, and what cannot be seen is gone.
fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_invisible(*c))
}

/// The text without invisible characters, trimmed, and cut after `max` characters. Never inside a character.
pub(crate) fn cut(text: &str, max: usize) -> String {
    let clean: String = visible(text).collect();
    let short: String = clean.trim().chars().take(max).collect();
    short.trim_end().to_owned()
}

/// A text for a hint. `None` when nothing is left of it.
pub(crate) fn hint_text(text: &str) -> Option<String> {
    // The page's text may be large; there is no use in reading more than could survive the cut.
    let head: String = visible(text).take(HINT_CHARS).collect();
    let head = head.trim();
    (!head.is_empty()).then(|| head.to_owned())
}

/// Text for HTML, inside an element or a quoted attribute.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// JSON for a `<script type="application/json">`: the same value, with nothing that HTML or an old JavaScript
/// parser could read as something else (`</script>`, `<!--`, `&lt;`, U+2028).
pub(crate) fn json_in_html(value: &serde_json::Value) -> String {
    let plain = value.to_string();
    let mut out = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '<' => out.push_str("\\u003c"),
            '>' => out.push_str("\\u003e"),
            '&' => out.push_str("\\u0026"),
            '\u{2028}' => out.push_str("\\u2028"),
            '\u{2029}' => out.push_str("\\u2029"),
            c => out.push(c),
        }
    }
    out
}

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(value: i64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len().saturating_mul(2));
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len().saturating_sub(index);
        if index > 0 && left.is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters_and_loses_what_cannot_be_seen() {
        assert_eq!(cut(&"가".repeat(41), 40), "가".repeat(40));
        assert_eq!(cut("  a\u{0}b\r\nc\u{202E}d ", 16), "ab  cd");
        assert_eq!(cut("가나 다", 3), "가나");
        assert_eq!(hint_text("\u{7}\n "), None);
        assert_eq!(hint_text(&"x".repeat(5_000)).map(|text| text.len()), Some(200));
    }

    #[test]
    fn json_in_a_page_is_the_same_value_and_cannot_leave_its_element() {
        let value = serde_json::json!({ "name": "</script><!-- & \u{2028}\u{2029} \" \\" });
        let text = json_in_html(&value);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }

    #[test]
    fn a_sum_is_grouped_by_thousands() {
        for (value, text) in
            [(0, "0"), (100, "100"), (1_000, "1,000"), (123_456, "123,456"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(value), text);
        }
    }
}
