//! How long clients wait while a router has some room left: at seventy percent of its own peak.

use serde::{Deserialize, Serialize};

use crate::console::tell;
use crate::failure::Result;
use crate::load::{Rate, Target, open};
use crate::measure::Watch;
use crate::measurement::{LeftOut, Scene, Settings, Spread, measure_round};
use crate::routers::Router;
use crate::workloads::Workload;

/// Which part of its peak a router is asked.
const SHARE: f64 = 0.7;

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
    pub rate: Spread,
    /// Milliseconds that half of them took at most, counted from when they were due.
    pub p50_ms: Spread,
    /// Milliseconds that 99 of 100 took at most.
    pub p99_ms: Spread,
    /// Requests that were refused; they count as having waited ten seconds.
    pub refused: Spread,
    /// How busy the core with clients and subgraphs was, in percent.
    pub load_core_busy: Spread,
    /// Which part of both cores' time other programs took, in percent.
    pub others: Spread,
    /// Rounds in which something was answered wrongly, or in which clients and subgraphs had no time left.
    pub void: usize,
}

/// In rounds that take turns finds a router's peak, then asks it at that rate: what a machine does changes from minute to
/// minute, and a rate that was too much a minute ago measures nothing now. Whoever comes when all of the peak's connections are
/// in use waits until one of them is free, and that counts.
pub async fn latency(workload: &Workload, settings: &Settings) -> Result<LatencyResult> {
    let mut scene = Scene::set(workload, settings).await?;
    let mut found: Vec<Rounds> = scene.contenders.iter().map(|_| Rounds::default()).collect();
    for number in 1..=settings.rounds {
        for (contender, rounds) in scene.contenders.iter_mut().zip(&mut found) {
            let peak = measure_round(contender, workload, &scene.stage, settings).await?;
            let per_second = peak.requests_per_second * SHARE;
            let rate = Rate { per_second, duration: settings.duration, clients_max: workload.clients };
            let line = match peak.void {
                None => rounds.add(&contender.target, rate, settings).await?,
                Some(reason) => {
                    rounds.void += 1;
                    format!("VOID: {reason}")
                }
            };
            tell(&format!("  {number}/{} {:<16} {line}", settings.rounds, contender.router().title()));
        }
    }
    let routers = scene.contenders.iter().zip(found).filter_map(|(contender, rounds)| {
        Some(RouterLatency {
            router: contender.router(),
            rate: Spread::of(rounds.rate)?,
            p50_ms: Spread::of(rounds.p50)?,
            p99_ms: Spread::of(rounds.p99)?,
            refused: Spread::of(rounds.refused)?,
            load_core_busy: Spread::of(rounds.load_core_busy)?,
            others: Spread::of(rounds.others)?,
            void: rounds.void,
        })
    });
    Ok(LatencyResult { routers: routers.collect(), left_out: scene.left_out })
}

/// What one router's rounds found.
#[derive(Default)]
struct Rounds {
    rate: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    refused: Vec<f64>,
    load_core_busy: Vec<f64>,
    others: Vec<f64>,
    void: usize,
}

impl Rounds {
    /// One more, as a line for people.
    async fn add(&mut self, target: &Target, rate: Rate, settings: &Settings) -> Result<String> {
        let watch = Watch::start((settings.router_core, settings.load_core))?;
        let mut tally = open(target, rate).await;
        let taken = watch.stop()?;
        let void = tally.mistakes().or_else(|| taken.saturation());
        let (p50, p99) = (tally.percentile_of_all_ms(50.0), tally.percentile_of_all_ms(99.0));
        if void.is_some() {
            self.void += 1;
        } else {
            self.rate.push(rate.per_second);
            self.p50.push(p50);
            self.p99.push(p99);
            self.refused.push(tally.refusals() as f64);
            self.load_core_busy.push(taken.load_core_busy);
            self.others.push(taken.others);
        }
        Ok(format!(
            "at {:.0}/s  p50 {p50:>7.2} ms  p99 {p99:>7.2} ms  {} refused, router's core {:.0} % busy, the other {:.0} %, others {:.0} %{}",
            rate.per_second,
            tally.refusals(),
            taken.router_core_busy,
            taken.load_core_busy,
            taken.others,
            void.map_or_else(String::new, |reason| format!("  VOID: {reason}"))
        ))
    }
}
