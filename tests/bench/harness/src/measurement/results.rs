//! What is kept of a workload's rounds: medians and spreads, and each round itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Round, Scene, Spread};
use crate::failure::Result;
use crate::measure::Memory;
use crate::routers::Router;
use crate::workloads::Workload;

/// A workload's results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WorkloadResult {
    /// Its name.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Bytes of the first operation's answer, as the first router writes it, before any compression.
    pub answer_bytes: usize,
    /// In the order of the rounds.
    pub routers: Vec<RouterResult>,
    /// Who is not among them, and why.
    pub left_out: Vec<LeftOut>,
}

/// A router that was not measured.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which.
    pub router: Router,
    /// Why not.
    pub why: Why,
}

/// Why a router was not measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is not installed, or has no such mode.
    NotThere,
    /// It did not start, or answered wrongly.
    Failed(String),
}

impl fmt::Display for Why {
    fn fmt(&self, text: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere => text.write_str("not installed, or without such a mode"),
            Self::Failed(reason) => text.write_str(reason),
        }
    }
}

/// One router's results.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RouterResult {
    /// Which.
    pub router: Router,
    /// What its rounds say, but for void ones; none if all are void.
    pub measured: Option<Measured>,
    /// Milliseconds from its start to its first answer, to what needs no subgraph.
    pub start_ms: f64,
    /// Memory before the first request of the workload.
    pub at_rest: Memory,
    /// Memory after the last round, and at most since the start.
    pub loaded: Memory,
    /// Calls a request, by subgraph, in the last round.
    pub calls_by_subgraph: BTreeMap<String, f64>,
    /// Every round.
    pub rounds: Vec<Round>,
}

/// What rounds say together.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// Right answers a second.
    pub requests_per_second: Spread,
    /// Whether the other core limited them in most rounds: then the router can do more, and this proves nothing.
    pub saturated: bool,
    /// The router's time a request, in microseconds.
    pub cpu_us: Spread,
    /// What of it was not the system's.
    pub user_us: Spread,
    /// Milliseconds within which half of the answers came.
    pub p50_ms: Spread,
    /// Milliseconds within which 99 of 100 answers came.
    pub p99_ms: Spread,
    /// Subgraph calls a request.
    pub calls: Spread,
    /// Memory while it was asked, in kilobytes.
    pub resident_kb: Spread,
}

impl WorkloadResult {
    /// What of it is a fault of a router, or of the harness: all of a router's rounds void, or a router that failed.
    pub fn faults(&self) -> Vec<String> {
        let fault = |router: Router, what: &str| format!("{}: {}: {what}", self.name, router.title());
        let void = self.routers.iter().filter(|result| result.measured.is_none()).map(|result| {
            let reason = result.rounds.iter().find_map(|round| round.void.as_deref());
            fault(result.router, reason.unwrap_or("nothing was measured"))
        });
        let failed = self.left_out.iter().filter(|each| each.why != Why::NotThere);
        void.chain(failed.map(|each| fault(each.router, &each.why.to_string()))).collect()
    }

    /// Of all rounds of a workload, whose routers still run.
    pub fn of(workload: &Workload, scene: Scene, mut rounds: BTreeMap<Router, Vec<Round>>) -> Result<Self> {
        let mut routers = Vec::new();
        for contender in &scene.contenders {
            let rounds = rounds.remove(&contender.router()).unwrap_or_default();
            routers.push(RouterResult {
                router: contender.router(),
                measured: Measured::of(&rounds),
                start_ms: contender.start_ms,
                at_rest: contender.at_rest,
                loaded: contender.running.memory()?,
                calls_by_subgraph: rounds.last().map(|round| round.calls_by_subgraph.clone()).unwrap_or_default(),
                rounds,
            });
        }
        let answer = scene.contenders.first().and_then(|contender| contender.target.shots.first());
        Ok(Self {
            name: workload.name.clone(),
            title: workload.title.clone(),
            answer_bytes: answer.map_or(0, |shot| shot.expectation.length()),
            routers,
            left_out: scene.left_out,
        })
    }
}

impl Measured {
    /// Of the rounds that are not void.
    fn of(rounds: &[Round]) -> Option<Self> {
        let valid: Vec<_> = rounds.iter().filter(|round| round.void.is_none()).collect();
        let unsaturated: Vec<_> = valid.iter().filter(|round| round.is_unsaturated()).collect();
        let saturated = unsaturated.len() * 2 < valid.len();
        let of = |number: fn(&Round) -> f64| Spread::of(valid.iter().map(|round| number(round)));
        let requests = match saturated {
            true => of(|round| round.requests_per_second),
            false => Spread::of(unsaturated.iter().map(|round| round.requests_per_second)),
        };
        Some(Self {
            requests_per_second: requests?,
            saturated,
            cpu_us: of(|round| round.cpu_us)?,
            user_us: of(|round| round.user_us)?,
            p50_ms: of(|round| round.p50_ms)?,
            p99_ms: of(|round| round.p99_ms)?,
            calls: of(|round| round.calls)?,
            resident_kb: of(|round| round.resident_kb)?,
        })
    }
}
