//! Reloads: whole or not at all, while requests are served.

use std::sync::Arc;

use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::Supergraph;
use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::{Notify, Semaphore};

use crate::testing::{Canned, Door, Nothing, SUPERGRAPH, supergraph};
use crate::{Config, Edition, Gateway};

const QUERY: &str = "{ user(id: 1) { name } }";

/// The small supergraph with a field more.
fn grown() -> Arc<Supergraph> {
    let sdl = SUPERGRAPH.replace("  score: Int", "  nick: String @join__field(graph: USERS)\n  score: Int");
    Arc::new(Supergraph::parse(&sdl, federation::Limits::default()).unwrap())
}

fn edition(config: Config, supergraph: Arc<Supergraph>) -> Edition {
    Edition::new(config, supergraph, Arc::new(Canned::default()))
}

/// The number at the end of a metric's line.
async fn metric(door: &Door, line: &str) -> u64 {
    let text = door.get("/metrics", &[]).await.text;
    let found = text.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok());
    found.unwrap_or(0)
}

#[tokio::test]
async fn a_new_supergraph_is_served_by_the_router_made_before() {
    let door = Door::open(Config::default());
    let query = "{ __type(name: \"User\") { fields { name } } }";
    assert!(!door.query(query).await.text.contains("nick"));
    door.gateway.reload(edition(Config::default(), grown())).await.unwrap();
    assert!(door.query(query).await.text.contains("nick"));
    assert_eq!(metric(&door, "supergraph_reloads_total{result=\"applied\"}").await, 1);
}

#[tokio::test]
async fn the_most_used_operations_are_planned_before_the_swap() {
    let door = Door::open(Config::default());
    let conditional = "query($a: Boolean!) { user(id: 1) { name @skip(if: $a) score } }";
    for body in [
        serde_json::json!({ "query": QUERY }),
        serde_json::json!({ "query": conditional, "variables": { "a": true } }),
        serde_json::json!({ "query": conditional, "variables": { "a": false } }),
    ] {
        door.post(&body.to_string(), &[]).await;
    }
    let reloaded = door.gateway.reload(edition(Config::default(), grown())).await.unwrap();
    assert_eq!(reloaded.planned, 2);
    let misses = metric(&door, "graphql_plan_cache_lookups_total{result=\"miss\"}").await;
    door.query(QUERY).await;
    let body = serde_json::json!({ "query": conditional, "variables": { "a": false } });
    assert!(door.post(&body.to_string(), &[]).await.text.contains("Ada"));
    assert_eq!(metric(&door, "graphql_plan_cache_lookups_total{result=\"miss\"}").await, misses);
}

#[tokio::test]
async fn the_number_of_operations_planned_ahead_is_bounded_and_those_used_more_come_first() {
    let door = Door::open(Config::default());
    for _ in 0..3 {
        door.query(QUERY).await;
    }
    door.query("{ user(id: 2) { name } }").await;
    let mut config = Config::default();
    config.plan_cache.warm_up_operations_max = 1;
    assert_eq!(door.gateway.reload(edition(config, grown())).await.unwrap().planned, 1);
    let misses = metric(&door, "graphql_plan_cache_lookups_total{result=\"miss\"}").await;
    door.query(QUERY).await;
    assert_eq!(metric(&door, "graphql_plan_cache_lookups_total{result=\"miss\"}").await, misses);
}

#[tokio::test]
async fn plans_stay_when_only_other_settings_change() {
    let door = Door::open(Config::default());
    door.query(QUERY).await;
    let mut config = Config::default();
    config.server.request_timeout_ms = 1_000;
    let reloaded = door.gateway.reload(edition(config, supergraph())).await.unwrap();
    assert_eq!(reloaded.planned, 0);
    door.query(QUERY).await;
    assert_eq!(metric(&door, "graphql_plan_cache_lookups_total{result=\"hit\"}").await, 1);
}

