//! Who of a group's consumers gets which partitions.
//!
//! Each computes it for itself from the same list, so that nobody has to decide for others. For a moment lists may differ: then
//! the locks do.

use std::collections::BTreeSet;

/// The partitions of one of several consumers: every n-th, so that no two differ by more than one.
pub(super) fn share(consumers: &BTreeSet<i32>, me: i32, partitions: u16) -> BTreeSet<u16> {
    let Some(first) = consumers.iter().position(|&consumer| consumer == me) else {
        return BTreeSet::new();
    };
    (0..partitions).skip(first).step_by(consumers.len().max(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partition_is_one_consumers() {
        for count in 1..12 {
            let consumers: BTreeSet<i32> = (0..count).map(|number| number * 7_919 - 40_000).collect();
            let shares: Vec<BTreeSet<u16>> = consumers.iter().map(|&me| share(&consumers, me, 8)).collect();
            let all: Vec<u16> = shares.iter().flatten().copied().collect();
            assert_eq!(all.len(), 8);
            assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 8);
            let sizes = || shares.iter().map(BTreeSet::len);
            assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 1);
        }
    }

    #[test]
    fn who_is_not_among_them_gets_none() {
        assert!(share(&BTreeSet::from([1, 2]), 3, 8).is_empty());
        assert!(share(&BTreeSet::new(), 3, 8).is_empty());
    }
}
