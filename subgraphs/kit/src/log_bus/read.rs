//! Reading for a subscription: what there is now of the partitions that it holds.

use std::collections::BTreeMap;

use wire::bus::{BusError, Delivery, Message, Place};

use super::{
    fetch::{MessageRow, fetch, where_group_is},
    in_time,
    member::{Held, Member},
    progress::Progress,
    subscription::LogSubscription,
};

/// Messages handed out and not acknowledged, over all partitions; no more are handed out then.
const UNACKNOWLEDGED_MAX: usize = 2_000;

impl LogSubscription {
    /// What there is now. May be dropped at any point: what is handed out is noted when it is returned.
    pub(super) async fn read(&mut self, most: usize) -> Result<Vec<Delivery>, BusError> {
        loop {
            self.begin_partitions().await?;
            let Readable { after, grants, room } = self.readable();
            let most = most.min(room);
            if after.is_empty() || most == 0 {
                return Ok(Vec::new());
            }
            let rows = in_time(fetch(&self.database, self.member.topic.id, &after, most)).await?;
            let is_end = rows.is_empty();
            self.turn = self.turn.wrapping_add(1);
            let deliveries = self.hand_out(rows, &grants);
            // None, although there was something: all of it was acknowledged before, or is somebody else's by now.
            if is_end || !deliveries.is_empty() {
                return Ok(deliveries);
            }
        }
    }

    /// Notes what is handed out, of partitions that are still held as they were when it was read.
    fn hand_out(&self, rows: Vec<MessageRow>, grants: &BTreeMap<u16, u64>) -> Vec<Delivery> {
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
                    "a group missed messages that are kept no longer"
                );
            }
            if progress.hand_out(position) {
                deliveries.push(delivery);
            }
        }
        deliveries
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
