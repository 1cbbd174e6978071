//! What a scrape tells of real work, read by a parser that others wrote.

mod cost;
mod documented;
mod faults;
mod moving;
mod text;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use diesel_async::AsyncPgConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::future::BoxFuture;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::{
    bus::{Bus, BusError, Delivery, Message, Subscription},
    topic::{Purpose, Topic},
};

use super::Metrics;
use crate::{
    Consumer, Database, Group, Handler, HandlerError, LogBus,
    consumer::ConsumerConfig,
    log_bus::LogBusConfig,
    outbox::{self, Relay},
    testing::{TestDatabase, wait_for},
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");
/// What the service is called here.
const SERVICE: &str = "orders";

fn events() -> Topic {
    Topic::new(SERVICE, Purpose::Events).unwrap()
}

/// A service with its metrics, and a bus that can go away.
struct Shop {
    metrics: Metrics,
    database: Database,
    bus: Arc<Leaving>,
    _databases: [TestDatabase; 2],
}

impl Shop {
    async fn open() -> Self {
        let (service, bus_database) = (TestDatabase::create("kit", MIGRATIONS).await, TestDatabase::bus().await);
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let metrics = Metrics::new();
        let database = metrics.measured(SERVICE, "work", service.database().clone());
        metrics.watch_tables(SERVICE, &database);
        let bus = Arc::new(Leaving { bus, is_away: AtomicBool::new(false) });
        Self { metrics, database, bus, _databases: [service, bus_database] }
    }

    fn bus(&self) -> Arc<dyn Bus> {
        Arc::clone(&self.bus) as Arc<dyn Bus>
    }

    async fn append(&self, messages: &[Message]) {
        let work = async |connection: &mut AsyncPgConnection| outbox::append(connection, &events(), messages).await;
        self.database.unit(work).await.unwrap();
    }

    fn relay(&self) -> Running {
        let relay = Relay::new(self.database.clone(), self.bus());
        Running::start(|stop| relay.run(stop))
    }

    fn consume(&self, handler: impl Handler, config: ConsumerConfig) -> Running {
        let group = Group::new(SERVICE, "testing").unwrap();
        let consumer = Consumer::new(self.database.clone(), self.bus(), events(), group, handler).with_config(config);
        Running::start(|stop| consumer.run(stop))
    }

    async fn figures(&self) -> Figures {
        Figures::read(&self.metrics.text().await)
    }

    /// Scrapes until a figure is as it should be.
    async fn wait_for(&self, name: &str, labels: &[(&str, &str)], is_so: impl Fn(f64) -> bool) -> Figures {
        wait_for(name, async || {
            let figures = self.figures().await;
            figures.get(name, labels).is_some_and(&is_so).then_some(figures)
        })
        .await
    }
}

/// Something that runs until it is stopped.
struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start<F: Future<Output = ()> + Send + 'static>(run: impl FnOnce(CancellationToken) -> F) -> Self {
        let stop = CancellationToken::new();
        Self { task: tokio::spawn(run(stop.clone())), stop }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.unwrap();
    }
}

/// A scrape's figures, by name and labels.
struct Figures(BTreeMap<(String, BTreeMap<String, String>), f64>);

impl Figures {
    fn read(text: &str) -> Self {
        let lines = text.lines().map(|line| Ok(line.to_owned()));
        let scrape = prometheus_parse::Scrape::parse(lines).unwrap();
        let figures = scrape.samples.into_iter().flat_map(|sample| {
            let labels: BTreeMap<String, String> = sample.labels.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
            match sample.value {
                prometheus_parse::Value::Counter(value)
                | prometheus_parse::Value::Gauge(value)
                | prometheus_parse::Value::Untyped(value) => vec![((sample.metric, labels), value)],
                // Their counts and sums are samples of their own.
                prometheus_parse::Value::Histogram(_) | prometheus_parse::Value::Summary(_) => Vec::new(),
            }
        });
        Self(figures.collect())
    }

    /// A figure of the service; labels that aren't named don't matter.
    fn get(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let is_it = |of: &BTreeMap<String, String>| {
            labels
                .iter()
                .chain([&("service", SERVICE)])
                .all(|&(label, value)| of.get(label).is_some_and(|v| v == value))
        };
        self.0.iter().find(|((of, labels), _)| of == name && is_it(labels)).map(|(_, &value)| value)
    }
}

/// A bus that takes nothing while it is away.
struct Leaving {
    bus: LogBus,
    is_away: AtomicBool,
}

impl Leaving {
    fn set_away(&self, is_away: bool) {
        self.is_away.store(is_away, Ordering::SeqCst);
    }
}

impl Bus for Leaving {
    fn publish<'a>(&'a self, topic: &'a Topic, messages: &'a [Message]) -> BoxFuture<'a, Result<(), BusError>> {
        if self.is_away.load(Ordering::SeqCst) {
            return Box::pin(std::future::ready(Err(BusError::Unavailable("away".into()))));
        }
        self.bus.publish(topic, messages)
    }

    fn subscribe<'a>(
        &'a self,
        topic: &'a Topic,
        group: &'a str,
    ) -> BoxFuture<'a, Result<Box<dyn Subscription>, BusError>> {
        self.bus.subscribe(topic, group)
    }

    fn backlog<'a>(&'a self, topic: &'a Topic) -> BoxFuture<'a, Result<Option<BTreeMap<String, u64>>, BusError>> {
        self.bus.backlog(topic)
    }
}

/// Handles every message, or none.
struct Handling {
    outcome: fn() -> Result<(), HandlerError>,
}

impl Handler for Handling {
    fn handle<'a>(&'a self, _: &'a mut AsyncPgConnection, _: &'a Delivery) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(std::future::ready((self.outcome)()))
    }
}

/// Wants no message.
struct Unwilling;

impl Handler for Unwilling {
    fn wants(&self, _: &str) -> bool {
        false
    }

    fn handle<'a>(&'a self, _: &'a mut AsyncPgConnection, _: &'a Delivery) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(std::future::ready(Err(HandlerError::poison("not wanted"))))
    }
}

fn message(key: &str) -> Message {
    let (id, time) = (Uuid::now_v7(), chrono::Utc::now());
    Message { key: key.into(), text: json!({ "id": id, "time": time }).to_string().into() }
}
