//! Values that subgraphs failed to give and that no error speaks of yet, and errors about values that came from others
//! after all.

use federation::SubgraphId;
use planner::plan::FetchId;

use super::Projector;
use crate::Request;
use crate::errors::{ClientPath, Entry, Fault, Shown};

/// No subgraph's: it has no name to tell.
const NOBODY: SubgraphId = SubgraphId(u16::MAX);

/// A value that a fetch failed to bring.
#[derive(Debug)]
pub struct Lost<'p> {
    /// Where it should stand.
    pub path: ClientPath<'p>,
    /// The fetch.
    pub fetch: FetchId,
}

/// All of them.
#[derive(Debug, Default)]
pub struct AllLost<'p> {
    /// In the order of the response: no more than errors are kept.
    pub kept: Vec<Lost<'p>>,
    /// How many there are beyond.
    pub more: usize,
}

impl<'p> Projector<'p, '_> {
    /// Notes one that no error speaks of.
    pub fn lose(&mut self, lost: Lost<'p>) {
        if self.spoken_of.contains(&lost.fetch) {
            return;
        }
        if self.lost.kept.len() < self.errors.max() {
            self.lost.kept.push(lost);
        } else {
            self.lost.more = self.lost.more.saturating_add(1);
        }
    }

    /// Says of each lost value that it is, in the words of what else is told of its fetch where that is moot.
    pub fn tell_lost(&mut self) {
        self.errors.set_aside(|error| self.cover.is_moot(error));
        let lost = std::mem::take(&mut self.lost);
        if self.errors.is_full() {
            return;
        }
        self.errors.omit(lost.more);
        for Lost { path, fetch } in lost.kept {
            let words = self.errors.moot().iter().find(|entry| entry.fetch == Some(fetch));
            let entry = match words {
                Some(words) => Entry { path: Some(path), ..words.clone() },
                None => Entry { fetch: Some(fetch), ..self.not_given(path, fetch) },
            };
            self.errors.push(entry);
        }
    }

    fn not_given(&self, path: ClientPath<'p>, fetch: FetchId) -> Entry<'p> {
        let Request { plan, supergraph, policy, .. } = self.input.request;
        let subgraph = plan.fetches.get(fetch.0 as usize).map_or(NOBODY, |fetch| fetch.subgraph);
        Shown::new(supergraph, subgraph, policy).entry(Fault::NoData, path, 0)
    }
}
