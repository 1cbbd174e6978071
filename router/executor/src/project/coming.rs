//! What is still to come while a response is only judged: fetches that are not done, and what they bring where.

use planner::QueryPlan;
use planner::plan::{Fetch, KeyId, OutputField, PathSegment, Selection, Source, Target};

use crate::errors::ClientStep;

/// See the module.
#[derive(Debug)]
pub struct Coming<'p> {
    fetches: Vec<&'p Fetch>,
}

impl<'p> Coming<'p> {
    /// By fetch of a plan: whether it is done.
    pub fn new(plan: &'p QueryPlan, is_done: &[bool]) -> Self {
        let fetches = plan.fetches.iter().zip(is_done);
        Self { fetches: fetches.filter(|(_, is_done)| !**is_done).map(|(fetch, _)| fetch).collect() }
    }

    /// Whether the value at a position may still come.
    pub fn brings(&self, position: &[ClientStep<'_>]) -> bool {
        self.any_at(position, |output, rest| field_at(output, rest).is_some())
    }

    /// Whether the type of the object at a position may still be told.
    pub fn tells(&self, position: &[ClientStep<'_>]) -> bool {
        self.any_at(position, |output, rest| match rest {
            [] => asks_type(output),
            _ => field_at(output, rest).and_then(|field| field.selection.as_ref()).is_some_and(asks_type),
        })
    }

    /// Whether it is so of any fetch, by its output and by the keys from its objects to a position.
    fn any_at(&self, position: &[ClientStep<'_>], is_so: impl Fn(&Selection, &[KeyId]) -> bool) -> bool {
        let keys: Vec<KeyId> = position.iter().filter_map(key).collect();
        let mut at = self.fetches.iter().flat_map(|fetch| fetch.kind.paths().iter().map(move |path| (fetch, path)));
        at.any(|(fetch, path)| below(&keys, path).is_some_and(|rest| is_so(&fetch.output, rest)))
    }
}

fn key(step: &ClientStep<'_>) -> Option<KeyId> {
    match step {
        ClientStep::Key(field) => match field.source {
            Source::Data(key) => Some(key),
            Source::Typename | Source::Introspection(_) => None,
        },
        ClientStep::Index(_) => None,
    }
}

/// What is left of keys below a path.
fn below<'k>(keys: &'k [KeyId], path: &[PathSegment]) -> Option<&'k [KeyId]> {
    let mut segments = path.iter().filter_map(|segment| match segment {
        PathSegment::Key(key) => Some(key),
        PathSegment::Type(_) => None,
    });
    segments.try_fold(keys, |keys, segment| keys.split_first().filter(|(key, _)| *key == segment).map(|(_, rest)| rest))
}

/// The member at the end of some keys.
fn field_at<'s>(selection: &'s Selection, keys: &[KeyId]) -> Option<&'s OutputField> {
    let (last, before) = keys.split_last()?;
    let member =
        |selection: &'s Selection, key: &KeyId| selection.fields.iter().find(|field| field.target == Target::Key(*key));
    let above = before.iter().try_fold(selection, |at, key| member(at, key)?.selection.as_ref());
    member(above?, last)
}

fn asks_type(selection: &Selection) -> bool {
    selection.fields.iter().any(|field| field.target == Target::Typename)
}
