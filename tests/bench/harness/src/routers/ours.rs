//! This project's router: its defaults, and a log of warnings alone.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{Conditions, Sharing, SubgraphHttp, write_configuration};
use crate::failure::Result;

/// How it is started; none for sharing that it doesn't have.
pub fn command(program: &Path, conditions: &Conditions<'_>, port: u16) -> Result<Option<Command>> {
    if conditions.sharing == Sharing::Requests {
        return Ok(None);
    }
    let http2 = match conditions.subgraph_http {
        SubgraphHttp::One => "negotiated",
        SubgraphHttp::Two => "prior_knowledge",
    };
    let configuration = json!({
        "telemetry": { "logs": { "filter": "warn" } },
        "subgraphs": { "share_calls": conditions.sharing == Sharing::Calls, "http2": http2 },
    });
    let path = conditions.folder.join("ours.yaml");
    write_configuration(&path, &configuration)?;
    let mut command = Command::new(program);
    command.arg("router").arg("--config").arg(&path).arg("--supergraph").arg(conditions.supergraph);
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    Ok(Some(command))
}
