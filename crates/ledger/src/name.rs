//! A member's name: how it is written, and how it is found.

use unicode_normalization::UnicodeNormalization;

use crate::error::LedgerError;

/// The longest name, in characters.
const LONGEST: usize = 40;

/// A name as it is kept: NFC (a Mac writes Korean in pieces), blanks folded.
///
/// # Errors
/// [`LedgerError::BadName`] for none, more than 40 characters, or characters that are not seen: control characters, and
/// marks that turn the direction of writing, with which one name can be made to look like another.
pub(crate) fn tidy(name: &str) -> Result<String, LedgerError> {
    let name: String = name.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let length = name.chars().count();
    if length == 0 || length > LONGEST || name.chars().any(is_unseen) {
        return Err(LedgerError::BadName);
    }
    Ok(name)
}

/// The joiner (U+200D) is let through where it joins: some scripts and emoji are written with it.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}'
                | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// How a name is compared: NFC, small letters, without blanks.
pub(crate) fn folded(name: &str) -> String {
    name.nfc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// Each end of the name. A part of a name is the beginning of one of its ends, which an index finds.
pub(crate) fn ends(name: &str) -> Vec<String> {
    let folded = folded(name);
    folded.char_indices().filter_map(|(at, _)| folded.get(at..).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_pieces_is_the_same_name() {
        let in_pieces: String = "김서연".nfd().collect();
        assert_eq!(tidy(&format!("  {in_pieces} ")).unwrap(), "김서연");
        for unseen in ["\u{200b}", "\u{202e}나쁜", "김\u{3164}서연", "\u{feff}김"] {
            assert!(tidy(unseen).is_err(), "{unseen:?}");
        }
        assert_eq!(ends("김서연"), ["김서연", "서연", "연"]);
        assert!(tidy("가".repeat(41).as_str()).is_err() && tidy(" ").is_err() && tidy("a\u{7}b").is_err());
    }
}
