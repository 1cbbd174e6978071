//! The machine as the gateway is allowed to see it: files and variables that the configuration names, and the clock.

use std::io;
use std::time::{SystemTime, UNIX_EPOCH};

use gateway::Sources;

/// This machine.
#[derive(Clone, Copy, Debug)]
pub struct Machine;

impl Sources for Machine {
    fn read_file(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn environment(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn unix_seconds(&self) -> u64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
    }

    fn resident_memory_bytes(&self) -> Option<u64> {
        // Linux: total and resident pages; elsewhere there is no such file, and no figure.
        let text = std::fs::read_to_string("/proc/self/statm").ok()?;
        let pages: u64 = text.split_whitespace().nth(1)?.parse().ok()?;
        let page_bytes = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok().flatten()?;
        Some(pages.saturating_mul(u64::try_from(page_bytes).ok()?))
    }
}
