mod building;
mod parsing;
mod versions;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Stamp;

fn stamp(id: u128) -> Stamp {
    Stamp { id: Uuid::from_u128(id), time: DateTime::<Utc>::from_timestamp(1_700_000_000, 123_456_000).unwrap() }
}
