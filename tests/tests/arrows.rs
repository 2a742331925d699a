//! The house stays as ARCHITECTURE.md draws it: no arrow and no crate that is not in the map.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Whom a crate may use; `None` for "anything".
type May = Option<BTreeSet<String>>;

/// The table "The map" of ARCHITECTURE.md: folder, and what stands in its column "may use".
fn map(architecture: &str) -> BTreeMap<String, May> {
    let rows = architecture.lines().skip_while(|line| !line.starts_with("| folder |"));
    let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [folder, _, may, _] = cells[..] else { panic!("four columns, not {line}") };
        let may = match may {
            "anything" => None,
            "–" => Some(BTreeSet::new()),
            names => Some(names.split(", ").map(str::to_owned).collect()),
        };
        (folder.trim_matches('`').to_owned(), may)
    };
    rows.map(row).collect()
}

#[test]
fn no_crate_uses_what_it_must_not_know() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut map = map(&std::fs::read_to_string(root.join("ARCHITECTURE.md")).unwrap());
    // The one folder that is no crate.
    assert!(map.remove("ui").is_some(), "the map was not read: {map:?}");
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let ours: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let folder = package.manifest_path.parent().unwrap().strip_prefix(&metadata.workspace_root).unwrap();
        let may = map.remove(folder.as_str()).unwrap_or_else(|| panic!("{folder} is not in the map"));
        let Some(may) = may else { continue };
        for known in &may {
            assert!(ours.contains(known.as_str()), "{name} may use {known}, which is no crate here");
        }
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
    assert!(map.is_empty(), "in the map but not in the house: {map:?}");
}

#[test]
fn the_shell_cannot_point_live_at_another_address_and_has_no_devtools() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "pointill", "--edges", "features,normal", "--prefix", "none"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let has = |start: &str| tree.lines().any(|line| line.starts_with(start));
    assert!(has("till v") && has("tauri v"), "the shell's feature tree could not be read:\n{tree}");
    assert!(!tree.contains("any-endpoint"), "the shell has the feature any-endpoint");
    assert!(!tree.contains("devtools"), "the shell has the feature devtools");
}
