//! What a field of an answer is to its subgraph: whether it resolves it there, and which objects stand below it.

use std::collections::BTreeSet;

use federation::query_graph::{Condition, Resolver};
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use graphql::executable::Field;

use super::answer::At;
use super::data::{Call, Class, Data};
use super::represented::{Nulls, Sender};
use super::{Proof, World};

impl Proof<'_> {
    /// Whether a field has the type in the subgraph that another one is read by: it is that field, or one that all of
    /// its kind have the type of.
    pub fn is_typed_by(&self, at: &At<'_>, class: &Class, by: Option<FieldId>, asked: &Field) -> bool {
        let supergraph = self.supergraph;
        let Some(by) = by.and_then(|id| supergraph.fields.get(id.0 as usize)) else { return false };
        let ty = by.join(at.subgraph).map(|join| &join.ty);
        by.name == asked.name
            && class.types.iter().map(|ty| at.interface.unwrap_or(ty)).all(|object| {
                let own = supergraph.ty(object).fields.get(&asked.name).map(|&id| supergraph.field(id));
                supergraph.ty(by.parent).possible_types.contains(object)
                    || own.and_then(|own| own.join(at.subgraph)).map(|join| &join.ty) == ty
            })
    }

    /// What field nodes ask for together, but for the arguments that are read from contexts: clients know nothing of
    /// them.
    pub fn call(&self, at: &At<'_>, ty: TypeId, fields: &[&Field]) -> Option<Call> {
        let mut call = Call::of(&self.supergraph.api_schema, fields)?;
        let id = self.supergraph.ty(at.interface.unwrap_or(ty)).fields.get(&call.name);
        let join = id.and_then(|&id| self.supergraph.field(id).join(at.subgraph));
        let read = join.map(|join| join.context_arguments.as_slice()).unwrap_or_default();
        call.arguments.retain(|(name, _)| read.iter().all(|read| read.name != *name));
        Some(call)
    }

    /// How the subgraph sees what is below a field, and of which types it may be; an error if it doesn't resolve it.
    pub fn resolved<'d>(
        &mut self,
        at: &At<'d>,
        class: &Class,
        ty: TypeId,
        field: &Field,
    ) -> Result<Option<(At<'d>, TypeSet)>, String> {
        let supergraph = self.supergraph;
        for ty in class.types.iter() {
            let via = at.interface.unwrap_or(ty);
            let id = *supergraph.ty(via).fields.get(&field.name).ok_or("there is no such field")?;
            let join = supergraph.field(id).join(at.subgraph).ok_or("another subgraph has it")?;
            match join.condition_under(self.labels) {
                Condition::Always => {}
                _ if at.view.provides(supergraph, via, id) => {}
                Condition::Requires(set) => {
                    let given = at.given.ok_or("nothing that it requires is sent along")?;
                    let sender = Sender { fetch: at.fetch, subgraph: at.subgraph };
                    self.given((sender, Nulls::AsTyped), set, (class, ty), given)
                        .map_err(|what| format!("it requires {what}"))?;
                }
                Condition::Provided => return Err("it is external and not provided here".to_owned()),
                Condition::Never => return Err("another subgraph took it over".to_owned()),
            }
            self.contextual(at.fetch, (join, field), at.contexts)?;
        }
        let via = at.interface.unwrap_or(ty);
        let Some(&id) = supergraph.ty(via).fields.get(&field.name) else { return Ok(None) };
        let Some(join) = supergraph.field(id).join(at.subgraph) else { return Ok(None) };
        let named = join.ty.named();
        let types = supergraph.ty(named).join(at.subgraph).map(|join| join.possible_types.clone());
        let below = At {
            fetch: at.fetch,
            subgraph: at.subgraph,
            document: at.document,
            interface: supergraph.is_interface_object(named, at.subgraph).then_some(named),
            view: at.view.below(supergraph, via, id, join.provides.as_ref()),
            given: None,
            contexts: &[],
        };
        Ok(types.map(|types| (below, types)))
    }

    /// The position below a field. Of the types that the subgraph may give there, those that all other subgraphs that
    /// could be asked for this very field may give too, since all would give the same. A subgraph that knows of no
    /// type there gives nothing but null. Other worlds are less narrow.
    pub fn position(&self, at: (SubgraphId, &BTreeSet<SubgraphId>), object: TypeId, name: &str) -> Option<Data> {
        let supergraph = self.supergraph;
        let &field = supergraph.ty(object).fields.get(name)?;
        let declared = supergraph.field(field).ty.named();
        let possible = |resolver: &Resolver| {
            let join = supergraph.join_of(resolver)?;
            Some(&supergraph.ty(join.ty.named()).join(resolver.subgraph)?.possible_types)
        };
        let resolvers = supergraph.graph.resolvers(field);
        let own = resolvers.iter().find(|resolver| resolver.subgraph == at.0);
        let own = own.and_then(possible).filter(|_| self.world != World::Open);
        let mut types = own.unwrap_or(&supergraph.ty(declared).possible_types).clone();
        let is_there = |subgraph: SubgraphId| {
            let entries = supergraph.graph.entries(object).iter();
            subgraph == at.0 || at.1.contains(&subgraph) || entries.into_iter().any(|entry| entry.subgraph == subgraph)
        };
        let mut subgraphs = BTreeSet::new();
        for resolver in resolvers.iter().filter(|resolver| is_there(resolver.subgraph)) {
            let Some(join) = supergraph.join_of(resolver) else { continue };
            let condition = join.condition_under(self.labels);
            if !matches!(condition, Condition::Always | Condition::Requires(_)) && resolver.subgraph != at.0 {
                continue;
            }
            subgraphs.insert(resolver.subgraph);
            let Some(known) = possible(resolver) else { continue };
            let both = types.intersection(known);
            if !both.is_empty() && self.world == World::Agreed {
                types = both;
            }
        }
        Some(Data::new(declared, subgraphs, types))
    }
}
