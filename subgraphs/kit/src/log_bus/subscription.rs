//! A consumer's end of the bus.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use diesel::{
    OptionalExtension as _, QueryableByName, sql_query,
    sql_types::{Integer, SmallInt, Text},
};
use diesel_async::RunQueryDsl as _;
use futures::future::BoxFuture;
use wire::{
    bus::{BusError, Delivery, Message, Place, Subscription},
    topic::Topic,
};

use super::{
    LogBus,
    acknowledge::keep,
    fetch::{MessageRow, fetch, where_group_is},
    in_time,
    member::{Held, Member, Members},
    progress::Progress,
    topics::TopicRow,
};
use crate::database::{Database, DatabaseError, cached};

/// How often it looks without being woken: how late a message is whose notification was lost, with a connection.
const POLL: Duration = Duration::from_secs(2);
/// Messages handed out and not acknowledged, over all partitions; no more are handed out then.
const UNACKNOWLEDGED_MAX: usize = 2_000;

const FIND: &str = "UPDATE log_group SET seen_at = now() WHERE topic_id = $1 AND name = $2 RETURNING id";
/// With all of its partitions, or not at all. Only when it isn't there: even in vain it uses up one of the numbers, which are few.
const MAKE: &str = "WITH made AS ( \
        INSERT INTO log_group (topic_id, name) VALUES ($1, $2) ON CONFLICT (topic_id, name) DO NOTHING RETURNING id) \
    INSERT INTO log_subscription (group_id, partition) SELECT id, generate_series(0, $3::integer - 1) FROM made";

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = SmallInt)]
    id: i16,
}

/// A consumer of a [`LogBus`].
struct LogSubscription {
    database: Database,
    members: Arc<Members>,
    member: Arc<Member>,
    /// With which partition reading begins, so that none waits for others that always have something.
    turn: usize,
}

pub(super) async fn subscribe(bus: &LogBus, topic: &Topic, group: &str) -> Result<Box<dyn Subscription>, BusError> {
    let topic = in_time(bus.topics.find(&bus.database, topic)).await?;
    let group = in_time(find_group(&bus.database, topic, group)).await?;
    let member = Arc::new(Member::new(topic, group, &bus.members));
    bus.members.add(Arc::clone(&member));
    let (database, members) = (bus.database.clone(), Arc::clone(&bus.members));
    Ok(Box::new(LogSubscription { database, members, member, turn: 0 }))
}

async fn find_group(database: &Database, topic: TopicRow, name: &str) -> Result<i16, DatabaseError> {
    let mut connection = database.connection().await?;
    let find = || cached(sql_query(FIND).bind::<Integer, _>(topic.id).bind::<Text, _>(name.to_owned()));
    let found: Option<GroupRow> = find().get_result(&mut connection).await.optional()?;
    if let Some(GroupRow { id }) = found {
        return Ok(id);
    }
    let make = sql_query(MAKE)
        .bind::<Integer, _>(topic.id)
        .bind::<Text, _>(name)
        .bind::<Integer, _>(i32::from(topic.partitions));
    cached(make).execute(&mut connection).await?;
    let GroupRow { id } = find().get_result(&mut connection).await?;
    Ok(id)
}

impl Subscription for LogSubscription {
    fn next(&mut self, most: usize) -> BoxFuture<'_, Result<Vec<Delivery>, BusError>> {
        Box::pin(async move {
            loop {
                let deliveries = self.read(most).await?;
                if !deliveries.is_empty() {
                    return Ok(deliveries);
                }
                if self.members.are_lost() {
                    return Err(BusError::Unavailable("the connection that shares out partitions is lost".into()));
                }
                // Nothing is lost when nobody waits any more: what wakes is kept, and there is a look before the next wait.
                drop(tokio::time::timeout(POLL, self.member.woken.notified()).await);
            }
        })
    }

    fn acknowledge<'a>(&'a mut self, places: &'a [Place]) -> BoxFuture<'a, Result<(), BusError>> {
        Box::pin(async move {
            let to_keep = self.note(places);
            if to_keep.is_empty() {
                return Ok(());
            }
            in_time(keep(&self.database, self.member.group, &to_keep)).await?;
            for (partition, acknowledged) in to_keep {
                if let Some(progress) = self.member.held().get_mut(&partition).and_then(|held| held.progress.as_mut()) {
                    progress.kept(acknowledged);
                }
            }
            self.members.changed.notify_one();
            Ok(())
        })
    }
}

