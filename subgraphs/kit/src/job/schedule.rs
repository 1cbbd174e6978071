//! What is done again and again.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use diesel::{QueryableByName, sql_query, sql_types::Timestamptz};
use diesel_async::RunQueryDsl as _;
use serde::{Deserialize, Serialize};

use super::{NewJob, RunAt, enqueue};
use crate::{
    database::{Database, DatabaseError, cached},
    outage::Outage,
};

/// The longest between two looks: how far a clock that was set may lead astray.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

const NOW: &str = "SELECT clock_timestamp() AS now";

/// Something to be done at regular times, counted from 1970 on in UTC.
///
/// The next run is a job whose key is the time at which it is due: so several runners make one of it. While no runner runs, one
/// run waits and others are left out. A run that takes longer than the period doesn't keep the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    kind: &'static str,
    every: Duration,
    offset: Duration,
}

/// The payload of jobs that a [`Schedule`] makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The time for which this run was planned.
    pub due: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Now {
    #[diesel(sql_type = Timestamptz)]
    now: DateTime<Utc>,
}

impl Schedule {
    /// Jobs of `kind` at all multiples of `every`, which is at least a millisecond: a day is midnight, an hour its full hour.
    #[must_use]
    pub fn every(kind: &'static str, every: Duration) -> Self {
        Self { kind, every, offset: Duration::ZERO }
    }

    /// The same, so much later each time.
    #[must_use]
    pub fn offset(self, offset: Duration) -> Self {
        Self { offset, ..self }
    }

    /// Sees to it that there is a next run, for ever.
    pub(super) async fn keep(&self, database: &Database) {
        let mut outage = Outage::none(format!("planning jobs of kind {}", self.kind));
        loop {
            let wait = match self.plan(database).await {
                Ok(wait) => {
                    outage.ended();
                    wait
                }
                Err(error) => outage.failed(&error),
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// Makes the next run's job if it isn't there yet; how long until the one after it is to be made.
    async fn plan(&self, database: &Database) -> Result<Duration, DatabaseError> {
        database
            .unit(async |connection| {
                let Now { now } = cached(sql_query(NOW)).get_result(connection).await?;
                let due = self.next_after(now);
                let key = due.to_rfc3339_opts(SecondsFormat::Millis, true);
                let payload = Scheduled { due };
                let job = NewJob { kind: self.kind, key: &key, payload, run_at: RunAt::At(due) };
                enqueue(connection, &job).await?;
                Ok((due - now).to_std().unwrap_or_default().min(LOOK_AGAIN))
            })
            .await
    }

    fn next_after(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        let (every, offset) = (millis(self.every).max(1), millis(self.offset));
        let since = now.timestamp_millis().saturating_sub(offset).rem_euclid(every);
        let ahead = TimeDelta::try_milliseconds(every.saturating_sub(since)).unwrap_or(TimeDelta::MAX);
        let now = DateTime::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now);
        now.checked_add_signed(ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_due_at_multiples() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let day = Schedule::every("a", Duration::from_secs(86_400));
        assert_eq!(day.next_after(at("2026-11-22T13:59:58.123456Z")), at("2026-11-23T00:00:00Z"));
        assert_eq!(day.next_after(at("2026-11-23T00:00:00Z")), at("2026-11-24T00:00:00Z"));
        let seven = day.offset(Duration::from_secs(7 * 3_600));
        assert_eq!(seven.next_after(at("2026-11-22T06:59:59.999Z")), at("2026-11-22T07:00:00Z"));
        assert_eq!(seven.next_after(at("2026-11-22T07:00:00Z")), at("2026-11-23T07:00:00Z"));
    }

    #[test]
    fn odd_periods_are_bounded() {
        let now = Utc::now();
        assert!(Schedule::every("a", Duration::ZERO).next_after(now) > now - TimeDelta::milliseconds(1));
        assert!(Schedule::every("a", Duration::MAX).offset(Duration::MAX).next_after(now) > now);
    }
}
