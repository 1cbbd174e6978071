//! How far a consumer is in one partition: what it was handed and which of that it has acknowledged.
//!
//! What is kept is one number: all up to it is acknowledged. What was acknowledged beyond is known to this process alone, as
//! long as it lives: it comes again only to another one that gets the partition.

use std::collections::BTreeSet;

/// How far beyond its lowest unacknowledged message a partition is read: what comes again, at most, when its process dies, and
/// what is remembered of it.
const AHEAD_MAX: u64 = 2_000;

/// One partition's progress.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    handed_out: HandedOut,
    /// What the database knows as acknowledged.
    kept: u64,
    /// What this process had handed out when it last had the partition.
    before: HandedOut,
}

/// What was handed out of a partition.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct HandedOut {
    /// The last position.
    last: u64,
    /// Those that aren't acknowledged.
    outstanding: BTreeSet<u64>,
}

impl HandedOut {
    fn is_done(&self, position: u64) -> bool {
        position <= self.last && !self.outstanding.contains(&position)
    }
}

impl Progress {
    /// From where the group is.
    pub(super) fn from(acknowledged: u64, before: HandedOut) -> Self {
        let handed_out = HandedOut { last: acknowledged, outstanding: BTreeSet::new() };
        Self { handed_out, kept: acknowledged, before }
    }

    /// What to remember when the partition is given away.
    pub(super) fn into_before(self) -> HandedOut {
        let Self { mut handed_out, mut before, .. } = self;
        if before.last > handed_out.last {
            // What came again is known better by now, what hasn't yet is as it was.
            handed_out.outstanding.append(&mut before.outstanding.split_off(&handed_out.last.saturating_add(1)));
            handed_out.last = before.last;
        }
        handed_out
    }

    /// After which position to read on; `None` while too much is unacknowledged.
    pub(super) fn read_after(&self) -> Option<u64> {
        let last = self.handed_out.last;
        (last.saturating_sub(self.acknowledged()) < AHEAD_MAX).then_some(last)
    }

    /// How many messages between the last one and this are kept no longer. None of a group that begins.
    pub(super) fn missed(&self, position: u64) -> u64 {
        match self.handed_out.last {
            0 => 0,
            last => position.saturating_sub(last).saturating_sub(1),
        }
    }

    /// Passes on to a message; whether to hand it out, which is done once, and not with one that was acknowledged before.
    pub(super) fn hand_out(&mut self, position: u64) -> bool {
        if position <= self.handed_out.last {
            return false;
        }
        self.handed_out.last = position;
        let is_open = !self.before.is_done(position);
        if is_open {
            self.handed_out.outstanding.insert(position);
        }
        is_open
    }

    /// A message is done with.
    pub(super) fn acknowledge(&mut self, position: u64) {
        self.handed_out.outstanding.remove(&position);
        self.before.outstanding.remove(&position);
    }

    /// Up to where everything is acknowledged. Positions that were never there, since they are kept no longer, are none to wait
    /// for.
    fn acknowledged(&self) -> u64 {
        let HandedOut { last, outstanding } = &self.handed_out;
        outstanding.first().map_or(*last, |lowest| lowest.saturating_sub(1))
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
        self.handed_out.outstanding.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anew(acknowledged: u64) -> Progress {
        Progress::from(acknowledged, HandedOut::default())
    }

    #[test]
    fn keeps_what_is_acknowledged_without_a_hole() {
        let mut progress = anew(10);
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
        let mut progress = anew(3);
        assert_eq!((progress.missed(4), progress.missed(40), anew(0).missed(40)), (0, 36, 0));
        assert!(progress.hand_out(40));
        assert!(!progress.hand_out(40));
        assert!(!progress.hand_out(7));
        progress.acknowledge(40);
        assert_eq!(progress.to_keep(), Some(40));
    }

    #[test]
    fn reads_no_further_than_it_may_before_the_lowest_is_acknowledged() {
        let mut progress = anew(0);
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
        let mut progress = anew(5);
        progress.acknowledge(9);
        assert_eq!((progress.to_keep(), progress.read_after()), (None, Some(5)));
    }

    /// Acknowledged beyond a hole, given away and had again, twice.
    #[test]
    fn what_was_acknowledged_before_is_passed_over() {
        let mut progress = anew(0);
        assert!((1..=6).all(|position| progress.hand_out(position)));
        [2, 5].into_iter().for_each(|position| progress.acknowledge(position));
        let mut progress = Progress::from(0, progress.into_before());
        let again: Vec<u64> = (1..=3).filter(|&position| progress.hand_out(position)).collect();
        assert_eq!(again, [1, 3]);
        progress.acknowledge(3);
        // Of what it was handed the first time.
        progress.acknowledge(6);
        let mut progress = Progress::from(0, progress.into_before());
        let again: Vec<u64> = (1..=8).filter(|&position| progress.hand_out(position)).collect();
        assert_eq!(again, [1, 4, 7, 8]);
        progress.acknowledge(1);
        assert_eq!(progress.to_keep(), Some(3));
    }
}
