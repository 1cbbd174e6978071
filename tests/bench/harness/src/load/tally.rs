//! What became of many requests.

use std::collections::BTreeMap;
use std::time::Duration;

use super::open::ANSWER_MAX;
use super::shot::Verdict;

/// The sum of a round's requests.
#[derive(Debug, Default)]
pub struct Tally {
    /// Of right answers, in microseconds, in no order.
    latencies_us: Vec<u32>,
    /// Requests that were refused, by status.
    pub refused: BTreeMap<u16, u64>,
    /// Of refusals, in microseconds.
    refusals_us: Vec<u32>,
    /// Answers that were not what they should have been.
    pub wrong: u64,
    /// Connections that broke, or could not be made.
    pub broken: u64,
    /// Requests that had no answer in time.
    pub late: u64,
    /// The first wrong answer or broken connection.
    first_trouble: Option<String>,
}

impl Tally {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict, latency: Duration) {
        let latency = u32::try_from(latency.as_micros()).unwrap_or(u32::MAX);
        match verdict {
            Verdict::Right => self.latencies_us.push(latency),
            Verdict::Refused(status) => {
                *self.refused.entry(status).or_default() += 1;
                self.refusals_us.push(latency);
            }
            Verdict::Wrong(what) => {
                self.wrong += 1;
                self.first_trouble.get_or_insert(what);
            }
            Verdict::Broken(what) => {
                self.broken += 1;
                self.first_trouble.get_or_insert(what);
            }
        }
    }

    /// Right answers.
    pub fn right(&self) -> u64 {
        self.latencies_us.len() as u64
    }

    /// Requests that were refused.
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    /// Why the round proves nothing, if it had anything but right answers.
    pub fn trouble(&self) -> Option<String> {
        self.told(&[(self.wrong, "wrong answers"), (self.broken, "broken connections"), (self.refusals(), "refusals")])
    }

    /// Why the round proves nothing, if it had anything but right answers and refusals.
    pub fn mistakes(&self) -> Option<String> {
        self.told(&[(self.wrong, "wrong answers"), (self.broken, "broken connections")])
    }

    fn told(&self, parts: &[(u64, &str)]) -> Option<String> {
        let told: Vec<_> =
            parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        let first = self.first_trouble.as_deref().unwrap_or("statuses alone");
        (!told.is_empty()).then(|| format!("{}: {first}", told.join(", ")))
    }

    /// Milliseconds within which so many of a hundred right answers came.
    pub fn percentile_ms(&mut self, percent: f64) -> f64 {
        percentile_ms(&mut self.latencies_us, percent)
    }

    /// Milliseconds within which so many of a hundred requests were answered rightly. Those that weren't count as if they
    /// had waited as long as any may.
    pub fn percentile_of_all_ms(&mut self, percent: f64) -> f64 {
        let all = self.right() + self.refusals() + self.late + self.wrong + self.broken;
        let of_right = percent * all as f64 / self.right() as f64;
        if of_right <= 100.0 { self.percentile_ms(of_right) } else { ANSWER_MAX.as_secs_f64() * 1000.0 }
    }

    /// Milliseconds within which so many of a hundred refusals came.
    pub fn refusal_percentile_ms(&mut self, percent: f64) -> f64 {
        percentile_ms(&mut self.refusals_us, percent)
    }
}

/// By the nearest rank.
fn percentile_ms(latencies_us: &mut [u32], percent: f64) -> f64 {
    let rank = ((latencies_us.len() as f64) * percent / 100.0).ceil() as usize;
    let index = rank.saturating_sub(1).min(latencies_us.len().saturating_sub(1));
    if latencies_us.is_empty() {
        return 0.0;
    }
    let (_, value, _) = latencies_us.select_nth_unstable(index);
    f64::from(*value) / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut tally = Tally::default();
        for ms in (1..=200).rev() {
            tally.add(Verdict::Right, Duration::from_millis(ms));
        }
        assert!((tally.percentile_ms(50.0) - 100.0).abs() < 1e-9);
        assert!((tally.percentile_ms(99.0) - 198.0).abs() < 1e-9);
        assert!((tally.percentile_ms(100.0) - 200.0).abs() < 1e-9);
        assert_eq!(tally.right(), 200);
        assert!(tally.trouble().is_none());
    }

    #[test]
    fn who_is_refused_waits_for_ever() {
        let mut tally = Tally::default();
        (1..=99).for_each(|ms| tally.add(Verdict::Right, Duration::from_millis(ms)));
        tally.add(Verdict::Refused(503), Duration::ZERO);
        assert!((tally.percentile_of_all_ms(50.0) - 50.0).abs() < 1e-9);
        assert!((tally.percentile_of_all_ms(99.0) - 99.0).abs() < 1e-9);
        tally.late += 1;
        assert!((tally.percentile_of_all_ms(99.0) - 10_000.0).abs() < 1e-9);
    }

    #[test]
    fn trouble_names_what_was_not_right() {
        let mut tally = Tally::default();
        tally.add(Verdict::Refused(503), Duration::ZERO);
        tally.add(Verdict::Wrong("1 bytes for 2".into()), Duration::ZERO);
        assert_eq!(tally.trouble().unwrap(), "1 wrong answers, 1 refusals: 1 bytes for 2");
    }
}
