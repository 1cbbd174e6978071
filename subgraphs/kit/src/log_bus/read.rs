//! Reading for a subscription: what there is now of the partitions that it holds.
//!
//! A partition that was read to its end is read again when there was a notice of it, which its publisher gives after the commit, so that
//! who reads because of it finds what it tells of. Notices may be lost: now and then all are read, whatever was heard.

use std::{collections::BTreeMap, time::Instant};

use wire::bus::{BusError, Delivery, Message, Place};

use super::{
    fetch::{MessageRow, fetch, where_group_is},
    in_time,
    member::{Held, Member, Reading},
    notice::Partitions,
    progress::Progress,
    subscription::{LogSubscription, POLL},
};

/// Messages handed out and not acknowledged, over all partitions; no more are handed out then.
const UNACKNOWLEDGED_MAX: usize = 2_000;

impl LogSubscription {
    /// What there is now. May be dropped at any point: what is handed out is noted when it is returned.
    pub(super) async fn read(&mut self, most: usize) -> Result<Vec<Delivery>, BusError> {
        if self.looked.elapsed() >= POLL {
            self.looked = Instant::now();
            self.member.hear(&Partitions::Any);
        }
        loop {
            self.begin_partitions().await?;
            let Readable { after, readings, room } = self.readable();
            let most = most.min(room);
            if after.is_empty() || most == 0 {
                return Ok(Vec::new());
            }
            let rows = in_time(fetch(&self.database, self.member.topic.id, &after, most)).await?;
            let is_nothing = rows.is_empty();
            let is_all = rows.len() < most;
            self.turn = self.turn.wrapping_add(1);
            let deliveries = self.hand_out(rows, &readings);
            if is_all {
                self.member.read_to_their_ends(&readings);
            }
            // None, although there was something: all of it was acknowledged before, or is somebody else's by now.
            if is_nothing || !deliveries.is_empty() {
                return Ok(deliveries);
            }
        }
    }

    /// Notes what is handed out, of partitions that are still held as they were when it was read.
    fn hand_out(&self, rows: Vec<MessageRow>, readings: &BTreeMap<u16, Reading>) -> Vec<Delivery> {
        let mut held = self.member.held();
        let mut deliveries = Vec::with_capacity(rows.len());
        for delivery in rows.into_iter().map(delivery) {
            let Place { partition, position: (position, _) } = delivery.place;
            let is_read = |held: &&mut Held| readings.get(&partition).is_some_and(|&reading| held.is_read_by(reading));
            let granted = held.get_mut(&partition).filter(is_read);
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
            readings: BTreeMap::new(),
            room: UNACKNOWLEDGED_MAX.saturating_sub(outstanding),
        };
        let open = held.iter().filter(|(_, held)| held.leaving_since.is_none() && held.has_news());
        for (&partition, held) in open {
            if let Some(after) = held.progress.as_ref().and_then(Progress::read_after) {
                readable.after.push((partition, after));
                readable.readings.insert(partition, held.reading());
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
    readings: BTreeMap<u16, Reading>,
    /// How many messages more may be handed out.
    room: usize,
}

fn delivery(row: MessageRow) -> Delivery {
    let place = Place { partition: row.partition.unsigned_abs(), position: (row.position.unsigned_abs(), 0) };
    Delivery { place, message: Message { key: row.key.into(), text: row.text.into() } }
}
