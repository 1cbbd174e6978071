//! Plans of the most used operations, made on a new supergraph before it serves: the first requests after a swap must
//! not all wait for planning at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::overrides::Draws;
use super::prepare::{self, Planning, Prepared};
use super::{Pipeline, Snapshot};
use crate::config::PlanCache;

/// How much is planned ahead.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WarmUp {
    operations_max: usize,
    time_max: Duration,
}

impl From<&PlanCache> for WarmUp {
    fn from(config: &PlanCache) -> Self {
        Self {
            operations_max: config.warm_up_operations_max as usize,
            time_max: Duration::from_millis(config.warm_up_ms),
        }
    }
}

impl Pipeline {
    /// Plans what `previous` was asked for most, as far as the bounds go; gives the number of operations. What is no
    /// longer valid is left out.
    pub(crate) async fn warm_up(&self, previous: &Self, bounds: WarmUp) -> usize {
        if Arc::ptr_eq(&self.documents, &previous.documents) {
            return 0;
        }
        let Ok(permit) = Arc::clone(&self.workers).acquire_owned().await else { return 0 };
        let wanted = previous.documents.most_used(bounds.operations_max);
        let (snapshot, documents) = (Arc::clone(&self.snapshot), Arc::clone(&self.documents));
        let (limits, suggestions, planning) =
            (self.settings.limits.clone(), self.settings.suggestions, self.settings.planning.clone());
        let work = move || {
            let _permit = permit;
            let end = Instant::now() + bounds.time_max;
            let mut planned = 0;
            for (text, old) in wanted {
                let begun = Instant::now();
                if begun >= end {
                    break;
                }
                let name = old.operation_name().map(AsRef::as_ref);
                let Ok(new) = prepare::prepare(&snapshot.supergraph, &text, name, &limits, suggestions) else {
                    continue;
                };
                new.succeed(&old);
                plan_again(&snapshot, &old, &new, (&planning, documents.variants_max));
                documents.insert(text, new);
                planned += 1;
                // Half of a processor is enough: requests are being answered.
                std::thread::sleep(begun.elapsed());
            }
            planned
        };
        tokio::task::spawn_blocking(work).await.unwrap_or(0)
    }
}

/// As many plans as the old one had.
fn plan_again(snapshot: &Snapshot, old: &Prepared, new: &Prepared, (planning, variants_max): (&Planning, usize)) {
    for decisions in new.decisions_of(old, &snapshot.supergraph, &Draws::default()) {
        if let Ok(plan) = prepare::plan(snapshot, new, &decisions, planning, "reload") {
            new.keep(decisions, plan, variants_max);
        }
    }
}
