//! The log: one file a day under the data folder. Nothing goes to standard output, and to standard error only what finds
//! no file.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::mask::Mask;

/// What is written: our own steps, others' warnings. (zbus tells every message at TRACE, secrets among them.)
const LEVELS: &str =
    "warn,pointill=info,till=info,counter=info,ledger=info,portone=info,checkout=info,portone_sim=info";
/// A month, for a support call.
const FILES_KEPT: usize = 31;

/// Starts the log in this folder; on standard error where there can be no file.
///
/// # Errors
/// When the folder cannot be written, or a log was started before.
pub(crate) fn start(folder: &Path, mask: Arc<Mask>) -> Result<(), String> {
    let built = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("pointill")
        .filename_suffix("log")
        .max_log_files(FILES_KEPT)
        .build(folder);
    let (file, trouble) = match built {
        Ok(file) => (Some(file), None),
        Err(error) => (None, Some(error.to_string())),
    };
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_env_filter(EnvFilter::new(LEVELS))
        .with_writer(Masked { file, mask })
        .try_init()
        .map_err(|error| error.to_string())?;
    trouble.map_or(Ok(()), Err)
}

/// A panic is written down too, with the same mask; a task's panic would else vanish. On standard error as well: one at
/// the very start is before any log.
pub(crate) fn panics(mask: Arc<Mask>) {
    std::panic::set_hook(Box::new(move |panic| {
        let what = panic.payload_as_str().unwrap_or("of another kind");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        to_stderr(&mask.line(&format!("panic at {place}: {what}\n")));
        tracing::error!(place, "panic: {what}");
    }));
}

/// Not `eprintln!`, which panics where nobody reads.
fn to_stderr(line: &str) {
    io::stderr().write_all(line.as_bytes()).unwrap_or_default();
}

/// Masks each line on its way to the file. It is written at once, not by a thread of its own: the last line before a
/// crash is the one that is looked for.
struct Masked {
    file: Option<RollingFileAppender>,
    mask: Arc<Mask>,
}

struct Line<'a> {
    to: &'a Masked,
}

impl<'a> MakeWriter<'a> for Masked {
    type Writer = Line<'a>;
    fn make_writer(&'a self) -> Line<'a> {
        Line { to: self }
    }
}

impl Write for Line<'_> {
    /// tracing-subscriber hands over a whole event at a time.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let line = self.to.mask.line(&String::from_utf8_lossy(event));
        match &self.to.file {
            Some(file) => file.make_writer().write_all(line.as_bytes())?,
            None => to_stderr(&line),
        }
        Ok(event.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.to.file.as_ref().map_or(Ok(()), |file| file.make_writer().flush())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_logged_reaches_the_file_masked() {
        let folder = tempfile::tempdir().unwrap();
        let mask = Arc::new(Mask::default());
        mask.learn("a-rest-api-secret");
        start(folder.path(), mask).unwrap();
        tracing::info!(name = "홍\n길동", "member 010-1234-5678 with a-rest-api-secret");
        tracing::debug!("not written");
        let files: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().path()).collect();
        let [file] = &files[..] else { panic!("one file, not {files:?}") };
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.contains("member 010-••••-5678 with •••"), "{text}");
        assert!(!text.contains('\u{1b}') && !text.contains("010-1234"), "{text}");
    }

    #[test]
    fn a_panic_is_told_on_standard_error_masked() {
        let me = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "log::tests::panics_with_a_number", "--ignored", "--nocapture"])
            .output()
            .unwrap();
        let told = String::from_utf8(me.stderr).unwrap();
        assert!(told.contains("no room for 010-••••-5678") && !told.contains("1234"), "{told}");
    }

    #[test]
    #[ignore = "another test starts a process with this one"]
    fn panics_with_a_number() {
        panics(Arc::default());
        panic!("no room for {}", "010-1234-5678");
    }
}
