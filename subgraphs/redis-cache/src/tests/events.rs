//! An event ends what is in Redis and in every process, and a Redis that was away hears of it later.

use kit::{
    LogBus, Workers,
    cache::{Change, Invalidation},
    log_bus::LogBusConfig,
    testing::{TestDatabase, wait_for},
};
use wire::{
    Domain,
    bus::{Bus, Message},
    event::{Envelope, Stamp},
    events::products::ProductWithdrawn,
    topic::{Purpose, Topic},
};

use super::*;

fn topic() -> Topic {
    Topic::new("products", Purpose::Events).unwrap()
}

fn event(id: u32, version: u64) -> Message {
    let event = ProductWithdrawn { product_id: uuid::Uuid::from_u128(id.into()).into() };
    let stamp = Stamp { id: uuid::Uuid::now_v7(), time: chrono::Utc::now() };
    Envelope::event(&event, stamp).unwrap().with_sequence(version).to_message().unwrap()
}

fn invalidation(database: &TestDatabase, process: &Process) -> Invalidation {
    Invalidation::new(Domain::Products, database.database().clone()).with(&process.cache, |envelope| {
        let Some(ProductWithdrawn { product_id }) = envelope.read()? else { return Ok(Vec::new()) };
        let key = Id(u32::try_from(product_id.uuid().as_u128()).unwrap());
        Ok(vec![Change { key, version: envelope.sequence.map(Version) }])
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn events_end_what_redis_and_processes_keep_also_when_redis_was_away() {
    let (service, bus_database) = (TestDatabase::empty("caches").await, TestDatabase::bus().await);
    let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(bus);
    let mut redis = TestRedis::start();
    let rows = Rows::of([(1, 1)]);
    let (mut processes, mut running) = (Vec::new(), Vec::new());
    for tells in [true, false] {
        let process = Process::begin_patient(&redis, CacheConfig::default(), SHARED_TIMEOUT).await;
        let invalidation = invalidation(&service, &process);
        let workers = invalidation.hear_in(Workers::new("products"));
        let workers = if tells { invalidation.tell_in(workers, &bus, &topic()) } else { workers };
        running.push(workers.start());
        processes.push(process);
    }
    for version in 2..=5 {
        let frozen = version == 4;
        for process in &processes {
            assert_eq!(process.read(&rows, 1).await, Some(version - 1));
        }
        if frozen {
            redis.freeze();
        }
        rows.set(1, version);
        bus.publish(&topic(), &[event(1, version)]).await.unwrap();
        for process in &processes {
            wait_for("the new version", async || (process.read(&rows, 1).await == Some(version)).then_some(())).await;
        }
        if frozen {
            redis.thaw();
        }
        // What Redis has is no older, for somebody who has heard of nothing.
        let stranger = Process::begin(&redis, shared_alone()).await;
        wait_for("Redis to know", async || (stranger.read(&rows, 1).await == Some(version)).then_some(())).await;
    }
}
