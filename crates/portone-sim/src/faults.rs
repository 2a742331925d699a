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
    /// The request path; `*` stands for any run of letters.
    pub(crate) path: String,
    /// `None` = any method.
    #[serde(default)]
    pub(crate) method: Option<String>,
    /// How many requests are still hit; 0 = all, until the faults are deleted.
    #[serde(default = "once")]
    pub(crate) times: u32,
    /// Requests that pass before the first one is hit.
    #[serde(default)]
    pub(crate) skip: u32,
    /// Wait before the effect.
    #[serde(default)]
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
    /// The body of a `status` or `garbled` fault, sent as HTML.
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

/// All faults that are still to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    waiting: Vec<Fault>,
    last_id: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, mut fault: Fault) -> Fault {
        self.last_id = self.last_id.saturating_add(1);
        fault.id = self.last_id;
        self.waiting.push(fault.clone());
        fault
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

/// Whether `path` is `pattern`, in which `*` stands for any run of letters.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((head, tail)) => path.strip_prefix(head).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .any(|at| rest.get(at..).is_some_and(|rest| matches(tail, rest)))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

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
