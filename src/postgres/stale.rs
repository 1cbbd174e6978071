//! Stops a PostgreSQL that an earlier run left behind on the same cluster, and clears its pid file.
//!
//! Only called under the data folder's lock: no living `supergraph` uses the cluster. A pid alone proves nothing, since
//! pids are used again; the process has to work in this very folder before it is sent a signal.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::PostgresError;

/// How long each signal is given before the next stronger one.
const PATIENCE: Duration = Duration::from_secs(5);

/// Makes sure that nothing runs on the cluster.
pub fn take_over(cluster: &Path) -> Result<(), PostgresError> {
    let file = cluster.join("postmaster.pid");
    let Some(pid) = recorded_pid(&file) else { return Ok(()) };
    if works_in(pid, cluster) {
        tracing::warn!(pid = pid.as_raw(), "stopping the PostgreSQL that an earlier run left behind");
        stop(pid, cluster)?;
    }
    match std::fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(PostgresError::folder("remove", &file, error))
        }
        _ => Ok(()),
    }
}

fn recorded_pid(file: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(file).ok()?;
    let pid: i32 = text.lines().next()?.trim().parse().ok()?;
    (pid > 1).then(|| Pid::from_raw(pid))
}

fn stop(pid: Pid, cluster: &Path) -> Result<(), PostgresError> {
    for signal in [Signal::SIGINT, Signal::SIGQUIT] {
        // It may be ending by itself.
        let _ = kill(pid, signal);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if !works_in(pid, cluster) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
    Err(PostgresError::StaleServer { pid: pid.as_raw(), path: cluster.to_owned() })
}

/// Whether the process lives and its working folder is the cluster, where PostgreSQL goes at its start.
#[cfg(target_os = "linux")]
fn works_in(pid: Pid, cluster: &Path) -> bool {
    let working = std::fs::read_link(format!("/proc/{pid}/cwd"));
    matches!((working, cluster.canonicalize()), (Ok(working), Ok(cluster)) if working == cluster)
}

/// Whether the process lives and has a file of the cluster open, by `lsof`, which macOS and the BSDs carry.
#[cfg(not(target_os = "linux"))]
fn works_in(pid: Pid, cluster: &Path) -> bool {
    let output = std::process::Command::new("lsof").args(["-a", "-d", "cwd", "-Fn", "-p", &pid.to_string()]).output();
    let Ok(cluster) = cluster.canonicalize() else { return false };
    output.is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .any(|line| line.strip_prefix('n').is_some_and(|path| Path::new(path) == cluster))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reused_pid_is_left_alone_and_its_file_removed() {
        let cluster = tempfile::tempdir().unwrap();
        let file = cluster.path().join("postmaster.pid");
        // This test's own process lives, and doesn't work in that folder.
        std::fs::write(&file, format!("{}\n{}\n", std::process::id(), cluster.path().display())).unwrap();
        take_over(cluster.path()).unwrap();
        assert!(!file.exists());
    }

    #[test]
    fn pid_files_that_name_no_ordinary_process_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("postmaster.pid");
        for text in ["", "x", "0\n", "1\n", "-1\n", "99999999999\n"] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(recorded_pid(&file), None, "{text:?}");
        }
    }
}
