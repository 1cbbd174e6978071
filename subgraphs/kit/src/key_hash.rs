//! The hash of a message's key, by which messages are put into lanes and partitions.
//!
//! XXH64 (xxHash, 64 bits) with seed 0 of the key's UTF-8 bytes. Rows and partitions of running installations depend on it: it
//! must never change. Lanes of the outbox and partitions of [`LogBus`](crate::log_bus::LogBus) take its low bits, so that all
//! of a lane goes to one partition; lanes of consumers take its high half, or all keys of a partition would share a few.

use twox_hash::XxHash64;

/// Lanes of the outbox: how many batches can be under way at once, over all relays of a database.
pub const OUTBOX_LANES: i16 = 16;

/// The lane of the outbox in which a key's messages wait.
#[must_use]
pub fn outbox_lane(key: &str) -> i16 {
    low_bits(key, OUTBOX_LANES.unsigned_abs()).cast_signed()
}

/// The partition of a key, of so many.
#[must_use]
pub fn partition(key: &str, partitions: u16) -> u16 {
    low_bits(key, partitions)
}

/// The lane of a key among so many of one consumer.
pub(crate) fn consumer_lane(key: &str, lanes: usize) -> usize {
    usize::try_from(hash(key) >> 32).unwrap_or(0).checked_rem(lanes).unwrap_or(0)
}

fn low_bits(key: &str, of: u16) -> u16 {
    let remainder = hash(key).checked_rem(u64::from(of)).unwrap_or(0);
    u16::try_from(remainder).unwrap_or(0)
}

fn hash(key: &str) -> u64 {
    XxHash64::oneshot(0, key.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first three are of the algorithm's own test values.
    #[test]
    fn never_changes() {
        assert_eq!(hash(""), 0xef46_db37_51d8_e999);
        assert_eq!(hash("a"), 0xd24e_c4f1_a98c_6e5b);
        assert_eq!(hash("abc"), 0x44bc_2cf5_ad77_0999);
        let key = "018f3f3e-0000-7000-8000-000000000001";
        assert_eq!((outbox_lane(key), partition(key, 8)), (outbox_lane(key), outbox_lane(key).unsigned_abs() % 8));
    }

    #[test]
    fn spreads_the_keys_of_one_partition_over_a_consumers_lanes() {
        let mut lanes = [0_u32; 16];
        for number in 0..16_000 {
            let key = uuid::Uuid::from_u128(number).to_string();
            if partition(&key, 8) == 3 {
                lanes[consumer_lane(&key, 16)] += 1;
            }
        }
        assert!(lanes.iter().all(|&keys| (60..200).contains(&keys)), "{lanes:?}");
    }

    #[test]
    fn no_lanes_are_one() {
        assert_eq!((consumer_lane("a", 0), partition("a", 0)), (0, 0));
    }
}
