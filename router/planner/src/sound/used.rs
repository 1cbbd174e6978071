//! Which fetches are of use: for the response, or for a fetch that is.

use federation::TypeSet;

use super::order::is_top;
use super::{Proof, Unsound};
use crate::plan::{FetchId, KeyId, OperationKind};

/// Who reads what was brought by whom.
pub struct Uses {
    /// By fetch: whether the response reads from it.
    response: Vec<bool>,
    /// By fetch: those that it reads from.
    reads: Vec<Vec<FetchId>>,
    /// By fetch: whether it brings anything that isn't known before.
    brings: Vec<bool>,
}

impl Uses {
    /// Nothing is used yet.
    pub fn new(fetches: usize) -> Self {
        Self { response: vec![false; fetches], reads: vec![Vec::new(); fetches], brings: vec![false; fetches] }
    }

    /// Notes that a fetch brings something that wasn't known before.
    pub fn brings(&mut self, fetch: FetchId) {
        if let Some(brings) = self.brings.get_mut(fetch.0 as usize) {
            *brings = true;
        }
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

    /// Reports what waits for something that it doesn't read: each such wait may be a round trip. What goes in one request
    /// waits for all that the request needs, and a mutation's root fields for whatever comes before them.
    pub fn no_needless_waits(&mut self) {
        for (id, fetch) in (0..).map(FetchId).zip(&self.plan.fetches) {
            let is_ordered = self.plan.kind == OperationKind::Mutation && is_top(fetch);
            if is_ordered {
                continue;
            }
            let joint = self.plan.joint.iter().find(|joint| joint.members.iter().any(|member| member.fetch == id));
            let members = joint.into_iter().flat_map(|joint| joint.members.iter().map(|member| member.fetch));
            let readers: Vec<FetchId> = members.chain([id]).collect();
            let reads = |after: &FetchId| {
                let of = |reader: &FetchId| self.uses.reads.get(reader.0 as usize).into_iter().flatten();
                readers.iter().any(|reader| of(reader).any(|read| read == after))
            };
            for &after in fetch.after.iter().filter(|after| !reads(after)) {
                self.found.push(Unsound::Waits { fetch: id, after });
            }
        }
    }

    /// Reports fetches of which nothing is used, or that bring only what is known before them. A mutation's root fields are run for what they do.
    pub fn all_used(&mut self) {
        let mut used = self.uses.response.clone();
        let fetches = self.plan.fetches.iter().enumerate().rev();
        for (index, fetch) in fetches {
            let is_run = self.plan.kind == OperationKind::Mutation && is_top(fetch);
            let is_of_use =
                used.get(index).copied().unwrap_or(false) && self.uses.brings.get(index).copied().unwrap_or(false);
            if !is_run && !is_of_use {
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
