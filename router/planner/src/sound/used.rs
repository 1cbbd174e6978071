//! Which fetches are of use: for the response, or for a fetch that is.

use federation::TypeSet;

use super::{Proof, Unsound};
use crate::plan::{FetchId, FetchKind, KeyId, OperationKind};

/// Who reads what was brought by whom.
pub struct Uses {
    /// By fetch: whether the response reads from it.
    response: Vec<bool>,
    /// By fetch: those that it reads from.
    reads: Vec<Vec<FetchId>>,
}

impl Uses {
    /// Nothing is used yet.
    pub fn new(fetches: usize) -> Self {
        Self { response: vec![false; fetches], reads: vec![Vec::new(); fetches] }
    }

    fn note(&mut self, reader: Option<FetchId>, producer: FetchId) {
        match reader {
            None => {
                if let Some(used) = self.response.get_mut(producer.0 as usize) {
                    *used = true;
                }
            }
            Some(reader) => {
                if let Some(reads) = self.reads.get_mut(reader.0 as usize)
                    && !reads.contains(&producer)
                {
                    reads.push(producer);
                }
            }
        }
    }
}

impl Proof<'_> {
    /// Whether a reader (`None`: the response) can see what some fetch brought; notes that it does.
    pub fn sees(&mut self, reader: Option<FetchId>, producers: &[FetchId]) -> bool {
        let mut any = false;
        for &producer in producers {
            if reader.is_none_or(|reader| self.waits(reader, producer)) {
                any = true;
                self.uses.note(reader, producer);
            }
        }
        any
    }

    /// Whether a fetch can see a concrete type.
    pub fn tells(&mut self, reader: FetchId, tellers: &[FetchId]) -> bool {
        self.sees(Some(reader), tellers)
    }

    /// Lets a fetch be unused: it is for types that another subgraph's answer rules out, which planning need not see.
    pub fn excuse(&mut self, fetch: FetchId) {
        self.uses.note(None, fetch);
    }

    /// Reports fetches of which nothing is used. A mutation's root fields are run for what they do.
    pub fn all_used(&mut self) {
        let mut used = self.uses.response.clone();
        let fetches = self.plan.fetches.iter().enumerate().rev();
        for (index, fetch) in fetches {
            let is_run = self.plan.kind == OperationKind::Mutation
                && matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty());
            if !is_run && !used.get(index).copied().unwrap_or(false) {
                self.found.push(Unsound::Unused { fetch: FetchId(index as u32) });
                continue;
            }
            for producer in self.uses.reads.get(index).into_iter().flatten() {
                if let Some(used) = used.get_mut(producer.0 as usize) {
                    *used = true;
                }
            }
        }
    }

    /// The name of a key.
    pub fn key_name(&self, key: KeyId) -> String {
        self.plan.keys.get(key.0 as usize).cloned().unwrap_or_default()
    }

    /// The names of types.
    pub fn type_names(&self, types: &TypeSet) -> String {
        types.iter().map(|ty| self.supergraph.ty(ty).name.to_string()).collect::<Vec<_>>().join("|")
    }
}
