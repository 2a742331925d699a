//! A payment company's file beside the book's payments, by approval number and sum. Pure.

use crate::reconcile::{BookPayment, Difference, DifferenceKind, Reconciled, Window, only_in_book};

/// A line of a payment company's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLine {
    /// The approval number.
    pub approval_number: String,
    /// The sum in won; below zero for a cancel.
    pub won: i64,
    /// Whether its date lies in the days that are compared. Another line only stands against its payment.
    pub in_period: bool,
}

/// An approval number without what companies put around it: blanks, hyphens, zeros before it.
fn plain(number: &str) -> String {
    let kept: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    let kept = kept.to_ascii_uppercase();
    let plain = kept.trim_start_matches('0');
    if plain.is_empty() { kept } else { plain.to_owned() }
}

/// Compares the book's payments of the window with a file. The lines of one approval number are added up, so that a cancel
/// stands against its payment. A cancel in the payment company's own console is found here alone: PortOne never hears of it.
#[must_use]
pub fn reconcile_file(payments: &[BookPayment], lines: &[FileLine], window: Window) -> Reconciled {
    struct Sum<'a> {
        line: &'a FileLine,
        won: i64,
        in_period: bool,
        taken: bool,
    }
    let mut done = Reconciled::default();
    let mut sums: std::collections::BTreeMap<String, Sum<'_>> = std::collections::BTreeMap::new();
    for line in lines {
        let sum = sums.entry(plain(&line.approval_number)).or_insert(Sum {
            line,
            won: 0,
            in_period: false,
            taken: false,
        });
        sum.won = sum.won.saturating_add(line.won);
        sum.in_period |= line.in_period;
    }
    for sum in sums.values().filter(|sum| sum.in_period) {
        done.other.add(sum.won);
    }
    for payment in payments {
        // A file's days turn at midnight, the shop's at its own hour: a payment of the day beside may stand in it too.
        let in_window = window.holds(Some(payment.paid_at));
        let kept = payment.won.saturating_sub(payment.given_back);
        if in_window {
            done.book.add(kept);
        }
        let number = payment.approval_number.as_deref().map(plain).unwrap_or_default();
        // One approval number may stand on two payments of one day: each line is taken once.
        match sums.get_mut(&number).filter(|sum| !sum.taken && !number.is_empty()) {
            Some(sum) => {
                sum.taken = true;
                if in_window && sum.won != kept {
                    let other_won = Some(sum.won);
                    done.differences
                        .push(Difference { other_won, ..only_in_book(DifferenceKind::FileSum, payment) });
                }
            }
            None if !in_window => {}
            None => done.differences.push(only_in_book(DifferenceKind::NotInFile, payment)),
        }
    }
    for sum in sums.values().filter(|sum| sum.in_period && !sum.taken && sum.won != 0) {
        done.differences.push(Difference {
            kind: DifferenceKind::OnlyInFile,
            imp_uid: None,
            merchant_uid: None,
            charge: None,
            approval_number: Some(sum.line.approval_number.clone()),
            book_won: None,
            other_won: Some(sum.won),
            at: None,
        });
    }
    done
}
