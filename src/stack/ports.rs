//! The ports of the services: free ones at the first start, the same ever after, since Pulsar's storage knows itself by its own.

use std::net::{Ipv4Addr, TcpListener};

use serde::{Deserialize, Serialize};

use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// A port a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ports {
    pub postgres: u16,
    pub pulsar: u16,
    pub pulsar_admin: u16,
    pub bookie: u16,
}

/// Those of the data folder, chosen if there are none.
pub fn kept_or_made(folder: &DataFolder) -> Result<Ports, Failure> {
    let text = folder.secret("stack.ports.json", || {
        let ports = free().map_err(|error| Failure::environment(format!("there are no free ports: {error}")))?;
        serde_json::to_vec(&ports).map_err(Failure::environment)
    })?;
    serde_json::from_slice(&text).map_err(|error| {
        Failure::environment(format!("cannot read stack.ports.json of the data folder: {error}; remove the file"))
    })
}

fn free() -> std::io::Result<Ports> {
    // Held together, so that no two are the same.
    let held: Vec<TcpListener> =
        (0..4).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).collect::<Result<_, _>>()?;
    let mut ports = held.iter().map(|listener| listener.local_addr().map(|address| address.port()));
    let mut next = || ports.next().unwrap_or_else(|| Err(std::io::Error::other("no port")));
    Ok(Ports { postgres: next()?, pulsar: next()?, pulsar_admin: next()?, bookie: next()? })
}
