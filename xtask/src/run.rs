//! Running programs, and the steps of a long command.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Runs a program to its end. It writes where we write, and is never asked anything.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let line = line(command);
    println!("$ {line}");
    let status = command.stdin(Stdio::null()).status().with_context(|| format!("start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// What a program prints, trimmed; `None` where it is missing or fails.
pub(crate) fn said(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

/// Steps, one after another; the first that fails ends the command and is named.
pub(crate) struct Steps {
    started: Instant,
    done: Vec<(&'static str, Duration)>,
}

impl Steps {
    pub(crate) fn new() -> Steps {
        Steps { started: Instant::now(), done: Vec::new() }
    }

    pub(crate) fn step<T>(
        &mut self,
        name: &'static str,
        work: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        println!("\n── {}. {name}", self.done.len() + 1);
        let started = Instant::now();
        let result = work().with_context(|| format!("step `{name}` failed"))?;
        let took = started.elapsed();
        println!("── {name}: {}", spoken(took));
        self.done.push((name, took));
        Ok(result)
    }

    /// What was done, and how long each took.
    pub(crate) fn summary(&self) {
        println!();
        for (name, took) in &self.done {
            println!("  ok  {name:<32} {:>14}", spoken(*took));
        }
        println!("\nall {} steps passed in {}", self.done.len(), spoken(self.started.elapsed()));
    }
}

fn spoken(took: Duration) -> String {
    match took.as_secs() {
        0..60 => format!("{}.{} s", took.as_secs(), took.subsec_millis() / 100),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!(spoken(Duration::from_millis(1_250)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
