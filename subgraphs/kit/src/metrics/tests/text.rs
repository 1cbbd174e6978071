//! The text is one that Prometheus takes, and says nothing that the catalogue doesn't.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::{
    Cache,
    cache::CacheConfig,
    metrics::catalogue::{ALL, Kind},
};

#[test]
fn each_name_stands_for_one_metric() {
    let names: BTreeSet<String> = ALL.iter().map(|metric| metric.full_name()).collect();
    assert_eq!(names.len(), ALL.len());
    for metric in &ALL {
        assert_eq!(metric.labels.first(), Some(&"service"), "{}", metric.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_sample_is_of_the_catalogue_and_there_once() {
    let shop = Shop::open().await;
    let service = shop.metrics.service(SERVICE);
    let cache = Cache::<Name, Shelf>::new(SERVICE, CacheConfig::default(), None);
    service.watch_cache("shelf", &cache);
    // Two pools of one name are one.
    let _again = shop.metrics.measured(SERVICE, "work", shop.database.clone());
    shop.metrics
        .watch_workers(crate::Workers::new(SERVICE).with(Relay::new(shop.database.clone(), shop.bus())).monitor());
    service.command("supergraph.orders.cancel.v1", "read");
    service.job_attempt("export", "done", std::time::Duration::from_millis(3));
    service.answered("ok", std::time::Duration::from_millis(3));
    let (relay, consumer) = (shop.relay(), shop.consume(Handling { outcome: || Ok(()) }, ConsumerConfig::default()));
    shop.append(&[message("a")]).await;
    shop.wait_for("messaging_client_consumed_messages_total", &[], |messages| messages == 1.0).await;
    let text = shop.metrics.text().await;
    relay.stop().await;
    consumer.stop().await;

    let known: BTreeMap<String, _> = ALL.iter().map(|metric| (metric.full_name(), metric)).collect();
    let mut series = BTreeSet::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series_name, _) = line.rsplit_once(' ').unwrap();
        assert!(series.insert(series_name.to_owned()), "{series_name} is there twice");
        let (name, labels) = series_name.split_once('{').unwrap();
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let of_histogram = base.and_then(|base| known.get(base)).filter(|metric| metric.kind == Kind::Histogram);
        let metric = *known.get(name).or(of_histogram).unwrap_or_else(|| panic!("{name} isn't in the catalogue"));
        let labels: Vec<&str> =
            labels.trim_end_matches('}').split("\",").filter_map(|l| Some(l.split_once('=')?.0)).collect();
        let labels: Vec<&str> = labels.into_iter().filter(|&label| label != "le").collect();
        assert_eq!(labels, metric.labels, "{line}");
    }
    assert!(text.ends_with("# EOF\n"));
    let figures = Figures::read(&text);
    let lookups = [("cache", "shelf"), ("result", "hit")];
    assert_eq!(figures.get("cache_lookups_total", &lookups), Some(0.0));
    assert_eq!(figures.get("worker_running", &[("worker", "relay")]), Some(0.0));
    let pool = ("db_client_connection_pool_name", "orders.work");
    assert_eq!(figures.get("db_client_connection_max", &[pool]), Some(16.0));
    assert!(figures.get("db_client_statements_total", &[pool]).is_some_and(|statements| statements > 0.0));
    drop(cache);
    assert!(shop.figures().await.get("cache_lookups_total", &[]).is_none(), "a cache that is gone is told of");
}

/// By which the cache of this test keeps it.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Name(String);

impl crate::cache::CacheKey for Name {
    fn name(&self) -> String {
        self.0.clone()
    }

    fn from_name(name: &str) -> Option<Self> {
        Some(Self(name.to_owned()))
    }
}

/// What it keeps.
#[derive(serde::Serialize, serde::Deserialize)]
struct Shelf;

impl crate::cache::CacheValue for Shelf {
    const KIND: &'static str = "shelf";
    const SCHEMA: u32 = 1;

    fn heap_bytes(&self) -> usize {
        0
    }
}
