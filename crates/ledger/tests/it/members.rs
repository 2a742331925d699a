use ledger::{Done, LedgerError, Mode, NewMember, member_code};
use uuid::Uuid;

use crate::world::{Shop, new_member};

fn found(shop: &Shop, query: &str) -> Vec<String> {
    let (hits, _) = shop.store.read(|book| book.find_members(query, 20)).unwrap();
    let mut names: Vec<String> = hits.into_iter().map(|hit| hit.member.name).collect();
    names.sort();
    names
}

fn three() -> Shop {
    let mut shop = Shop::new(Mode::Live);
    shop.member("김서연", "010-2841-4821");
    shop.member("박지훈", "+82 10 7730 4821");
    shop.member("이 도윤", "01055120937");
    shop
}

#[test]
fn a_member_is_found_by_the_last_four_digits_a_whole_number_or_a_part_of_the_name() {
    let shop = three();
    assert_eq!(found(&shop, "4821"), ["김서연", "박지훈"]);
    for spelling in ["01077304821", "010-7730-4821", "+82 10-7730-4821", "7730-4821"] {
        assert_eq!(found(&shop, spelling), ["박지훈"], "{spelling}");
    }
    assert_eq!(found(&shop, "서연"), ["김서연"]);
    assert_eq!(found(&shop, "이도윤"), ["이 도윤"]);
    for nothing in ["", "  ", "482", "9999", "없음", "%", "_"] {
        assert!(found(&shop, nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn a_member_is_found_by_initial_consonants_a_word_of_the_memo_and_the_code() {
    let mut shop = three();
    let by = shop.by();
    let memo =
        NewMember { memo: Some("단골, 12가3456".to_owned()), ..new_member("최민수", "010-3308-1164") };
    let member = shop.store.write(|book| book.create_member(&by, &memo)).unwrap().1;
    for query in ["ㅊㅁㅅ", "ㅁㅅ", "최ㅁㅅ", "민ㅅ", "단골", "12가3456", "12가", &member_code(member)]
    {
        assert_eq!(found(&shop, query), ["최민수"], "{query}");
    }
    assert_eq!(found(&shop, "ㅈㅎ"), ["박지훈"]);
    assert_eq!(found(&shop, "ㅇㄷㅇ"), ["이 도윤"]);
    for nothing in ["ㄱ", "단", "골", "김ㅁㅅ", "ㅎㅎ", "P999"] {
        assert!(found(&shop, nothing).is_empty(), "{nothing}");
    }
    // An edit leaves no key of the old name and memo.
    let by = shop.by();
    shop.store.write(|book| book.edit_member(&by, member, &new_member("한지우", "010-3308-1164"))).unwrap();
    assert!(found(&shop, "ㅊㅁㅅ").is_empty() && found(&shop, "단골").is_empty());
    assert_eq!(found(&shop, "ㅎㅈㅇ"), ["한지우"]);
}

#[test]
fn a_short_query_with_very_many_hits_is_bounded_and_says_that_there_are_more() {
    let mut shop = Shop::new(Mode::Live);
    for number in 0..230 {
        shop.member("김민수", &format!("010-1000-{number:04}"));
    }
    let (hits, more) = shop.store.read(|book| book.find_members("민수", 20)).unwrap();
    assert!(more && hits.len() == 20);
    let (hits, more) = shop.store.read(|book| book.find_members("ㅁㅅ", 100)).unwrap();
    assert!(more && hits.len() == 100);
    let (all, _) = shop.store.read(|book| book.find_members("민수", 300)).unwrap();
    assert_eq!(all.len(), 200);
}

#[test]
fn an_edit_is_a_new_version_and_the_old_number_finds_nobody() {
    let mut shop = three();
    let (hits, _) = shop.store.read(|book| book.find_members("김서연", 1)).unwrap();
    let member = hits[0].member.member;
    let by = shop.by();
    let (_, version) = shop
        .store
        .write(|book| book.edit_member(&by, member, &new_member("김서윤", "010-1111-2222")))
        .unwrap();
    assert_eq!(version, 2);
    assert!(found(&shop, "김서연").is_empty() && found(&shop, "01028414821").is_empty());
    assert_eq!(found(&shop, "2222"), ["김서윤"]);
    let versions: i64 = shop
        .stranger()
        .query_row("SELECT count(*) FROM member_profile WHERE member_id = ?1", [member.0], |row| row.get(0))
        .unwrap();
    assert_eq!(versions, 2);
}

#[test]
fn a_number_belongs_to_one_member_and_a_repeated_request_makes_one() {
    let mut shop = three();
    let by = shop.by();
    let taken = shop.store.write(|book| book.create_member(&by, &new_member("다른 사람", "010 2841 4821")));
    assert!(matches!(taken, Err(LedgerError::PhoneTaken)));
    let by = shop.by_request(Uuid::from_u128(700));
    let first =
        shop.store.write(|book| book.create_member(&by, &new_member("최하은", "010-3308-1164"))).unwrap();
    let again =
        shop.store.write(|book| book.create_member(&by, &new_member("최하은", "01033081164"))).unwrap();
    assert_eq!((first.0, again.0, first.1), (Done::Now, Done::Before, again.1));
    let clash = shop.store.write(|book| book.create_member(&by, &new_member("최하늘", "010-3308-1164")));
    assert!(matches!(clash, Err(LedgerError::SameIdOtherContent)));
}
