//! The subgraphs that a measured router talks to: recorded answers, sent again as cheaply as can be.
//!
//! A subgraph is a path, `/<name>`; a call is known by its whole body, up to what provably means the same ([`meaning`]). While the stage *records*, an unknown call goes on to
//! the real subgraph and its answer is kept. Once it is *frozen* an unknown call is answered with status 500 and counts as a
//! fault, which voids the round: nothing is measured that wasn't checked before.

mod http1;
mod http2;
mod meaning;
mod subgraph;

pub use subgraph::Manner;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::rc::{Rc, Weak};

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::spawn_local;

use crate::failure::{Failure, Result, Tried};
use subgraph::{Answer, Subgraph};

/// Where subgraphs are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosts {
    /// All behind one address.
    One,
    /// Each behind an address of its own, as they mostly are: routers keep connections, and limits on them, by address.
    Each,
}

/// All subgraphs of a workload.
pub struct Stage {
    addresses: BTreeMap<String, SocketAddr>,
    subgraphs: BTreeMap<String, Subgraph>,
    recording: Cell<bool>,
    connections: Cell<u64>,
    faults: Cell<u64>,
    first_fault: RefCell<Option<String>>,
}

impl Stage {
    /// Serves on free ports of this machine, on the current thread, until nobody needs it any more. `upstreams` are the
    /// addresses of the real subgraphs, by name.
    pub async fn open(upstreams: &BTreeMap<String, SocketAddr>, hosts: Hosts) -> Result<Rc<Self>> {
        let mut listeners: Vec<TcpListener> = Vec::new();
        let mut addresses = BTreeMap::new();
        for name in upstreams.keys() {
            if hosts == Hosts::Each || listeners.is_empty() {
                let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
                listeners.push(listener.tried("listening for subgraph calls")?);
            }
            if let Some(listener) = listeners.last() {
                addresses.insert(name.clone(), listener.local_addr().tried("listening for subgraph calls")?);
            }
        }
        let subgraphs = upstreams.iter().map(|(name, upstream)| (name.clone(), Subgraph::new(*upstream))).collect();
        let stage = Rc::new(Self {
            addresses,
            subgraphs,
            recording: Cell::new(true),
            connections: Cell::new(0),
            faults: Cell::new(0),
            first_fault: RefCell::new(None),
        });
        for listener in listeners {
            spawn_local(accept(listener, Rc::downgrade(&stage)));
        }
        Ok(stage)
    }

    /// Where each subgraph is; it answers at `/<name>`.
    pub fn addresses(&self) -> &BTreeMap<String, SocketAddr> {
        &self.addresses
    }

    /// From now on unknown calls are recorded, or are faults.
    pub fn record(&self, recording: bool) {
        self.recording.set(recording);
    }

    /// How the subgraph `name` behaves from now on.
    pub fn set_manner(&self, name: &str, manner: Manner) -> Result<()> {
        let subgraph = self.subgraphs.get(name);
        subgraph.ok_or_else(|| Failure::Usage(format!("no subgraph {name}")))?.set_manner(manner);
        Ok(())
    }

    /// Calls answered so far, by subgraph.
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.subgraphs.iter().map(|(name, subgraph)| (name.clone(), subgraph.calls())).collect()
    }

    /// Connections made so far.
    pub fn connections(&self) -> u64 {
        self.connections.get()
    }

    /// How many calls were not answered as they should have been, and why the first wasn't; forgotten by this.
    pub fn take_faults(&self) -> (u64, Option<String>) {
        (self.faults.take(), self.first_fault.take())
    }

    /// The answer to a call: `None` is a fault, which has been noted.
    async fn answer(&self, path: &str, body: &[u8]) -> Option<Answer> {
        let name = path.trim_start_matches('/');
        let Some(subgraph) = self.subgraphs.get(name) else {
            self.fault(format!("a call to {path}, which is no subgraph"));
            return None;
        };
        if let Some(answer) = subgraph.known(body) {
            return subgraph.give(answer).await;
        }
        if !self.recording.get() {
            self.fault(format!("{name} was never asked this before: {}", String::from_utf8_lossy(body)));
            return None;
        }
        match subgraph.record(name, body).await {
            Ok(answer) => subgraph.give(answer).await,
            Err(failure) => {
                self.fault(format!("{name}: {failure}"));
                None
            }
        }
    }

    fn fault(&self, what: String) {
        self.faults.set(self.faults.get() + 1);
        self.first_fault.borrow_mut().get_or_insert(what);
    }
}

/// Takes connections until nobody needs the stage any more.
async fn accept(listener: TcpListener, stage: Weak<Stage>) {
    while let Ok((stream, _)) = listener.accept().await {
        let Some(stage) = stage.upgrade() else { return };
        stage.connections.set(stage.connections.get() + 1);
        spawn_local(serve(stream, stage));
    }
}

/// The first bytes say which version of HTTP the caller speaks.
async fn serve(stream: TcpStream, stage: Rc<Stage>) {
    let mut first = [0; 3];
    // A caller that ends here has asked for nothing.
    if !matches!(stream.peek(&mut first).await, Ok(1..)) {
        return;
    }
    match &first {
        b"PRI" => http2::serve(stream, stage).await,
        _ => http1::serve(stream, stage).await,
    }
}

/// The status line and headers of an answer.
fn head(status: &str, length: usize) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n")
}

/// An answer's head and body as one piece.
fn whole(status: &str, body: &[u8]) -> Bytes {
    [head(status, body.len()).as_bytes(), body].concat().into()
}

#[cfg(test)]
mod tests;
