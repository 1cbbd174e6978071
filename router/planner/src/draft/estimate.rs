//! Estimating what a selection will cost beyond the subgraph that serves it: how many more steps and requests.
//!
//! Only ranks choices; never says that something can't be had.

use std::collections::BTreeSet;

use federation::query_graph::{Condition, Resolver, View};
use federation::supergraph::FieldSet;
use federation::{SubgraphId, TypeId};

use super::resolves::stands;
use super::{Draft, Knows, SourceId};
use crate::operation::{NodeId, What};

/// What is still missing below a value. Compared field by field, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Estimate {
    /// Steps one after another.
    pub steps: u32,
    /// Requests.
    pub requests: u32,
    /// Fields.
    pub fields: u32,
}

impl Draft<'_> {
    /// What is missing below a value taken from a source.
    pub(super) fn estimate_value(&mut self, source: SourceId, resolver: &Resolver, child: Option<NodeId>) -> Estimate {
        let Some(node) = child else { return Estimate::default() };
        let Some(join) = self.supergraph.join_of(resolver) else { return Estimate::default() };
        let at = self.state.source(source);
        let view = at.view.below(self.supergraph, resolver.via, resolver.field, join.provides.as_ref());
        self.estimate(node, resolver.subgraph, join.ty.named(), &view)
    }

    /// What is missing below a value taken from a subgraph that is entered anew.
    pub(super) fn estimate_resolver(&mut self, resolver: &Resolver, child: Option<NodeId>) -> Estimate {
        let Some(node) = child else { return Estimate::default() };
        let Some(join) = self.supergraph.join_of(resolver) else { return Estimate::default() };
        let none = FieldSet::new();
        let view = View::new(join.provides.as_ref().unwrap_or(&none).clone());
        self.estimate(node, resolver.subgraph, join.ty.named(), &view)
    }

    fn estimate(&mut self, node: NodeId, subgraph: SubgraphId, ty: TypeId, view: &View) -> Estimate {
        if view.is_empty()
            && let Some(&known) = self.estimates.get(&(node, subgraph, ty))
        {
            return known;
        }
        let mut missing = Missing { steps: 0, fields: 0, from: BTreeSet::new() };
        self.missing(node, subgraph, ty, view, &mut missing);
        let estimate = Estimate { steps: missing.steps, requests: missing.from.len() as u32, fields: missing.fields };
        if view.is_empty() {
            self.estimates.insert((node, subgraph, ty), estimate);
        }
        estimate
    }

    /// Recursion is bounded by the operation's depth.
    fn missing(&mut self, node: NodeId, subgraph: SubgraphId, ty: TypeId, view: &View, missing: &mut Missing) {
        self.steps = self.steps.saturating_add(1);
        let (knows, possible) = stands(self.supergraph, ty, subgraph);
        let node = self.operation.node(node);
        for variant in &node.variants {
            for object in variant.types.intersection(&possible).iter() {
                for selected in &variant.fields {
                    let What::Field(call) = &selected.what else { continue };
                    let via = if knows == Knows::Interface { ty } else { object };
                    let resolvers = self.resolvers(object, &call.name);
                    let here = resolvers.iter().find(|found| found.subgraph == subgraph && found.via == via);
                    let resolved = here.filter(|found| match self.condition(found) {
                        Condition::Always => true,
                        Condition::Provided | Condition::Requires(_) => {
                            view.provides(self.supergraph, via, found.field)
                        }
                        Condition::Never => false,
                    });
                    match (resolved, selected.child) {
                        (None, _) => missing.add(self, resolvers),
                        (Some(found), Some(child)) => {
                            let Some(join) = self.supergraph.join_of(found) else { continue };
                            let below = view.below(self.supergraph, via, found.field, join.provides.as_ref());
                            if below.is_empty() {
                                let known = self.estimate(child, subgraph, join.ty.named(), &below);
                                missing.steps = missing.steps.max(known.steps);
                                missing.fields = missing.fields.saturating_add(known.fields);
                                if known.requests > 0 {
                                    missing.from.insert(From::Below(child));
                                }
                            } else {
                                self.missing(child, subgraph, join.ty.named(), &below, missing);
                            }
                        }
                        (Some(_), None) => {}
                    }
                }
            }
        }
    }
}

struct Missing {
    steps: u32,
    fields: u32,
    from: BTreeSet<From>,
}

/// What needs a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum From {
    /// Fields of this very selection, of a subgraph.
    Subgraph(SubgraphId),
    /// Something below.
    Below(NodeId),
}

impl Missing {
    fn add(&mut self, draft: &Draft<'_>, resolvers: &[Resolver]) {
        self.fields = self.fields.saturating_add(1);
        let mut usable =
            resolvers.iter().filter(|found| !matches!(draft.condition(found), Condition::Never | Condition::Provided));
        let Some(first) = usable.next() else { return };
        let requires = matches!(draft.condition(first), Condition::Requires(set) if !set.is_empty());
        self.steps = self.steps.max(1 + u32::from(requires));
        self.from.insert(From::Subgraph(first.subgraph));
    }
}
