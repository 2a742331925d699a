//! How a member is found by initial consonants and by words of the memo: the keys that are kept, and what is asked. Pure.

use unicode_normalization::UnicodeNormalization;

use crate::code;
use crate::ids::MemberId;
use crate::name;
use crate::phone;

/// The 19 initial consonants in the order of Unicode's syllables.
const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ',
];
/// The shortest run of initial consonants, and the shortest beginning of a memo's word.
const SHORTEST: usize = 2;
/// The longest word of a memo that is kept whole.
const LONGEST_WORD: usize = 20;

/// A syllable's initial consonant; any other character as it is.
fn initial(character: char) -> char {
    let offset = u32::from(character).checked_sub(u32::from('가'));
    let place = offset.filter(|offset| *offset < 11_172).and_then(|offset| offset.checked_div(588));
    let at = |place: u32| usize::try_from(place).ok().and_then(|place| INITIALS.get(place).copied());
    // A Mac writes a lone consonant as U+1100 and the following.
    let lone = u32::from(character).checked_sub(0x1100).filter(|place| *place < 19);
    place.or(lone).and_then(at).unwrap_or(character)
}

fn is_initial(character: char) -> bool {
    INITIALS.contains(&character)
}

/// Two consonants that a keyboard drew together are two again.
fn drawn_apart(character: char) -> [Option<char>; 2] {
    let (one, two) = match character {
        'ㄳ' => ('ㄱ', 'ㅅ'),
        'ㄵ' => ('ㄴ', 'ㅈ'),
        'ㄶ' => ('ㄴ', 'ㅎ'),
        'ㄺ' => ('ㄹ', 'ㄱ'),
        'ㄻ' => ('ㄹ', 'ㅁ'),
        'ㄼ' => ('ㄹ', 'ㅂ'),
        'ㄽ' => ('ㄹ', 'ㅅ'),
        'ㄾ' => ('ㄹ', 'ㅌ'),
        'ㄿ' => ('ㄹ', 'ㅍ'),
        'ㅀ' => ('ㄹ', 'ㅎ'),
        'ㅄ' => ('ㅂ', 'ㅅ'),
        other => return [Some(other), None],
    };
    [Some(one), Some(two)]
}

/// A name in initial consonants, folded as names are compared.
pub(crate) fn initials(name: &str) -> String {
    name::folded(name).chars().map(initial).collect()
}

/// Each end of the name in initial consonants, down to two characters.
pub(crate) fn initial_ends(name: &str) -> Vec<String> {
    let all: Vec<char> = initials(name).chars().collect();
    let last = all.len().saturating_sub(SHORTEST.saturating_sub(1));
    (0..last).filter_map(|from| all.get(from..).map(|end| end.iter().collect())).collect()
}

/// The words of a memo, each once.
pub(crate) fn memo_words(memo: &str) -> Vec<String> {
    let folded: String = memo.nfc().flat_map(char::to_lowercase).collect();
    let mut words: Vec<String> = folded
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| word.chars().count() >= SHORTEST)
        .map(|word| word.chars().take(LONGEST_WORD).collect())
        .collect();
    words.sort();
    words.dedup();
    words
}

/// One way of looking for members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Probe {
    /// A code.
    Code(MemberId),
    /// Digits from the last to the first.
    Tel(String),
    /// A part of the name.
    Name(String),
    /// A run of initial consonants.
    Initials(String),
    /// Syllables and initial consonants: their initials, and what the name has to fit.
    Mixed(String, Vec<char>),
    /// The beginning of a word of the memo.
    Memo(String),
}

/// What a query asks for. Several probes: members that any of them finds.
pub(crate) fn probes(query: &str) -> Vec<Probe> {
    let mut probes = Vec::new();
    if let Some(member) = code::parse(query) {
        probes.push(Probe::Code(member));
    }
    let folded: Vec<char> = name::folded(query)
        .chars()
        .map(|c| if ('\u{1100}'..='\u{1112}').contains(&c) { initial(c) } else { c })
        .collect();
    let apart: Vec<char> = folded.iter().flat_map(|c| drawn_apart(*c)).flatten().collect();
    match phone::digits(query) {
        Some(digits) if digits.len() >= 4 => probes.push(Probe::Tel(digits.chars().rev().collect())),
        Some(_) => {}
        None if apart.len() >= SHORTEST && apart.iter().all(|c| is_initial(*c)) => {
            probes.push(Probe::Initials(apart.iter().collect()));
        }
        None if apart.len() >= SHORTEST && apart.iter().any(|c| is_initial(*c)) => {
            probes.push(Probe::Mixed(apart.iter().map(|c| initial(*c)).collect(), apart));
        }
        None if !folded.is_empty() => probes.push(Probe::Name(folded.iter().collect())),
        None => {}
    }
    if let [word] = memo_words(query).as_slice() {
        probes.push(Probe::Memo(word.clone()));
    }
    probes
}

