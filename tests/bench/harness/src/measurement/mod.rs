//! One workload, measured: routers started side by side, their answers compared, then rounds in turn.

mod contender;
mod results;
mod round;
mod spread;

pub use contender::Contender;
pub use results::{LeftOut, Measured, RouterResult, Why, WorkloadResult};
pub use round::{Round, run as measure_round};
pub use spread::Spread;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Duration;

use tempfile::TempDir;

use crate::console::tell;
use crate::failure::{Failure, Result, Tried};
use crate::replay::Stage;
use crate::routers::{Conditions, Programs, Router, Sharing, SubgraphHttp};
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
    /// How long the soak takes for each router.
    pub soak: Duration,
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
    supergraph: PathBuf,
    sharing: Sharing,
    subgraph_http: SubgraphHttp,
    core: usize,
    folder: TempDir,
    /// Ends with the scene.
    _upstream: Upstream,
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
        let upstream = workload.graph.upstream(&settings.programs, folder.path())?;
        let stage = Stage::open(&upstream.addresses, workload.graph.hosts()).await?;
        if let Some((name, manner)) = workload.manner {
            stage.set_manner(name, manner)?;
        }
        let supergraph = workload.graph.write(&settings.programs, folder.path(), stage.addresses())?;
        let mut scene = Self {
            stage,
            contenders: Vec::new(),
            left_out: Vec::new(),
            supergraph,
            sharing: workload.sharing,
            subgraph_http: workload.subgraph_http,
            core: settings.router_core,
            folder,
            _upstream: upstream,
        };
        for &router in &settings.routers {
            scene.admit(router, settings, workload).await;
        }
        for each in &scene.left_out {
            tell(&format!("  left out: {}: {}", each.router.title(), each.why));
        }
        scene.stage.record(false);
        Ok(scene)
    }

    /// The supergraph that the routers have read.
    pub fn supergraph(&self) -> &Path {
        &self.supergraph
    }

    /// How routers are started on it.
    pub fn conditions(&self) -> Conditions<'_> {
        Conditions {
            supergraph: &self.supergraph,
            folder: self.folder.path(),
            core: self.core,
            sharing: self.sharing,
            subgraph_http: self.subgraph_http,
        }
    }

    /// Starts a router, and takes it in if it answers as the others do.
    async fn admit(&mut self, router: Router, settings: &Settings, workload: &Workload) {
        let started = Contender::start(router, &settings.programs, &self.conditions(), workload).await;
        // What could not be recorded would be missing in every round.
        let recorded = match self.stage.take_faults() {
            (0, _) => Ok(()),
            (_, first) => Err(Failure::Program(format!("recording failed: {}", first.unwrap_or_default()))),
        };
        let same = |contender: &Contender| self.contenders.first().map_or(Ok(()), |first| contender.same_as(first));
        let why = match started {
            Ok(None) => Why::NotThere,
            Err(failure) => Why::Failed(failure.to_string()),
            Ok(Some(contender)) => match recorded.and_then(|()| same(&contender)) {
                Ok(()) => return self.contenders.push(contender),
                Err(failure) => Why::Failed(failure.to_string()),
            },
        };
        self.left_out.push(LeftOut { router, why });
    }
}
