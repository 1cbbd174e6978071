//! The real subgraphs, which are asked what has not been recorded yet.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use crate::failure::{Failure, Result, Tried};
use crate::routers::guarded;

/// Subgraphs as one process that ends with this value.
pub struct Upstream {
    child: Child,
    /// Where each listens; all of them answer at `/<name>`.
    pub addresses: BTreeMap<String, SocketAddr>,
}

impl Upstream {
    /// Starts a program that prints its subgraphs' URLs as one line of JSON when it is ready.
    pub fn start(command: &Command) -> Result<Self> {
        let mut child =
            guarded(command).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().tried("starting the subgraphs")?;
        let printed = child.stdout.take();
        let mut upstream = Self { child, addresses: BTreeMap::new() };
        let mut line = String::new();
        if let Some(printed) = printed {
            BufReader::new(printed).read_line(&mut line).tried("starting the subgraphs")?;
        }
        let told: BTreeMap<String, String> = serde_json::from_str(&line)
            .map_err(|_| Failure::Program(format!("the subgraphs did not say where they are: {line}")))?;
        for (name, url) in told {
            let authority = url.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            let address = authority.parse().map_err(|_| Failure::Program(format!("no address of {name}: {url}")))?;
            upstream.addresses.insert(name, address);
        }
        Ok(upstream)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