/// Whether a part of the name fits syllables and initial consonants: 김ㅁㅅ fits 김민수.
pub(crate) fn fits(name: &str, asked: &[char]) -> bool {
    let name: Vec<char> = name::folded(name).chars().collect();
    name.windows(asked.len().max(1)).any(|part| {
        part.iter()
            .zip(asked)
            .all(|(of, asked)| of == asked || (is_initial(*asked) && initial(*of) == *asked))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_is_kept_by_its_initial_consonants() {
        assert_eq!(initial_ends("김민수"), ["ㄱㅁㅅ", "ㅁㅅ"]);
        assert_eq!(initial_ends("이 Kim"), ["ㅇkim", "kim", "im"]);
        assert!(initial_ends("김").is_empty());
    }

    #[test]
    fn a_query_is_read_as_what_somebody_typed_it_for() {
        assert_eq!(
            probes("ㄱㅁㅅ"),
            [Probe::Initials("ㄱㅁㅅ".to_owned()), Probe::Memo("ㄱㅁㅅ".to_owned())]
        );
        // ㄱ and ㅅ typed one after the other are drawn together by some keyboards.
        assert_eq!(probes("ㄳ").first(), Some(&Probe::Initials("ㄱㅅ".to_owned())));
        assert_eq!(probes("\u{1100}\u{1106}").first(), Some(&Probe::Initials("ㄱㅁ".to_owned())));
        assert_eq!(
            probes("김ㅁㅅ").first(),
            Some(&Probe::Mixed("ㄱㅁㅅ".to_owned(), vec!['김', 'ㅁ', 'ㅅ']))
        );
        assert_eq!(probes("민수"), [Probe::Name("민수".to_owned()), Probe::Memo("민수".to_owned())]);
        assert_eq!(probes("김"), [Probe::Name("김".to_owned())]);
        assert_eq!(probes("010-2841-4821").first(), Some(&Probe::Tel("12841482010".to_owned())));
        assert!(probes("ㄱ").iter().all(|probe| matches!(probe, Probe::Name(_))));
        assert!(probes("  ").is_empty() && probes("%").iter().all(|probe| matches!(probe, Probe::Name(_))));
        assert_eq!(probes(&crate::code::member_code(MemberId(42))).first(), Some(&Probe::Code(MemberId(42))));
    }

    #[test]
    fn syllables_and_consonants_may_be_mixed() {
        let asked: Vec<char> = "김ㅁㅅ".chars().collect();
        assert!(fits("김민수", &asked) && fits("남김민수", &asked));
        assert!(!fits("박민수", &asked) && !fits("김수민", &asked) && !fits("김", &asked));
    }

    #[test]
    fn words_of_a_memo_are_kept_from_two_characters_on() {
        assert_eq!(memo_words("VIP, 12가3456 / 딸 민지"), ["12가3456", "vip", "민지"]);
    }

    proptest! {
        #[test]
        fn a_run_of_consonants_is_found_by_its_keys_exactly_where_it_stands_in_the_name(
            name in "[가-힣a-z ]{1,8}",
            asked in "[ㄱㄲㄴㄷㄹㅁㅂㅅㅇㅈㅊㅎ]{2,3}",
            part in 0_usize..6,
        ) {
            let contains = |asked: &str| initials(&name).contains(asked);
            let by_key = |asked: &str| initial_ends(&name).iter().any(|key| key.starts_with(asked));
            prop_assert_eq!(by_key(&asked), contains(&asked));
            // And a run that is in it for sure.
            let own: String = initials(&name).chars().skip(part).take(2).collect();
            if own.chars().count() == 2 {
                prop_assert!(by_key(&own));
            }
        }
    }
}
