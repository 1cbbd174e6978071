//! What buses of a database tell each other: `7 0,3` of new messages in partitions 0 and 3 of topic 7, and nothing of consumers that have
//! come or gone. `7` alone is of any partition.

use std::{collections::BTreeSet, fmt};

/// A notice on the bus' channel. It says where to look, and nothing that must be true.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Notice {
    Messages { topic: i32, partitions: Partitions },
    Consumers,
}

/// Of some thousand at most, whose numbers are fewer bytes than PostgreSQL takes with a notice.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Partitions {
    Any,
    These(BTreeSet<u16>),
}

impl Notice {
    /// What can't be read makes everybody look for consumers, which is never wrong.
    pub(super) fn read(text: &str) -> Self {
        let (topic, partitions) = text.split_once(' ').map_or((text, None), |(topic, rest)| (topic, Some(rest)));
        let Ok(topic) = topic.parse() else { return Self::Consumers };
        let these = |numbers: &str| numbers.split(',').map(|number| number.parse::<u16>().ok()).collect();
        let these: Option<BTreeSet<u16>> = partitions.and_then(these);
        Self::Messages { topic, partitions: these.map_or(Partitions::Any, Partitions::These) }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Messages { topic, partitions } = self else { return Ok(()) };
        write!(formatter, "{topic}")?;
        if let Partitions::These(partitions) = partitions {
            for (index, partition) in partitions.iter().enumerate() {
                let before = if index == 0 { ' ' } else { ',' };
                write!(formatter, "{before}{partition}")?;
            }
        }
        Ok(())
    }
}

impl Partitions {
    pub(super) fn contain(&self, partition: u16) -> bool {
        match self {
            Self::Any => true,
            Self::These(these) => these.contains(&partition),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn these(partitions: impl IntoIterator<Item = u16>) -> Partitions {
        Partitions::These(partitions.into_iter().collect())
    }

    #[test]
    fn is_read_as_it_was_written() {
        for (notice, text) in [
            (Notice::Messages { topic: 7, partitions: these([3, 0]) }, "7 0,3"),
            (Notice::Messages { topic: 7, partitions: these([5]) }, "7 5"),
            (Notice::Messages { topic: 7, partitions: Partitions::Any }, "7"),
            (Notice::Consumers, ""),
        ] {
            assert_eq!(notice.to_string(), text);
            assert_eq!(Notice::read(text), notice);
        }
    }

    #[test]
    fn what_is_not_understood_is_read_too_widely() {
        for text in ["7 ", "7 a", "7 0,-1", "7 0,65536"] {
            assert_eq!(Notice::read(text), Notice::Messages { topic: 7, partitions: Partitions::Any }, "{text}");
        }
        for text in ["a", " 7", "a 7"] {
            assert_eq!(Notice::read(text), Notice::Consumers, "{text}");
        }
    }

    /// A notice has less than 8,000 bytes.
    #[test]
    fn the_longest_is_short_enough() {
        let longest = Notice::Messages { topic: i32::MIN, partitions: these(0..1_024) };
        assert!(longest.to_string().len() < 8_000);
    }
}
