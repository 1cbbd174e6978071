//! The order of fetches: what waits for what.

use graphql::executable::Operation;
use indexmap::IndexMap;

use super::{Asked, Proof, Unsound};
use crate::plan::{Fetch, FetchId, FetchKind, KeyId, OperationKind, PathSegment, QueryPlan, Source, Target};

/// By fetch: which fetches it waits for, directly or not.
pub fn ancestors(plan: &QueryPlan) -> Result<Vec<Vec<bool>>, Vec<Unsound>> {
    let mut ancestors: Vec<Vec<bool>> = Vec::with_capacity(plan.fetches.len());
    for (id, fetch) in (0..).map(FetchId).zip(&plan.fetches) {
        let mut own = vec![false; plan.fetches.len()];
        for &after in &fetch.after {
            let Some(theirs) = ancestors.get(after.0 as usize) else {
                return Err(vec![Unsound::Order { fetch: id, after }]);
            };
            own.iter_mut().zip(theirs).for_each(|(own, theirs)| *own |= theirs);
            if let Some(own) = own.get_mut(after.0 as usize) {
                *own = true;
            }
        }
        ancestors.push(own);
    }
    Ok(ancestors)
}

impl Proof<'_> {
    /// Whether a fetch waits for another.
    pub fn waits(&self, fetch: FetchId, earlier: FetchId) -> bool {
        self.ancestors.get(fetch.0 as usize).and_then(|all| all.get(earlier.0 as usize)).copied().unwrap_or(false)
    }

    /// Whether the response's first part needs a fetch: what only later parts need keeps no mutation waiting.
    fn is_first(&self, fetch: FetchId) -> bool {
        let plan = self.plan;
        plan.blocks.is_empty() || plan.first.iter().any(|first| *first == fetch || self.waits(*first, fetch))
    }

    /// Checks that each root field of a mutation is run once, after all that belongs to the fields before it.
    pub fn mutation_order(&mut self, operation: &Operation, asked: Asked<'_>) {
        if self.plan.kind != OperationKind::Mutation {
            return;
        }
        let collected = self.collect(&[&operation.selection_set], self.plan.root, &self.api(asked));
        let places: IndexMap<String, usize> =
            collected.keys().enumerate().map(|(place, key)| (key.to_string(), place)).collect();
        let top = self.plan.response.variants.first().map(|variant| variant.fields.as_slice()).unwrap_or_default();
        let fields = top.iter().filter_map(|field| match field.source {
            Source::Data(key) => Some((key, *places.get(&*field.response_key)?)),
            _ => None,
        });
        let fields: IndexMap<KeyId, usize> = fields.collect();
        let fetches = (0..).map(FetchId).zip(&self.plan.fetches).filter(|(id, _)| self.is_first(*id));
        let ranges: Vec<_> = fetches.map(|(id, fetch)| (id, range(fetch, &fields))).collect();
        for (&key, &place) in &fields {
            let runs = |fetch: &&Fetch| {
                is_top(fetch) && fetch.output.fields.iter().any(|field| field.target == Target::Key(key))
            };
            let times = self.plan.fetches.iter().filter(runs).count();
            if times != 1 {
                let key = places.get_index(place).map(|(key, _)| key.clone()).unwrap_or_default();
                self.found.push(Unsound::MutationTimes { key, times });
            }
        }
        for (id, later) in &ranges {
            let is_root = self.plan.fetches.get(id.0 as usize).is_some_and(is_top);
            let (true, Some((from, _))) = (is_root, later) else { continue };
            for (other, earlier) in &ranges {
                let before = earlier.is_some_and(|(start, _)| start < *from);
                if before && !self.waits(*id, *other) {
                    self.found.push(Unsound::MutationOrder { fetch: *id, earlier: *other });
                }
            }
            let Some((_, to)) = later else { continue };
            for (other, under) in ranges.iter().filter(|(other, _)| other != id) {
                // What the fetch's own first fields need more of has to come before its last field.
                if under.is_some_and(|(start, _)| start >= *from && start < *to) {
                    self.found.push(Unsound::MutationOrder { fetch: *id, earlier: *other });
                }
            }
        }
    }
}

/// Whether a fetch asks for fields of the operation itself.
pub fn is_top(fetch: &Fetch) -> bool {
    matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty())
}

/// The first and last root field that a fetch belongs to.
fn range(fetch: &Fetch, fields: &IndexMap<KeyId, usize>) -> Option<(usize, usize)> {
    let first = |path: &Vec<PathSegment>| {
        path.iter().find_map(|segment| match segment {
            PathSegment::Key(key) => fields.get(key).copied(),
            PathSegment::Type(_) => None,
        })
    };
    let places: Vec<usize> = match &fetch.kind {
        FetchKind::Root { path } if path.is_empty() => {
            let keys = fetch.output.fields.iter().filter_map(|field| match field.target {
                Target::Key(key) => fields.get(&key).copied(),
                Target::Typename => None,
            });
            keys.collect()
        }
        FetchKind::Root { path } => first(path).into_iter().collect(),
        FetchKind::Entities(entities) => entities.paths.iter().filter_map(first).collect(),
    };
    Some((*places.iter().min()?, *places.iter().max()?))
}
