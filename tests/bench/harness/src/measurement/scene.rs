//! A stage with subgraphs and the routers before it: set before anything is measured, and gone with all processes when it is
//! dropped.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use tempfile::TempDir;

use super::{Contender, LeftOut, Settings, Why};
use crate::console::tell;
use crate::failure::{Failure, Result, Tried};
use crate::replay::Stage;
use crate::routers::{Conditions, Router, Sharing, SubgraphHttp};
use crate::workloads::{Upstream, Workload};

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
