//! What resolves a field, on what condition, and as what a subgraph knows the objects that have it.

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::FieldSet;
use federation::{SubgraphId, Supergraph, TypeId, TypeSet};

use super::{Draft, Knows, PlaceId, SourceId};

impl<'a> Draft<'a> {
    /// The subgraphs that know a field of an object.
    pub(super) fn resolvers(&self, object: TypeId, name: &str) -> &'a [Resolver] {
        let supergraph = self.supergraph;
        let field = supergraph.ty(object).fields.get(name);
        field.map(|&field| supergraph.graph.resolvers(field)).unwrap_or_default()
    }

    /// On what condition a resolver resolves. One that reads arguments from contexts is like one with requirements: it
    /// takes a request of its own, which is given the values.
    pub(super) fn condition(&self, resolver: &Resolver) -> Condition<'a> {
        static NONE: FieldSet = FieldSet::new();
        let Some(join) = self.supergraph.join_of(resolver) else { return Condition::Never };
        match join.condition_under(self.labels) {
            Condition::Always if !join.context_arguments.is_empty() => Condition::Requires(&NONE),
            condition => condition,
        }
    }

    /// How a source resolves a field of a concrete type without further ado, if it does.
    pub(super) fn direct(&self, source: SourceId, ty: TypeId, name: &str) -> Option<Resolver> {
        let at = self.state.source(source);
        let subgraph = self.state.subgraph(source);
        let via = match at.knows {
            _ if !at.types.contains(ty) => return None,
            Knows::Types => ty,
            Knows::Interface => at.ty,
        };
        let mut resolvers = self.resolvers(ty, name).iter();
        let resolver = resolvers.find(|resolver| resolver.subgraph == subgraph && resolver.via == via)?;
        let direct = match self.condition(resolver) {
            Condition::Always => true,
            Condition::Requires(_) if self.reads_contexts(resolver) => false,
            Condition::Provided | Condition::Requires(_) => at.view.provides(self.supergraph, via, resolver.field),
            Condition::Never => false,
        };
        direct.then_some(*resolver)
    }

    /// Whether a source stands for objects of a concrete type.
    pub(super) fn stands_for(&self, source: SourceId, ty: TypeId) -> bool {
        let at = self.state.source(source);
        at.knows == Knows::Interface || at.types.contains(ty)
    }

    /// Whether no source at a place knows concrete types.
    pub(super) fn is_unknown(&self, place: PlaceId) -> bool {
        let sources = &self.state.place(place).sources;
        !sources.is_empty() && sources.iter().all(|&source| self.state.source(source).knows == Knows::Interface)
    }
}

/// What a subgraph knows of values of a type, and which concrete types they may have there.
pub(super) fn stands(supergraph: &Supergraph, ty: TypeId, subgraph: SubgraphId) -> (Knows, TypeSet) {
    match supergraph.ty(ty).join(subgraph) {
        Some(join) if join.is_interface_object => (Knows::Interface, join.possible_types.clone()),
        Some(join) => (Knows::Types, join.possible_types.clone()),
        None => (Knows::Types, TypeSet::default()),
    }
}
