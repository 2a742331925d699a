//! The table that is printed, and the file that is written.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

/// One figure beside its baseline of the same run.
#[derive(Serialize)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) baseline: f64,
    pub(crate) ratio: f64,
    #[serde(skip)]
    pub(crate) target: &'static str,
    #[serde(skip)]
    pub(crate) against: &'static str,
}

impl Figure {
    pub(crate) fn new(
        name: &'static str,
        (value, unit): (f64, &'static str),
        (baseline, against): (f64, &'static str),
        target: &'static str,
    ) -> Figure {
        let ratio = if baseline > 0.0 { value / baseline } else { 0.0 };
        Figure {
            name,
            value: rounded(value),
            unit,
            baseline: rounded(baseline),
            ratio: rounded(ratio),
            target,
            against,
        }
    }
}

fn rounded(value: f64) -> f64 {
    if value >= 1_000.0 { value.round() } else { (value * 1_000.0).round() / 1_000.0 }
}

pub(crate) fn us(took: Duration) -> f64 {
    took.as_secs_f64() * 1e6
}

/// The time that `part` of a hundred stay under.
pub(crate) fn percentile(took: &mut [Duration], part: usize) -> Duration {
    took.sort_unstable();
    let place = (took.len() * part / 100).min(took.len().saturating_sub(1));
    took.get(place).copied().unwrap_or_default()
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut values = values.to_vec();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Markdown, so that it can stand in a document as it is.
pub(crate) fn print(figures: &[Figure]) {
    println!("| name | value | unit | baseline | ratio | target | the baseline is |");
    println!("|---|---:|---|---:|---:|---|---|");
    for Figure { name, value, unit, baseline, ratio, target, against } in figures {
        println!("| `{name}` | {value} | {unit} | {baseline} | {ratio} | {target} | {against} |");
    }
}

pub(crate) fn write(figures: &[Figure], path: &Path) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, serde_json::to_string_pretty(figures)? + "\n")?;
    println!("\nwritten: {}", path.display());
    Ok(())
}
