//! Representations: a whole key, and all that the fields asked for require.

use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{SubgraphId, TypeId};
use graphql::Name;

use super::data::{Call, Class};
use super::{Proof, Unsound};
use crate::plan::{Entities, FetchId, Representation, RepresentationMember, RepresentationSelection};

/// Which fetch sends to which subgraph.
#[derive(Clone, Copy)]
pub struct Sender {
    /// The fetch.
    pub fetch: FetchId,
    /// The subgraph.
    pub subgraph: SubgraphId,
}

/// Whether a value that is sent may be null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nulls {
    /// Never, as in keys.
    Refused,
    /// Where the subgraph's type allows it.
    AsTyped,
    /// Something else sees to it.
    Ignored,
}

impl<'a> Proof<'a> {
    /// The representation for objects of a class of which some fields are asked, and as what type they are asked for;
    /// `None` if there is none.
    pub fn representation<'e>(
        &mut self,
        sender: Sender,
        entities: &'e Entities,
        (class, fields): (&Class, &[&Name]),
    ) -> Option<(&'e Representation, TypeId)> {
        let first = class.types.iter().next()?;
        let is_told = self.tells(sender.fetch, &class.tellers);
        let fits = |one: &&Representation| one.types.is_empty() || (is_told && one.types.contains(first));
        let representation = entities.representations.iter().find(fits);
        let Some(representation) = representation else {
            if !is_told && entities.representations.iter().any(|one| !one.types.intersection(&class.types).is_empty()) {
                let types = self.type_names(&class.types);
                self.found.push(Unsound::UnknownType { fetch: sender.fetch, types });
            }
            return None;
        };
        let named = match &representation.typename {
            None if is_told => Some(first),
            None => None,
            Some(name) => self.supergraph.type_by_name.get(name.as_str()).copied(),
        };
        let named = named.filter(|&named| {
            let possible = &self.supergraph.ty(named).possible_types;
            representation.typename.is_none() || class.types.iter().all(|ty| named == ty || possible.contains(ty))
        });
        let Some(named) = named else {
            let what = format!("the name of its type: {:?} is sent", representation.typename);
            self.lacks(sender.fetch, first, what);
            return None;
        };
        for ty in class.types.iter() {
            let named = if representation.typename.is_none() { ty } else { named };
            match self.key(sender, (ty, named), class, &representation.members) {
                Err(what) => self.lacks(sender.fetch, ty, what),
                Ok(keys) => self.no_needless_members((sender, fields), (ty, named), (&keys, &representation.members)),
            }
        }
        Some((representation, named))
    }

    fn lacks(&mut self, fetch: FetchId, ty: TypeId, what: String) {
        let ty = self.supergraph.ty(ty).name.to_string();
        self.found.push(Unsound::Representation { fetch, ty, what });
    }

    /// Checks that no member is sent that is neither of a key nor required by a field that is asked for.
    fn no_needless_members(
        &mut self,
        (sender, fields): (Sender, &[&Name]),
        (ty, named): (TypeId, TypeId),
        (keys, members): (&[&'a FieldSet], &[RepresentationMember]),
    ) {
        let supergraph = self.supergraph;
        let via = if supergraph.is_interface_object(named, sender.subgraph) { named } else { ty };
        let asked = fields.iter().filter_map(|name| supergraph.ty(via).fields.get(*name));
        let required = asked.filter_map(|&field| supergraph.field(field).join(sender.subgraph)?.requires.as_ref());
        let required: Vec<&FieldSet> = required.collect();
        let is_needed = |key: &FieldSet| {
            let needed = |member: &RepresentationMember| {
                let sets = required.iter().copied().chain([key]);
                is_typename(member) || sets.into_iter().any(|set| self.names(set, &member.name))
            };
            members.iter().all(needed)
        };
        if !keys.iter().any(|key| is_needed(key)) {
            let ty = supergraph.ty(ty).name.to_string();
            self.found.push(Unsound::Needless { fetch: sender.fetch, ty });
        }
    }

    /// Whether a field set asks for a field at its top. Recursion is bounded by its depth.
    fn names(&self, set: &FieldSet, name: &str) -> bool {
        set.iter().any(|item| match item {
            FieldSetItem::Field { field, .. } => field.is_some_and(|id| self.supergraph.field(id).name == name),
            FieldSetItem::Fragment { selection, .. } => self.names(selection, name),
        })
    }

    /// The keys of which all is there, by which the subgraph is entered: one at least.
    fn key(
        &mut self,
        sender: Sender,
        (ty, named): (TypeId, TypeId),
        class: &Class,
        members: &[RepresentationMember],
    ) -> Result<Vec<&'a FieldSet>, String> {
        let graph = &self.supergraph.graph;
        let mut refused = String::from("any resolvable key");
        let mut keys = Vec::new();
        for entry in graph.entries(ty).iter().chain(graph.entries(named)) {
            if entry.subgraph == sender.subgraph && entry.via == named {
                match self.given((sender, Nulls::Refused), &entry.key, (class, ty), members) {
                    Ok(()) => keys.push(&entry.key),
                    Err(what) => refused = what,
                }
            }
        }
        if keys.is_empty() { Err(refused) } else { Ok(keys) }
    }

    /// Checks that members hold all of a field set, each of the right field and arguments. Recursion is bounded by
    /// the field set's depth.
    pub fn given(
        &mut self,
        (sender, nulls): (Sender, Nulls),
        set: &FieldSet,
        (class, ty): (&Class, TypeId),
        members: &[RepresentationMember],
    ) -> Result<(), String> {
        for item in set {
            match item {
                FieldSetItem::Field { field: Some(field), arguments, selection } => {
                    let name = self.supergraph.field(*field).name.clone();
                    let member = members.iter().find(|member| member.name == name.as_str());
                    let source = member.and_then(|member| Some((member, member.source?)));
                    let (member, source) = source.ok_or_else(|| format!("{name}, which is not sent"))?;
                    let call = Call::new(name.clone(), arguments.clone());
                    let value =
                        class.values.get(&source).filter(|value| self.sees(Some(sender.fetch), &value.producers));
                    let value = value.ok_or_else(|| format!("{name}, which is not known by then"))?;
                    if value.call != call {
                        return Err(format!("{call}: {} is sent instead", value.call));
                    }
                    if !member.required && self.refuses_null((sender.subgraph, nulls), ty, &name) {
                        return Err(format!("{name}, which may not be null"));
                    }
                    let below = value.below.clone().filter(|_| !selection.is_empty());
                    let classes = below.as_ref().map(|below| below.classes.as_slice()).unwrap_or_default();
                    let types: usize = classes.iter().map(|class| class.types.len()).sum();
                    let is_named = types < 2 || !self.is_abstract(sender.subgraph, ty, &name);
                    for class in classes {
                        self.given_below((sender, nulls), selection, class, &member.selection)
                            .map_err(|what| format!("{name} {{{what}}}"))?;
                    }
                    let tells = |selection: &RepresentationSelection| selection.members.iter().any(is_typename);
                    if !is_named && !member.selection.iter().all(tells) {
                        return Err(format!("{name} {{__typename}}, without which its type is not known"));
                    }
                }
                FieldSetItem::Field { field: None, .. } => {
                    // At the top the type's name is always sent.
                    let is_top_or_sent = members.iter().all(|member| member.name != "__typename")
                        || self.tells(sender.fetch, &class.tellers);
                    if !is_top_or_sent {
                        return Err("__typename, which is not known by then".to_owned());
                    }
                }
                FieldSetItem::Fragment { on, selection } => {
                    if *on == ty || self.supergraph.ty(*on).possible_types.contains(ty) {
                        self.given((sender, nulls), selection, (class, ty), members)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether a subgraph types a field as an interface or union.
    fn is_abstract(&self, subgraph: SubgraphId, ty: TypeId, name: &Name) -> bool {
        let field = self.supergraph.ty(ty).fields.get(name).map(|&id| self.supergraph.field(id));
        let join = field.and_then(|field| field.join(subgraph));
        join.is_some_and(|join| self.supergraph.ty(join.ty.named()).is_abstract())
    }

    /// Whether a subgraph types a field as non-null.
    fn is_non_null(&self, subgraph: SubgraphId, ty: TypeId, name: &Name) -> bool {
        let field = self.supergraph.ty(ty).fields.get(name).map(|&id| self.supergraph.field(id));
        field.and_then(|field| field.join(subgraph)).is_some_and(|join| join.ty.is_non_null())
    }

    fn refuses_null(&self, (subgraph, nulls): (SubgraphId, Nulls), ty: TypeId, name: &graphql::Name) -> bool {
        match nulls {
            Nulls::Refused => true,
            Nulls::AsTyped => self.is_non_null(subgraph, ty, name),
            Nulls::Ignored => false,
        }
    }

    fn given_below(
        &mut self,
        (sender, nulls): (Sender, Nulls),
        set: &FieldSet,
        class: &Class,
        selections: &[RepresentationSelection],
    ) -> Result<(), String> {
        let is_told = self.tells(sender.fetch, &class.tellers);
        for ty in class.types.iter() {
            let fits = |one: &&RepresentationSelection| one.types.is_empty() || (is_told && one.types.contains(ty));
            let selection = match selections {
                [only] if !is_told => Some(only),
                several => several.iter().find(fits),
            };
            let Some(selection) = selection else {
                return Err(format!("all of {}, of which nothing is sent", self.supergraph.ty(ty).name));
            };
            self.given((sender, nulls), set, (class, ty), &selection.members)?;
        }
        Ok(())
    }
}

fn is_typename(member: &RepresentationMember) -> bool {
    member.source.is_none() && member.name == "__typename"
}
