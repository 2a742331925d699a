//! The machine, and whether it is busy.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// For how long the machine may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(120);

/// Says what the figures were measured on.
pub(crate) fn print(folder: &Path) {
    let cpu = of_file("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = of_file("/proc/meminfo", "MemTotal").unwrap_or_default();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    println!("- processor: {cpu}, {cores} threads; memory: {memory}");
    println!("- kernel: {}", said("uname", &["-sr"]));
    let disk = said("df", &["-h", "--output=source,fstype,size", &folder.to_string_lossy()]);
    println!(
        "- disk: {}",
        disk.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    );
    println!("- {}; SQLite {}", said("rustc", &["--version"]), rusqlite::version());
    println!("- commit: {}", said("git", &["describe", "--always", "--dirty"]));
}

/// Waits until the last minute was quiet, within bounds, and says how it was.
#[expect(clippy::disallowed_methods, reason = "nobody says when a machine has come to rest")]
pub(crate) fn wait_for_rest(at_once: bool) {
    let started = Instant::now();
    while !at_once && load().is_some_and(|load| load > 0.5) && started.elapsed() < PATIENCE {
        thread::sleep(Duration::from_secs(5));
    }
    println!(
        "- load before the run: {}\n",
        load().map_or_else(|| "unknown".to_owned(), |load| format!("{load}"))
    );
}

/// Over the last minute.
pub(crate) fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// The most memory that this program ever held, and what it holds now, in bytes. Linux tells.
pub(crate) fn memory() -> Option<(u64, u64)> {
    let of = |name| {
        let value = of_file("/proc/self/status", name)?;
        Some(value.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
    };
    Some((of("VmHWM")?, of("VmRSS")?))
}

fn of_file(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn said(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
