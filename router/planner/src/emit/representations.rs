//! How to write the representations that a request for entities is given.

use federation::supergraph::{FieldType, TypeKind};
use federation::{SubgraphId, TypeId, TypeSet};
use indexmap::IndexMap;

use super::Keys;
use super::document::Only;
use crate::PlanError;
use crate::draft::{Draft, PlaceId, RequestId, Used};
use crate::operation::{NodeId, What};
use crate::plan::{Representation, RepresentationMember, RepresentationSelection};

/// Writes the representations of a request, by type.
///
/// # Errors
/// [`PlanError::Internal`] if the draft lacks a value that a key or a requirement is made of: what would be sent
/// instead is not the entity.
pub fn write(
    draft: &Draft<'_>,
    used: &Used,
    keys: &mut Keys,
    id: RequestId,
    only: Option<Only<'_>>,
) -> Result<Vec<Representation>, PlanError> {
    let request = draft.state.request(id);
    let top = draft.state.source(request.top);
    let place = top.place;
    let asked: TypeSet = top
        .entries
        .iter()
        .enumerate()
        .filter(|(index, _)| used.entries.contains(&(request.top, *index)))
        .filter(|(index, _)| only.is_none_or(|only| only.entries.contains(index)))
        .flat_map(|(_, entry)| entry.types.iter())
        .collect();
    let is_single = draft.state.place(place).types.len() <= 1;
    let mut written: Vec<Representation> = Vec::new();
    for input in &request.inputs {
        let is_any = is_single || (request.via.is_some() && input.types.len() > 1);
        let Some(first) = input.types.iter().next() else { continue };
        if request.via.is_none() && !asked.contains(first) {
            continue;
        }
        let typed = request.via.or(is_single.then_some(first));
        let typename = typed.map(|ty| draft.supergraph.ty(ty).name.to_string());
        let mut members = Members { draft, keys, subgraph: request.subgraph };
        let mut written_members = members.of(place, first, &[input.key], Nulls::Refused)?;
        let is_required = |node: &&NodeId| only.is_none_or(|only| only.requires.contains(node));
        let requires: Vec<NodeId> = input.requires.iter().filter(is_required).copied().collect();
        for member in members.of(place, first, &requires, Nulls::AsTyped)? {
            add(&mut written_members, member);
        }
        let types = if is_any { TypeSet::default() } else { input.types.clone() };
        let same = written.iter_mut().find(|other| other.typename == typename && other.members == written_members);
        match same {
            // No types stand for all of them.
            Some(other) if is_any || other.types.is_empty() => other.types = TypeSet::default(),
            Some(other) => other.types.union_with(&types),
            None => written.push(Representation { types, typename, members: written_members }),
        }
    }
    Ok(written)
}

/// Whether a member may be null.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// Never.
    Refused,
    /// Where the subgraph's type allows it.
    AsTyped,
}

struct Members<'d, 'a> {
    draft: &'d Draft<'a>,
    keys: &'d mut Keys,
    subgraph: SubgraphId,
}

impl Members<'_, '_> {
    /// The members for objects of a type. Recursion is bounded by the depth of field sets.
    fn of(
        &mut self,
        place: PlaceId,
        ty: TypeId,
        nodes: &[NodeId],
        nulls: Nulls,
    ) -> Result<Vec<RepresentationMember>, PlanError> {
        let mut members = Vec::new();
        for &node in nodes {
            let node = self.draft.operation.node(node);
            let Some(variant) = node.variants.iter().find(|variant| variant.types.contains(ty)) else { continue };
            for selected in &variant.fields {
                let What::Field(call) = &selected.what else { continue };
                let value = self.draft.state.value(&self.draft.operation, (place, ty), call, selected.child);
                let value = value.ok_or(PlanError::Internal("a representation without all of its members"))?;
                let key = self.keys.id(&value.key);
                let child = value.child(ty);
                let field_type = self.field_type(ty, &call.name).unwrap_or_else(|| selected.ty.clone());
                let selection = match (selected.child, child) {
                    (Some(node), Some(child)) => self.below(child, node, &field_type, nulls)?,
                    (Some(_), None) => return Err(PlanError::Internal("a representation's member that leads nowhere")),
                    (None, _) => Vec::new(),
                };
                let required = nulls == Nulls::Refused || field_type.is_non_null();
                let name = call.name.to_string();
                add(&mut members, RepresentationMember { name, source: Some(key), required, selection });
            }
        }
        Ok(members)
    }

    fn below(
        &mut self,
        place: PlaceId,
        node: NodeId,
        ty: &FieldType,
        nulls: Nulls,
    ) -> Result<Vec<RepresentationSelection>, PlanError> {
        let types: Vec<TypeId> = self.draft.state.place(place).types.iter().collect();
        let is_single = types.len() <= 1;
        let is_abstract = self.draft.supergraph.ty(ty.named()).kind != TypeKind::Object;
        let mut by_members: IndexMap<usize, RepresentationSelection> = IndexMap::new();
        for ty in types {
            let mut members = self.of(place, ty, &[node], nulls)?;
            if is_abstract && !is_single {
                let name = "__typename".to_owned();
                members.insert(0, RepresentationMember { name, source: None, required: true, selection: Vec::new() });
            }
            let same = by_members.values_mut().find(|other| other.members == members);
            match same {
                Some(other) => other.types.insert(ty),
                None => {
                    let types = if is_single { TypeSet::default() } else { TypeSet::one(ty) };
                    by_members.insert(by_members.len(), RepresentationSelection { types, members });
                }
            }
        }
        Ok(by_members.into_values().collect())
    }

    /// A field's type in the subgraph that is asked.
    fn field_type(&self, ty: TypeId, name: &str) -> Option<FieldType> {
        let supergraph = self.draft.supergraph;
        let resolvers = supergraph.graph.resolvers(*supergraph.ty(ty).fields.get(name)?);
        let resolver = resolvers.iter().find(|resolver| resolver.subgraph == self.subgraph)?;
        supergraph.join_of(resolver).map(|join| join.ty.clone())
    }
}

/// Adds a member; one of the same name is extended.
fn add(members: &mut Vec<RepresentationMember>, member: RepresentationMember) {
    let Some(known) = members.iter_mut().find(|known| known.name == member.name) else {
        members.push(member);
        return;
    };
    known.required |= member.required;
    for selection in member.selection {
        add_selection(&mut known.selection, selection);
    }
}

/// Adds what is sent of objects of some types. Types that ask for it and for something else get both, apart from the
/// rest, so that no two selections are for the same type.
fn add_selection(known: &mut Vec<RepresentationSelection>, added: RepresentationSelection) {
    let (mut left, mut merged) = (added.types.clone(), false);
    let mut apart = Vec::new();
    for other in known.iter_mut() {
        let both = other.types.intersection(&added.types);
        if both.is_empty() && other.types != added.types {
            continue;
        }
        let others = other.types.difference(&both);
        if !others.is_empty() {
            apart.push(RepresentationSelection { types: others, members: other.members.clone() });
        }
        left = left.difference(&both);
        merged = true;
        other.types = both;
        for member in &added.members {
            add(&mut other.members, member.clone());
        }
    }
    known.append(&mut apart);
    if !left.is_empty() || !merged {
        known.push(RepresentationSelection { types: left, members: added.members });
    }
}
