//! A point in time as a sort key.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::database::storable_time;

/// A row's point in time in a [`super::PageRequest`]'s key, to the microsecond
/// that PostgreSQL keeps. A cursor that claims another time is refused: a
/// database would fail on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortTime(pub DateTime<Utc>);

impl Serialize for SortTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0.timestamp_micros())
    }
}

impl<'de> Deserialize<'de> for SortTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let microseconds = i64::deserialize(deserializer)?;
        let time = DateTime::from_timestamp_micros(microseconds).and_then(storable_time);
        time.map(Self).ok_or_else(|| D::Error::custom("not a time of the years 1 to 9999"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_microseconds_and_refuses_other_ages() {
        let time = SortTime(DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap());
        let json = serde_json::to_string(&time).unwrap();
        assert_eq!(serde_json::from_str::<SortTime>(&json).unwrap(), time);
        for json in ["253402300800000000", "-62135596800000001", "9223372036854775807", "\"x\"", "1.5"] {
            assert!(serde_json::from_str::<SortTime>(json).is_err(), "{json}");
        }
        assert!(serde_json::from_str::<SortTime>("253402300799999999").is_ok());
    }
}
