//! `cargo xtask test`.

use crate::place::Place;
use crate::run::{Steps, run};
use crate::rust::{self, FEATURES, cargo};
use crate::system::Purpose;
use crate::{bench, node, programs, system};

/// Everything, the cheapest refusals first.
pub(crate) fn test(place: &Place) -> anyhow::Result<()> {
    let mut steps = Steps::new();
    steps.step("prerequisites", || {
        node::ready()?;
        rust::ready()?;
        system::ready(Purpose::DriveWindows)
    })?;
    steps.step("format", || run(&mut cargo(place, &["fmt", "--all", "--check"])))?;
    steps.step("screens: npm ci", || node::install(place))?;
    steps.step("screens: format", || node::script(place, "format:check"))?;
    steps.step("screens: types", || node::script(place, "check"))?;
    steps.step("screens: tests", || node::script(place, "test"))?;
    // Before any Rust of the app: the screens are compiled into it.
    steps.step("screens: build", || node::script(place, "build"))?;
    steps.step("lints", || {
        let lints =
            ["clippy", "--workspace", "--all-targets", "--features", FEATURES, "--", "-D", "warnings"];
        run(&mut cargo(place, &lints))
    })?;
    let programs = steps.step("programs under test", || programs::build(place))?;
    // Bindings, flows and real windows are among them.
    steps.step("Rust tests and real windows", || rust::tests(place, &programs))?;
    steps.step("the benchmark works", || bench::works(place))?;
    if !cfg!(target_os = "linux") {
        println!("\nreal windows are driven on Linux only: those tests did not run here");
    }
    steps.summary();
    Ok(())
}
