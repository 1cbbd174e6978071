//! What each router can do at most, which other studies are in proportion to.

use crate::console::tell;
use crate::failure::Result;
use crate::measurement::{Round, Scene, Settings, Spread, measure_round};
use crate::routers::Router;
use crate::workloads::Workload;

/// Rounds of which the median counts.
const ROUNDS: usize = 3;

/// Right answers a second of each router, in the scene's order; those without a valid round have none.
pub async fn peaks(scene: &mut Scene, workload: &Workload, settings: &Settings) -> Result<Vec<(Router, Option<f64>)>> {
    let mut found: Vec<(Router, Vec<Round>)> =
        scene.contenders.iter().map(|contender| (contender.router(), Vec::new())).collect();
    for _ in 0..ROUNDS.min(settings.rounds) {
        for (contender, (_, rounds)) in scene.contenders.iter_mut().zip(&mut found) {
            let round = measure_round(contender, workload, &scene.stage, settings).await?;
            tell(&format!("  peak {}", round.line(contender.router())));
            rounds.push(round);
        }
    }
    let median = |rounds: Vec<Round>| {
        let valid = rounds.iter().filter(|round| round.void.is_none()).map(|round| round.requests_per_second);
        Spread::of(valid).map(|spread| spread.median)
    };
    Ok(found.into_iter().map(|(router, rounds)| (router, median(rounds))).collect())
}
