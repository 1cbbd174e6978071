//! What others say, as the database takes it: texts, such as what a handler says of a failure, and times, which clients choose.

use chrono::{DateTime, Utc};

/// The years 1 to 9999, in microseconds before and after 1970: what every database and RFC 3339 can say. PostgreSQL fails on times before
/// 4713 BC and after 294276, and clients can write others.
const MICROSECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800_000_000..=253_402_300_799_999_999;

/// The beginning of a text, at most so many characters of it: what went wrong stands there. PostgreSQL keeps every character but one, in
/// whose place there is a replacement character.
#[must_use]
pub fn storable(text: &str, characters_max: usize) -> String {
    text.chars().take(characters_max).map(|character| if character == '\0' { '\u{fffd}' } else { character }).collect()
}

/// A time as precise as the database is, so that it reads back as it was written; `None` for one beyond the years 1 to 9999. Whatever time a
/// client chose goes through here before a statement has it.
#[must_use]
pub fn storable_time(time: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let microseconds = time.timestamp_micros();
    MICROSECONDS.contains(&microseconds).then(|| DateTime::from_timestamp_micros(microseconds)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_bounded_and_without_what_postgresql_does_not_keep() {
        assert_eq!(storable("a\0b", usize::MAX), "a\u{fffd}b");
        assert_eq!(storable(&"€\0".repeat(1_000), 3), "€\u{fffd}€");
        assert_eq!(storable("short", 5), "short");
        assert_eq!(storable("short", 0), "");
    }

    #[test]
    fn times_are_of_the_years_that_every_store_can_say() {
        let time = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = time("2026-11-23T04:21:16.123456789Z");
        assert_eq!(storable_time(now), Some(time("2026-11-23T04:21:16.123456Z")));
        for text in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"] {
            assert_eq!(storable_time(time(text)), Some(time(text)), "{text}");
        }
        for text in
            ["-5000-01-01T00:00:00Z", "0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "+200000-01-01T00:00:00Z"]
        {
            assert_eq!(storable_time(time(text)), None, "{text}");
        }
        assert_eq!((storable_time(DateTime::<Utc>::MIN_UTC), storable_time(DateTime::<Utc>::MAX_UTC)), (None, None));
    }
}
