//! `cargo xtask bench`.

use std::path::PathBuf;

use clap::Args;

use crate::place::Place;
use crate::run::run;
use crate::rust::cargo;

/// Figures are measured in release, whatever xtask itself is built as.
#[derive(Args)]
pub(crate) struct Bench {
    /// A book of some thousand rows: only whether everything works
    #[arg(long)]
    small: bool,
    /// Where the big book is, or is to be made; it is kept and used again
    #[arg(long, value_name = "PATH")]
    big_book: Option<PathBuf>,
}

impl Bench {
    pub(crate) fn run(&self, place: &Place) -> anyhow::Result<()> {
        let build =
            ["run", "--quiet", "--release", "--package", "xtask", "--features", "bench", "--bin", "bench"];
        let mut bench = cargo(place, &build);
        bench.arg("--").arg("--out").arg(place.root.join("target/bench"));
        if self.small {
            bench.arg("--small");
        }
        if let Some(book) = &self.big_book {
            bench.arg("--big-book").arg(std::path::absolute(book)?);
        }
        run(&mut bench)
    }
}

/// Whether it works, for CI: in debug, with what the tests have built.
pub(crate) fn works(place: &Place) -> anyhow::Result<()> {
    let build = ["run", "--quiet", "--package", "xtask", "--features", "bench", "--bin", "bench"];
    run(cargo(place, &build).arg("--").arg("--small").arg("--out").arg(place.root.join("target/bench")))
}
