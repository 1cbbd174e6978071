//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use crate::failure::{Failure, Result};
use crate::measure::allowed_cores;
use crate::measurement::Settings;
use crate::routers::{Programs, Router};

/// Measures routers side by side
#[derive(Debug, Parser)]
#[command(name = "bench", version)]
pub struct Arguments {
    #[command(flatten)]
    programs: Programs,
    /// Which routers, in the order of each round
    #[arg(long, value_delimiter = ',', value_enum, default_values_t = [Router::Ours, Router::Hive, Router::Apollo])]
    routers: Vec<Router>,
    /// Which workloads and studies, such as bench, small+shared-calls, overload; any other name lists them [default: all]
    #[arg(long, value_delimiter = ',')]
    pub workloads: Vec<String>,
    /// Bring the page and its plots in this folder up to what is found (`docs`)
    #[arg(long, value_name = "DIR")]
    pub docs: Option<PathBuf>,
    /// Versions of the routers, as the report tells them
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub versions: String,
    /// How often each router is measured
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// How many seconds each time
    #[arg(long, default_value_t = 5.0)]
    seconds: f64,
    /// Three rounds of two seconds: for those who are at work on the router
    #[arg(long)]
    quick: bool,
    /// How many minutes the soak takes for each router
    #[arg(long, default_value_t = 60.0)]
    soak_minutes: f64,
    /// The core that the routers run on [default: the first that may be used]
    #[arg(long)]
    router_core: Option<usize>,
    /// The core that the clients and the subgraphs run on [default: the second that may be used]
    #[arg(long)]
    load_core: Option<usize>,
}

impl Arguments {
    /// The cores that the routers and that everything else run on.
    pub fn cores(&self) -> Result<(usize, usize)> {
        let allowed = allowed_cores()?;
        let nth = |asked: Option<usize>, index: usize| asked.or_else(|| allowed.get(index).copied());
        nth(self.router_core, 0).zip(nth(self.load_core, 1)).ok_or_else(|| {
            Failure::Usage(format!("two cores are needed, one of them for the router alone; there are {allowed:?}"))
        })
    }

    /// How much is measured, and where: on the router's core, and on that for everything else.
    pub fn settings(&self, (router_core, load_core): (usize, usize)) -> Settings {
        let (rounds, seconds) = if self.quick { (3, 2.0) } else { (self.rounds, self.seconds) };
        let duration = Duration::from_secs_f64(seconds.clamp(0.1, 3600.0));
        Settings {
            programs: self.programs.clone(),
            routers: self.routers.clone(),
            rounds: rounds.max(1),
            duration,
            soak: Duration::from_secs_f64(self.soak_minutes.clamp(0.01, 10_000.0) * 60.0),
            warm_up: (duration / 4).max(Duration::from_millis(500)),
            router_core,
            load_core,
        }
    }
}
