//! This project's router: its defaults, and a log of warnings alone.

use std::path::Path;
use std::process::Command;

use serde_json::{Map, json};

use super::{Conditions, Sharing, SubgraphHttp, write_configuration};
use crate::failure::Result;

/// How it is started.
pub fn command(program: &Path, conditions: &Conditions<'_>, port: u16) -> Result<Option<Command>> {
    // Only what differs from the defaults: an older build may not know the rest.
    let (mut http, mut subgraphs) = (Map::new(), Map::new());
    if conditions.sharing != Sharing::Off {
        subgraphs.insert("share_calls".into(), true.into());
    }
    if conditions.sharing == Sharing::Requests {
        http.insert("share_requests".into(), true.into());
    }
    if conditions.subgraph_http == SubgraphHttp::Two {
        subgraphs.insert("http2".into(), "prior_knowledge".into());
    }
    let logs = json!({ "logs": { "filter": "warn" } });
    let configuration = json!({ "telemetry": logs, "http": http, "subgraphs": subgraphs });
    // A file of its own: routers of this project follow theirs.
    let path = conditions.folder.join(format!("ours-{port}.yaml"));
    write_configuration(&path, &configuration)?;
    let mut command = Command::new(program);
    command.arg("router").arg("--config").arg(&path).arg("--supergraph").arg(conditions.supergraph);
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    Ok(Some(command))
}
