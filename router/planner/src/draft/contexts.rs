//! Arguments that are read from contexts: what the nearest ancestor that sets a context is asked for them.
//!
//! What is read is a requirement at the ancestor's place, taken there like any other; the request for the field waits for
//! it. Objects at one place may have ancestors of different types, of which some set the context and others leave it to
//! those above: so an argument has several places that it is read at, nearest first.

use std::collections::BTreeSet;

use federation::TypeSet;
use federation::query_graph::Resolver;
use federation::supergraph::{ContextArgument, ContextSelection};
use indexmap::IndexMap;

use super::{Draft, PlaceId, ReadAt, Reading, RequestId, SourceId, State};
use crate::PlanError;
use crate::operation::{NodeId, Operation, Purpose};
use crate::plan::OperationKind;

/// So many times what is read is looked for again, after places have got more types by reading it.
const ROUNDS_MAX: usize = 8;

impl Draft<'_> {
    /// Whether a field reads arguments from contexts.
    pub(super) fn reads_contexts(&self, resolver: &Resolver) -> bool {
        self.supergraph.join_of(resolver).is_some_and(|join| !join.context_arguments.is_empty())
    }

    /// What the arguments of a field of the objects at a place are read from.
    pub(super) fn readings(&mut self, place: PlaceId, resolver: &Resolver) -> Result<Vec<Reading>, PlanError> {
        let supergraph = self.supergraph;
        let Some(join) = supergraph.join_of(resolver) else { return Ok(Vec::new()) };
        let mut readings = Vec::with_capacity(join.context_arguments.len());
        for argument in &join.context_arguments {
            let Some(sources) = self.setters(place, argument)? else {
                return Err(self.unreachable(resolver.via, &supergraph.field(resolver.field).name));
            };
            readings.push(Reading { argument: argument.name.clone(), ty: argument.ty.clone(), sources });
        }
        Ok(readings)
    }

    /// The places above whose objects set an argument's context, nearest first; `None` if there may be objects at the
    /// place that nobody sets it for.
    fn setters(&mut self, place: PlaceId, argument: &ContextArgument) -> Result<Option<Vec<ReadAt>>, PlanError> {
        let supergraph = self.supergraph;
        let mut found = Vec::new();
        let (mut at, mut up) = (place, 0);
        while let Some(parent) = self.state.place(at).parent.clone() {
            self.step(1)?;
            (at, up) = (parent.place, up + 1);
            let mut by_selection: IndexMap<Option<usize>, (Option<&ContextSelection>, TypeSet)> = IndexMap::new();
            let mut leaves_it = false;
            for ty in parent.types.iter() {
                if !supergraph.sets_context(ty, argument.context) {
                    leaves_it = true;
                    continue;
                }
                let selection = argument.selection_of(supergraph, ty);
                let key = selection.map(|selection| std::ptr::from_ref(selection) as usize);
                by_selection.entry(key).or_insert_with(|| (selection, TypeSet::default())).1.insert(ty);
            }
            self.may_be_read(at, !by_selection.is_empty())?;
            let is_mixed = leaves_it || by_selection.len() > 1;
            for (selection, types) in by_selection.into_values() {
                let set = selection.map(|selection| (&selection.fields, Purpose::Requirement));
                let on = selection.map_or(supergraph.query, |selection| selection.on);
                let node = set.map(|set| self.field_sets.node(supergraph, &mut self.operation, set, on));
                // A client that selects by type may give the same field other keys.
                let tells = |node: NodeId| self.operation.node(node).tells(&types);
                let client = self.state.place(at).node;
                let differ = types.len() > 1 && [node, client].into_iter().flatten().any(tells);
                let by_type = self.state.place(at).types.len() > 1 && (is_mixed || differ);
                found.push(ReadAt { place: at, up, types, by_type, node });
            }
            if !leaves_it {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Refuses to read of a mutation or a subscription: its fields are run for what they do.
    fn may_be_read(&self, place: PlaceId, is_read: bool) -> Result<(), PlanError> {
        let is_top = self.state.place(place).parent.is_none();
        if is_read && is_top && self.operation.kind != OperationKind::Query {
            let kind = self.operation.kind.word();
            return Err(PlanError::Unsupported(format!("a context that is set by the {kind} itself can't be read")));
        }
        Ok(())
    }

    /// Takes all that arguments are read from.
    pub(super) fn take_readings(&mut self, readings: &[Reading]) -> Result<(), PlanError> {
        for source in readings.iter().flat_map(|reading| &reading.sources) {
            if source.by_type {
                self.need_typename(source.place)?;
            }
            if let Some(node) = source.node {
                self.fill_key(source.place, &source.types, node)?;
            }
        }
        Ok(())
    }

    /// Looks again for what is read where places have got more types since. What doesn't settle is refused: it would be
    /// read from the wrong objects.
    pub(super) fn settle_readings(&mut self) -> Result<(), PlanError> {
        for _ in 0..ROUNDS_MAX {
            let mut is_settled = true;
            for (source, index) in self.readers() {
                let at = self.state.source(source);
                let (place, subgraph, via) = (at.place, self.state.subgraph(source), at.ty);
                let Some(entry) = at.entries.get(index) else { continue };
                let (field, known) = (entry.field, entry.readings.clone());
                let readings = self.readings(place, &Resolver { subgraph, via, field })?;
                if readings != known {
                    is_settled = false;
                    self.take_readings(&readings)?;
                    if let Some(entry) = self.state.entry_mut(source, index) {
                        entry.readings = readings;
                    }
                }
            }
            if is_settled {
                return Ok(());
            }
        }
        Err(PlanError::TooComplex { what: "rounds of finding what contexts are read from", max: ROUNDS_MAX as u64 })
    }

    /// The selected fields that read contexts: they stand at the top of requests.
    fn readers(&self) -> Vec<(SourceId, usize)> {
        let mut readers = Vec::new();
        for request in &self.state.requests {
            let entries = self.state.source(request.top).entries.iter().enumerate();
            let reading = entries.filter(|(_, entry)| !entry.readings.is_empty());
            readers.extend(reading.map(|(index, _)| (request.top, index)));
        }
        readers
    }
}

impl State {
    /// The requests that give what arguments are read from.
    pub fn read(&self, operation: &Operation, readings: &[Reading]) -> BTreeSet<RequestId> {
        let mut found = BTreeSet::new();
        for source in readings.iter().flat_map(|reading| &reading.sources) {
            let teller = self.place(source.place).typename.filter(|_| source.by_type);
            found.extend(teller.map(|teller| self.source(teller).request));
            let Some(node) = source.node else { continue };
            for ty in source.types.iter() {
                found.extend(self.producers(operation, source.place, ty, node));
            }
        }
        found
    }
}
