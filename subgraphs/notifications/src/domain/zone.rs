//! Where a user's clock stands.

use std::fmt;

use chrono::{DateTime, Utc};
use jiff::{Timestamp, Zoned, civil, tz::TimeZone};

/// A time zone by its IANA name; one that nobody knows is UTC, since a wrong hour is better than silence.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone called so. The zones' rules are part of the program.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap_or(TimeZone::UTC))
    }

    /// What the clock on the wall there says.
    pub(super) fn wall(&self, now: DateTime<Utc>) -> Zoned {
        Timestamp::from_microsecond(now.timestamp_micros()).unwrap_or_default().to_zoned(self.0.clone())
    }

    /// The first moment after `now` at which the clock on the wall says so. Where it jumps over that, it is as much later as
    /// it jumps; where it says so twice, the first time that is still to come.
    pub(super) fn next_at(&self, now: DateTime<Utc>, wall: civil::DateTime) -> Option<DateTime<Utc>> {
        let ambiguous = || self.0.to_ambiguous_timestamp(wall);
        let of = |timestamp: Result<Timestamp, jiff::Error>| {
            DateTime::from_timestamp_micros(timestamp.ok()?.as_microsecond())
        };
        of(ambiguous().compatible())
            .filter(|time| *time > now)
            .or_else(|| of(ambiguous().later()).filter(|time| *time > now))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.iana_name().unwrap_or("UTC"))
    }
}
