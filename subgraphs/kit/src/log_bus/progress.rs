//! How far a consumer is in one partition: what it was handed and which of that it has acknowledged.
//!
//! What is kept is one number: all up to it is acknowledged. What was acknowledged beyond is known here alone, and comes again to
//! whoever has the partition next.

use std::collections::BTreeSet;

/// How far beyond its lowest unacknowledged message a partition is read: what comes again, at most, when its consumer dies, and what
/// is remembered of it.
const AHEAD_MAX: u64 = 2_000;

/// One partition's progress.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Progress {
    /// The last position handed out.
    handed_out: u64,
    /// Handed out and not acknowledged.
    outstanding: BTreeSet<u64>,
    /// What the database knows as acknowledged.
    kept: u64,
}

impl Progress {
    /// From where the group is.
    pub(super) fn from(acknowledged: u64) -> Self {
        Self { handed_out: acknowledged, outstanding: BTreeSet::new(), kept: acknowledged }
    }

    /// After which position to read on; `None` while too much is unacknowledged.
    pub(super) fn read_after(&self) -> Option<u64> {
        (self.handed_out.saturating_sub(self.acknowledged()) < AHEAD_MAX).then_some(self.handed_out)
    }

    /// How many messages between the last one and this are kept no longer. None of a group that begins.
    pub(super) fn missed(&self, position: u64) -> u64 {
        match self.handed_out {
            0 => 0,
            last => position.saturating_sub(last).saturating_sub(1),
        }
    }

    /// A message is handed out; whether it may be, which it mayn't twice.
    pub(super) fn hand_out(&mut self, position: u64) -> bool {
        let is_next = position > self.handed_out;
        if is_next {
            self.handed_out = position;
            self.outstanding.insert(position);
        }
        is_next
    }

    /// A message is done with.
    pub(super) fn acknowledge(&mut self, position: u64) {
        self.outstanding.remove(&position);
    }

    /// Up to where everything is acknowledged. Positions that were never there, since they are kept no longer, are none to wait for.
    fn acknowledged(&self) -> u64 {
        self.outstanding.first().map_or(self.handed_out, |lowest| lowest.saturating_sub(1))
    }

    /// What the database doesn't know yet.
    pub(super) fn to_keep(&self) -> Option<u64> {
        let acknowledged = self.acknowledged();
        (acknowledged > self.kept).then_some(acknowledged)
    }

    /// The database knows it now.
    pub(super) fn kept(&mut self, acknowledged: u64) {
        self.kept = self.kept.max(acknowledged);
    }

    /// How many messages are handed out and not acknowledged.
    pub(super) fn outstanding(&self) -> usize {
        self.outstanding.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_is_acknowledged_without_a_hole() {
        let mut progress = Progress::from(10);
        assert!((11..=15).all(|position| progress.hand_out(position)));
        for (acknowledged, to_keep) in [(13, None), (12, None), (11, Some(13)), (15, Some(13)), (14, Some(15))] {
            progress.acknowledge(acknowledged);
            assert_eq!(progress.to_keep(), to_keep, "{acknowledged}");
        }
        progress.kept(15);
        assert_eq!((progress.to_keep(), progress.outstanding(), progress.read_after()), (None, 0, Some(15)));
    }

    #[test]
    fn hands_out_nothing_twice_and_passes_what_is_gone() {
        let mut progress = Progress::from(3);
        assert_eq!((progress.missed(4), progress.missed(40), Progress::from(0).missed(40)), (0, 36, 0));
        assert!(progress.hand_out(40));
        assert!(!progress.hand_out(40));
        assert!(!progress.hand_out(7));
        progress.acknowledge(40);
        assert_eq!(progress.to_keep(), Some(40));
    }

    #[test]
    fn reads_no_further_than_it_may_before_the_lowest_is_acknowledged() {
        let mut progress = Progress::from(0);
        for position in 1..=AHEAD_MAX {
            assert_eq!(progress.read_after(), Some(position - 1));
            progress.hand_out(position);
        }
        assert_eq!(progress.read_after(), None);
        for position in 2..=AHEAD_MAX {
            progress.acknowledge(position);
        }
        assert_eq!((progress.read_after(), progress.outstanding()), (None, 1));
        progress.acknowledge(1);
        assert_eq!(progress.read_after(), Some(AHEAD_MAX));
    }

    #[test]
    fn what_was_never_handed_out_is_not_acknowledged() {
        let mut progress = Progress::from(5);
        progress.acknowledge(9);
        assert_eq!((progress.to_keep(), progress.read_after()), (None, Some(5)));
    }
}
