//! What a fetch brings: its document run on the objects that it is asked for.

use std::collections::BTreeSet;
use std::rc::Rc;

use federation::query_graph::View;
use federation::{SubgraphId, TypeId, TypeSet};
use graphql::executable::{Field, Selection as Asked, SelectionSet};
use graphql::{ExecutableDocument, Name};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::collect::Reading;
use super::data::{Class, Data, Value};
use super::represented::Sender;
use super::{Proof, Unsound};
use crate::Deferral;
use crate::plan::{
    ContextualArgument, Fetch, FetchId, FetchKind, OutputField, RepresentationMember, Selection, Target,
};

/// What is known of the position below a field before anything of it is.
type Results = (TypeId, BTreeSet<SubgraphId>, Vec<TypeSet>);

/// Where in an answer we are, and as what the subgraph sees the objects there.
pub struct At<'d> {
    pub fetch: FetchId,
    pub subgraph: SubgraphId,
    pub document: &'d ExecutableDocument,
    pub interface: Option<TypeId>,
    pub view: View,
    /// What was sent along, at an entity itself.
    pub given: Option<&'d [RepresentationMember]>,
    /// The arguments that are read from contexts.
    pub contexts: &'d [ContextualArgument],
}

impl<'a> Proof<'a> {
    /// Runs a fetch.
    pub fn run(&mut self, id: FetchId, fetch: &'a Fetch, document: &ExecutableDocument, data: &mut Data) {
        let Ok(operation) = document.operations.get(None) else { return };
        let at = || At {
            fetch: id,
            subgraph: fetch.subgraph,
            document,
            interface: None,
            view: View::default(),
            given: None,
            contexts: match &fetch.kind {
                FetchKind::Entities(entities) => &entities.contexts,
                FetchKind::Root { .. } => &[],
            },
        };
        match &fetch.kind {
            FetchKind::Root { path } => self.at(id, data, path, &mut |proof, data, types| {
                let root = &operation.selection_set.ty;
                if types.iter().any(|ty| proof.supergraph.ty(ty).name != *root) {
                    let why = format!("asks for {root} where {} is", proof.type_names(types));
                    proof.found.push(Unsound::Invalid { fetch: id, why });
                }
                proof.bring(&at(), data, types, (&[&operation.selection_set], &fetch.output));
            }),
            FetchKind::Entities(entities) => {
                let Some(Asked::Field(field)) = operation.selection_set.selections.first() else { return };
                let sender = Sender { fetch: id, subgraph: fetch.subgraph };
                // Whatever is asked of any type: what is for others is no need of this one only where they share names.
                let names = all_names(&field.selection_set, document);
                let mut visit = |proof: &mut Proof<'a>, data: &mut Data, types: &TypeSet| {
                    data.split(types);
                    entities.representations.iter().for_each(|one| data.split(&one.types));
                    let classes: Vec<Class> =
                        data.classes.iter().filter(|class| class.types.is_subset(types)).cloned().collect();
                    for class in classes {
                        let asked = (&class, names.as_slice());
                        let Some((by, named)) = proof.representation(sender, entities, asked) else { continue };
                        let is_interface = proof.supergraph.is_interface_object(named, fetch.subgraph);
                        let at = At { interface: is_interface.then_some(named), given: Some(&by.members), ..at() };
                        proof.bring(&at, data, &class.types, (&[&field.selection_set], &fetch.output));
                    }
                };
                for path in &entities.paths {
                    self.at(id, data, path, &mut visit);
                }
            }
        }
    }

    /// Adds what selections bring to objects of some types. Recursion is bounded by the document's depth.
    fn bring(&mut self, at: &At<'_>, data: &mut Data, types: &TypeSet, (sets, output): (&[&SelectionSet], &Selection)) {
        let reading = Reading {
            document: at.document,
            subgraph: Some(at.subgraph),
            interface: at.interface,
            conditions: &|_| None,
            deferral: Deferral::Off,
        };
        data.split(types);
        self.conditions(sets.iter().copied(), &reading).iter().for_each(|types| data.split(types));
        let mut index = 0;
        while let Some(class) = data.classes.get(index).filter(|_| !(self.stop)()) {
            index += 1;
            let first = class.types.iter().next().filter(|_| class.types.is_subset(types));
            let Some(first) = first else { continue };
            let fields = self.collect(sets, first, &reading);
            let first_fields = fields.values().filter_map(|fields| fields.first().copied());
            let groups = self.by_results((at.subgraph, &data.subgraphs), &class.types, first_fields);
            if groups.len() > 1 {
                groups.iter().for_each(|types| data.split(types));
                index -= 1;
                continue;
            }
            let mut taken_keys = FxHashSet::default();
            for (key, fields) in &fields {
                let Data { classes, subgraphs, .. } = data;
                let Some(class) = classes.get_mut(index - 1) else { continue };
                let mut outputs = output.fields.iter().filter(|field| field.response_key == key.as_str());
                let (Some(taken), None) = (outputs.next(), outputs.next()) else { continue };
                if matches!(taken.target, Target::Key(_)) && !taken_keys.insert(taken.target) {
                    let why = "another member of the answer is the same value".to_owned();
                    self.found.push(Unsound::Output { fetch: at.fetch, response_key: taken.response_key.clone(), why });
                }
                self.take((at, subgraphs), class, first, (fields, taken));
            }
        }
    }

    /// Splits types whose fields lead to different types.
    fn by_results<'d>(
        &self,
        at: (SubgraphId, &BTreeSet<SubgraphId>),
        types: &TypeSet,
        fields: impl Iterator<Item = &'d Field>,
    ) -> Vec<TypeSet> {
        let fields: Vec<&Field> = fields.filter(|field| !field.selection_set.selections.is_empty()).collect();
        let mut groups: IndexMap<Vec<Option<Results>>, TypeSet> = IndexMap::new();
        for ty in types.iter() {
            let results = fields.iter().map(|field| {
                let below = self.position(at, ty, &field.name)?;
                Some((below.declared, below.subgraphs, below.classes.into_iter().map(|class| class.types).collect()))
            });
            groups.entry(results.collect()).or_default().insert(ty);
        }
        groups.into_values().collect()
    }

    /// Takes one member of an answer.
    fn take(
        &mut self,
        (at, subgraphs): (&At<'_>, &BTreeSet<SubgraphId>),
        class: &mut Class,
        ty: TypeId,
        (fields, taken): (&[&Field], &OutputField),
    ) {
        let Some(field) = fields.first() else { return };
        let output = |why: &str| Unsound::Output {
            fetch: at.fetch,
            response_key: taken.response_key.clone(),
            why: why.to_owned(),
        };
        let key = match (taken.target, field.name == "__typename") {
            (Target::Typename, true) if taken.selection.is_none() => {
                if at.interface.is_none() {
                    if !class.tellers.iter().any(|earlier| self.waits(at.fetch, *earlier)) {
                        self.uses.brings(at.fetch);
                    }
                    class.tellers.push(at.fetch);
                }
                return;
            }
            (Target::Key(key), false) => key,
            _ => return self.found.push(output("a type's name is no value, and no value is a type's name")),
        };
        if !self.is_typed_by(at, class, taken.field, field) {
            return self.found.push(output("the document asks for another field"));
        }
        if taken.selection.is_some() == field.selection_set.selections.is_empty() {
            return self.found.push(output("the document asks for no such thing below"));
        }
        let below = match self.resolved(at, class, ty, field) {
            Ok(below) => below,
            Err(why) => {
                let ty = &self.supergraph.ty(at.interface.unwrap_or(ty)).name;
                let coordinate = format!("{ty}.{}", field.name);
                return self.found.push(Unsound::Unresolved { fetch: at.fetch, coordinate, why });
            }
        };
        let Some(call) = self.call(at, ty, fields) else { return };
        if class.values.get(&key).is_some_and(|known| known.call != call) {
            let (key, types) = (self.key_name(key), self.type_names(&class.types));
            return self.found.push(Unsound::Overwritten { fetch: at.fetch, key, types, by: call.to_string() });
        }
        let value = class.values.entry(key).or_insert_with(|| Value {
            call,
            producers: Vec::new(),
            below: taken.selection.as_ref().and(self.position((at.subgraph, subgraphs), ty, &field.name).map(Rc::new)),
        });
        if !value.producers.iter().any(|earlier| self.waits(at.fetch, *earlier)) {
            self.uses.brings(at.fetch);
        }
        value.producers.push(at.fetch);
        if let (Some(data), Some(selection), Some((below, types))) = (&mut value.below, &taken.selection, below) {
            let sets: Vec<&SelectionSet> = fields.iter().map(|field| &field.selection_set).collect();
            self.bring(&below, Rc::make_mut(data), &types, (&sets, selection));
        }
    }
}

/// The names of all fields of a selection set, those in fragments included.
fn all_names<'d>(set: &'d SelectionSet, document: &'d ExecutableDocument) -> Vec<&'d Name> {
    let mut names = Vec::new();
    let mut open: Vec<&Asked> = set.selections.iter().collect();
    while let Some(selection) = open.pop() {
        let below = match selection {
            Asked::Field(field) => {
                names.push(&field.name);
                continue;
            }
            Asked::InlineFragment(inline) => Some(&inline.selection_set),
            Asked::FragmentSpread(spread) => document.fragments.get(&spread.fragment_name).map(|f| &f.selection_set),
        };
        open.extend(below.into_iter().flat_map(|set| &set.selections));
    }
    names
}
