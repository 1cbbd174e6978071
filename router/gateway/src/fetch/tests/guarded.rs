//! Retries and circuit breakers around a subgraph that fails as told.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use executor::fetch::Idempotent;
use executor::{Fetch, FetchError, RequestContext, Responses, SubgraphRequest};
use federation::SubgraphId;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt, stream};
use tokio::time::{Instant, advance};

use super::calls::context;
use crate::config::Subgraphs;
use crate::fetch::{Guards, layered};
use crate::telemetry::metrics::Metrics;

const GOOD: &str = "{\"data\":{}}";

/// Fails as told, then answers; counts calls.
#[derive(Default)]
struct Told {
    faults: Mutex<VecDeque<FetchError>>,
    always: Option<FetchError>,
    calls: Mutex<Vec<Instant>>,
}

impl Fetch for Told {
    fn fetch<'a>(&'a self, _: SubgraphRequest, _: &'a RequestContext) -> BoxFuture<'a, Result<Responses, FetchError>> {
        self.calls.lock().unwrap().push(Instant::now());
        let fault = self.faults.lock().unwrap().pop_front().or_else(|| self.always.clone());
        async move {
            match fault {
                Some(fault) => Err(fault),
                None => {
                    Ok(stream::once(std::future::ready(Ok(Bytes::from_static(GOOD.as_bytes())))).boxed() as Responses)
                }
            }
        }
        .boxed()
    }
}

/// A subgraph that fails as told, the fetch around it, and its metrics.
struct Setting {
    subgraph: Arc<Told>,
    fetch: Arc<dyn Fetch>,
    metrics: Arc<Metrics>,
}

fn setting(subgraph: Told, config: &Subgraphs) -> Setting {
    let (subgraph, metrics) = (Arc::new(subgraph), Arc::new(Metrics::new(&crate::config::Metrics::default())));
    let guards = Guards::new(config, vec!["scores".to_owned()], &metrics, None);
    guards.serve(&metrics, None);
    let fetch = layered(Arc::clone(&subgraph) as _, config, &guards, &metrics);
    Setting { subgraph, fetch, metrics }
}

impl Setting {
    async fn call(&self, idempotent: Idempotent) -> Result<Bytes, FetchError> {
        let request =
            SubgraphRequest { subgraph: SubgraphId(0), body: Bytes::from_static(b"{}"), named: 0, idempotent };
        let context = context();
        self.fetch.fetch(request, &context).await?.next().await.unwrap()
    }

    fn calls(&self) -> usize {
        self.subgraph.calls.lock().unwrap().len()
    }
}

fn unreachable() -> FetchError {
    FetchError::Unreachable("refused".to_owned())
}

#[tokio::test(start_paused = true)]
async fn a_query_that_failed_in_passing_is_repeated_after_growing_rests() {
    let faults = VecDeque::from([unreachable(), FetchError::Status { status: 503 }]);
    let setting = setting(Told { faults: Mutex::new(faults), ..Told::default() }, &Subgraphs::default());
    assert_eq!(setting.call(Idempotent::Yes).await.unwrap(), GOOD);
    let calls = setting.subgraph.calls.lock().unwrap().clone();
    let rests: Vec<Duration> = calls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    // Up to half as much again by chance; the clock has milliseconds.
    assert!((20..=32).contains(&rests[0].as_millis()), "{rests:?}");
    assert!((40..=62).contains(&rests[1].as_millis()), "{rests:?}");
    assert!(setting.metrics.text(None).contains("subgraph_retries_total{subgraph=\"scores\"} 2"));
}

