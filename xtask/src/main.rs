//! `cargo xtask`: what people and CI run. It only calls other programs, so that it is built in seconds.

mod bench;
mod demo;
mod node;
mod place;
mod programs;
mod run;
mod rust;
mod system;
mod test;

use clap::Parser;

/// The commands of this repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Xtask {
    /// Opens the app on a practice book with sample members; without a display it is driven, with pictures
    Demo(demo::Demo),
    /// All checks: formats, lints, Rust tests, bindings, screens, real windows. CI runs exactly this
    Test,
    /// Measures the book, each figure beside a baseline of the same run; writes target/bench/latest.json
    Bench(bench::Bench),
    /// Writes ui/src/ipc/{wire,commands,errors}.ts from Rust
    Bindings,
}

fn main() -> anyhow::Result<()> {
    let place = place::Place::find()?;
    match Xtask::parse() {
        Xtask::Demo(demo) => demo.run(&place),
        Xtask::Bench(bench) => bench.run(&place),
        Xtask::Test => test::test(&place),
        Xtask::Bindings => rust::bindings(&place),
    }
}
