//! The house stays as ARCHITECTURE.md draws it: no arrow and no crate that is not in the map.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Who may use whom. Tests and xtask may use anything.
const ARROWS: &[(&str, &[&str])] = &[
    ("money", &[]),
    ("ledger", &["money"]),
    ("portone", &["money"]),
    ("checkout", &["money"]),
    ("portone-sim", &[]),
    ("counter", &["ledger", "money"]),
    ("till", &["checkout", "counter", "ledger", "money", "portone", "portone-sim"]),
    ("devhost", &["counter", "ledger", "till"]),
    ("pointill", &["counter", "ledger", "till"]),
];
const FREE: &[&str] = &["pointill-tests", "xtask"];

#[test]
fn no_crate_uses_what_it_must_not_know() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let ours: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    let listed: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(name, may)| (*name, may.iter().copied().collect())).collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        if FREE.contains(&name) {
            continue;
        }
        let may = listed.get(name).unwrap_or_else(|| panic!("crate {name} is not in the map"));
        for dependency in
            package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal)
        {
            let used = dependency.name.as_str();
            assert!(
                !ours.contains(used) || may.contains(used),
                "{name} uses {used}, which is not in the map"
            );
            assert!(used != "tauri" || name == "pointill", "{name} uses Tauri");
            assert!(used != "rusqlite" || name == "ledger", "{name} uses SQLite");
            assert!(used != "reqwest" || name == "portone", "{name} uses an HTTP client");
        }
    }
    for name in listed.keys() {
        assert!(ours.contains(*name), "{name} is in the map but not in the house");
    }
}

#[test]
fn the_shell_cannot_point_live_at_another_address_and_has_no_devtools() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "pointill", "--edges", "features,normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let tree = String::from_utf8(tree.stdout).unwrap();
    assert!(tree.contains("till"), "the shell's feature tree could not be read");
    assert!(!tree.contains("any-endpoint"), "the shell has the feature any-endpoint");
    assert!(!tree.contains("devtools"), "the shell has the feature devtools");
}
