//! `supergraph dev --config FILE`: GraphiQL over the subgraphs of a compose file, which are followed.

use std::path::PathBuf;
use std::sync::Arc;

use gateway::Gateway;
use gateway::config::Config;
use indexmap::IndexMap;
use tokio_util::sync::CancellationToken;

use super::{edition, for_development};
use crate::calls::Calls;
use crate::failure::Failure;
use crate::listen::Reserved;
use crate::live::{Live, Origin, Subgraphs};
use crate::machine::Machine;
use crate::{console, listen, serving};

/// Serves until a signal, whether the subgraphs compose already or not.
pub async fn run(
    path: PathBuf,
    urls: IndexMap<String, String>,
    (config, reserved): (Config, Reserved),
    shutdown: CancellationToken,
) -> Result<(), Failure> {
    let config = for_development(config);
    let metrics = serving::bind_metrics(&config.telemetry.metrics)?;
    let gateway = Gateway::waiting(config.clone(), Arc::new(Machine));
    let subgraphs = Subgraphs::new(Origin::File(path), urls, Vec::new());
    let mut live = Live::new(gateway.clone(), subgraphs, edition(config, Calls::default()));
    tokio::select! {
        () = live.look() => {}
        () = shutdown.cancelled() => return Ok(()),
    }
    let listener = reserved.listen()?;
    let address = listener.local_addr().map_err(Failure::environment)?;
    console::print(&format!("  GraphiQL       http://{address}/\n"))?;
    listen::announce("dev", &listener, None)?;
    tokio::select! {
        () = serving::serve(&gateway, listener, metrics, shutdown) => {}
        () = live.follow() => {}
    }
    Ok(())
}
