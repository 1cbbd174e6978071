//! Renewing the leases of a runner, all of them at once, and ending those that weren't renewed in time.
//!
//! Renewals have a connection of their own: those of the pool are in the hands of the jobs themselves, and just when there is most to
//! do whoever waits for one comes too late. It is opened when there is the first lease to be renewed, and another one whenever it
//! fails.
//!
//! A lease ends here no later than it does in the database, whether that answers or not: a runner that can't renew goes on with
//! nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Double, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _, SimpleAsyncConnection as _};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// How often a lease is renewed in its time: all but one may fail.
const RENEWALS: u32 = 3;
/// How long a renewal may take at least: of leases that are shorter than that, it makes the next one possible. A connection that is
/// given up while it is made brings none.
const PATIENCE_MIN: Duration = Duration::from_secs(1);

/// One that somebody has locked is being ended, by its handler in all probability: nobody else takes it meanwhile.
const RENEW: &str = "UPDATE job SET due_at = clock_timestamp() + make_interval(secs => $3) WHERE id IN ( \
    SELECT job.id FROM unnest($1::uuid[], $2::bigint[]) AS mine (id, fence) JOIN job USING (id, fence) \
    WHERE job.state = 'running' FOR UPDATE OF job SKIP LOCKED)";
const LOST: &str = "SELECT mine.id, mine.fence FROM unnest($1::uuid[], $2::bigint[]) AS mine (id, fence) \
    WHERE NOT EXISTS (SELECT FROM job WHERE job.id = mine.id AND job.fence = mine.fence AND job.state = 'running')";

/// Which lease: a job's id, and the lease's number.
type Lease = (Uuid, i64);

/// The leases that a runner has.
#[derive(Clone)]
pub(super) struct Leases {
    known: Arc<Mutex<BTreeMap<Lease, Known>>>,
    /// Told of each new one.
    added: Arc<Notify>,
    /// How long each is good once it was renewed.
    lease: Duration,
}

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

/// What became of a renewal.
struct Renewed {
    /// Until when those that weren't lost are good.
    until: Instant,
    lost: Vec<Lease>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = BigInt)]
    fence: i64,
}

impl Leases {
    /// None yet, of those that are good for so long.
    pub(super) fn new(lease: Duration) -> Self {
        Self { known: Arc::default(), added: Arc::default(), lease }
    }

    /// Has a lease renewed that is good `until` then.
    pub(super) fn hold(&self, id: Uuid, fence: i64, until: Instant) -> Held {
        let lost = CancellationToken::new();
        self.known().insert((id, fence), Known { lost: lost.clone(), until });
        self.added.notify_one();
        Held { leases: self.clone(), lease: (id, fence), lost }
    }

    /// Renews them, and ends those that weren't renewed in time, for ever.
    pub(super) async fn keep(&self, database: &Database) {
        tokio::join!(self.keep_renewing(database), self.keep_ending());
    }

    async fn keep_renewing(&self, database: &Database) {
        let (every, patience) = (self.lease / RENEWALS, self.patience());
        let mut outage = Outage::none("renewing leases of jobs");
        let (mut own, mut wait) = (None, every);
        loop {
            tokio::time::sleep(wait).await;
            wait = every;
            let held: Vec<Lease> =
                self.known().iter().filter(|(_, known)| known.is_good()).map(|(id, _)| *id).collect();
            if held.is_empty() {
                continue;
            }
            let renewing = tokio::time::timeout(patience, self.renew(database, &mut own, &held));
            let outcome = renewing.await.unwrap_or(Err(DatabaseError::PoolExhausted(patience)));
            match outcome {
                Ok(Renewed { until, lost }) => {
                    outage.ended();
                    self.renewed(&held, &lost, until);
                }
                Err(error) => {
                    // Whatever it still does, it isn't waited for.
                    own = None;
                    wait = outage.failed(&error).min(every);
                }
            }
        }
    }

    /// Renews these leases, and tells which of them were lost.
    async fn renew(
        &self,
        database: &Database,
        own: &mut Option<AsyncPgConnection>,
        held: &[Lease],
    ) -> Result<Renewed, DatabaseError> {
        let connection = match own {
            Some(connection) => connection,
            closed => closed.insert(self.open(database).await?),
        };
        let (ids, fences): (Vec<Uuid>, Vec<i64>) = held.iter().copied().unzip();
        let until = Instant::now() + self.lease;
        let renew = sql_query(RENEW)
            .bind::<Array<SqlUuid>, _>(&ids)
            .bind::<Array<BigInt>, _>(&fences)
            .bind::<Double, _>(self.lease.as_secs_f64());
        cached(renew).execute(connection).await?;
        let lost = sql_query(LOST).bind::<Array<SqlUuid>, _>(&ids).bind::<Array<BigInt>, _>(&fences);
        let lost: Vec<Row> = cached(lost).load(connection).await?;
        Ok(Renewed { until, lost: lost.into_iter().map(|Row { id, fence }| (id, fence)).collect() })
    }

    /// A statement that is given up here must not go on in the server.
    async fn open(&self, database: &Database) -> Result<AsyncPgConnection, DatabaseError> {
        let mut connection = database.connection_apart().await?;
        let timeout = format!("SET statement_timeout = {}", self.patience().as_millis());
        connection.batch_execute(&timeout).await?;
        Ok(connection)
    }

    fn patience(&self) -> Duration {
        (self.lease / RENEWALS).max(PATIENCE_MIN)
    }

    /// Those that weren't lost are good until then. Also one that was passed over: whoever has it locked keeps it from others, and leaves it
    /// with a good lease or ended. Where he doesn't the next renewal finds out, and nothing is written meanwhile but under its number.
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

    /// Ends each at its time, for ever.
    pub(super) async fn keep_ending(&self) {
        loop {
            let next = self.known().values().filter(|known| known.is_good()).map(|known| known.until).min();
            match next {
                Some(until) => drop(tokio::time::timeout_at(until.into(), self.added.notified()).await),
                None => self.added.notified().await,
            }
            let now = Instant::now();
            self.known().values().filter(|known| known.until <= now).for_each(|known| known.lost.cancel());
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<Lease, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn is_good(&self) -> bool {
        !self.lost.is_cancelled()
    }
}

impl Held {
    pub(super) fn lost(&self) -> &CancellationToken {
        &self.lost
    }

    /// How long the lease is good once it was renewed.
    pub(super) fn length(&self) -> Duration {
        self.leases.lease
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.leases.known().remove(&self.lease);
    }
}
