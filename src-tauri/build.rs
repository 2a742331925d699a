//! Writes down what the web views may call. A command that is not in this list is not callable from any window, and one
//! that is in it is callable only where a capability allows it: without the list, Tauri 2 would let every local window
//! reach every command of ours.

use tauri_build::{AppManifest, Attributes};

fn main() {
    let attributes = Attributes::new().app_manifest(AppManifest::new().commands(&["rpc"]));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
