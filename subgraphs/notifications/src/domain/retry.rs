//! When to try again what failed outside. These are hours, during which nothing but a row waits; what fails within (our own
//! database, a crash) is tried again by `kit::job` within minutes.

use std::time::Duration;

/// Waits after each failure, in seconds; after the last one it is given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule(&'static [u64]);

impl Schedule {
    /// Of mail and push: 15 hours in all. A mail server that is away comes again within them, and what is older than a night is
    /// no news.
    pub const MAIL: Self = Self(&[30, 60, 300, 900, 3_600, 7_200, 14_400, 28_800]);
    /// Of webhooks: 27 hours in all, about as the Standard Webhooks specification proposes. Half a minute first, in which a program is
    /// started again; a day is what it takes people to mend what broke in the evening.
    pub const WEBHOOK: Self = Self(&[30, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
    /// Of asking how a user wants to be told: 13 hours in all, more often than anything else, since the user waits for all of it.
    pub const CONTACT: Self = Self(&[5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 18_000]);

    /// How long to wait after so many failures, from 1; `None`: no more.
    #[must_use]
    pub fn after(self, failures: u32) -> Option<Duration> {
        let index = usize::try_from(failures).ok()?.checked_sub(1)?;
        self.0.get(index).copied().map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        for schedule in [Schedule::MAIL, Schedule::WEBHOOK, Schedule::CONTACT] {
            assert!(schedule.0.is_sorted());
            assert_eq!(schedule.after(0), None);
            assert_eq!(schedule.after(1), schedule.0.first().copied().map(Duration::from_secs));
            assert_eq!(schedule.after(u32::try_from(schedule.0.len()).unwrap() + 1), None);
        }
        let day = 24 * 60 * 60;
        assert!(Schedule::WEBHOOK.0.iter().sum::<u64>() > day);
    }
}