#[tokio::test(start_paused = true)]
async fn mutations_and_lasting_faults_are_never_repeated() {
    let lasting = [
        FetchError::Timeout,
        FetchError::Malformed("x".to_owned()),
        FetchError::TooLarge { limit_bytes: 1 },
        FetchError::Status { status: 500 },
        FetchError::Status { status: 404 },
        FetchError::NoRoute("x".to_owned()),
    ];
    for (fault, idempotent) in lasting
        .map(|fault| (fault, Idempotent::Yes))
        .into_iter()
        .chain([(unreachable(), Idempotent::No), (FetchError::Status { status: 503 }, Idempotent::No)])
    {
        let setting = setting(Told { always: Some(fault.clone()), ..Told::default() }, &Subgraphs::default());
        assert!(setting.call(idempotent).await.is_err());
        assert_eq!(setting.calls(), 1, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn repetitions_stay_within_their_budget() {
    let mut config = Subgraphs::default();
    config.circuit.enabled = false;
    config.retry.budget_min_per_s = 0;
    let setting = setting(Told { always: Some(unreachable()), ..Told::default() }, &config);
    for _ in 0..1_000 {
        assert!(setting.call(Idempotent::Yes).await.is_err());
    }
    // A fifth of the calls.
    let repeated = setting.calls() - 1_000;
    assert!((150..=200).contains(&repeated), "{repeated}");
}

#[tokio::test(start_paused = true)]
async fn one_subgraph_may_be_repeated_less_than_others() {
    let mut config = Subgraphs::default();
    config.by_name.entry("scores".into()).or_default().retries_max = Some(0);
    let setting = setting(Told { always: Some(unreachable()), ..Told::default() }, &config);
    assert!(setting.call(Idempotent::Yes).await.is_err());
    assert_eq!(setting.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_dead_subgraph_is_soon_left_alone_and_found_well_again() {
    let setting =
        setting(Told { faults: Mutex::new(vec![unreachable(); 60].into()), ..Told::default() }, &Subgraphs::default());
    let began = Instant::now();
    let code = loop {
        let error = setting.call(Idempotent::Yes).await.unwrap_err();
        if matches!(error, FetchError::CircuitOpen) {
            break error.code();
        }
        advance(Duration::from_millis(50)).await;
    };
    assert_eq!(code, "SUBREQUEST_CIRCUIT_OPEN");
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let before = setting.calls();
    for _ in 0..100 {
        assert!(matches!(setting.call(Idempotent::Yes).await, Err(FetchError::CircuitOpen)));
    }
    assert_eq!(setting.calls(), before);
    let text = setting.metrics.text(None);
    assert!(text.contains("subgraph_circuit_position{subgraph=\"scores\"} 2"), "{text}");
    // Well again: the first call after the rest finds out.
    setting.subgraph.faults.lock().unwrap().clear();
    advance(Duration::from_secs(2)).await;
    assert!(setting.call(Idempotent::Yes).await.is_ok());
    let text = setting.metrics.text(None);
    assert!(text.contains("subgraph_circuit_position{subgraph=\"scores\"} 0"), "{text}");
    assert!(text.contains("subgraph_circuit_changes_total{subgraph=\"scores\",to=\"open\"} 1"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_breaker_that_is_off_never_opens() {
    let mut config = Subgraphs::default();
    config.circuit.enabled = false;
    let setting = setting(Told { always: Some(FetchError::Timeout), ..Told::default() }, &config);
    for _ in 0..100 {
        assert!(matches!(setting.call(Idempotent::Yes).await, Err(FetchError::Timeout)));
    }
}

/// Never answers; counts calls.
#[derive(Default)]
struct Hanging(AtomicUsize);

impl Fetch for Hanging {
    fn fetch<'a>(&'a self, _: SubgraphRequest, _: &'a RequestContext) -> BoxFuture<'a, Result<Responses, FetchError>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        async {
            tokio::time::sleep(Duration::from_secs(10)).await;
            Err(FetchError::Timeout)
        }
        .boxed()
    }
}

/// When a call is first refused, of calls that come ten a second and hang.
async fn refused_after(config: &Subgraphs) -> Duration {
    let (hanging, metrics) = (Arc::new(Hanging::default()), Arc::new(Metrics::new(&crate::config::Metrics::default())));
    let guards = Guards::new(config, vec!["scores".to_owned()], &metrics, None);
    let fetch = layered(Arc::clone(&hanging) as _, config, &guards, &metrics);
    let began = Instant::now();
    let mut calls = tokio::task::JoinSet::new();
    loop {
        let fetch = Arc::clone(&fetch);
        let request = SubgraphRequest {
            subgraph: SubgraphId(0),
            body: Bytes::from_static(b"{}"),
            named: 0,
            idempotent: Idempotent::Yes,
        };
        calls.spawn(async move { fetch.fetch(request, &context()).await.err() });
        tokio::time::sleep(Duration::from_millis(100)).await;
        while let Some(ended) = calls.try_join_next() {
            if matches!(ended, Ok(Some(FetchError::CircuitOpen))) {
                return began.elapsed();
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_subgraph_that_hangs_is_left_alone_before_its_time_limits_are_over() {
    let half = refused_after(&Subgraphs::default()).await;
    assert!((5..7).contains(&half.as_secs()), "half of ten seconds, and ten calls: {half:?}");
    let mut config = Subgraphs::default();
    config.circuit.slow_ms = Some(500);
    let soon = refused_after(&config).await;
    assert!(soon < Duration::from_secs(2), "{soon:?}");
    let mut config = Subgraphs::default();
    config.by_name.entry("scores".into()).or_default().timeout_ms = Some(2_000);
    let own = refused_after(&config).await;
    assert!(own < Duration::from_secs(3), "{own:?}");
}
