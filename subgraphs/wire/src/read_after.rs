//! What a writer has to be shown: how far each service's database had come when it wrote.
//!
//! A service answers a change with its position in [`READ_AFTER_HEADER`]; who sends the positions back with later calls is
//! shown nothing older, by whichever replica. The router, or a client, merges those of several services.
//!
//! The text isn't signed. A forged position can only make a service read from its primary, which keeps most of its
//! connections for writers whatever is read (`kit::database`); it shows nothing that the caller may not see.

use std::{collections::BTreeMap, fmt, str::FromStr};

/// The header, of requests and of responses.
pub const READ_AFTER_HEADER: &str = "x-read-after";

/// Bytes of text that are looked at: sixteen services with long names.
pub const READ_AFTER_BYTES_MAX: usize = 1_024;

/// Services that one text names: more than there are.
pub const READ_AFTER_SERVICES_MAX: usize = 16;

/// A position in the log of a PostgreSQL server; later ones are greater. Positions of two servers have nothing in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lsn(pub u64);

/// Positions by service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadAfter(BTreeMap<String, Lsn>);

impl ReadAfter {
    /// Reads what [`fmt::Display`] writes. `None` for anything else: such a caller is served like one that has written
    /// nothing.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > READ_AFTER_BYTES_MAX {
            return None;
        }
        let mut positions = Self::default();
        for part in text.split(',') {
            let (service, position) = part.trim().split_once('=')?;
            if !positions.add(service, position.parse().ok()?) {
                return None;
            }
        }
        Some(positions)
    }

    /// Adds a service's position; of two of one service the later one counts. Whether there was room, and the name is one:
    /// lower-case letters, digits and hyphens, at most 32.
    pub fn add(&mut self, service: &str, position: Lsn) -> bool {
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if !(1..=32).contains(&service.len()) || !service.bytes().all(is_plain) {
            return false;
        }
        if let Some(known) = self.0.get_mut(service) {
            *known = position.max(*known);
            return true;
        }
        let room = self.0.len() < READ_AFTER_SERVICES_MAX;
        if room {
            self.0.insert(service.to_owned(), position);
        }
        room
    }

    /// Adds another's positions, as far as there is room.
    pub fn merge(&mut self, other: &Self) {
        for (service, position) in &other.0 {
            self.add(service, *position);
        }
    }

    /// What the caller wrote to a service's database.
    #[must_use]
    pub fn position(&self, service: &str) -> Option<Lsn> {
        self.0.get(service).copied()
    }

    /// Whether it says nothing; then no header is sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for ReadAfter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (service, position)) in self.0.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            write!(formatter, "{separator}{service}={position}")?;
        }
        Ok(())
    }
}

/// As PostgreSQL writes it: `16/B374D848`.
impl fmt::Display for Lsn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:X}/{:X}", self.0 >> 32, self.0 & u64::from(u32::MAX))
    }
}

/// A text that is no position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a position in a database's log")]
pub struct NoLsn;

impl FromStr for Lsn {
    type Err = NoLsn;

    fn from_str(text: &str) -> Result<Self, NoLsn> {
        let half = |digits: &str| match digits.len() {
            // A sign would parse too.
            1..=8 if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(digits, 16).ok(),
            _ => None,
        };
        let (high, low) = text.split_once('/').ok_or(NoLsn)?;
        let (high, low) = half(high).zip(half(low)).ok_or(NoLsn)?;
        Ok(Self(u64::from(high) << 32 | u64::from(low)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_back() {
        let mut positions = ReadAfter::default();
        assert!(positions.is_empty());
        for (service, position) in [("orders", 0x16_B374_D848), ("users", 0), ("payments", u64::MAX)] {
            assert!(positions.add(service, Lsn(position)));
        }
        assert_eq!(positions.to_string(), "orders=16/B374D848,payments=FFFFFFFF/FFFFFFFF,users=0/0");
        assert_eq!(ReadAfter::parse(&positions.to_string()), Some(positions));
    }

    #[test]
    fn the_later_position_counts() {
        let mut positions = ReadAfter::parse("orders=0/5, orders=0/3").unwrap();
        assert_eq!(positions.position("orders"), Some(Lsn(5)));
        positions.merge(&ReadAfter::parse("orders=1/0,users=0/1").unwrap());
        assert_eq!((positions.position("orders"), positions.position("users")), (Some(Lsn(1 << 32)), Some(Lsn(1))));
        assert_eq!(positions.position("payments"), None);
    }

    #[test]
    fn what_nobody_writes_says_nothing() {
        let many: Vec<String> = (0..=READ_AFTER_SERVICES_MAX).map(|index| format!("s{index}=0/1")).collect();
        let long = format!("orders=0/1{}", " ".repeat(READ_AFTER_BYTES_MAX));
        let texts =
            ["", "orders", "orders=", "orders=1", "orders=0/+1", "orders=0/123456789", "Orders=0/1", "=0/1", "a=0/1,"];
        for text in texts.into_iter().chain([many.join(",").as_str(), &long]) {
            assert_eq!(ReadAfter::parse(text), None, "{text}");
        }
    }
}