#[tokio::test]
async fn a_tighter_limit_counts_for_documents_seen_before() {
    let door = Door::open(Config::default());
    door.query(QUERY).await;
    let mut config = Config::default();
    config.limits.depth_max = 1;
    door.gateway.reload(edition(config, supergraph())).await.unwrap();
    assert_eq!(door.query(QUERY).await.code(), "MAX_DEPTH_LIMIT");
}

#[tokio::test]
async fn what_takes_a_restart_is_told_and_stays() {
    let door = Door::open(Config::default());
    let mut config = Config::default();
    config.server.connections_max = 7;
    config.telemetry.metrics.enabled = false;
    let reloaded = door.gateway.reload(edition(config, supergraph())).await.unwrap();
    assert_eq!(reloaded.restart_needed, ["server.connections_max", "telemetry.metrics.enabled"]);
    assert_eq!(door.get("/metrics", &[]).await.status.as_u16(), 200);
}

#[tokio::test]
async fn what_cannot_be_made_changes_nothing() {
    let door = Door::open(Config::default());
    let mut config = Config::default();
    config.identity.signing_key.file = Some("/missing".into());
    let version = door.gateway.version();
    assert!(door.gateway.reload(edition(config, grown())).await.is_err());
    assert_eq!(door.gateway.version(), version);
    assert!(door.query(QUERY).await.text.contains("Ada"));
}

#[tokio::test]
async fn key_sets_that_cannot_be_fetched_refuse_a_reload() {
    let door = Door::open(Config::default());
    let mut config = Config::default();
    let url = Some("http://127.0.0.1:1/jwks.json".to_owned());
    config.identity.jwt.jwks = vec![crate::config::Jwks { file: None, url }];
    let refused = door.gateway.reload(edition(config, supergraph())).await.unwrap_err().to_string();
    assert!(refused.contains("127.0.0.1:1"), "{refused}");
    assert_eq!(door.get("/health/ready", &[]).await.status.as_u16(), 200);
}

/// Answers once it is let, and tells when it is called.
struct Held {
    called: Notify,
    release: Semaphore,
    answers: Canned,
}

impl Fetch for Held {
    fn fetch<'a>(
        &'a self,
        request: SubgraphRequest,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Responses, FetchError>> {
        async move {
            self.called.notify_one();
            let _ = self.release.acquire().await;
            self.answers.fetch(request, context).await
        }
        .boxed()
    }
}

#[tokio::test]
async fn requests_in_flight_finish_on_what_they_began_with() {
    let held = Arc::new(Held { called: Notify::new(), release: Semaphore::new(0), answers: Canned::default() });
    let door = Door::open(Config::default());
    let first = Edition::new(Config::default(), supergraph(), Arc::clone(&held) as _);
    door.gateway.reload(first).await.unwrap();
    let mut running = Box::pin(door.query(QUERY));
    tokio::select! {
        answer = &mut running => panic!("answered before it was let: {answer:?}"),
        () = held.called.notified() => {}
    }
    let sdl = SUPERGRAPH.replace("  name: String @join__field(graph: USERS)\n", "");
    let without = Arc::new(Supergraph::parse(&sdl, federation::Limits::default()).unwrap());
    door.gateway.reload(edition(Config::default(), without)).await.unwrap();
    assert_eq!(door.query(QUERY).await.code(), "GRAPHQL_VALIDATION_FAILED");
    held.release.add_permits(1);
    assert!(running.await.text.contains("Ada"));
}

#[tokio::test(start_paused = true)]
async fn what_was_served_is_let_go_once_its_last_request_is_done() {
    let held = Arc::new(Held { called: Notify::new(), release: Semaphore::new(0), answers: Canned::default() });
    let door = Door::open(Config::default());
    let first = Edition::new(Config::default(), supergraph(), Arc::clone(&held) as _);
    door.gateway.reload(first).await.unwrap();
    let serving = door.gateway.current.load_full();
    let old = Arc::downgrade(&serving.shared.as_ref().unwrap().pipeline);
    drop(serving);
    let mut running = Box::pin(door.query(QUERY));
    tokio::select! {
        answer = &mut running => panic!("answered before it was let: {answer:?}"),
        () = held.called.notified() => {}
    }
    door.gateway.reload(edition(Config::default(), grown())).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    assert!(old.upgrade().is_some(), "a request is left");
    held.release.add_permits(1);
    assert!(running.await.text.contains("Ada"));
    let gone = async {
        while old.upgrade().is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), gone).await.expect("the old one goes");
}

