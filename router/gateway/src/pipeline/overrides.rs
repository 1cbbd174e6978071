//! Progressive overrides: which labels are in force for a request.
//!
//! `percent(n)` is drawn for each request and label anew, with `n` of a hundred chances: a field moves to its new
//! subgraph for a share of the traffic, whoever asks. Labels of any other form are never in force.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use federation::{LabelSet, Supergraph};

/// Draws for one label after the other. Nobody outside can guess them: the hasher's key is random.
#[derive(Debug, Default)]
pub(super) struct Draws {
    key: RandomState,
    made: AtomicU64,
}

impl Draws {
    /// Of these labels, those that are in force for a request.
    pub fn in_force(&self, supergraph: &Supergraph, labels: &LabelSet) -> LabelSet {
        let in_force = labels.iter().filter(|id| {
            let label = supergraph.override_labels.get(id.0 as usize);
            label.and_then(|label| percent(label)).is_some_and(|percent| self.draw() < percent)
        });
        in_force.collect()
    }

    /// A number from 0 up to, and without, 100.
    fn draw(&self) -> f64 {
        let bits = self.key.hash_one(self.made.fetch_add(1, Ordering::Relaxed));
        // As many bits as a double holds exactly.
        (bits >> 11) as f64 / (1_u64 << 53) as f64 * 100.0
    }
}

/// The `n` of `percent(n)`.
fn percent(label: &str) -> Option<f64> {
    let number: f64 = label.strip_prefix("percent(")?.strip_suffix(')')?.trim().parse().ok()?;
    (0.0..=100.0).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_shares_and_nothing_else() {
        assert_eq!(percent("percent(12.5)"), Some(12.5));
        for label in ["percent(101)", "percent(-1)", "percent(NaN)", "percent()", "Percent(1)", "beta"] {
            assert_eq!(percent(label), None, "{label}");
        }
    }

    #[test]
    fn draws_as_often_as_the_share_says() {
        let draws = Draws::default();
        let share = |percent: f64| (0..20_000).filter(|_| draws.draw() < percent).count();
        assert_eq!((share(0.0), share(100.0)), (0, 20_000));
        // Sixteen standard deviations: chance alone never fails this.
        assert!((4_000..6_000).contains(&share(25.0)));
    }
}
