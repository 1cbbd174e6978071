//! Renewing the leases of a runner, all of them at once, and noticing which were lost.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Double, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// One that somebody has locked is being ended, by its handler in all probability: nobody else takes it meanwhile.
const RENEW: &str = "UPDATE job SET due_at = clock_timestamp() + make_interval(secs => $3) WHERE id IN ( \
    SELECT job.id FROM unnest($1::uuid[], $2::bigint[]) AS mine (id, fence) JOIN job USING (id, fence) \
    WHERE job.state = 'running' FOR UPDATE OF job SKIP LOCKED)";
const LOST: &str = "SELECT mine.id, mine.fence FROM unnest($1::uuid[], $2::bigint[]) AS mine (id, fence) \
    WHERE NOT EXISTS (SELECT FROM job WHERE job.id = mine.id AND job.fence = mine.fence AND job.state = 'running')";

/// Which lease: a job's id, and the lease's number.
type Lease = (Uuid, i64);

/// The leases that a runner has.
#[derive(Clone, Default)]
pub(super) struct Leases(Arc<Mutex<BTreeMap<Lease, Known>>>);

/// What is known of a lease.
struct Known {
    lost: CancellationToken,
    /// Until when nobody else can have it, if clocks here and there go at the same pace.
    until: Instant,
}

/// A lease that is renewed until this is dropped.
pub(super) struct Held {
    leases: Leases,
    lease: Lease,
    lost: CancellationToken,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    fence: i64,
}

impl Leases {
    /// Has a lease renewed that is good `until` then.
    pub(super) fn hold(&self, id: Uuid, fence: i64, until: Instant) -> Held {
        let lost = CancellationToken::new();
        self.known().insert((id, fence), Known { lost: lost.clone(), until });
        Held { leases: self.clone(), lease: (id, fence), lost }
    }

    /// Renews them for ever.
    pub(super) async fn keep(&self, database: &Database, lease: Duration) {
        let every = lease / 3;
        let mut outage = Outage::none("renewing leases of jobs");
        loop {
            tokio::time::sleep(every).await;
            let began = Instant::now();
            let held: Vec<Lease> = self.known().keys().copied().collect();
            if held.is_empty() {
                continue;
            }
            let renewing = tokio::time::timeout(every, renew(database, &held, lease));
            let outcome = renewing.await.unwrap_or(Err(DatabaseError::PoolExhausted(every)));
            match outcome {
                Ok(lost) => {
                    outage.ended();
                    self.renewed(&held, &lost, began + lease);
                }
                Err(error) => outage.begins(&error),
            }
            self.end_those_past(Instant::now());
        }
    }

    fn renewed(&self, held: &[Lease], lost: &[Lease], until: Instant) {
        let mut known = self.known();
        for lease in held {
            match known.get_mut(lease) {
                Some(known) if lost.contains(lease) => known.lost.cancel(),
                Some(known) => known.until = until,
                None => {}
            }
        }
    }

    fn end_those_past(&self, now: Instant) {
        self.known().values().filter(|known| known.until <= now).for_each(|known| known.lost.cancel());
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Lease, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    pub(super) fn lost(&self) -> &CancellationToken {
        &self.lost
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.leases.known().remove(&self.lease);
    }
}

/// Renews these leases, and tells which of them were lost.
async fn renew(database: &Database, held: &[Lease], lease: Duration) -> Result<Vec<Lease>, DatabaseError> {
    let (ids, fences): (Vec<Uuid>, Vec<i64>) = held.iter().copied().unzip();
    let mut connection = database.connection().await?;
    let renew = sql_query(RENEW)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<BigInt>, _>(&fences)
        .bind::<Double, _>(lease.as_secs_f64());
    cached(renew).execute(&mut connection).await?;
    let lost = sql_query(LOST).bind::<Array<SqlUuid>, _>(&ids).bind::<Array<BigInt>, _>(&fences);
    let lost: Vec<Row> = cached(lost).load(&mut connection).await?;
    Ok(lost.into_iter().map(|Row { id, fence }| (id, fence)).collect())
}
