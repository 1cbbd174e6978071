//! What a router and its surroundings take over a while.

use std::time::Instant;

use super::{CoreTimes, CpuTime, cpu_time};
use crate::failure::Result;

/// From here on the core with load and subgraphs may be what is measured, in percent.
const SATURATED_PERCENT: f64 = 95.0;

/// A beginning: of a router's time, of both cores' and of the clock.
pub struct Watch {
    cores: (usize, usize),
    started: Instant,
    /// Of the harness and all that it started.
    own: CpuTime,
    router_core: CoreTimes,
    load_core: CoreTimes,
}

/// What was taken since.
#[derive(Debug, Clone, Copy)]
pub struct Taken {
    /// On the clock.
    pub seconds: f64,
    /// How busy the router's core was, in percent.
    pub router_core_busy: f64,
    /// How busy the core with load and subgraphs was, in percent.
    pub load_core_busy: f64,
    /// What the harness and all that it started took of the processors, in seconds.
    pub own: f64,
    /// Which part of both cores' time went to programs that are none of the harness's, in percent.
    pub others: f64,
}

impl Watch {
    /// From now on; the router runs on the first core, all else on the second.
    pub fn start(cores: (usize, usize)) -> Result<Self> {
        Ok(Self {
            cores,
            own: cpu_time(std::process::id())?,
            router_core: CoreTimes::read(cores.0)?,
            load_core: CoreTimes::read(cores.1)?,
            started: Instant::now(),
        })
    }

    /// Until now.
    pub fn stop(&self) -> Result<Taken> {
        let seconds = self.started.elapsed().as_secs_f64();
        let (router_core, load_core) = (CoreTimes::read(self.cores.0)?, CoreTimes::read(self.cores.1)?);
        let own = cpu_time(std::process::id())?.since(self.own).total();
        let busy = router_core.busy_since(self.router_core) + load_core.busy_since(self.load_core);
        Ok(Taken {
            seconds,
            router_core_busy: router_core.busy_percent_since(self.router_core),
            load_core_busy: load_core.busy_percent_since(self.load_core),
            own: own.as_secs_f64(),
            others: 100.0 * busy.saturating_sub(own).as_secs_f64() / (2.0 * seconds),
        })
    }
}

impl Taken {
    /// That load and subgraphs had no time left, so that what was measured may be theirs.
    pub fn saturation(&self) -> Option<String> {
        saturated(self.load_core_busy).then(|| "the core with clients and subgraphs was full".to_owned())
    }
}

/// Whether a core so busy, in percent, has no time left.
pub fn saturated(busy_percent: f64) -> bool {
    busy_percent >= SATURATED_PERCENT
}
