//! Names and numbers of people who do not exist.

const FAMILY: [&str; 20] = [
    "김", "이", "박", "최", "정", "강", "조", "윤", "장", "임", "한", "오", "서", "신", "권", "황", "안",
    "송", "류", "홍",
];
const GIVEN: [&str; 40] = [
    "서", "지", "민", "준", "현", "수", "영", "은", "하", "도", "예", "주", "윤", "성", "재", "진", "승",
    "우", "유", "정", "경", "동", "태", "원", "호", "연", "아", "희", "미", "선", "혜", "철", "건", "나",
    "다", "라", "소", "시", "인", "채",
];

fn of<const N: usize>(list: [&'static str; N], number: i64) -> &'static str {
    usize::try_from(number).ok().and_then(|number| list.get(number % N).copied()).unwrap_or("가")
}

/// One of 32,000 names: at a million members some thirty people share each.
pub(crate) fn name(number: i64) -> String {
    format!("{}{}{}", of(FAMILY, number), of(GIVEN, number / 20), of(GIVEN, number / 800))
}

/// A number of nobody else's: 48,271 has no factor in common with 10^8.
pub(crate) fn digits(number: i64) -> String {
    format!("{:08}", (number + 1) * 48_271 % 100_000_000)
}

/// The same as a clerk types it.
pub(crate) fn phone(number: i64) -> String {
    format!("010{}", digits(number))
}

/// What a shop writes about somebody.
pub(crate) fn memo(number: i64) -> String {
    format!("두피 예민 {}번 자리", number % 50)
}

/// The first consonants of a name's syllables, as people search with them.
pub(crate) fn initials(number: i64) -> String {
    const FIRST: [char; 19] = [
        'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
        'ㅍ', 'ㅎ',
    ];
    // Syllables stand in order of their first consonant, 588 of each. Source: Unicode 3.12, Conjoining Jamo Behavior.
    let first = |syllable| {
        u32::from(syllable).checked_sub(0xac00).and_then(|place| usize::try_from(place / 588).ok())
    };
    name(number).chars().filter_map(|syllable| FIRST.get(first(syllable)?).copied()).collect()
}
