//! What an answer does: its data is merged, its errors are mapped to the client's paths.

use std::ops::Range;

use bytes::Bytes;
use graphql::json::Value;
use planner::plan::{Fetch, FetchKind, Selection, Target};
use rustc_hash::FxHashMap;

use super::{Call, Run};
use crate::errors::{ClientPath, Entry, client_path, reported, service_extension, subgraph};
use crate::fetch::FetchError;
use crate::merge::{Conflicts, copy, fill_null, merge};
use crate::path::{Step, visit_objects};
use crate::read::{Data, Expect, ReadError, read_answer};
use crate::store::{Node, NodeId};

/// Positions that are told for one error or failed request; of further ones the number is told.
const POSITIONS_MAX: usize = 20;

/// Bytes of reported errors that are logged: clients may see less of them, operators see what fits a line.
const LOGGED_BYTES_MAX: usize = 2_000;

impl<'p> Run<'p> {
    /// Takes the answer of a request.
    pub fn absorb(&mut self, call: Call, answer: Result<Bytes, FetchError>) {
        let plan = self.request.plan;
        let Some(fetch) = plan.fetches.get(call.fetch.0 as usize) else { return };
        let used = answer.and_then(|bytes| self.use_answer(&call, fetch, &bytes));
        if let Err(error) = used {
            self.fail(&call, fetch, &error);
        }
    }

    fn use_answer(&mut self, call: &Call, fetch: &'p Fetch, bytes: &Bytes) -> Result<(), FetchError> {
        let malformed = |reason: &str| FetchError::Malformed(reason.to_owned());
        let expect = match fetch.kind {
            FetchKind::Root { .. } => Expect::Root,
            FetchKind::Entities(_) => Expect::Entities,
        };
        let supergraph = self.request.supergraph;
        let answer = read_answer(&mut self.store, supergraph, (call.fetch, bytes), (expect, &fetch.output));
        let answer = answer.map_err(|error: ReadError| FetchError::Malformed(error.to_string()))?;
        let objects = match answer.data {
            Data::Root(object) => Some(vec![object]),
            Data::Entities(objects) if objects.len() == call.count => Some(objects),
            Data::None if answer.errors.is_some() => None,
            Data::None => return Err(malformed("data is null and there is no error")),
            // With errors there is nothing to add: they say why.
            Data::Malformed(_) | Data::Entities(_) if answer.errors.is_some() => None,
            Data::Entities(_) => return Err(malformed("_entities has another length")),
            Data::Malformed(reason) => return Err(malformed(reason)),
        };
        let has_data = objects.is_some();
        match objects {
            Some(objects) => self.merge_all(call, fetch, &objects),
            None => self.fill_all(call, fetch),
        }
        if let Some(span) = answer.errors {
            self.report(call, fetch, bytes, (span, has_data));
        }
        Ok(())
    }

    fn merge_all(&mut self, call: &Call, fetch: &'p Fetch, objects: &[NodeId]) {
        let mut uses = vec![0usize; objects.len()];
        for (_, number) in &call.positions {
            if let Some(uses) = uses.get_mut(*number) {
                *uses += 1;
            }
        }
        let mut conflicts = 0;
        for (position, number) in &call.positions {
            let (Some(object), Some(uses)) = (objects.get(*number), uses.get_mut(*number)) else { continue };
            if matches!(self.store.node(*object), Node::Null) {
                let _ = fill_null(&mut self.store, *position, &fetch.output);
                continue;
            }
            *uses = uses.saturating_sub(1);
            // The last place takes the object itself. A full store shows as missing values, which are told.
            let source = if *uses == 0 { Ok(*object) } else { copy(&mut self.store, *object) };
            if let Ok(source) = source {
                let Conflicts(found) = merge(&mut self.store, *position, source);
                conflicts += found;
            }
        }
        if conflicts > 0 {
            let request = self.request;
            let policy = &request.policy.errors;
            let message = subgraph::conflict(request.supergraph, fetch.subgraph, policy);
            let path = self.ancestor(call, fetch);
            let mut entry = Entry::new("SUBREQUEST_CONFLICT", message, Some(path));
            entry.extensions.extend(service_extension(request.supergraph, fetch.subgraph, policy));
            self.errors.push(entry);
        }
    }

    fn fill_all(&mut self, call: &Call, fetch: &Fetch) {
        for (position, _) in &call.positions {
            let _ = fill_null(&mut self.store, *position, &fetch.output);
        }
    }

