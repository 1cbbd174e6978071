//! Representations: a whole key, and all that the fields asked for require.

use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{SubgraphId, TypeId};

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

impl<'a> Proof<'a> {
    /// The representation for objects of a class, and as what type they are asked for; `None` if there is none.
    pub fn representation<'e>(
        &mut self,
        sender: Sender,
        entities: &'e Entities,
        class: &Class,
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
            if let Err(what) = self.key(sender, (ty, named), class, &representation.members) {
                self.lacks(sender.fetch, ty, what);
            }
        }
        Some((representation, named))
    }

    fn lacks(&mut self, fetch: FetchId, ty: TypeId, what: String) {
        let ty = self.supergraph.ty(ty).name.to_string();
        self.found.push(Unsound::Representation { fetch, ty, what });
    }

    /// Checks that there is all of one key by which the subgraph is entered.
    fn key(
        &mut self,
        sender: Sender,
        (ty, named): (TypeId, TypeId),
        class: &Class,
        members: &[RepresentationMember],
    ) -> Result<(), String> {
        let graph = &self.supergraph.graph;
        let mut refused = String::from("any resolvable key");
        for entry in graph.entries(ty).iter().chain(graph.entries(named)) {
            if entry.subgraph == sender.subgraph && entry.via == named {
                match self.given(sender.fetch, &entry.key, (class, ty), members) {
                    Ok(()) => return Ok(()),
                    Err(what) => refused = what,
                }
            }
        }
        Err(refused)
    }

    /// Checks that members hold all of a field set, each of the right field and arguments. Recursion is bounded by
    /// the field set's depth.
    pub fn given(
        &mut self,
        fetch: FetchId,
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
                    let value = class.values.get(&source).filter(|value| self.sees(Some(fetch), &value.producers));
                    let value = value.ok_or_else(|| format!("{name}, which is not known by then"))?;
                    if value.call != call {
                        return Err(format!("{call}: {} is sent instead", value.call));
                    }
                    let below = value.below.as_ref().filter(|_| !selection.is_empty());
                    for class in below.iter().flat_map(|below| &below.classes) {
                        self.given_below(fetch, selection, class, &member.selection)
                            .map_err(|what| format!("{name} {{{what}}}"))?;
                    }
                }
                FieldSetItem::Field { field: None, .. } => {
                    // At the top the type's name is always sent.
                    let is_top_or_sent =
                        members.iter().all(|member| member.name != "__typename") || self.tells(fetch, &class.tellers);
                    if !is_top_or_sent {
                        return Err("__typename, which is not known by then".to_owned());
                    }
                }
                FieldSetItem::Fragment { on, selection } => {
                    if *on == ty || self.supergraph.ty(*on).possible_types.contains(ty) {
                        self.given(fetch, selection, (class, ty), members)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn given_below(
        &mut self,
        fetch: FetchId,
        set: &FieldSet,
        class: &Class,
        selections: &[RepresentationSelection],
    ) -> Result<(), String> {
        let is_told = self.tells(fetch, &class.tellers);
        for ty in class.types.iter() {
            let fits = |one: &&RepresentationSelection| one.types.is_empty() || (is_told && one.types.contains(ty));
            let selection = match selections {
                [only] if !is_told => Some(only),
                several => several.iter().find(fits),
            };
            let Some(selection) = selection else {
                return Err(format!("all of {}, of which nothing is sent", self.supergraph.ty(ty).name));
            };
            self.given(fetch, set, (class, ty), &selection.members)?;
        }
        Ok(())
    }
}
