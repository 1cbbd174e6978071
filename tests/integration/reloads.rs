//! Reloads under load: good, bad and incompatible versions of a supergraph mixed, and not one request fails.
//!
//! `COUNT=…` reloads instead of a few. From 100 on, the slowest of a hundred requests may take at most half as long again
//! as without reloads; that takes an optimised build, so `tests/full reload` does it. Rounds with reloads and rounds of
//! equal length without take turns, so that whatever else the machine does meanwhile slows both.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::benchmark_workload::Workload;
use crate::support::client;
use crate::support::process::{self, Process};

/// Requests are sent by so many at once…
const SENDERS: u32 = 8;
/// …each of whom sends one so often.
const PACE: Duration = Duration::from_millis(50);
/// Reloads in one round of the long run.
const ROUND: usize = 10;
const QUERY: &str = "{ topProducts { name inStock } }";
/// Between two looks at what came of a reload, and as often without one.
const LOOK: Duration = Duration::from_millis(50);
/// A reload that takes longer has been missed.
const RELOAD_MAX: Duration = Duration::from_secs(30);

/// What is written over the supergraph's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    /// Another one that answers the same.
    Good,
    /// No supergraph schema.
    Bad,
    /// A supergraph schema that this router can't serve under its configuration.
    Incompatible,
}

impl Version {
    fn of(n: usize) -> Self {
        [Self::Good, Self::Bad, Self::Good, Self::Incompatible][n % 4]
    }

    fn text(self, good: &str, n: usize) -> String {
        match self {
            Self::Good => format!("{good}\n# version {n}\n"),
            Self::Bad if n % 8 == 1 => good[..good.len() / 2].to_owned(),
            Self::Bad => good.replace("type Query", "type Qwery"),
            // Its configuration speaks of a subgraph of the old name.
            Self::Incompatible => good.replace("name: \"inventory\"", "name: \"stock\""),
        }
    }

    fn result(self) -> &'static str {
        if self == Self::Good { "applied" } else { "refused" }
    }
}

/// A router that is sent requests all the time.
struct Loaded {
    router: Arc<Process>,
    client: reqwest::Client,
    supergraph: PathBuf,
    good: String,
    _folder: tempfile::TempDir,
}

impl Loaded {
    async fn start(workload: &Workload) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let good = std::fs::read_to_string(&workload.supergraph).unwrap();
        let (supergraph, config) = (folder.path().join("supergraph.graphql"), folder.path().join("router.yaml"));
        std::fs::write(&supergraph, &good).unwrap();
        std::fs::write(&config, "subgraphs: { by_name: { inventory: { timeout_ms: 9000 } } }\n").unwrap();
        let mut command = process::command(&["router", "--listen", "127.0.0.1:0", "--supergraph"]);
        command.arg(&supergraph).arg("--config").arg(&config);
        let router = Arc::new(Process::start(command).await);
        Self { router, client: reqwest::Client::new(), supergraph, good, _folder: folder }
    }

    /// Writes a version as deployments do, all at once, and waits until it is applied or refused.
    async fn reload(&self, n: usize) {
        let version = Version::of(n);
        let before = self.reloads(version.result()).await;
        write(&self.supergraph, &version.text(&self.good, n));
        // Some are noticed by watching; most are told, to save time.
        if !n.is_multiple_of(4) || n >= 8 {
            self.router.signal("HUP").await;
        }
        let deadline = Instant::now() + RELOAD_MAX;
        while self.reloads(version.result()).await == before {
            assert!(Instant::now() < deadline, "reload {n} ({version:?}) was neither applied nor refused");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Lets time pass as a reload does: looking at the metrics.
    async fn pass(&self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.reloads("applied").await;
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn reloads(&self, result: &str) -> u64 {
        let answer = client::send(self.client.get(format!("{}/metrics", self.router.url))).await;
        let start = format!("supergraph_reloads_total{{result=\"{result}\"}} ");
        let found = answer.text.lines().find_map(|line| line.strip_prefix(&start)?.parse().ok());
        found.unwrap_or(0)
    }

    /// Sends requests until it is stopped; gives how long each took.
    fn load(&self, expected: &str, stop: &CancellationToken) -> Vec<JoinHandle<Vec<Duration>>> {
        let sender = |index: u32| {
            let (client, url) = (self.client.clone(), self.router.graphql());
            let (expected, stop) = (expected.to_owned(), stop.clone());
            tokio::spawn(async move {
                tokio::time::sleep(PACE / SENDERS * index).await;
                let mut pace = tokio::time::interval(PACE);
                pace.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
                let mut took = Vec::new();
                while !stop.is_cancelled() {
                    pace.tick().await;
                    let body = serde_json::json!({ "query": QUERY }).to_string();
                    let request = client.post(&url).header("content-type", "application/json").body(body);
                    let start = Instant::now();
                    let answer = client::send(request).await;
                    took.push(start.elapsed());
                    assert_eq!((answer.status, answer.text.as_str()), (200, expected.as_str()));
                }
                took
            })
        };
        (0..SENDERS).map(sender).collect()
    }
}

fn write(path: &Path, text: &str) {
    let next = path.with_extension("next");
    std::fs::write(&next, text).unwrap();
    std::fs::rename(&next, path).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_request_fails_while_versions_come_and_go() {
    let count: usize = std::env::var("COUNT").ok().and_then(|count| count.parse().ok()).unwrap_or(8);
    let workload = Workload::start().await;
    let loaded = Loaded::start(&workload).await;
    let expected = client::query(&loaded.router.graphql(), None, QUERY).await.text;
    assert!(expected.contains("inStock") && !expected.contains("errors"), "{expected}");

    let long = count >= 100;
    let (mut steady, mut reloading) = (Vec::new(), Vec::new());
    for round in (0..count).step_by(ROUND) {
        let begun = Instant::now();
        reloading.extend(
            under_load(&loaded, &expected, async {
                for n in round..count.min(round + ROUND) {
                    loaded.reload(n).await;
                }
            })
            .await,
        );
        if long {
            steady.extend(under_load(&loaded, &expected, loaded.pass(begun.elapsed())).await);
        }
    }

    let good = (0..count).filter(|n| Version::of(*n) == Version::Good).count() as u64;
    assert_eq!(loaded.reloads("applied").await, good);
    assert_eq!(loaded.reloads("refused").await, count as u64 - good);
    if long {
        let (before, during) = (p99(&mut steady), p99(&mut reloading));
        println!(
            "{count} reloads, {} requests, 0 failed; p99 {:.2} ms, without reloads {:.2} ms over {} requests",
            reloading.len(),
            during.as_secs_f64() * 1e3,
            before.as_secs_f64() * 1e3,
            steady.len()
        );
        assert!(during <= before * 3 / 2, "p99 {during:?} with reloads, {before:?} without");
    }
}

/// How long each request took that was sent while something happened.
async fn under_load(loaded: &Loaded, expected: &str, happening: impl Future<Output = ()>) -> Vec<Duration> {
    let stop = CancellationToken::new();
    let senders = loaded.load(expected, &stop);
    happening.await;
    stop.cancel();
    let mut all = Vec::new();
    for sender in senders {
        all.extend(sender.await.expect("no request fails"));
    }
    all
}

fn p99(times: &mut [Duration]) -> Duration {
    times.sort();
    times[(times.len() * 99 / 100).min(times.len() - 1)]
}
