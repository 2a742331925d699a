//! What a test wants to go wrong, by path and a number of times.

use serde::{Deserialize, Serialize};

/// When a connection is cut instead of answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cut {
    /// Nothing happened at PortOne.
    Before,
    /// It happened, and the answer was lost.
    After,
}

/// One fault. Several fields may be set: a delay and then a cut, for example.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    #[serde(default, skip_deserializing)]
    pub(crate) id: u64,
    /// The whole request path, as it is sent; `*` stands for any run of letters, `{…}` for one segment.
    pub(crate) path: String,
    /// `None` = any method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// How many requests are still hit; 0 = all, until the faults are deleted.
    #[serde(default = "once", alias = "n")]
    pub(crate) times: u32,
    /// Requests that pass before the first one is hit.
    #[serde(default)]
    pub(crate) skip: u32,
    /// Wait before the effect.
    #[serde(default, alias = "delay")]
    pub(crate) delay_ms: u64,
    /// Wait after the effect, before the answer.
    #[serde(default)]
    pub(crate) delay_after_ms: u64,
    /// Answer with this HTTP status instead.
    #[serde(default)]
    pub(crate) status: Option<u16>,
    /// Whether a `status` fault still lets the request have its effect.
    #[serde(default)]
    pub(crate) effect: bool,
    /// The body of a `status` or `garbled` fault. The former sends it as JSON if it is JSON, else as HTML.
    #[serde(default)]
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) drop: Option<Cut>,
    /// The effect happens; the answer is cut in the middle, or is `body`.
    #[serde(default)]
    pub(crate) garbled: bool,
}

fn once() -> u32 {
    1
}

/// What a client may send. A preflight (OPTIONS) is never hit.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

impl Fault {
    /// Refuses what could never hit or would do nothing: the test that waits for it would blame the
    /// client. The words say what is wrong.
    fn check(&self) -> Result<(), &'static str> {
        let path = self.path.as_str();
        if !path.starts_with(['/', '*']) || !path.is_ascii() || path.contains(['?', '#', ' ']) {
            return Err(
                "path starts with / or *, has no query, and is written as it is sent (percent-encoded)",
            );
        }
        if path.starts_with("/_sim/") {
            return Err("/_sim/ is not hit, so that faults can be taken back");
        }
        if !path.split('/').all(is_segment) {
            return Err("{…} in path is a whole segment, as in /payments/find/{merchant_uid}");
        }
        let is_known = |method: &String| METHODS.iter().any(|known| known.eq_ignore_ascii_case(method));
        if !self.method.as_ref().is_none_or(is_known) {
            return Err("method is one of GET, HEAD, POST, PUT, PATCH, DELETE");
        }
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status is from 200 to 599");
        }
        let endings = [self.status.is_some(), self.drop.is_some(), self.garbled];
        match endings.iter().filter(|is_set| **is_set).count() {
            0 if self.delay_ms == 0 && self.delay_after_ms == 0 => {
                return Err("nothing would go wrong: set status, drop, garbled, delay_ms or delay_after_ms");
            }
            0 | 1 => {}
            _ => return Err("only one of status, drop and garbled"),
        }
        if self.body.is_some() && self.status.is_none() && !self.garbled {
            return Err("body belongs to status or garbled");
        }
        if self.effect && self.status.is_none() {
            return Err("effect belongs to status");
        }
        Ok(())
    }
}

fn is_segment(segment: &str) -> bool {
    let name = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(segment);
    !name.contains(['{', '}'])
}

/// All faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    last_id: u64,
}

impl Faults {
    /// The fault with its number, or why it was not taken.
    pub(crate) fn add(&mut self, mut fault: Fault) -> Result<Fault, &'static str> {
        fault.check()?;
        self.last_id = self.last_id.saturating_add(1);
        fault.id = self.last_id;
        self.waiting.push(fault.clone());
        Ok(fault)
    }

    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(crate) fn waiting(&self) -> Vec<Fault> {
        self.waiting.clone()
    }

    /// The fault that hits this request, the oldest first; it is counted down.
    pub(crate) fn hit(&mut self, method: &str, path: &str) -> Option<Fault> {
        let place = self.waiting.iter().position(|fault| {
            matches(&fault.path, path)
                && fault.method.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
        })?;
        let fault = self.waiting.get_mut(place)?;
        if fault.skip > 0 {
            fault.skip -= 1;
            return None;
        }
        let hit = fault.clone();
        match fault.times {
            0 => {}
            1 => {
                self.waiting.remove(place);
            }
            _ => fault.times -= 1,
        }
        Some(hit)
    }
}

/// Whether all of `path` is `pattern`.
fn matches(pattern: &str, path: &str) -> bool {
    let (head, wild) = pattern.split_at(pattern.find(['*', '{']).unwrap_or(pattern.len()));
    let Some(rest) = path.strip_prefix(head) else { return false };
    if let Some(tail) = wild.strip_prefix('*') {
        let mut starts = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
        return starts.any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)));
    }
    match wild.split_once('}') {
        None => rest.is_empty(),
        Some((_, tail)) => {
            let (segment, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            !segment.is_empty() && matches(tail, rest)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn braces_stand_for_one_segment() {
        assert!(matches("/payments/{imp_uid}", "/payments/imp_1"));
        assert!(!matches("/payments/{imp_uid}", "/payments/imp_1/balance"));
        assert!(!matches("/payments/{imp_uid}", "/payments/"));
        assert!(matches("/payments/{way}/{uid}/*", "/payments/find/m/paid"));
    }

    #[test]
    fn a_star_stands_for_any_run_of_letters() {
        assert!(matches("/payments/cancel", "/payments/cancel"));
        assert!(!matches("/payments", "/payments/cancel"));
        assert!(matches("/payments/*", "/payments/find/주문/paid"));
        assert!(matches("*", "/users/getToken"));
        assert!(matches("/payments/*/paid", "/payments/find/a/paid"));
        assert!(!matches("/payments/*/paid", "/payments/find/a/ready"));
    }
}
