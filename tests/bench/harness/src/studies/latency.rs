//! How long clients wait while a router has some room left: at seventy percent of its own peak.

use serde::{Deserialize, Serialize};

use super::peak::peaks;
use crate::console::tell;
use crate::failure::Result;
use crate::load::{Rate, open};
use crate::measurement::{LeftOut, Scene, Settings, Spread};
use crate::routers::Router;
use crate::workloads::Workload;

/// Which part of its peak a router is asked.
const SHARE: f64 = 0.7;
/// Clients that may wait at the same time: many more than do at this rate.
const CLIENTS_MAX: usize = 1000;

/// What each router's clients waited.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LatencyResult {
    /// In the order of the rounds.
    pub routers: Vec<RouterLatency>,
    /// Who is not among them, and why.
    pub left_out: Vec<LeftOut>,
}

/// What one router's clients waited.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RouterLatency {
    /// Which.
    pub router: Router,
    /// Requests a second that it was asked.
    pub rate: f64,
    /// Milliseconds that half of them took at most, counted from when they were due.
    pub p50_ms: Spread,
    /// Milliseconds that 99 of 100 took at most.
    pub p99_ms: Spread,
    /// Rounds in which something was not answered rightly.
    pub void: usize,
}

/// Finds peaks, then asks at that rate in rounds that take turns.
pub async fn latency(workload: &Workload, settings: &Settings) -> Result<LatencyResult> {
    let mut scene = Scene::set(workload, settings).await?;
    let peaks = peaks(&mut scene, workload, settings).await?;
    let mut found: Vec<(Vec<f64>, Vec<f64>, usize)> = vec![Default::default(); peaks.len()];
    for number in 1..=settings.rounds {
        for ((contender, (router, peak)), found) in scene.contenders.iter().zip(&peaks).zip(&mut found) {
            let Some(peak) = peak else { continue };
            let rate = Rate { per_second: peak * SHARE, duration: settings.duration, clients_max: CLIENTS_MAX };
            let mut tally = open(&contender.target, rate).await?;
            let (p50, p99, trouble) = (tally.percentile_ms(50.0), tally.percentile_ms(99.0), tally.trouble());
            let title = router.title();
            tell(&format!(
                "  {number}/{} {title:<16} at {:.0}/s  p50 {p50:>7.2} ms  p99 {p99:>7.2} ms  {}",
                settings.rounds,
                rate.per_second,
                trouble.as_deref().unwrap_or_default()
            ));
            match trouble {
                Some(_) => found.2 += 1,
                None => {
                    found.0.push(p50);
                    found.1.push(p99);
                }
            }
        }
    }
    let routers = peaks.into_iter().zip(found).filter_map(|((router, peak), (p50, p99, void))| {
        let (p50_ms, p99_ms) = (Spread::of(p50)?, Spread::of(p99)?);
        Some(RouterLatency { router, rate: peak? * SHARE, p50_ms, p99_ms, void })
    });
    Ok(LatencyResult { routers: routers.collect(), left_out: scene.left_out })
}
