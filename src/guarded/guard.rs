//! The guard between this program and a server: stops the server when its own stdin closes.
//!
//! A pipe closes however the process at its other end goes: by its own will, by a signal, or by a crash. The guard runs
//! in a process group of its own, so that Ctrl-C reaches the program first and the server last.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use super::RUN;
use super::stage::{Stage, own_program};

/// PostgreSQL's fast shutdown breaks connections off and writes a checkpoint: well under a second with this little memory. What other
/// servers don't get done in this time a kill doesn't lose either.
const FAST_SHUTDOWN_MAX: Duration = Duration::from_secs(3);
/// An immediate shutdown only tells the processes to end.
const IMMEDIATE_SHUTDOWN_MAX: Duration = Duration::from_secs(1);

enum Event {
    ParentGone,
    Ended(ExitCode),
}

/// Runs a server in its stage until it ends, or until stdin closes.
pub fn run(stage: &Stage) -> std::io::Result<ExitCode> {
    let mut command = Command::new(own_program()?);
    // A group of its own: a script that still prepares its server is stopped with what it runs for that.
    let child = command.args(stage.command_line(RUN)).stdin(Stdio::null()).process_group(0).spawn()?;
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX));
    let (sender, events) = channel();
    watch_stdin(sender.clone());
    watch_child(child, sender);
    match events.recv() {
        Ok(Event::Ended(code)) => Ok(code),
        _ => Ok(stop(pid, stage.stop_signal(), &events)),
    }
}

/// Shutdown in order, then PostgreSQL's immediate one, then the kernel's.
fn stop(group: Pid, in_order: Signal, events: &Receiver<Event>) -> ExitCode {
    let steps = [
        (in_order, FAST_SHUTDOWN_MAX),
        (Signal::SIGQUIT, IMMEDIATE_SHUTDOWN_MAX),
        (Signal::SIGKILL, IMMEDIATE_SHUTDOWN_MAX),
    ];
    for (signal, patience) in steps {
        // It may have ended in this moment: then the event says so.
        let _ = killpg(group, signal);
        match events.recv_timeout(patience) {
            Ok(Event::Ended(code)) => return code,
            Ok(Event::ParentGone) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    ExitCode::FAILURE
}

fn watch_stdin(sender: Sender<Event>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 64];
        let mut stdin = std::io::stdin().lock();
        while matches!(stdin.read(&mut buffer), Ok(1..)) {}
        // No receiver: the guard is ending already.
        let _ = sender.send(Event::ParentGone);
    });
}

fn watch_child(mut child: Child, sender: Sender<Event>) {
    std::thread::spawn(move || {
        let code = match child.wait() {
            Ok(status) if status.success() => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        };
        let _ = sender.send(Event::Ended(code));
    });
}
