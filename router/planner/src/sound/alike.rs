//! Objects that may be kept once: everything that is done to one of them is done to all.

use std::collections::BTreeSet;

use super::{Proof, Unsound};
use crate::plan::{AlikeId, Fetch, FetchId, FetchKind, KeyId, PathSegment, Selection, Target};

impl Proof<'_> {
    /// Checks each selection that says of its objects that they are treated alike.
    pub fn alike(&mut self) {
        for (id, fetch) in (0..).map(FetchId).zip(&self.plan.fetches) {
            let (mut seen, mut claims) = (BTreeSet::new(), Vec::new());
            for asked in std::iter::once(fetch).chain(&fetch.apart) {
                claimed(&asked.output, &mut Vec::new(), &mut claims);
            }
            for (place, alike) in claims {
                if (self.stop)() {
                    return;
                }
                if !seen.insert(alike) || !self.is_alike(fetch, &place) {
                    let why = format!("it keeps objects once that are not treated alike, of selection {}", alike.0);
                    self.found.push(Unsound::Invalid { fetch: id, why });
                }
            }
        }
    }

    /// Whether the objects at the end of some keys, below those that a fetch is for, are treated alike. Those that it is for
    /// are not its own.
    fn is_alike(&self, fetch: &Fetch, place: &[KeyId]) -> bool {
        let ([base], [], [_, ..]) = (fetch.kind.paths(), fetch.apart.as_slice(), place) else { return false };
        let below = place.iter().map(|key| PathSegment::Key(*key));
        let path: Vec<PathSegment> = base.iter().cloned().chain(below).collect();
        let place = keys(&path);
        let asked = || self.plan.fetches.iter().flat_map(|fetch| std::iter::once(fetch).chain(&fetch.apart));
        let at = || asked().flat_map(|other| other.kind.paths().iter().map(move |at| (other, at)));
        let brought: usize = at().map(|(other, at)| bring(other, at, &place)).sum();
        let strays = at().any(|(_, at)| keys(at).starts_with(&place) && !at.starts_with(&path));
        brought == 1 && !strays && !asked().any(reads_contexts)
    }
}

/// The selections that say so of one and those below it, each with the keys that lead to it.
fn claimed(selection: &Selection, keys: &mut Vec<KeyId>, claims: &mut Vec<(Vec<KeyId>, AlikeId)>) {
    claims.extend(selection.alike.map(|alike| (keys.clone(), alike)));
    for field in &selection.fields {
        let (Target::Key(key), Some(below)) = (field.target, &field.selection) else { continue };
        keys.push(key);
        claimed(below, keys, claims);
        keys.pop();
    }
}

fn keys(path: &[PathSegment]) -> Vec<KeyId> {
    let key = |segment: &PathSegment| match segment {
        PathSegment::Key(key) => Some(*key),
        PathSegment::Type(_) => None,
    };
    path.iter().filter_map(key).collect()
}

/// How many fields of a fetch, for objects at the end of a path, bring what is at a place.
fn bring(fetch: &Fetch, at: &[PathSegment], place: &[KeyId]) -> usize {
    let at = keys(at);
    let Some((first, rest)) = place.strip_prefix(at.as_slice()).and_then(<[KeyId]>::split_first) else { return 0 };
    brought(&fetch.output, *first, rest)
}

fn brought(selection: &Selection, first: KeyId, rest: &[KeyId]) -> usize {
    let fields = selection.fields.iter().filter(|field| field.target == Target::Key(first));
    match rest.split_first() {
        None => fields.count(),
        Some((next, rest)) => {
            fields.filter_map(|field| field.selection.as_ref()).map(|below| brought(below, *next, rest)).sum()
        }
    }
}

fn reads_contexts(fetch: &Fetch) -> bool {
    matches!(&fetch.kind, FetchKind::Entities(entities) if !entities.contexts.is_empty())
}
