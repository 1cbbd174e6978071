//! Telling clients: errors of subgraphs and of requests, each at the positions that it is about.
//!
//! Ways to positions are looked for only here, so what goes well pays nothing for them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bytes::Bytes;
use graphql::json::Value;
use planner::plan::{Fetch, FetchKind, PathSegment, Selection, Target};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Call, Run};
use crate::errors::{ClientPath, Entry, Errors, Fault, Reported, Shown, client_path, last_field, reported};
use crate::fill::{fail_on_the_way, fill};
use crate::path::{Step, visit_objects};
use crate::store::{NodeId, Reason};

/// Positions that are told for one error or failed request; of further ones the number is told.
const POSITIONS_MAX: usize = 20;

/// Bytes of reported errors that are logged: clients may see less of them, operators see what fits a line.
const LOGGED_BYTES_MAX: usize = 2_000;

/// The number of an object in the answer, and the steps from there.
type PlaceInAnswer = (usize, Vec<Step>);

/// The objects that numbers of an answer are for, with the way to those that are told.
type Affected = BTreeMap<usize, Vec<(NodeId, Option<Vec<Step>>)>>;

impl<'p> Run<'p> {
    /// Passes on the errors that a subgraph reports.
    pub fn report(&mut self, call: &Call, fetch: &'p Fetch, bytes: &Bytes, (span, has_data): (Range<usize>, bool)) {
        let request = self.request;
        let text = bytes.get(span).unwrap_or_default();
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let shown = text.get(..LOGGED_BYTES_MAX).unwrap_or(text);
        let trace_id = &*request.context.trace_id;
        tracing::info!(subgraph = name, trace_id, errors = %String::from_utf8_lossy(shown), "the subgraph reports errors");

        let errors: Vec<(Reported, Option<PlaceInAnswer>)> =
            reported(Shown::new(request.supergraph, fetch.subgraph, request.policy), text)
                .into_iter()
                .map(|error| {
                    let place = error.path.as_deref().and_then(|path| place_in_answer(call, fetch, path));
                    (error, place)
                })
                .collect();
        let numbers = errors.iter().filter_map(|(_, place)| place.as_ref().map(|(number, _)| *number));
        let affected = self.affected(call, fetch, &numbers.collect());
        if errors.iter().any(|(_, place)| place.is_none()) {
            // It may speak of any null that came.
            self.fill_all(call, fetch, Reason::Failed);
        }

        let mut nowhere = if is_top(fetch) {
            // A root fetch that brought nothing at all: each of its fields has failed.
            if has_data { vec![None] } else { self.failed_at(fetch, &[]).into_iter().map(Some).collect() }
        } else {
            self.ancestors(fetch, &call.objects()).into_iter().map(Some).collect()
        };
        for (error, place) in errors {
            let paths: Vec<Option<ClientPath<'p>>> = match place {
                Some((number, rest)) => {
                    let affected = affected.get(&number).map(Vec::as_slice).unwrap_or_default();
                    self.paths_below(call, fetch, affected, &rest)
                }
                None if is_top(fetch) => std::mem::replace(&mut nowhere, vec![None]),
                None => nowhere.clone(),
            };
            for path in paths {
                let (message, extensions) = (error.message.clone(), error.extensions.clone());
                self.errors.push(Entry { message, path, extensions, fetch: None });
            }
        }
        if !has_data {
            self.tell_the_others(call, fetch, &affected);
        }
    }

    /// Where an answer has no data because of errors elsewhere in it: says so at each position that none of them is at.
    fn tell_the_others(&mut self, call: &Call, fetch: &'p Fetch, affected: &Affected) {
        let request = self.request;
        let shown = Shown::new(request.supergraph, fetch.subgraph, request.policy);
        let entry = |path: ClientPath<'p>, more: usize| shown.entry(Fault::NoData, path, more);
        if !is_top(fetch) {
            let others = call.positions.iter().filter(|(_, number)| !affected.contains_key(number));
            let others: Vec<NodeId> = others.map(|(node, _)| *node).collect();
            self.tell_positions(fetch, &others, entry);
            return;
        }
        for path in self.failed_at(fetch, &[]) {
            // Where null may not be, all of the response is null, and one of the errors says why.
            let stays = last_field(&path).is_some_and(|field| !field.ty.is_non_null());
            let told = self.errors.paths().any(|other| other.starts_with(&path) || path.starts_with(other));
            if stays && !told {
                self.errors.push(entry(path, 0));
            }
        }
    }

    /// Says where answers contradict each other. No subgraph is named, as none of them need be the one that is wrong.
    pub fn tell_conflicts(&mut self, fetch: &Fetch, mut conflicts: Vec<(NodeId, Vec<Step>)>) {
        let request = self.request;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let trace_id = &*request.context.trace_id;
        tracing::warn!(subgraph = name, trace_id, places = conflicts.len(), "its data does not fit the data of others");
        conflicts.truncate(POSITIONS_MAX);
        let nodes: Vec<NodeId> = conflicts.iter().map(|(node, _)| *node).collect();
        let ways = self.steps_to(fetch, &nodes);
        for (node, below) in conflicts {
            let way = ways.get(&node).map(Vec::as_slice).unwrap_or_default();
            let Some(path) = client_path((&request.plan.response, &self.store), &[way, &below].concat()) else {
                continue;
            };
            let message = "Subgraphs gave data that does not fit together.".to_owned();
            self.errors.push(Entry::new("SUBREQUEST_CONFLICT", message, Some(path)));
        }
    }

    /// The objects that some numbers of an answer are for, at most [`POSITIONS_MAX`] each told with the way to it.
    fn affected(&self, call: &Call, fetch: &Fetch, numbers: &BTreeSet<usize>) -> Affected {
        let mut affected: Affected = Affected::default();
        let mut told = Vec::new();
        for (node, number) in call.positions.iter().filter(|(_, number)| numbers.contains(number)) {
            let objects = affected.entry(*number).or_default();
            if objects.len() < POSITIONS_MAX {
                told.push(*node);
            }
            objects.push((*node, None));
        }
        let mut ways = self.steps_to(fetch, &told);
        for (node, way) in affected.values_mut().flatten() {
            *way = ways.remove(node);
        }
        affected
    }

    /// The positions of an error in some objects; nulls there count as failed.
    fn paths_below(
        &mut self,
        call: &Call,
        fetch: &'p Fetch,
        affected: &[(NodeId, Option<Vec<Step>>)],
        rest: &[Step],
    ) -> Vec<Option<ClientPath<'p>>> {
        for (node, _) in affected {
            if fail_on_the_way(&mut self.store, *node, rest) {
                let _ = fill(&mut self.store, *node, &fetch.output, Reason::Failed);
            }
        }
        let at = (&self.request.plan.response, &self.store);
        let full = |way: &Vec<Step>| client_path(at, &way.iter().chain(rest).copied().collect::<Vec<_>>());
        let ways = affected.iter().filter_map(|(_, way)| way.as_ref());
        let mut paths: Vec<_> = ways.clone().filter_map(full).map(Some).collect();
        if affected.len() > ways.count() {
            paths.extend(self.ancestors(fetch, &call.objects()).into_iter().map(Some));
        }
        paths
    }

    /// Adds an error for each of some objects; beyond [`POSITIONS_MAX`] one with the number of those left. None is
    /// added where one at or above speaks of the position already.
    pub fn tell_positions(
        &mut self,
        fetch: &'p Fetch,
        nodes: &[NodeId],
        entry: impl Fn(ClientPath<'p>, usize) -> Entry<'p>,
    ) {
        let shown = nodes.get(..POSITIONS_MAX).unwrap_or(nodes);
        let steps = self.steps_to(fetch, shown);
        let told = |errors: &Errors<'p>, path: &ClientPath<'p>| errors.paths().any(|above| path.starts_with(above));
        for node in shown {
            let Some(steps) = steps.get(node) else { continue };
            for path in self.failed_at(fetch, steps) {
                if !told(&self.errors, &path) {
                    self.errors.push(entry(path, 0));
                }
            }
        }
        let rest = nodes.get(POSITIONS_MAX..).unwrap_or_default();
        for path in self.ancestors(fetch, rest) {
            if !told(&self.errors, &path) {
                self.errors.push(entry(path, rest.len()));
            }
        }
    }

    /// At the top each field that is null; below, the object that lacks fields, or the field if it is only one.
    fn failed_at(&self, fetch: &'p Fetch, steps: &[Step]) -> Vec<ClientPath<'p>> {
        let at = (&self.request.plan.response, &self.store);
        let Some(base) = client_path(at, steps) else { return Vec::new() };
        let mut fields: Vec<ClientPath<'p>> = Vec::new();
        let (mut is_own, mut is_of_others) = (false, false);
        for field in &fetch.output.fields {
            let Target::Key(key) = field.target else { continue };
            let mut steps = steps.to_vec();
            steps.push(Step::Key(key));
            match client_path(at, &steps) {
                None => is_of_others = true,
                // For the planner's own use.
                Some(path) if path.len() <= base.len() => is_own = true,
                Some(path) if !fields.contains(&path) => fields.push(path),
                Some(_) => {}
            }
        }
        if fields.is_empty() && is_of_others && !is_own {
            // What failed is asked of objects of other types alone.
            return fields;
        }
        if fields.len() == 1 || (base.is_empty() && !fields.is_empty()) { fields } else { vec![base] }
    }

    /// The places above some objects that aren't in a list of them: one, or one for each path that was asked for.
    pub fn ancestors(&self, fetch: &Fetch, nodes: &[NodeId]) -> Vec<ClientPath<'p>> {
        let wanted: FxHashSet<NodeId> = nodes.iter().copied().collect();
        let mut places: Vec<Vec<Step>> = Vec::new();
        visit_objects(&self.store, paths(fetch), &mut |node, steps| {
            let above = steps.split(|step| matches!(step, Step::Index(_))).next().unwrap_or_default();
            if places.len() < POSITIONS_MAX && wanted.contains(&node) && places.iter().all(|place| place != above) {
                places.push(above.to_vec());
            }
        });
        places.iter().filter_map(|steps| client_path((&self.request.plan.response, &self.store), steps)).collect()
    }

    /// The ways to objects that the fetch was for. They are looked for only when there is an error to tell.
    fn steps_to(&self, fetch: &Fetch, nodes: &[NodeId]) -> FxHashMap<NodeId, Vec<Step>> {
        let mut wanted: FxHashSet<NodeId> = nodes.iter().copied().collect();
        let mut ways = FxHashMap::default();
        visit_objects(&self.store, paths(fetch), &mut |node, steps| {
            if wanted.remove(&node) {
                ways.insert(node, steps.to_vec());
            }
        });
        ways
    }
}