#[tokio::test]
async fn without_a_supergraph_the_page_tells_why_and_the_first_one_is_served_at_once() {
    let mut config = Config::default();
    config.graphiql.enabled = true;
    let gateway = Gateway::waiting(config.clone(), Arc::new(Nothing));
    gateway.tell_findings(Some("error[KEY_INVALID_FIELDS]: <here>".to_owned()));
    let door = Door { router: gateway.router(), gateway, subgraphs: Arc::default() };
    let refused = door.query(QUERY).await;
    assert_eq!((refused.status.as_u16(), refused.code().as_str()), (503, "SUPERGRAPH_NOT_READY"));
    assert_eq!(door.get("/health/live", &[]).await.status.as_u16(), 200);
    assert_eq!(door.get("/health/ready", &[]).await.status.as_u16(), 503);
    let page = door.get("/", &[("accept", "text/html")]).await;
    assert!(page.text.contains("error[KEY_INVALID_FIELDS]: &lt;here&gt;"), "{}", page.text);
    let state = door.get("/graphiql/state", &[]).await.json();
    assert!(state["version"].is_null() && state["findings"].as_str().unwrap().contains("<here>"), "{state}");

    door.gateway.reload(edition(config, supergraph())).await.unwrap();
    door.gateway.tell_findings(None);
    assert!(door.query(QUERY).await.text.contains("Ada"));
    assert_eq!(door.get("/health/ready", &[]).await.status.as_u16(), 200);
    let state = door.get("/graphiql/state", &[]).await.json();
    assert!(state["version"].is_string() && state["findings"].is_null(), "{state}");
}

/// The position of each subgraph's circuit, as the metrics have it.
async fn circuits(door: &Door) -> Vec<String> {
    let text = door.get("/metrics", &[]).await.text;
    let lines = text.lines().filter(|line| line.starts_with("subgraph_circuit_position{"));
    let mut lines: Vec<String> = lines.map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn what_is_known_of_a_subgraph_outlasts_reloads_that_are_not_about_it() {
    let dead = Err(FetchError::Unreachable("refused".to_owned()));
    let door = Door::over(Config::default(), Canned { answers: [dead.clone(), dead], ..Canned::default() });
    while door.query(QUERY).await.code() != "SUBREQUEST_CIRCUIT_OPEN" {}
    let position =
        |subgraph: &str, position: u8| format!("subgraph_circuit_position{{subgraph=\"{subgraph}\"}} {position}");
    let open = [position("scores", 0), position("users", 2)];
    assert_eq!(circuits(&door).await, open);

    let mut refused = Config::default();
    refused.identity.signing_key.file = Some("/missing".into());
    assert!(door.gateway.reload(edition(refused, grown())).await.is_err());
    assert_eq!(circuits(&door).await, open, "a refused reload touches nothing");

    let asked = door.subgraphs.received().len();
    let mut other = Config::default();
    other.server.request_timeout_ms = 1_000;
    let same = Edition::new(other, supergraph(), Arc::clone(&door.subgraphs) as _);
    door.gateway.reload(same).await.unwrap();
    assert_eq!(door.query(QUERY).await.code(), "SUBREQUEST_CIRCUIT_OPEN");
    assert_eq!((circuits(&door).await, door.subgraphs.received().len()), (open.to_vec(), asked));

    let mut off = Config::default();
    off.subgraphs.circuit.enabled = false;
    let without = Edition::new(off, supergraph(), Arc::clone(&door.subgraphs) as _);
    door.gateway.reload(without).await.unwrap();
    assert_eq!(door.query(QUERY).await.code(), "SUBREQUEST_UNREACHABLE");
    assert!(circuits(&door).await.is_empty());
}
