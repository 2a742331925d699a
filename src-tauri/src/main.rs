//! Pointill, the desktop app: windows, keyring, log file. What it does stands in `till` and `counter`.
//!
//! Architecture invariant: there is no rule about points or payments here, no SQL, and no word of PortOne's.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod args;
mod checkout_window;
mod folder;
mod jail;
mod keys;
mod log;
mod main_window;
mod mask;
mod platform;
mod rpc;
mod start;

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;

/// The options do not go together. clap uses the same number.
const BAD_OPTIONS: u8 = 2;

fn main() -> ExitCode {
    let start = match args::Args::parse().start(args::automated()) {
        Ok(start) => start,
        Err(refused) => {
            eprintln!("{}", refused.sentence());
            return ExitCode::from(BAD_OPTIONS);
        }
    };
    folder::keep_private();
    let mask = Arc::new(mask::Mask::default());
    log::panics(Arc::clone(&mask));
    match start::run(start, mask) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the app did not start");
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
