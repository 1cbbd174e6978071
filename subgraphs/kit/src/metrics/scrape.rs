//! Answering a scrape.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use futures::{FutureExt as _, StreamExt as _, future::join, stream};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, text::encode},
    registry::Registry,
};
use wire::{bus::Bus, topic::Topic};

use super::{Metrics, catalogue, instruments::labels, page::Page, tables, watched::Consuming};
use crate::outbox;

/// The media type of [`Metrics::text`].
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// How long a look into one service's tables, or at one bus, may take. Scrapers wait ten seconds by default; what takes longer than
/// this is in trouble, of which its absence tells.
const LOOK_MAX: Duration = Duration::from_secs(1);
/// How old a look may be that is told again: several scrapers, or one in a hurry, cost as much as one.
const KEPT_FOR: Duration = Duration::from_secs(1);
/// Looks at the same time: each takes a connection, of the service's pool or the bus'.
const LOOKS_AT_ONCE: usize = 3;

/// The last look into tables and buses.
#[derive(Default)]
pub(super) struct Kept {
    /// Held by who looks; when that was done the last time.
    looking: tokio::sync::Mutex<Option<Instant>>,
    page: Mutex<Arc<Page>>,
}

/// A topic on its bus, and the groups that consume it.
type Consumed = (Topic, Arc<dyn Bus>, Vec<Consuming>);

impl Metrics {
    /// Everything, as text.
    pub async fn text(&self) -> String {
        self.refresh().await;
        let mut registry = Registry::default();
        registry.register_collector(Box::new(self.clone()));
        let mut text = String::new();
        match encode(&mut text, &registry) {
            Ok(()) => text,
            Err(fmt::Error) => String::from("# EOF\n"),
        }
    }

    /// Looks into tables and at buses, unless somebody did within the last second. Returns within about two.
    pub async fn refresh(&self) {
        let mut looked = self.kept.looking.lock().await;
        if looked.is_some_and(|at| at.elapsed() < KEPT_FOR) {
            return;
        }
        let mut page = Page::default();
        let (tables, lag) = join(self.tables(), self.lag()).await;
        for (service, found) in &tables {
            found.tell(&mut page.of(service));
        }
        for (consuming, messages) in &lag {
            let labels = [consuming.group.name(), &consuming.topic.to_string()];
            page.of(&consuming.service).whole(&catalogue::LAG, &labels, *messages);
        }
        *self.kept.page.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(page);
        *looked = Some(Instant::now());
    }

    async fn tables(&self) -> Vec<(Arc<str>, tables::Found)> {
        let looks = stream::iter(self.watched.databases()).map(async |(service, database)| {
            let found = tokio::time::timeout(LOOK_MAX, tables::look(&database));
            let (found, pending) = join(found, self.pending(&service)).await;
            let found = self.unless_failed(&service, found)?.with_pending(pending);
            Some((service, found))
        });
        looks.buffer_unordered(LOOKS_AT_ONCE).filter_map(std::future::ready).collect().await
    }

    /// What waits beside a service's outbox; `None` if some of it can't be had.
    async fn pending(&self, service: &Arc<str>) -> Option<Vec<outbox::Status>> {
        let mut found = Vec::new();
        for look in self.watched.pending_of(service) {
            let pending = tokio::time::timeout(LOOK_MAX, look()).await;
            found.push(self.unless_failed(service, pending)?);
        }
        Some(found)
    }

    /// How far behind each group is, as far as its bus tells.
    async fn lag(&self) -> Vec<(Consuming, u64)> {
        let mut topics: BTreeMap<(usize, String), Consumed> = BTreeMap::new();
        for consuming in self.instruments.groups.all() {
            let Some(bus) = consuming.bus.upgrade() else { continue };
            let key = (Arc::as_ptr(&bus).cast::<()>().addr(), consuming.topic.to_string());
            let (_, _, groups) = topics.entry(key).or_insert_with(|| (consuming.topic.clone(), bus, Vec::new()));
            groups.push(consuming);
        }
        // All of them within the time of one: a bus that is down costs no more.
        let until = tokio::time::Instant::now() + LOOK_MAX;
        let looks = topics.into_values().map(|consumed| self.lag_of(consumed, until).boxed());
        let looks = stream::iter(looks.collect::<Vec<_>>());
        let all: Vec<_> = looks.buffer_unordered(LOOKS_AT_ONCE).collect().await;
        all.into_iter().flatten().collect()
    }

    async fn lag_of(&self, (topic, bus, groups): Consumed, until: tokio::time::Instant) -> Vec<(Consuming, u64)> {
        let backlog = tokio::time::timeout_at(until, bus.backlog(&topic)).await;
        let service = groups.first().map(|consuming| Arc::clone(&consuming.service)).unwrap_or_default();
        let backlog = self.unless_failed(&service, backlog).flatten().unwrap_or_default();
        let of = |consuming: Consuming| backlog.get(consuming.group.name()).map(|&messages| (consuming, messages));
        groups.into_iter().filter_map(of).collect()
    }

    fn unless_failed<T, E: std::error::Error>(
        &self,
        service: &Arc<str>,
        outcome: Result<Result<T, E>, tokio::time::error::Elapsed>,
    ) -> Option<T> {
        let reason = match outcome {
            Ok(Ok(found)) => return Some(found),
            Ok(Err(error)) => crate::database::describe(&error),
            Err(_) => format!("no answer within {LOOK_MAX:?}"),
        };
        tracing::debug!(%service, reason, "a part of the metrics can't be told");
        self.instruments.scrape_failures.get_or_create(&labels(&catalogue::SCRAPE_FAILURES, &[service])).inc();
        None
    }
}

/// Writes what is counted, what needs no statement, and what the last look has found.
impl Collector for Metrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let looked_at = Arc::clone(&self.kept.page.lock().unwrap_or_else(PoisonError::into_inner));
        let mut page = Page::default();
        self.watched.tell(&mut page);
        self.instruments.sources.tell(&mut page);
        page.with(&looked_at).encode(&self.instruments, &mut encoder)
    }
}
