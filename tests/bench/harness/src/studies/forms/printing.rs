//! A program that prints where it can be reached.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::failure::{Failure, Result, Tried};
use crate::measure::{CpuTime, cpu_time, on_core};
use crate::routers::guarded;

/// A process that ends with this value.
pub struct Printing {
    child: Child,
    /// What it printed until it was ready.
    pub lines: Vec<String>,
    /// Open, so that it may go on printing the little that it prints.
    _printed: BufReader<ChildStdout>,
}

impl Printing {
    /// Starts it on a core and waits for a line that begins, or goes on, with `ready`.
    pub fn start(command: &Command, core: usize, ready: &str) -> Result<Self> {
        let what = format!("starting {command:?}");
        let mut guarded = guarded(command);
        guarded.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = on_core(core, || guarded.spawn().tried(what.clone()))?;
        let printed = child.stdout.take().ok_or_else(|| Failure::Program(what.clone()))?;
        let mut printing = Self { child, lines: Vec::new(), _printed: BufReader::new(printed) };
        loop {
            let mut line = String::new();
            if printing._printed.read_line(&mut line).tried(what.clone())? == 0 {
                return Err(Failure::Program(format!("{what}: it ended")));
            }
            let is_ready = line.contains(ready);
            printing.lines.push(line.trim().to_owned());
            if is_ready {
                return Ok(printing);
            }
        }
    }

    /// What stands behind a text in a line that it printed, up to the next space.
    pub fn told(&self, before: &str) -> Result<&str> {
        let rest = self.lines.iter().find_map(|line| Some(line.split_once(before)?.1));
        let word = rest.and_then(|rest| rest.split_whitespace().next());
        word.ok_or_else(|| Failure::Program(format!("nothing was printed behind {before:?}: {:?}", self.lines)))
    }

    /// The address in its URL.
    pub fn address(&self) -> Result<SocketAddr> {
        let url = self.told("listening on http://")?;
        let authority = url.split('/').next().unwrap_or_default();
        authority.parse().map_err(|_| Failure::Program(format!("no address: {url}")))
    }

    /// User and system time that it has taken.
    pub fn cpu_time(&self) -> Result<CpuTime> {
        cpu_time(self.child.id())
    }
}

impl Drop for Printing {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
