//! The shop in processes of its own, each of which can be killed and comes back where it was.

use crate::support::process::{self, Process};
use crate::support::shop::{Shop, Split};

use super::steps::Target;

/// See the module.
pub struct Fleet {
    shop: Shop,
    split: Split,
    workers: Vec<Process>,
    next_worker: usize,
}

impl Fleet {
    /// Starts it over a shop's databases, whose `dev` ends.
    pub async fn start(mut shop: Shop) -> Self {
        let split = shop.split().await;
        let workers = vec![shop.worker(&split).await, shop.worker(&split).await];
        shop.dev.signal("TERM").await;
        assert_eq!(shop.dev.wait().await, Some(0));
        Self { shop, split, workers, next_worker: 0 }
    }

    /// Where clients are answered.
    pub fn graphql(&self) -> String {
        self.split.router.graphql()
    }

    /// Whether all processes run that were started.
    pub fn is_whole(&mut self) -> bool {
        let mut processes = self.split.processes_mut().chain(&mut self.workers);
        processes.all(|process| !process.has_ended())
    }

    /// What the largest of them has ever taken, in bytes.
    pub fn memory_peak(&mut self) -> u64 {
        let processes = self.split.processes_mut().chain(&mut self.workers);
        processes.map(|process| memory_peak(process.id())).max().unwrap_or_default()
    }

    /// Kills one and starts it again at its address.
    pub async fn kill_and_restart(&mut self, target: Target) {
        match target {
            Target::Router => {
                let address = address(&self.split.router);
                kill(&mut self.split.router).await;
                self.split.router = self.shop.router(&address).await;
            }
            Target::Subgraph(name) => {
                let (service, catalogue) = self.split.service_mut(name);
                let address = address(service);
                kill(service).await;
                *service = Process::start_supervised(|| self.shop.split_service(name, &address, &catalogue)).await;
            }
            Target::Worker => {
                // In turns: the other one goes on.
                let number = self.next_worker;
                self.next_worker = 1 - number;
                self.kill_worker(number).await;
                self.start_worker(number).await;
            }
        }
    }

    /// Kills the first worker or the second.
    pub async fn kill_worker(&mut self, number: usize) {
        kill(&mut self.workers[number]).await;
    }

    /// Starts it again.
    pub async fn start_worker(&mut self, number: usize) {
        self.workers[number] = self.shop.worker(&self.split).await;
    }
}

async fn kill(process: &mut Process) {
    process.signal("KILL").await;
    assert_eq!(process.wait().await, None, "killed");
}

fn memory_peak(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a process that runs");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    peak.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
}

fn address(process: &process::Process) -> String {
    process.url.trim_start_matches("http://").to_owned()
}
