//! Who was forgotten stays forgotten: in every file beside the book, and in whichever older book is put back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use ledger::Mode;
use serde_json::{Value, json};

use crate::backups::{asides, back_up, id, proved, put_back, with_folder};
use crate::shop::Shop;

async fn enrolled(shop: &Shop, name: &str, phone: &str) -> Value {
    shop.ok("member_create", json!({ "name": name, "phone": phone })).await["memberId"].clone()
}

async fn erase(shop: &Shop, member: &Value) -> Value {
    let ask = json!({ "requestId": id(), "memberId": member });
    shop.rpc("member_erase", ask).await
}

async fn found(shop: &Shop, digits: &str) -> usize {
    let rows = shop.ok("member_search", json!({ "query": digits })).await;
    rows["rows"].as_array().unwrap().len()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files(&path)) } else { all.push(path) }
    }
    all
}

/// Files in which a name or a number stands in plain bytes; the number also from its end, as the index has it.
fn telling(folder: &Path, name: &str, digits: &str) -> Vec<PathBuf> {
    let turned: String = digits.chars().rev().collect();
    let tells = |path: &PathBuf| {
        let bytes = std::fs::read(path).unwrap_or_default();
        [name, digits, &turned]
            .iter()
            .any(|text| bytes.windows(text.len()).any(|some| some == text.as_bytes()))
    };
    files(folder).into_iter().filter(tells).collect()
}

#[tokio::test]
async fn an_erasure_leaves_no_file_beside_the_book_that_tells_of_the_person_and_the_older_books_are_kept_sealed()
 {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    let gone = enrolled(&shop, "이도윤", "010-5512-0937").await;
    let file = back_up(&shop).await;
    let data = shop.file().parent().unwrap().to_owned();
    put_back(&shop, &file).await;
    proved(&shop).await;
    // As if the book had been put aside, and brought up to date, at other times too; and one that cannot be read any more.
    for copy in ["live.before-2.db", "live.before-2.2.db"] {
        ledger::copy_database(&shop.file(), &data.join(copy)).unwrap();
    }
    std::fs::write(data.join("live.aside-1.db"), "no book 이도윤 01055120937").unwrap();
    std::fs::write(data.join("live.aside-1.db-wal"), "01055120937").unwrap();
    std::fs::write(data.join("live.before-7.part"), "half a copy 이도윤").unwrap();
    assert!(telling(&data, "이도윤", "01055120937").len() >= 4);
    assert_eq!(erase(&shop, &gone).await["ok"], true);
    assert_eq!(telling(&data, "이도윤", "01055120937"), Vec::<PathBuf>::new());
    assert_eq!(telling(folder.path(), "이도윤", "01055120937"), Vec::<PathBuf>::new());
    assert!(asides(&data).is_empty());
    let kept = folder.path().join("pointill-kept");
    let kept_files = files(&kept);
    assert_eq!(kept_files.len(), 4, "{kept_files:?}");
    // One of them is put back like any backup, and has forgotten too.
    let sealed = kept_files.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
    let mut put = false;
    for (place, name) in sealed.enumerate() {
        let other = name.replace("-00000", &format!("-1{place:04}"));
        std::fs::copy(kept.join(&name), folder.path().join(&other)).unwrap();
        let checked = shop.rpc("restore_check", json!({ "file": other })).await;
        if checked["ok"] == true && !put {
            put_back(&shop, &other).await;
            proved(&shop).await;
            put = true;
        }
    }
    assert!(put && found(&shop, "0937").await == 0);
}

#[tokio::test]
async fn who_was_forgotten_while_the_backups_were_away_stays_so_when_they_are_back() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    let first = enrolled(&shop, "이도윤", "010-5512-0937").await;
    let second = enrolled(&shop, "박지훈", "010-7730-4821").await;
    let file = back_up(&shop).await;
    let (data, away) = (shop.file().parent().unwrap().to_owned(), folder.path().with_extension("away"));
    std::fs::rename(folder.path(), &away).unwrap();
    let list = data.join(format!("pointill-erased-{}.jsonl", file.split('-').nth(2).unwrap()));
    for gone in [&first, &second] {
        assert_eq!(erase(&shop, gone).await["ok"], true);
        // With the answer, and not with the next backup: the power may go now.
        let text = std::fs::read_to_string(&list).unwrap_or_default();
        assert!(text.contains(&format!("\"member\":{gone},")), "{text}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    // No list anywhere, and the book itself still knows.
    std::fs::remove_file(&list).unwrap();
    std::fs::rename(&away, folder.path()).unwrap();
    put_back(&shop, &file).await;
    proved(&shop).await;
    assert_eq!((found(&shop, "0937").await, found(&shop, "7730").await), (0, 0));
}

#[tokio::test]
async fn an_erasure_that_cannot_be_listed_says_so_and_is_done_again() {
    let shop = Shop::open(Mode::Live).await;
    let folder = with_folder(&shop).await;
    let gone = enrolled(&shop, "이도윤", "010-5512-0937").await;
    let file = back_up(&shop).await;
    let data = shop.file().parent().unwrap().to_owned();
    let list = data.join(format!("pointill-erased-{}.jsonl", file.split('-').nth(2).unwrap()));
    std::fs::create_dir(&list).unwrap();
    let ask = json!({ "requestId": id(), "memberId": gone });
    assert_eq!(shop.refused("member_erase", ask.clone()).await, "erasure_unfinished");
    assert_eq!(found(&shop, "0937").await, 0);
    std::fs::remove_dir(&list).unwrap();
    shop.ok("member_erase", ask).await;
    assert!(std::fs::read_to_string(&list).unwrap().contains(&format!("\"member\":{gone},")));
    drop(folder);
}
