//! A member's code: what stands on the card and what a scanner sends. `P`, the member's number, and a check digit.

use crate::ids::MemberId;

/// The check digit of a number: ISO 7064, MOD 11,10. It tells every single wrong digit.
fn check_digit(digits: &str) -> Option<u32> {
    let mut rest = 10_u32;
    for digit in digits.chars() {
        let sum = rest.checked_add(digit.to_digit(10)?)?.checked_rem(10)?;
        let sum = if sum == 0 { 10 } else { sum };
        rest = sum.checked_mul(2)?.checked_rem(11)?;
    }
    11_u32.checked_sub(rest)?.checked_rem(10)
}

/// `P` + number + check digit: member 42 is `P427`-like.
#[must_use]
pub fn member_code(member: MemberId) -> String {
    let number = member.0.to_string();
    match check_digit(&number) {
        Some(check) => format!("P{number}{check}"),
        None => String::new(),
    }
}

/// The member of a code, as typed or scanned: small or full-width letters, and what the key P sends while the keyboard
/// writes Korean (ㅔ, ㅖ). `None` where the check digit does not fit.
pub(crate) fn parse(text: &str) -> Option<MemberId> {
    let mut characters = text.chars().filter(|character| !character.is_whitespace() && *character != '-');
    if !matches!(characters.next()?, 'P' | 'p' | 'Ｐ' | 'ｐ' | 'ㅔ' | 'ㅖ') {
        return None;
    }
    let mut digits = String::new();
    for character in characters {
        let ascii = match character {
            '0'..='9' => character,
            '０'..='９' => {
                let value = u32::from(character).checked_sub(u32::from('０'))?;
                char::from_digit(value, 10)?
            }
            _ => return None,
        };
        digits.push(ascii);
    }
    let check = digits.pop()?.to_digit(10)?;
    let number = digits.parse::<i64>().ok().filter(|number| *number > 0)?;
    (check_digit(&number.to_string()) == Some(check)).then_some(MemberId(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_back_in_every_spelling_and_a_wrong_digit_is_noticed() {
        // ISO 7064's own example: 0794 has the check digit 5.
        assert_eq!(check_digit("0794"), Some(5));
        for number in [1, 7, 42, 1_284, 999_999, 1_000_000] {
            let code = member_code(MemberId(number));
            assert_eq!(parse(&code), Some(MemberId(number)), "{code}");
            let korean = code.replace('P', "ㅖ");
            assert_eq!(parse(&korean), Some(MemberId(number)), "{korean}");
            assert_eq!(parse(&code.to_lowercase()), Some(MemberId(number)));
            for at in 1..code.len() {
                for digit in '0'..='9' {
                    let mut wrong: Vec<char> = code.chars().collect();
                    if wrong[at] != digit {
                        wrong[at] = digit;
                        let wrong: String = wrong.into_iter().collect();
                        assert_ne!(parse(&wrong), Some(MemberId(number)), "{wrong}");
                    }
                }
            }
        }
        for no in ["", "P", "P1", "P0", "박123", "1284", "P12a4", "P-"] {
            assert_eq!(parse(no), None, "{no}");
        }
    }
}
