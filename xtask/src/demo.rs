//! `cargo xtask demo`.

use std::fs;

use anyhow::bail;
use clap::Args;

use crate::place::Place;
use crate::run::run;
use crate::rust::cargo;
use crate::system::Purpose;
use crate::{node, programs, system};

/// Sums are those of a driven run.
#[derive(Args)]
pub(crate) struct Demo {
    /// Also where there is a display: under Xvfb, driven, with pictures in target/demo
    #[arg(long)]
    headless: bool,
    /// What a driven run charges, in won
    #[arg(long, value_name = "W", default_value_t = 10_000)]
    charge: u32,
    /// What a driven run uses, in points
    #[arg(long = "use", value_name = "P", default_value_t = 3_000)]
    spend: u32,
}

impl Demo {
    pub(crate) fn run(&self, place: &Place) -> anyhow::Result<()> {
        if self.headless && !cfg!(target_os = "linux") {
            bail!("--headless needs Linux: it drives WebKitGTK under Xvfb. Without it the app opens here");
        }
        let headless = self.headless || !has_display();
        if headless && !self.headless {
            println!("no display here: the app runs under Xvfb and is driven");
        }
        node::ready()?;
        system::ready(if headless { Purpose::DriveWindows } else { Purpose::Build })?;
        node::install(place)?;
        node::script(place, "build")?;
        let programs = programs::build(place)?;
        run(&mut cargo(place, &["build", "--package", "pointill-tests", "--bin", "demo"]))?;

        let out = place.demo();
        fs::create_dir_all(&out)?;
        let mut demo =
            std::process::Command::new(place.built.join(format!("demo{}", std::env::consts::EXE_SUFFIX)));
        demo.env("POINTILL_BIN_DIR", programs).arg("--out").arg(&out);
        if headless {
            demo.arg("--headless");
            demo.args(["--charge", &self.charge.to_string(), "--use", &self.spend.to_string()]);
        }
        run(&mut demo)
    }
}

fn has_display() -> bool {
    // macOS and Windows have no such variables, and always one.
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}
