//! The command line.

use std::time::Duration;

use clap::Parser;

use crate::failure::{Failure, Result};
use crate::measurement::Settings;
use crate::routers::{Programs, Router};
use crate::workloads::{self, Workload};

/// Measures routers side by side
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
pub struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// Which routers, in the order of each round
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = [Router::Ours, Router::Hive, Router::Apollo])]
    routers: Vec<Router>,
    /// Which workloads [default: all]
    #[arg(long, value_delimiter = ',')]
    workloads: Vec<String>,
    /// How often each router is measured
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How many seconds each time
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Three rounds of two seconds: for those who are at work on the router
    #[arg(long)]
    quick: bool,
    /// The core that the routers run on
    #[arg(long, default_value_t = 0)]
    router_core: usize,
    /// The core that the clients and the subgraphs run on
    #[arg(long, default_value_t = 1)]
    pub load_core: usize,
}

impl Arguments {
    /// How much is measured, and where.
    pub fn settings(&self) -> Settings {
        let (rounds, seconds) = if self.quick { (3, 2.0) } else { (self.rounds, self.seconds) };
        let duration = Duration::from_secs_f64(seconds.clamp(0.1, 3600.0));
        Settings {
            programs: self.programs.clone(),
            routers: self.routers.clone(),
            rounds: rounds.max(1),
            duration,
            warm_up: (duration / 4).max(Duration::from_millis(500)),
            router_core: self.router_core,
            load_core: self.load_core,
        }
    }

    /// What is measured.
    pub fn workloads(&self) -> Result<Vec<Workload>> {
        let all = workloads::all();
        let known = |name: &String| all.iter().any(|workload| workload.name == name);
        if let Some(unknown) = self.workloads.iter().find(|name| !known(name)) {
            let names: Vec<_> = all.iter().map(|workload| workload.name).collect();
            return Err(Failure::Usage(format!("no workload {unknown}; there are {}", names.join(", "))));
        }
        let wanted =
            |workload: &Workload| self.workloads.is_empty() || self.workloads.iter().any(|name| name == workload.name);
        Ok(all.into_iter().filter(wanted).collect())
    }
}
