//! Hive Router: its defaults, errors and warnings in its log, sharing as the workload says (of calls it is on by default).
//!
//! Its workers are left to its default, which follows the cores that it may use.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::{Conditions, Sharing, SubgraphHttp, write_configuration};
use crate::failure::Result;

/// How it is started.
pub fn command(program: &Path, conditions: &Conditions<'_>, port: u16) -> Result<Option<Command>> {
    let configuration = json!({
        "supergraph": { "source": "file", "path": conditions.supergraph },
        "log": { "level": "warn" },
        "http": { "host": "127.0.0.1", "port": port },
        "traffic_shaping": {
            "all": {
                "dedupe_enabled": conditions.sharing != Sharing::Off,
                "allow_only_http2": conditions.subgraph_http == SubgraphHttp::Two,
            },
            "router": { "dedupe": { "enabled": conditions.sharing == Sharing::Requests } },
        },
    });
    let path = conditions.folder.join("hive.config.json");
    write_configuration(&path, &configuration)?;
    let mut command = Command::new(program);
    command.current_dir(conditions.folder).env("ROUTER_CONFIG_FILE_PATH", &path);
    Ok(Some(command))
}