    /// Nothing usable came: everything that the fetch should have filled is null, and every position is told.
    fn fail(&mut self, call: &Call, fetch: &'p Fetch, error: &FetchError) {
        let request = self.request;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        tracing::warn!(subgraph = name, code = error.code(), trace_id = &*request.context.trace_id, "{error}");
        self.fill_all(call, fetch);
        let policy = &request.policy.errors;
        let message = subgraph::failed(request.supergraph, fetch.subgraph, policy, error);
        let entry = |message: String, path: ClientPath<'p>| {
            let mut entry = Entry::new(error.code(), message, Some(path));
            entry.extensions.extend(service_extension(request.supergraph, fetch.subgraph, policy));
            entry.extensions.push(("traceId".to_owned(), Value::String(request.context.trace_id.to_string())));
            entry
        };
        let shown: Vec<NodeId> = call.positions.iter().take(POSITIONS_MAX).map(|(node, _)| *node).collect();
        let steps = self.steps_to(fetch, &shown);
        let mut paths: Vec<ClientPath<'p>> = Vec::new();
        for node in &shown {
            let Some(steps) = steps.get(node) else { continue };
            paths.extend(self.failed_at(fetch, steps));
        }
        for path in paths {
            self.errors.push(entry(message.clone(), path));
        }
        let more = call.positions.len().saturating_sub(shown.len());
        if more > 0 {
            let path = self.ancestor(call, fetch);
            self.errors.push(entry(format!("{message} At {more} more positions."), path));
        }
    }

    /// At the top each field that is null; below, the object that lacks fields, or the field if it is only one.
    fn failed_at(&self, fetch: &'p Fetch, steps: &[Step]) -> Vec<ClientPath<'p>> {
        let shape = &self.request.plan.response;
        let base = client_path(shape, steps);
        let mut fields: Vec<ClientPath<'p>> = Vec::new();
        for field in &fetch.output.fields {
            let Target::Key(key) = field.target else { continue };
            let mut steps = steps.to_vec();
            steps.push(Step::Key(key));
            let path = client_path(shape, &steps);
            if path.len() > base.len() && !fields.contains(&path) {
                fields.push(path);
            }
        }
        if fields.len() == 1 || (base.is_empty() && !fields.is_empty()) { fields } else { vec![base] }
    }

    /// Passes on the errors that a subgraph reports.
    fn report(&mut self, call: &Call, fetch: &'p Fetch, bytes: &Bytes, (span, has_data): (Range<usize>, bool)) {
        let request = self.request;
        let text = bytes.get(span).unwrap_or_default();
        let mut pathless_told = false;
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let shown = text.get(..LOGGED_BYTES_MAX).unwrap_or(text);
        let trace_id = &*request.context.trace_id;
        tracing::info!(subgraph = name, trace_id, errors = %String::from_utf8_lossy(shown), "the subgraph reports errors");
        for error in reported(request.supergraph, fetch.subgraph, &request.policy.errors, text) {
            let place = error.path.as_deref().and_then(|path| place_in_answer(call, fetch, path));
            let paths: Vec<Option<ClientPath<'p>>> = match place {
                Some((number, rest)) => {
                    let nodes: Vec<NodeId> = call
                        .positions
                        .iter()
                        .filter(|(_, wanted)| *wanted == number)
                        .map(|(node, _)| *node)
                        .take(POSITIONS_MAX)
                        .collect();
                    let steps = self.steps_to(fetch, &nodes);
                    let full = |node: &NodeId| {
                        let steps = steps.get(node)?.iter().chain(&rest).copied().collect::<Vec<_>>();
                        Some(client_path(&request.plan.response, &steps))
                    };
                    nodes.iter().map(full).collect()
                }
                // A root fetch that brought nothing at all: each of its fields has failed.
                None if is_top(fetch) && !has_data && !pathless_told => {
                    pathless_told = true;
                    self.failed_at(fetch, &[]).into_iter().map(Some).collect()
                }
                None if is_top(fetch) => vec![None],
                None => vec![Some(self.ancestor(call, fetch))],
            };
            for path in paths {
                let (message, extensions) = (error.message.clone(), error.extensions.clone());
                self.errors.push(Entry { message, path, extensions });
            }
        }
    }

    /// The place above all positions that isn't in a list of them.
    fn ancestor(&self, call: &Call, fetch: &Fetch) -> ClientPath<'p> {
        let Some((first, _)) = call.positions.first() else { return ClientPath::new() };
        let mut steps = self.steps_to(fetch, &[*first]).remove(first).unwrap_or_default();
        if let Some(list) = steps.iter().position(|step| matches!(step, Step::Index(_))) {
            steps.truncate(list);
        }
        client_path(&self.request.plan.response, &steps)
    }

    /// The ways to objects that the fetch was for. They are looked for only when there is an error to tell.
    fn steps_to(&self, fetch: &Fetch, nodes: &[NodeId]) -> FxHashMap<NodeId, Vec<Step>> {
        let mut ways = FxHashMap::default();
        let paths = match &fetch.kind {
            FetchKind::Root { path } => std::slice::from_ref(path),
            FetchKind::Entities(entities) => &entities.paths,
        };
        visit_objects(&self.store, paths, &mut |node, steps| {
            if ways.len() < nodes.len() && nodes.contains(&node) {
                ways.entry(node).or_insert_with(|| steps.to_vec());
            }
        });
        ways
    }
}

fn is_top(fetch: &Fetch) -> bool {
    matches!(&fetch.kind, FetchKind::Root { path } if path.is_empty())
}

/// The number of the object in the answer, and the steps from there, that a subgraph's path means. `None` if it
/// means nothing in particular.
fn place_in_answer(call: &Call, fetch: &Fetch, path: &[Value]) -> Option<(usize, Vec<Step>)> {
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