fn paths(fetch: &Fetch) -> &[Vec<PathSegment>] {
    match &fetch.kind {
        FetchKind::Root { path } => std::slice::from_ref(path),
        FetchKind::Entities(entities) => &entities.paths,
    }
}

fn is_top(fetch: &Fetch) -> bool {
    matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty())
}

/// The number of the object in the answer, and the steps from there, that a subgraph's path means. `None` if it
/// means nothing in particular.
fn place_in_answer(call: &Call, fetch: &Fetch, path: &[Value]) -> Option<PlaceInAnswer> {
    match &fetch.kind {
        FetchKind::Root { .. } => {
            let steps = steps_in(&fetch.output, path)?;
            (!steps.is_empty()).then_some((0, steps))
        }
        FetchKind::Entities(_) => match path {
            [Value::String(entities), Value::Number(number), rest @ ..] if entities == "_entities" => {
                let number = number.parse::<usize>().ok().filter(|number| *number < call.count)?;
                Some((number, steps_in(&fetch.output, rest)?))
            }
            _ => None,
        },
    }
}

/// A subgraph's path as steps in the merged data, as far as the fetch's output goes. `None` if a segment is
/// neither a string nor a position.
fn steps_in(selection: &Selection, path: &[Value]) -> Option<Vec<Step>> {
    let mut selection = Some(selection);
    let mut steps = Vec::with_capacity(path.len());
    let mut ended = false;
    for segment in path {
        match segment {
            Value::Number(number) => {
                let index = number.parse::<u32>().ok()?;
                if !ended {
                    steps.push(Step::Index(index));
                }
            }
            Value::String(name) => {
                let fields = selection.map(|selection| selection.fields.as_slice()).unwrap_or_default();
                match fields.iter().find(|field| field.response_key == *name).map(|field| (field.target, field)) {
                    Some((Target::Key(key), field)) if !ended => {
                        steps.push(Step::Key(key));
                        selection = field.selection.as_ref();
                    }
                    _ => ended = true,
                }
            }
            _ => return None,
        }
    }
    Some(steps)
}
