//! What a job of ours says: about which row, and how often it was tried.

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use kit::{
    database::DatabaseError,
    job::{NewJob, RunAt, enqueue},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A job's payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Errand {
    /// The notification to be planned, or the delivery to be made.
    pub id: Uuid,
    /// The how-manieth job about it this is, from 0: part of the job's key, so that each has one successor.
    pub number: u32,
    /// How often the world outside has failed so far.
    pub failures: u32,
}

impl Errand {
    /// The first one about a row.
    #[must_use]
    pub fn about(id: Uuid) -> Self {
        Self { id, number: 0, failures: 0 }
    }

    /// The next one, after a failure.
    #[must_use]
    pub fn after_failure(self) -> Self {
        Self { number: self.number.saturating_add(1), failures: self.failures.saturating_add(1), ..self }
    }

    /// The next one, after a wait that is nobody's fault.
    #[must_use]
    pub fn postponed(self) -> Self {
        Self { number: self.number.saturating_add(1), ..self }
    }

    /// Has it done at a time by our clock: as far from now as that is, by the database's. So clocks that differ cost nothing, and a
    /// job that finds it too early isn't due again at once.
    ///
    /// # Errors
    /// The database fails.
    pub async fn enqueue_at(
        self,
        connection: &mut AsyncPgConnection,
        kind: &str,
        at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), DatabaseError> {
        let wait = (at - now).to_std().unwrap_or_default();
        self.enqueue(connection, kind, RunAt::After(wait)).await
    }

    /// Has it done once the caller's transaction is committed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn enqueue(
        self,
        connection: &mut AsyncPgConnection,
        kind: &str,
        run_at: RunAt,
    ) -> Result<(), DatabaseError> {
        let key = format!("{}/{}", self.id, self.number);
        enqueue(connection, &NewJob { kind, key: &key, payload: self, run_at }).await.map(drop)
    }
}
