//! One workload, measured: routers started side by side, their answers compared, then rounds in turn.

mod contender;
mod results;
mod round;
mod spread;

pub use contender::Contender;
pub use results::{LeftOut, Measured, RouterResult, WorkloadResult};
pub use round::Round;
pub use spread::Spread;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use tempfile::TempDir;

use crate::console::tell;
use crate::failure::{Failure, Result, Tried};
use crate::replay::Stage;
use crate::routers::{Conditions, Programs, Router};
use crate::workloads::{Upstream, Workload};

/// How much is measured, and where.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the routers' programs are.
    pub programs: Programs,
    /// Which of them, in the order of each round.
    pub routers: Vec<Router>,
    /// How often each is measured.
    pub rounds: usize,
    /// How long each time.
    pub duration: Duration,
    /// How long it is asked before that.
    pub warm_up: Duration,
    /// The core that the routers run on, one at a time.
    pub router_core: usize,
    /// The core that everything else runs on.
    pub load_core: usize,
}

/// Whatever a workload runs on, while it is measured.
pub struct Scene {
    /// The replayed subgraphs.
    pub stage: Rc<Stage>,
    /// Those that can be had under the workload's conditions, in order.
    pub contenders: Vec<Contender>,
    /// The others.
    pub left_out: Vec<LeftOut>,
    /// Ends with the scene.
    _upstream: Upstream,
    _folder: TempDir,
}

/// Measures a workload.
pub async fn measure(workload: &Workload, settings: &Settings) -> Result<WorkloadResult> {
    let mut scene = Scene::set(workload, settings).await?;
    let mut rounds: BTreeMap<Router, Vec<Round>> = BTreeMap::new();
    for number in 1..=settings.rounds {
        for contender in &mut scene.contenders {
            let round = round::run(contender, workload, &scene.stage, settings).await?;
            tell(&format!("  {number}/{} {}", settings.rounds, round.line(contender.router())));
            rounds.entry(contender.router()).or_default().push(round);
        }
    }
    WorkloadResult::of(workload, scene, rounds)
}

impl Scene {
    /// Starts everything, and proves that all routers answer the same.
    pub async fn set(workload: &Workload, settings: &Settings) -> Result<Self> {
        let folder = tempfile::tempdir().tried("making a folder")?;
        let upstream = workload.graph.upstream(&settings.programs)?;
        let stage = Stage::open(&upstream.addresses).await?;
        if let Some((name, manner)) = workload.manner {
            stage.set_manner(name, manner)?;
        }
        let supergraph = workload.graph.write(folder.path(), stage.address())?;
        let conditions = Conditions {
            supergraph: &supergraph,
            folder: folder.path(),
            core: settings.router_core,
            sharing: workload.sharing,
            subgraph_http: workload.subgraph_http,
        };
        let mut contenders: Vec<Contender> = Vec::new();
        let mut left_out = Vec::new();
        for &router in &settings.routers {
            match Contender::start(router, &settings.programs, &conditions, workload).await {
                Ok(Some(contender)) => match contenders.first().map_or(Ok(()), |first| contender.same_as(first)) {
                    Ok(()) => contenders.push(contender),
                    Err(failure) => left_out.push(LeftOut::because(router, &failure.to_string())),
                },
                Ok(None) => left_out.push(LeftOut::because(router, "it is not installed, or has no such mode")),
                Err(failure) => left_out.push(LeftOut::because(router, &failure.to_string())),
            }
            let (faults, first) = stage.take_faults();
            if faults > 0 {
                return Err(Failure::Program(format!(
                    "recording failed {faults} times: {}",
                    first.unwrap_or_default()
                )));
            }
        }
        for each in &left_out {
            tell(&format!("  left out: {}: {}", each.router.title(), each.reason));
        }
        stage.record(false);
        Ok(Self { stage, contenders, left_out, _upstream: upstream, _folder: folder })
    }
}
