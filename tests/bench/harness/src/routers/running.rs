//! A router that runs, for as long as it is needed: whatever happens to the harness, none is left behind.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Conditions, Programs, Router};
use crate::failure::{Failure, Result, Tried};
use crate::measure::{CpuTime, Memory, cpu_time, memory, on_core};

/// A process that ends with this value.
pub struct Running {
    /// Which router it is.
    pub router: Router,
    /// Where it listens.
    pub address: SocketAddr,
    /// When it was started.
    pub started: Instant,
    child: Child,
    log: PathBuf,
}

impl Running {
    /// Starts a router on its core; none if it can't be had like this.
    pub fn start(router: Router, programs: &Programs, conditions: &Conditions<'_>) -> Result<Option<Self>> {
        let port = free_port()?;
        let Some(command) = router.command(programs, conditions, port)? else { return Ok(None) };
        let log = conditions.folder.join(format!("{router:?}.log"));
        let file = File::create(&log).tried("making a router's log")?;
        let copy = file.try_clone().tried("making a router's log")?;
        let mut guarded = guarded(&command);
        guarded.stdin(Stdio::null()).stdout(file).stderr(copy);
        let (started, child) = on_core(conditions.core, || Ok((Instant::now(), guarded.spawn())))?;
        let child = child.tried(format!("starting {}", router.title()))?;
        Ok(Some(Self { router, address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), started, child, log }))
    }

    /// User and system time that it has taken.
    pub fn cpu_time(&self) -> Result<CpuTime> {
        cpu_time(self.child.id())
    }

    /// Memory that it holds.
    pub fn memory(&self) -> Result<Memory> {
        memory(self.child.id())
    }

    /// Looks at its memory again and again, for as long as this is waited for; ends only where that fails.
    pub async fn sample_memory(&self, distance: Duration, resident_kb: &mut Vec<u64>) -> Failure {
        loop {
            tokio::time::sleep(distance).await;
            match self.memory() {
                Ok(memory) => resident_kb.push(memory.resident_kb),
                Err(failure) => return failure,
            }
        }
    }

    /// Fails if it has ended, with what it said.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait().tried("looking after a router")? {
            None => Ok(()),
            Some(status) => {
                Err(Failure::Program(format!("{} ended with {status}: {}", self.router.title(), self.said())))
            }
        }
    }

    /// The last of what it said.
    pub fn said(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let last = log.get(log.len().saturating_sub(2000)..).unwrap_or_default();
        String::from_utf8_lossy(last).into_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same command as one that is killed when the harness ends in any way, SIGKILL included. Its process is the router's.
pub fn guarded(command: &Command) -> Command {
    let mut guarded = Command::new("setpriv");
    guarded.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => guarded.env(name, value),
            None => guarded.env_remove(name),
        };
    }
    if let Some(folder) = command.get_current_dir() {
        guarded.current_dir(folder);
    }
    guarded
}

/// A port that nobody listens on: routers can't all be asked which one they took.
fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).tried("finding a free port")?;
    Ok(listener.local_addr().tried("finding a free port")?.port())
}
