//! The last stage before a program of others, such as PostgreSQL's: gives up root, opens the door to the data folder, and becomes the program.
//!
//! Root's data folder may lie where the unprivileged user can't go (`/root`, a private temp folder: mode 0700). So the
//! folder is opened before root is given up, and the program reaches it through the open descriptor, as
//! `/proc/self/fd/N`, which asks for no permission on the folders above. PostgreSQL changes into it at once and works on
//! relative paths from there.

use std::convert::Infallible;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;
use nix::unistd::{Gid, Uid};

/// An unprivileged user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its user id, never 0.
    pub user: Uid,
    /// Its group id.
    pub group: Gid,
}

/// What stands for the data folder in the program's arguments.
pub const FOLDER: &str = "{folder}";

/// Arguments of the hidden command that runs a program in this stage.
#[derive(Clone, Debug, clap::Args)]
pub struct Stage {
    /// The unprivileged user's id.
    #[arg(long, requires = "group_id")]
    user_id: Option<u32>,
    /// Its group id.
    #[arg(long, requires = "user_id")]
    group_id: Option<u32>,
    /// The folder that `{folder}` in the arguments stands for.
    #[arg(long)]
    folder: PathBuf,
    /// The signal by which the program ends in order.
    #[arg(long, default_value_t = Signal::SIGINT)]
    stop_signal: Signal,
    /// The program, by absolute path.
    program: PathBuf,
    /// Its arguments.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

impl Stage {
    /// A program with arguments, in which [`FOLDER`] stands for the folder.
    pub fn new(account: Option<Account>, folder: &Path, program: PathBuf, arguments: Vec<String>) -> Self {
        Self {
            user_id: account.map(|account| account.user.as_raw()),
            group_id: account.map(|account| account.group.as_raw()),
            folder: folder.to_owned(),
            // PostgreSQL's: breaks connections off. At SIGTERM it waits for them.
            stop_signal: Signal::SIGINT,
            program,
            arguments,
        }
    }

    /// With another signal by which it ends in order.
    pub fn stopped_by(self, stop_signal: Signal) -> Self {
        Self { stop_signal, ..self }
    }

    /// The signal by which it ends in order.
    pub fn stop_signal(&self) -> Signal {
        self.stop_signal
    }

    /// The arguments that make this program run itself as that stage; `name` is the hidden command.
    pub fn command_line(&self, name: &str) -> Vec<std::ffi::OsString> {
        let mut line: Vec<std::ffi::OsString> = vec![name.into()];
        if let (Some(user), Some(group)) = (self.user_id, self.group_id) {
            line.extend([format!("--user-id={user}").into(), format!("--group-id={group}").into()]);
        }
        line.push(format!("--stop-signal={}", self.stop_signal).into());
        line.extend(["--folder".into(), self.folder.clone().into(), "--".into(), self.program.clone().into()]);
        line.extend(self.arguments.iter().map(Into::into));
        line
    }

    /// Becomes the program; returns only if that failed.
    pub fn become_program(self) -> std::io::Result<Infallible> {
        let parent = nix::unistd::getppid();
        let (folder, door) = self.open_folder()?;
        let mut command = Command::new(&self.program);
        command.args(self.arguments.iter().map(|argument| argument.replace(FOLDER, &folder)));
        // PostgreSQL's programs look for themselves from their working folder, which the user must be able to enter.
        command.current_dir("/").env_remove("PGDATA").env("LC_ALL", "C").env("TZ", "UTC");
        self.give_up_root(&mut command)?;
        end_with_parent(parent, self.stop_signal)?;
        let error = command.exec();
        drop(door);
        Err(error)
    }

    #[cfg(target_os = "linux")]
    fn open_folder(&self) -> std::io::Result<(String, Option<OwnedFd>)> {
        if self.user_id.is_none() {
            return Ok((self.folder.display().to_string(), None));
        }
        // A duplicate lacks the close-on-exec flag, so that the program and its children inherit it.
        let door = nix::unistd::dup(std::fs::File::open(&self.folder)?)?;
        Ok((format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&door)), Some(door)))
    }

    #[cfg(not(target_os = "linux"))]
    fn open_folder(&self) -> std::io::Result<(String, Option<OwnedFd>)> {
        Ok((self.folder.display().to_string(), None))
    }

    #[cfg(target_os = "linux")]
    fn give_up_root(&self, _: &mut Command) -> std::io::Result<()> {
        if let (Some(user), Some(group)) = (self.user_id, self.group_id) {
            nix::unistd::setgroups(&[])?;
            nix::unistd::setgid(Gid::from_raw(group))?;
            nix::unistd::setuid(Uid::from_raw(user))?;
        }
        Ok(())
    }

    #[cfg(not(target_os = "linux"))]
    fn give_up_root(&self, command: &mut Command) -> std::io::Result<()> {
        if let (Some(user), Some(group)) = (self.user_id, self.group_id) {
            command.uid(user).gid(group);
        }
        Ok(())
    }
}

/// Asks the kernel for the signal that ends it in order when the parent ends. After the change of user, which would clear it.
#[cfg(target_os = "linux")]
fn end_with_parent(parent: nix::unistd::Pid, stop_signal: Signal) -> std::io::Result<()> {
    nix::sys::prctl::set_pdeathsig(stop_signal)?;
    if nix::unistd::getppid() != parent {
        return Err(std::io::Error::other("the parent process has ended"));
    }
    Ok(())
}

#[cfg(not(target_os = "linux"))]
fn end_with_parent(_: nix::unistd::Pid, _: Signal) -> std::io::Result<()> {
    Ok(())
}

/// This program's own file, also when it has been built anew since the start.
pub fn own_program() -> std::io::Result<PathBuf> {
    if cfg!(target_os = "linux") { Ok(PathBuf::from("/proc/self/exe")) } else { std::env::current_exe() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_keeps_arguments_that_look_like_options() {
        let stage = Stage::new(None, Path::new("/tmp/a b"), "/bin/echo".into(), vec!["-D".into(), FOLDER.into()]);
        let line = stage.command_line("internal-run");
        assert_eq!(
            line,
            ["internal-run", "--stop-signal=SIGINT", "--folder", "/tmp/a b", "--", "/bin/echo", "-D", "{folder}"]
        );
    }
}
