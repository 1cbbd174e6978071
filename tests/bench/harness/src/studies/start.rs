//! How long a router takes from its start to its first right answer.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::console::tell;
use crate::failure::{Result, Tried};
use crate::measurement::{Contender, LeftOut, Scene, Settings, Spread};
use crate::routers::Router;
use crate::workloads::Workload;

/// Bytes of the large supergraph.
const LARGE_BYTES: usize = 100_000;

/// Start times with two supergraphs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StartResult {
    /// In the order of the rounds.
    pub routers: Vec<RouterStart>,
    /// Who is not among them, and why.
    pub left_out: Vec<LeftOut>,
}

/// One router's start times with one supergraph.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RouterStart {
    /// Which.
    pub router: Router,
    /// Bytes of the supergraph.
    pub supergraph_bytes: usize,
    /// Milliseconds from the process's start to its first right answer to the workload's first operation.
    pub first_answer_ms: Spread,
    /// Kilobytes of memory then.
    pub resident_kb: Spread,
}

/// Starts each router again and again, with the workload's supergraph and with a large one, in turn.
pub async fn start(workload: &Workload, settings: &Settings) -> Result<StartResult> {
    // What they ask of subgraphs is recorded first, so that no subgraph's time counts.
    let scene = Scene::set(workload, settings).await?;
    let small = std::fs::read_to_string(scene.supergraph()).tried("reading the supergraph")?;
    let large = enlarged(&small);
    let mut routers = Vec::new();
    for supergraph in [small, large] {
        std::fs::write(scene.supergraph(), &supergraph).tried("writing the supergraph")?;
        let mut found: Vec<(Router, Vec<f64>, Vec<f64>)> =
            scene.contenders.iter().map(|contender| (contender.router(), Vec::new(), Vec::new())).collect();
        for _ in 0..settings.rounds {
            for (router, milliseconds, kilobytes) in &mut found {
                let started =
                    Contender::first_answer(*router, &settings.programs, &scene.conditions(), workload).await?;
                let Some((ms, memory)) = started else { continue };
                milliseconds.push(ms);
                kilobytes.push(memory.resident_kb as f64);
            }
        }
        for (router, milliseconds, kilobytes) in found {
            let (Some(first_answer_ms), Some(resident_kb)) = (Spread::of(milliseconds), Spread::of(kilobytes)) else {
                continue;
            };
            let supergraph_bytes = supergraph.len();
            let Spread { median, low, high } = first_answer_ms;
            tell(&format!("  {:<16} {supergraph_bytes} bytes: {median:.1} ms ({low:.1}–{high:.1})", router.title()));
            routers.push(RouterStart { router, supergraph_bytes, first_answer_ms, resident_kb });
        }
    }
    Ok(StartResult { routers, left_out: scene.left_out })
}

/// The same supergraph with types of no use, as many as it takes.
fn enlarged(supergraph: &str) -> String {
    let mut text = supergraph.to_owned();
    let mut number = 0;
    while text.len() < LARGE_BYTES {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\ntype Made{number} @join__type(graph: ACCOUNTS, key: \"id\") @join__type(graph: REVIEWS, key: \"id\") {{\n    \
             id: ID!\n    name: String @join__field(graph: ACCOUNTS)\n    number: Int @join__field(graph: REVIEWS)\n    \
             other: Made{} @join__field(graph: ACCOUNTS)\n}}\n",
            number / 2
        );
        number += 1;
    }
    text
}
