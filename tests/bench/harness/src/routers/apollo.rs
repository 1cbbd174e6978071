//! npm `@apollo/gateway` in Apollo Server, one process: it has no sharing but in a request, and no HTTP/2 to subgraphs.

use std::path::Path;
use std::process::Command;

use super::{Conditions, Sharing, SubgraphHttp};

/// How it is started; none for what it doesn't have.
pub fn command(peers: &Path, conditions: &Conditions<'_>, port: u16) -> Option<Command> {
    if conditions.sharing != Sharing::Off || conditions.subgraph_http != SubgraphHttp::One {
        return None;
    }
    let mut command = Command::new("node");
    command.arg(peers.join("serve-gateway.mjs")).env("NODE_ENV", "production");
    command.arg("--supergraph").arg(conditions.supergraph).arg("--port").arg(port.to_string());
    Some(command)
}
