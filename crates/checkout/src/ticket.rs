//! One-time tickets: who may pay what, for how long. Knows no HTTP and no clock.

use std::collections::{HashMap, VecDeque};

use crate::answer::Answer;
use crate::order::Order;

/// How long a ticket lives, in milliseconds.
const LIFE_MS: u64 = 30 * 60 * 1_000;
/// Hints that one ticket gives of each sort. A page that says more is broken or hostile, and the till looks by
/// itself anyway.
const HINTS: u8 = 20;
/// How many dead tickets are remembered, to tell "closed" from "never was".
const REMEMBERED: usize = 256;

/// A ticket that is alive.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) order: Order,
    born_ms: u64,
    /// Whether the page was told to open the pay window before.
    pub(crate) begun: bool,
    /// The last thing that came back from the pay window.
    pub(crate) answer: Option<Answer>,
    shown: u8,
    told: u8,
}

impl Ticket {
    fn is_alive(&self, now_ms: u64) -> bool {
        now_ms.saturating_sub(self.born_ms) < LIFE_MS
    }

    /// Whether the page may open the pay window now. `again` is a person's press of a button; without it a
    /// reloaded page would open a second window over the first (PortOne: `[비정상 접근입니다.]`).
    pub(crate) fn begin(&mut self, again: bool) -> bool {
        let go = match &self.answer {
            Some(answer) => again && answer.may_try_again(),
            None => again || !self.begun,
        };
        self.begun |= go;
        go
    }

    /// Counts a page that was shown; `false` when no hint is to be given for it.
    pub(crate) fn show(&mut self) -> bool {
        let first_ones = self.answer.is_none() && self.shown < HINTS;
        self.shown = self.shown.saturating_add(1);
        first_ones
    }

    /// Counts a thing that was told; `false` when there were too many.
    pub(crate) fn tell(&mut self) -> bool {
        let heard = self.told < HINTS;
        self.told = self.told.saturating_add(1);
        heard
    }

    /// Keeps what came back. An answer that may mean "paid" stays: no later one brings the pay window back.
    pub(crate) fn keep(&mut self, answer: Answer) {
        if self.answer.as_ref().is_none_or(Answer::may_try_again) {
            self.answer = Some(answer);
        }
    }

    /// Whether the page may offer to open the pay window again after what came back.
    pub(crate) fn may_try_again(&self) -> bool {
        self.told < HINTS && self.answer.as_ref().is_some_and(Answer::may_try_again)
    }
}

/// What a token leads to.
#[derive(Debug)]
pub(crate) enum Found<'a> {
    Alive(&'a mut Ticket),
    Closed,
    Unknown,
}

/// All tickets. A charge has one at most.
#[derive(Debug, Default)]
pub(crate) struct Tickets {
    alive: HashMap<String, Ticket>,
    by_charge: HashMap<String, String>,
    closed: VecDeque<String>,
}

impl Tickets {
    /// Puts in a new ticket and closes the charge's older one.
    pub(crate) fn open(&mut self, token: String, order: Order, now_ms: u64) {
        self.sweep(now_ms);
        self.close(&order.charge);
        self.by_charge.insert(order.charge.clone(), token.clone());
        let ticket = Ticket { order, born_ms: now_ms, begun: false, answer: None, shown: 0, told: 0 };
        self.alive.insert(token, ticket);
    }

    /// Kills the charge's ticket. `true` if there was one, even one whose time was over unnoticed.
    pub(crate) fn close(&mut self, charge: &str) -> bool {
        let Some(token) = self.by_charge.remove(charge) else { return false };
        self.alive.remove(&token);
        self.closed.push_back(token);
        if self.closed.len() > REMEMBERED {
            self.closed.pop_front();
        }
        true
    }

    /// The token of the charge's ticket while it is alive.
    pub(crate) fn token_of(&self, charge: &str, now_ms: u64) -> Option<&str> {
        let token = self.by_charge.get(charge)?;
        self.alive.get(token).filter(|ticket| ticket.is_alive(now_ms)).map(|_| token.as_str())
    }

    /// Looks a whole token up. A map's timing tells nothing that helps to guess 256 bits.
    pub(crate) fn find(&mut self, token: &str, now_ms: u64) -> Found<'_> {
        self.sweep(now_ms);
        match self.alive.get_mut(token) {
            Some(ticket) => Found::Alive(ticket),
            None if self.closed.iter().any(|closed| closed == token) => Found::Closed,
            None => Found::Unknown,
        }
    }

    /// Closes what has outlived its time. A till has few tickets, so it looks at all of them.
    fn sweep(&mut self, now_ms: u64) {
        let over: Vec<String> = self
            .alive
            .values()
            .filter(|ticket| !ticket.is_alive(now_ms))
            .map(|ticket| ticket.order.charge.clone())
            .collect();
        for charge in over {
            self.close(&charge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::tests::order;

    fn one() -> Tickets {
        let mut tickets = Tickets::default();
        tickets.open("t".to_owned(), order("c"), 0);
        tickets
    }

    fn ticket(tickets: &mut Tickets) -> &mut Ticket {
        match tickets.find("t", 0) {
            Found::Alive(ticket) => ticket,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_ticket_lives_thirty_minutes_and_not_a_millisecond_more() {
        let mut tickets = one();
        assert!(matches!(tickets.find("t", LIFE_MS - 1), Found::Alive(_)));
        assert_eq!(tickets.token_of("c", LIFE_MS), None);
        assert!(matches!(tickets.find("t", LIFE_MS), Found::Closed));
        assert!(matches!(tickets.find("t", 0), Found::Closed), "a clock that jumps back wakes nothing");
    }

    #[test]
    fn the_window_opens_once_by_itself_and_again_only_when_a_person_asks() {
        let mut tickets = one();
        let ticket = ticket(&mut tickets);
        assert!(ticket.begin(false));
        assert!(!ticket.begin(false));
        assert!(ticket.begin(true));
        ticket.keep(Answer { error_code: Some("E".to_owned()), ..Answer::default() });
        assert!(!ticket.begin(false));
        assert!(ticket.begin(true));
    }

    #[test]
    fn after_an_answer_that_may_mean_paid_nothing_opens_the_window_again() {
        let mut tickets = one();
        let ticket = ticket(&mut tickets);
        ticket.keep(Answer { imp_uid: Some("imp_1".to_owned()), ..Answer::default() });
        ticket.keep(Answer { error_code: Some("E".to_owned()), ..Answer::default() });
        assert!(!ticket.begin(true));
        assert!(!ticket.may_try_again());
    }

    #[test]
    fn the_memory_of_dead_tickets_has_an_end() {
        let mut tickets = Tickets::default();
        for number in 0..=REMEMBERED {
            tickets.open(format!("t{number}"), order("c"), 0);
        }
        assert!(tickets.close("c"));
        assert!(!tickets.close("c"));
        assert_eq!((tickets.closed.len(), tickets.alive.len(), tickets.by_charge.len()), (REMEMBERED, 0, 0));
        assert!(matches!(tickets.find("t0", 0), Found::Unknown));
        assert!(matches!(tickets.find("t1", 0), Found::Closed));
    }
}
