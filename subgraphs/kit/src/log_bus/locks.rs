//! The statements of a session.
//!
//! Advisory locks of two numbers: a class, which says of what kind and which group's, and a number in it. Others in the same
//! database must have other classes.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{Client, Error};

/// Consumers of group n have the class of this and n ("lc"), and a random number each.
const CONSUMERS: i32 = 0x6c63_0000;
/// Partitions of group n have the class of this and n ("lp"), and the partition's number.
const PARTITIONS: i32 = 0x6c70_0000;

/// Locks of a connection. Each method is one statement, whatever the number of locks: a process has dozens of consumers of eight
/// partitions each, and with a statement a lock its first look would take longer than everything else that its start does.
pub(super) struct Locks<'a>(pub &'a Client);

impl Locks<'_> {
    /// Shows consumers to the others.
    pub(super) async fn join(&self, consumers: &[(i16, i32)]) -> Result<(), Error> {
        self.lock(consumers.iter().map(|&(group, key)| (CONSUMERS | i32::from(group), key))).await.map(drop)
    }

    /// Takes consumers back.
    pub(super) async fn withdraw(&self, consumers: &[(i16, i32)]) -> Result<(), Error> {
        self.unlock(consumers.iter().map(|&(group, key)| (CONSUMERS | i32::from(group), key))).await
    }

    /// The consumers of some groups, in all processes.
    pub(super) async fn consumers(&self, groups: &BTreeSet<i16>) -> Result<BTreeMap<i16, BTreeSet<i32>>, Error> {
        let mut consumers: BTreeMap<i16, BTreeSet<i32>> = BTreeMap::new();
        if groups.is_empty() {
            return Ok(consumers);
        }
        // A lock's numbers are shown without their signs.
        let statement = "SELECT classid::bigint, objid::bigint FROM pg_locks \
            WHERE locktype = 'advisory' AND objsubid = 2 AND granted AND classid::bigint BETWEEN $1 AND $2 \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
        let classes = (i64::from(CONSUMERS), i64::from(CONSUMERS | i32::from(i16::MAX)));
        for row in self.0.query(statement, &[&classes.0, &classes.1]).await? {
            let group = i16::try_from(row.try_get::<_, i64>(0)? - classes.0).unwrap_or(i16::MIN);
            let key = u32::try_from(row.try_get::<_, i64>(1)?).unwrap_or(0).cast_signed();
            if groups.contains(&group) {
                consumers.entry(group).or_default().insert(key);
            }
        }
        Ok(consumers)
    }

    /// Takes of some partitions those that no other connection has; which those are, in the order given.
    pub(super) async fn take(&self, partitions: &[(i16, u16)]) -> Result<Vec<bool>, Error> {
        self.lock(partitions.iter().map(partition)).await
    }

    /// Gives partitions up.
    pub(super) async fn give_up(&self, partitions: &[(i16, u16)]) -> Result<(), Error> {
        self.unlock(partitions.iter().map(partition)).await
    }

    /// Gives everything up and tells the others.
    pub(super) async fn leave(&self) -> Result<(), Error> {
        self.0.batch_execute("SELECT pg_advisory_unlock_all(); NOTIFY log_bus").await
    }

    /// Makes everybody look.
    pub(super) async fn tell(&self) -> Result<(), Error> {
        self.0.batch_execute("NOTIFY log_bus").await
    }

    /// Marks groups as having a consumer now.
    pub(super) async fn seen(&self, groups: &BTreeSet<i16>) -> Result<(), Error> {
        let groups: Vec<i16> = groups.iter().copied().collect();
        self.0.execute("UPDATE log_group SET seen_at = now() WHERE id = ANY($1)", &[&groups]).await.map(drop)
    }

    async fn lock(&self, locks: impl Iterator<Item = (i32, i32)>) -> Result<Vec<bool>, Error> {
        let (classes, numbers): (Vec<i32>, Vec<i32>) = locks.unzip();
        if classes.is_empty() {
            return Ok(Vec::new());
        }
        // Rows of unnest come in its order, and nothing here changes it.
        let statement =
            "SELECT pg_try_advisory_lock(class, number) FROM unnest($1::int[], $2::int[]) AS lock (class, number)";
        let rows = self.0.query(statement, &[&classes, &numbers]).await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    }

    async fn unlock(&self, locks: impl Iterator<Item = (i32, i32)>) -> Result<(), Error> {
        let (classes, numbers): (Vec<i32>, Vec<i32>) = locks.unzip();
        if classes.is_empty() {
            return Ok(());
        }
        let statement =
            "SELECT count(pg_advisory_unlock(class, number)) FROM unnest($1::int[], $2::int[]) AS lock (class, number)";
        self.0.execute(statement, &[&classes, &numbers]).await.map(drop)
    }
}

fn partition(&(group, partition): &(i16, u16)) -> (i32, i32) {
    (PARTITIONS | i32::from(group), i32::from(partition))
}
