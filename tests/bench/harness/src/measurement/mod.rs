//! One workload, measured: routers started side by side, their answers compared, then rounds in turn.

mod contender;
mod results;
mod round;
mod scene;
mod settings;
mod spread;

pub use contender::Contender;
pub use results::{LeftOut, Measured, RouterResult, Why, WorkloadResult};
pub use round::{Round, run as measure_round};
pub use scene::Scene;
pub use settings::Settings;
pub use spread::Spread;

use std::collections::BTreeMap;

use crate::console::tell;
use crate::failure::Result;
use crate::load::closed;
use crate::routers::Router;
use crate::workloads::Workload;

/// Measures a workload.
pub async fn measure(workload: &Workload, settings: &Settings) -> Result<WorkloadResult> {
    let mut scene = Scene::set(workload, settings).await?;
    // Whoever compiles while it runs, as Node does, has the chance to do so before anything counts.
    for contender in &scene.contenders {
        closed(&contender.target, workload.clients, settings.duration).await;
    }
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
