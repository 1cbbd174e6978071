//! Events on a real bus, notices over a real database, and processes that hear of both.

use chrono::Utc;
use uuid::Uuid;
use wire::{
    Domain,
    bus::{Bus, Message},
    event::{Envelope, Stamp},
    events::products::ProductWithdrawn,
    topic::{Purpose, Topic},
};

use super::{super::Invalidation, tier::Old, *};
use crate::{
    LogBus, Workers,
    log_bus::LogBusConfig,
    testing::{TestDatabase, wait_for},
    worker::Running,
};

/// What dies in these tests dies by events.
fn for_ever() -> CacheConfig {
    CacheConfig { ttl_ms: 3_600_000, absence_ttl_ms: 3_600_000, shared_ttl_ms: 3_600_000, ..CacheConfig::default() }
}

/// A service's database, a bus, and what runs until the end of the test.
struct Shop {
    service: TestDatabase,
    bus: Arc<LogBus>,
    _bus_database: TestDatabase,
    store: Store,
    hearing: Vec<Running>,
}

impl Shop {
    async fn open() -> Self {
        let (service, bus_database) = (TestDatabase::empty("caches").await, TestDatabase::bus().await);
        let bus = LogBus::open(bus_database.database().clone(), LogBusConfig::default()).await.unwrap();
        let store = Store::of([(1, 1), (2, 1)]);
        Self { service, bus: Arc::new(bus), _bus_database: bus_database, store, hearing: Vec::new() }
    }

    fn invalidation(&self, cache: &Cache<Id, Thing>) -> Invalidation {
        Invalidation::new(Domain::Products, self.service.database().clone()).with(cache, |envelope| {
            let Some(ProductWithdrawn { product_id }) = envelope.read()? else { return Ok(Vec::new()) };
            let key = Id(u32::try_from(product_id.uuid().as_u128()).unwrap());
            Ok(vec![Change { key, version: envelope.sequence.map(Version) }])
        })
    }

    /// A process that keeps things and hears of changes.
    fn process(&mut self) -> Cache<Id, Thing> {
        self.process_beside(None)
    }

    fn process_beside(&mut self, tier: Option<SharedTier>) -> Cache<Id, Thing> {
        let cache = Cache::new("products", for_ever(), tier);
        let invalidation = self.invalidation(&cache);
        self.hearing.push(invalidation.hear_in(Workers::new("products")).start());
        cache
    }

    /// A process that tells the others, as long as it runs.
    fn worker(&self, tier: Option<SharedTier>) -> Running {
        let invalidation = self.invalidation(&Cache::new("products", for_ever(), tier));
        let bus = Arc::clone(&self.bus) as Arc<dyn Bus>;
        invalidation.tell_in(Workers::new("products"), &bus, &topic()).start()
    }

    async fn publish(&self, message: Message) {
        self.bus.publish(&topic(), &[message]).await.unwrap();
    }

    async fn until_read(&self, cache: &Cache<Id, Thing>, id: u32, version: u64) {
        wait_for("the new version", async || {
            (self.store.read(cache, id).await.unwrap() == Some(version)).then_some(())
        })
        .await;
    }
}

fn topic() -> Topic {
    Topic::new("products", Purpose::Events).unwrap()
}

fn event(id: u32, version: Option<u64>) -> Message {
    let event = ProductWithdrawn { product_id: Uuid::from_u128(id.into()).into() };
    let envelope = Envelope::event(&event, Stamp { id: Uuid::now_v7(), time: Utc::now() }).unwrap();
    Envelope { sequence: version, ..envelope }.to_message().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_ends_what_every_process_keeps_of_it_and_nothing_else() {
    let mut shop = Shop::open().await;
    let _worker = shop.worker(None);
    let processes = [shop.process(), shop.process(), shop.process()];
    for (version, told) in [(2, Some(2)), (3, None), (4, Some(4))] {
        for process in &processes {
            assert!(shop.store.read(process, 1).await.unwrap().is_some());
        }
        shop.store.set(1, version);
        shop.publish(event(1, told)).await;
        for process in &processes {
            shop.until_read(process, 1, version).await;
        }
    }
    // All hear by now.
    shop.store.read(&processes[0], 2).await.unwrap();
    let asked = shop.store.asked_keys().iter().filter(|key| **key == 2).count();
    shop.store.set(1, 5);
    shop.publish(event(1, Some(5))).await;
    shop.until_read(&processes[0], 1, 5).await;
    shop.store.read(&processes[0], 2).await.unwrap();
    assert_eq!(shop.store.asked_keys().iter().filter(|key| **key == 2).count(), asked, "the other is still kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_nobody_can_read_outdates_everything_and_holds_up_nothing() {
    let mut shop = Shop::open().await;
    let _worker = shop.worker(None);
    let process = shop.process();
    for (version, text) in [(2, "nonsense".to_owned()), (3, event(1, None).text.replace("productId", "other"))] {
        for id in [1, 2] {
            assert!(shop.store.read(&process, id).await.unwrap().is_some());
            shop.store.set(id, version);
        }
        shop.publish(Message { key: "1".into(), text: text.into() }).await;
        shop.until_read(&process, 1, version).await;
        shop.until_read(&process, 2, version).await;
    }
    shop.store.set(1, 4);
    shop.publish(event(1, Some(4))).await;
    shop.until_read(&process, 1, 4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wasnt_there_for_a_notice_takes_everything_as_changed() {
    let mut shop = Shop::open().await;
    let _worker = shop.worker(None);
    let process = shop.process();
    shop.store.set(1, 2);
    shop.publish(event(1, Some(2))).await;
    shop.until_read(&process, 1, 2).await;
    // The notice of this change is never sent.
    shop.store.set(1, 3);
    assert_eq!(shop.store.read(&process, 1).await.unwrap(), Some(2));
    let client = shop.service.database().bulk_connection().await.unwrap();
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
        WHERE datname = current_database() AND query LIKE '%LISTEN caches'";
    let listening: i64 = client.query_one(cut, &[]).await.unwrap().get(0);
    assert_eq!(listening, 1);
    shop.until_read(&process, 1, 3).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shared_tier_that_is_away_is_told_in_the_end_and_keeps_nobody_from_being_told() {
    let mut shop = Shop::open().await;
    let old = Arc::new(Old::default());
    old.hang(true);
    let tier = || SharedTier::new(Arc::clone(&old) as Arc<dyn SharedCache>, SHARED_TIMEOUT);
    let worker = shop.worker(Some(tier()));
    let process = shop.process();
    for version in 2..5 {
        assert!(shop.store.read(&process, 1).await.unwrap().is_some());
        shop.store.set(1, version);
        shop.publish(event(1, Some(version))).await;
        shop.until_read(&process, 1, version).await;
    }
    assert_eq!(old.forgotten(), []);
    // To somebody who begins now the tier is there again, with what it had.
    let again = SharedTier::new(Arc::<Old>::default(), SHARED_TIMEOUT);
    let late = shop.process_beside(Some(again));
    wait_for("what the tier had", async || (shop.store.read(&late, 1).await.unwrap() == Some(1)).then_some(())).await;
    // Who owes it the changes goes away.
    worker.stop().await;
    let _worker = shop.worker(Some(tier()));
    old.hang(false);
    let told = wait_for("the tier to be told", async || Some(old.forgotten()).filter(|told| !told.is_empty())).await;
    assert!(told.iter().all(|change| change.name == "1"), "{told:?}");
    assert_eq!(told.iter().filter_map(|change| change.version).max(), Some(Version(4)));
    shop.until_read(&late, 1, 4).await;
}
