//! A read model of another service, which is told of the events by a bus: often, and in any order of the aggregates.

use diesel::{
    sql_query,
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::{FutureExt as _, future::BoxFuture};
use serde::{Deserialize, Serialize};
use wire::{
    bus::{Bus, Delivery, Message},
    topic::{Purpose, Topic},
};

use super::*;
use crate::{
    LogBus,
    consumer::{Consumer, Group, Handler, HandlerError},
    event_store::Recorded,
    log_bus::LogBusConfig,
};

const TIMES: usize = 10;
const TABLE: &str = "CREATE TABLE entry (id uuid PRIMARY KEY, cents bigint NOT NULL, events integer NOT NULL, changed_at timestamptz NOT NULL)";
const WRITE: &str = "INSERT INTO entry AS known VALUES ($1, $2, 1, $3) ON CONFLICT (id) DO UPDATE SET \
    cents = known.cents + excluded.cents, events = known.events + 1, changed_at = excluded.changed_at";

#[derive(Serialize, Deserialize)]
struct Told {
    id: Uuid,
    subject: Uuid,
    time: chrono::DateTime<chrono::Utc>,
    cents: i64,
}

fn message(event: &Recorded) -> Message {
    let Some(AccountEvent::Deposited(deposited)) = event.event_of::<Account>().unwrap() else { panic!("a deposit") };
    let (id, subject) = (Uuid::from_u128(event.position.into()), event.stream_id);
    let told = Told { id, subject, time: event.recorded_at, cents: deposited.cents };
    Message { key: subject.to_string().into(), text: serde_json::to_string(&told).unwrap().into() }
}

struct Listing;

impl Handler for Listing {
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        async move {
            let told: Told = serde_json::from_str(&delivery.message.text).map_err(HandlerError::poison)?;
            let write = sql_query(WRITE)
                .bind::<SqlUuid, _>(told.subject)
                .bind::<BigInt, _>(told.cents)
                .bind::<Timestamptz, _>(told.time);
            write.execute(connection).await?;
            Ok(())
        }
        .boxed()
    }
}

/// Each event as often as said; after each other only those of one aggregate.
fn shuffled(events: &[Recorded]) -> Vec<Message> {
    let mut messages = Vec::new();
    for _ in 0..TIMES {
        let mut accounts: std::collections::BTreeMap<Uuid, std::collections::VecDeque<&Recorded>> = Default::default();
        for event in events {
            accounts.entry(event.stream_id).or_default().push_back(event);
        }
        let mut accounts: Vec<_> = accounts.into_values().collect();
        while !accounts.is_empty() {
            let index = fastrand::usize(..accounts.len());
            match accounts[index].pop_front() {
                Some(event) => messages.push(message(event)),
                None => drop(accounts.swap_remove(index)),
            }
        }
    }
    messages
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_times_and_shuffled_is_equal_to_the_byte() {
    let (test, other, bus) = tokio::join!(
        TestDatabase::create("kit", MIGRATIONS),
        TestDatabase::create("kit", MIGRATIONS),
        TestDatabase::bus()
    );
    let (database, list) = (test.database(), Arc::new(AccountList::new(1)));
    fill(database, 25, 8).await;
    let projectors = Projectors::start(1, database, &list, CONFIG);
    wait_until_settled(database).await;
    projectors.stop().await;

    let client = other.database().bulk_connection().await.unwrap();
    client.batch_execute(TABLE).await.unwrap();
    let bus: Arc<dyn Bus> = Arc::new(LogBus::open(bus.database().clone(), LogBusConfig::default()).await.unwrap());
    let topic = Topic::new("accounts", Purpose::Events).unwrap();
    let events = read_after(&mut database.connection().await.unwrap(), 0, 1_000).await.unwrap();
    let messages = shuffled(&events);
    assert_eq!(messages.len(), 25 * 8 * TIMES);
    let stop = CancellationToken::new();
    let group = Group::new("lists", "accounts").unwrap();
    let consumer = Consumer::new(other.database().clone(), Arc::clone(&bus), topic.clone(), group, Listing);
    let consuming = tokio::spawn(consumer.run(stop.clone()));
    bus.publish(&topic, &messages).await.unwrap();
    // Behind all of them, of each account once more: in the order of keys it is handled after what came before.
    let last: Vec<Message> = events.iter().filter(|event| event.version == 8).map(ending).collect();
    bus.publish(&topic, &last).await.unwrap();
    let ended = "SELECT count(*) FROM inbox WHERE event_id::text LIKE 'ffffffff-%'";
    let all = async || (client.query_one(ended, &[]).await.unwrap().get::<_, i64>(0) == 25).then_some(());
    wait_for("the last of each account", all).await;
    stop.cancel();
    consuming.await.unwrap();
    let told = "UPDATE entry SET events = events - 1";
    client.batch_execute(told).await.unwrap();
    assert_eq!(rows(other.database(), "entry").await, rows(database, "account_list.entry").await);
}

/// Another event of the same account at the same time, about nothing.
fn ending(event: &Recorded) -> Message {
    let id = Uuid::from_u128(u128::from(u32::MAX) << 96 | u128::from(event.position));
    let told = Told { id, subject: event.stream_id, time: event.recorded_at, cents: 0 };
    Message { key: event.stream_id.to_string().into(), text: serde_json::to_string(&told).unwrap().into() }
}