impl LogSubscription {
    /// What there is now. May be dropped at any point: what is handed out is noted when it is returned.
    async fn read(&mut self, most: usize) -> Result<Vec<Delivery>, BusError> {
        self.begin_partitions().await?;
        let Readable { after, grants, room } = self.readable();
        let most = most.min(room);
        if after.is_empty() || most == 0 {
            return Ok(Vec::new());
        }
        let rows = in_time(fetch(&self.database, self.member.topic.id, &after, most)).await?;
        self.turn = self.turn.wrapping_add(1);
        let mut held = self.member.held();
        let mut deliveries = Vec::with_capacity(rows.len());
        for delivery in rows.into_iter().map(delivery) {
            let Place { partition, position: (position, _) } = delivery.place;
            let granted = held.get_mut(&partition).filter(|held| grants.get(&partition) == Some(&held.grant));
            let Some(progress) = granted.and_then(|held| held.progress.as_mut()) else { continue };
            let missed = progress.missed(position);
            if missed > 0 {
                let Member { topic, group, .. } = &*self.member;
                tracing::warn!(
                    topic = topic.id,
                    group,
                    partition,
                    missed,
                    "a group was away for longer than messages are kept"
                );
            }
            if progress.hand_out(position) {
                deliveries.push(delivery);
            }
        }
        Ok(deliveries)
    }

    /// Asks where the group is in partitions that were granted since the last time.
    async fn begin_partitions(&self) -> Result<(), BusError> {
        let new: BTreeMap<u16, u64> = {
            let held = self.member.held();
            let new = held.iter().filter(|(_, held)| held.progress.is_none());
            new.map(|(&partition, held)| (partition, held.grant)).collect()
        };
        if new.is_empty() {
            return Ok(());
        }
        let partitions: Vec<u16> = new.keys().copied().collect();
        let reached = in_time(where_group_is(&self.database, self.member.group, &partitions)).await?;
        let mut held = self.member.held();
        for (partition, acknowledged) in reached {
            if let Some(held) = held.get_mut(&partition).filter(|held| new.get(&partition) == Some(&held.grant)) {
                self.member.begin(partition, held, acknowledged);
            }
        }
        Ok(())
    }

    fn readable(&self) -> Readable {
        let held = self.member.held();
        let outstanding: usize = held.values().map(Held::outstanding).sum();
        let mut readable = Readable {
            after: Vec::new(),
            grants: BTreeMap::new(),
            room: UNACKNOWLEDGED_MAX.saturating_sub(outstanding),
        };
        for (&partition, held) in held.iter().filter(|(_, held)| held.leaving_since.is_none()) {
            if let Some(after) = held.progress.as_ref().and_then(Progress::read_after) {
                readable.after.push((partition, after));
                readable.grants.insert(partition, held.grant);
            }
        }
        if let Some(turn) = self.turn.checked_rem(readable.after.len()) {
            readable.after.rotate_left(turn);
        }
        readable
    }

    /// Notes what is acknowledged; what of it the database is to know.
    fn note(&self, places: &[Place]) -> Vec<(u16, u64)> {
        let mut held = self.member.held();
        for place in places {
            if let Some(progress) = held.get_mut(&place.partition).and_then(|held| held.progress.as_mut()) {
                progress.acknowledge(place.position.0);
            }
        }
        held.iter().filter_map(|(&partition, held)| Some((partition, held.progress.as_ref()?.to_keep()?))).collect()
    }
}

impl Drop for LogSubscription {
    fn drop(&mut self) {
        self.members.remove(&self.member);
    }
}

/// What may be read.
struct Readable {
    /// Partitions, and after which position of each.
    after: Vec<(u16, u64)>,
    grants: BTreeMap<u16, u64>,
    /// How many messages more may be handed out.
    room: usize,
}

fn delivery(row: MessageRow) -> Delivery {
    let place = Place { partition: row.partition.unsigned_abs(), position: (row.position.unsigned_abs(), 0) };
    Delivery { place, message: Message { key: row.key.into(), text: row.text.into() } }
}
