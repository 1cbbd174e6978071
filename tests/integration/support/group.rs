//! The group of the processes that tests start: none outlives the tests, however those end.
//!
//! Its leader is a shell at the end of a pipe. The kernel closes that when this process is gone, killed or aborted as well, and the
//! leader kills its group. A signal at the parent's death (`PR_SET_PDEATHSIG`) would come too early: when the *thread* ends that
//! started a process, and a test's threads end while others still use what it started.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;

/// Whoever is in it when nobody can write any more goes, the shell included.
const LEADER: &str = "read -r nothing; kill -s KILL 0";

static OF_TESTS: LazyLock<Group> = LazyLock::new(Group::start);

/// A command whose process ends with this one at the latest. So do those that it starts, unless they leave its group.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    OF_TESTS.command(program)
}

struct Group {
    leader: Child,
    /// Never written to. No process inherits it: it is closed where another program is executed.
    pipe: Option<ChildStdin>,
}

impl Group {
    fn start() -> Self {
        let mut leader = Command::new("sh");
        leader.args(["-c", LEADER]).process_group(0);
        leader.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut leader = leader.spawn().expect("a shell");
        let pipe = leader.stdin.take();
        Self { leader, pipe }
    }

    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.process_group(i32::try_from(self.leader.id()).expect("a process id"));
        command
    }
}

/// That of the tests is never dropped: it ends with the process.
impl Drop for Group {
    fn drop(&mut self) {
        drop(self.pipe.take());
        // It has killed itself.
        let _ = self.leader.wait();
    }
}

#[test]
fn who_is_in_a_group_ends_when_its_pipe_is_closed() {
    use std::os::unix::process::ExitStatusExt as _;

    let group = Group::start();
    let started = |arguments: &[&str]| {
        let mut command = group.command("sh");
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a shell")
    };
    let (mut program, parent) = (started(&["-c", "exec sleep 60"]), started(&["-c", "sleep 60 & exec sleep 60"]));
    assert_eq!(program.try_wait().expect("a status"), None);
    drop(group);
    // After a minute they would have ended by themselves, without a signal.
    assert_eq!(program.wait().expect("a status").signal(), Some(9));
    // The output ends when the child's child is gone too.
    assert_eq!(parent.wait_with_output().expect("a status").status.signal(), Some(9));
}
