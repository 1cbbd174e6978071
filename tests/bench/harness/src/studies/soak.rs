//! Whether memory stays as it is: an hour at seventy percent of the peak, over a thousand operations and more.

use std::time::Instant;

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
/// Samples of memory, spread over the time.
const SAMPLES: u32 = 360;

/// Each router's memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SoakResult {
    /// One after the other.
    pub routers: Vec<RouterSoak>,
    /// Who is not among them, and why.
    pub left_out: Vec<LeftOut>,
}

/// One router's memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RouterSoak {
    /// Which.
    pub router: Router,
    /// Requests a second that it was asked.
    pub rate: f64,
    /// Minutes that it took.
    pub minutes: f64,
    /// Right answers.
    pub right: u64,
    /// What was not right.
    pub trouble: Option<String>,
    /// Milliseconds within which 99 of 100 answers came.
    pub p99_ms: f64,
    /// Kilobytes resident, at equal distances.
    pub resident_kb: Vec<u64>,
}

/// Finds peaks, then asks each router for as long as is wanted.
pub async fn soak(workload: &Workload, settings: &Settings) -> Result<SoakResult> {
    let mut scene = Scene::set(workload, settings).await?;
    let peaks = peaks(&mut scene, workload, settings).await?;
    let mut routers = Vec::new();
    for (contender, (router, peak)) in scene.contenders.iter().zip(peaks) {
        let Some(peak) = peak else { continue };
        let rate = Rate { per_second: peak * SHARE, duration: settings.soak, clients_max: workload.clients };
        let started = Instant::now();
        let mut resident_kb = Vec::new();
        let mut tally = tokio::select! {
            tally = open(&contender.target, rate) => tally,
            failed = contender.running.sample_memory(settings.soak / SAMPLES, &mut resident_kb) => return Err(failed),
        };
        let result = RouterSoak {
            router,
            rate: rate.per_second,
            minutes: started.elapsed().as_secs_f64() / 60.0,
            right: tally.right(),
            trouble: tally.trouble(),
            p99_ms: tally.percentile_ms(99.0),
            resident_kb,
        };
        tell(&format!("  {}: {:?}", router.title(), result.growth()));
        routers.push(result);
    }
    Ok(SoakResult { routers, left_out: scene.left_out })
}

impl RouterSoak {
    /// Kilobytes in the second tenth of the time, when caches are full, and in the last one.
    pub fn growth(&self) -> Option<(f64, f64)> {
        let tenth = self.resident_kb.len() / 10;
        let median =
            |part: &[u64]| Spread::of(part.iter().map(|kilobytes| *kilobytes as f64)).map(|spread| spread.median);
        let early = self.resident_kb.get(tenth..2 * tenth)?;
        let late = self.resident_kb.get(self.resident_kb.len() - tenth..)?;
        Some((median(early)?, median(late)?))
    }
}
