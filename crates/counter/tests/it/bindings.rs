use std::path::Path;

/// With UPDATE_BINDINGS set the files are written instead: `cargo xtask bindings`.
#[test]
fn the_screens_types_are_the_ones_in_rust() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc");
    for binding in counter::bindings::bindings() {
        let path = folder.join(binding.file);
        if std::env::var_os("UPDATE_BINDINGS").is_some() {
            std::fs::write(&path, &binding.text).unwrap();
        }
        let stands = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(stands == binding.text, "{} is out of date: run `cargo xtask bindings`", binding.file);
    }
}
