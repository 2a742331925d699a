//! Programs that a test started never outlive it.

use tokio::process::Command;

/// Holds a group of processes: when it goes, or when this process dies in whatever way, they are killed, with all that
/// they started themselves.
pub struct Leash {
    #[cfg(unix)]
    holder: std::process::Child,
    #[cfg(unix)]
    group: i32,
}

#[cfg(unix)]
impl Leash {
    /// A group of its own, empty so far.
    ///
    /// # Errors
    /// `sh` cannot be started.
    pub fn new() -> anyhow::Result<Leash> {
        use std::os::unix::process::CommandExt as _;
        use std::process::Stdio;

        // The leader waits on a pipe that only we hold. The pipe closes also when we are killed, which no `Drop` sees.
        let holder = std::process::Command::new("sh")
            .args(["-c", "trap '' HUP INT TERM; read -r _; kill -KILL 0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()?;
        let group = i32::try_from(holder.id())?;
        Ok(Leash { holder, group })
    }

    /// What `command` starts belongs to the group.
    pub fn hold<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.process_group(self.group)
    }

    /// Kills them and waits until the last has ended: a process that is being killed still holds its locks.
    ///
    /// # Errors
    /// One does not end.
    #[cfg(target_os = "linux")]
    pub async fn end(self) -> anyhow::Result<()> {
        let group = self.group;
        drop(self);
        crate::eventually("processes to end", std::time::Duration::from_secs(20), async || {
            Ok((!lives(group)?).then_some(()))
        })
        .await
    }
}

/// Whether a process of the group is there that has not ended. One that has ended may stay as a zombie where nobody
/// collects it; its files are closed.
///
/// Source: proc(5), /proc/pid/stat.
#[cfg(target_os = "linux")]
fn lives(group: i32) -> anyhow::Result<bool> {
    let group = group.to_string();
    for entry in std::fs::read_dir("/proc")? {
        // No process, or one that has gone meanwhile.
        let Ok(stat) = std::fs::read_to_string(entry?.path().join("stat")) else { continue };
        // The name before stands in brackets, and may hold anything.
        let Some((_, after)) = stat.rsplit_once(") ") else { continue };
        let mut fields = after.split(' ');
        let (state, of) = (fields.next(), fields.nth(1));
        if of == Some(&group) && state != Some("Z") {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(unix)]
impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        // The leader kills itself with the rest; the only error is that it is gone already.
        let _status = self.holder.wait();
    }
}

#[cfg(not(unix))]
impl Leash {
    /// A group of its own, empty so far.
    ///
    /// # Errors
    /// None here.
    pub fn new() -> anyhow::Result<Leash> {
        Ok(Leash {})
    }

    /// What `command` starts is killed with the handle to it.
    pub fn hold<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command.kill_on_drop(true)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Stdio;

    use tokio::io::{AsyncBufReadExt as _, BufReader};

    use super::*;

    #[tokio::test]
    async fn what_a_test_started_ends_with_it_and_so_do_its_children() -> anyhow::Result<()> {
        let leash = Leash::new()?;
        let group = leash.group;
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & echo started; wait"]).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = leash.hold(&mut command).spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).await?;
        }
        assert!(lives(group)?);
        leash.end().await?;
        assert!(!child.wait().await?.success());
        assert!(!lives(group)?);
        Ok(())
    }
}
