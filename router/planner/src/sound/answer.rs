//! What a fetch brings: its document run on the objects that it is asked for.

use std::collections::BTreeSet;
use std::rc::Rc;

use federation::query_graph::{Condition, Resolver, View};
use federation::{FieldId, SubgraphId, TypeId, TypeSet};
use graphql::executable::{Field, Selection as Asked, SelectionSet};
use graphql::{ExecutableDocument, Name};
use indexmap::IndexMap;
use rustc_hash::FxHashSet;

use super::collect::Reading;
use super::data::{Call, Class, Data, Value};
use super::represented::{Nulls, Sender};
use super::{Proof, Unsound};
use crate::Deferral;
use crate::plan::{
    ContextualArgument, Fetch, FetchId, FetchKind, OutputField, RepresentationMember, Selection, Target,
};

/// What is known of the position below a field before anything of it is.
type Results = (TypeId, BTreeSet<SubgraphId>, Vec<TypeSet>);

/// Where in an answer we are, and as what the subgraph sees the objects there.
struct At<'d> {
    fetch: FetchId,
    subgraph: SubgraphId,
    document: &'d ExecutableDocument,
    interface: Option<TypeId>,
    view: View,
    /// What was sent along, at an entity itself.
    given: Option<&'d [RepresentationMember]>,
    /// The arguments that are read from contexts.
    contexts: &'d [ContextualArgument],
}

impl<'a> Proof<'a> {
    /// Runs a fetch.
    pub fn run(&mut self, id: FetchId, fetch: &'a Fetch, document: &ExecutableDocument, data: &mut Data) {
        let Ok(operation) = document.operations.get(None) else { return };
        let mut any = false;
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
                any = true;
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
                        any = true;
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
        if !any {
            self.excuse(id);
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

    /// Whether a field has the type in the subgraph that another one is read by: it is that field, or one that all of
    /// its kind have the type of.
    fn is_typed_by(&self, at: &At<'_>, class: &Class, by: Option<FieldId>, asked: &Field) -> bool {
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
    fn call(&self, at: &At<'_>, ty: TypeId, fields: &[&Field]) -> Option<Call> {
        let mut call = Call::of(&self.supergraph.api_schema, fields)?;
        let id = self.supergraph.ty(at.interface.unwrap_or(ty)).fields.get(&call.name);
        let join = id.and_then(|&id| self.supergraph.field(id).join(at.subgraph));
        let read = join.map(|join| join.context_arguments.as_slice()).unwrap_or_default();
        call.arguments.retain(|(name, _)| read.iter().all(|read| read.name != *name));
        Some(call)
    }

    /// How the subgraph sees what is below a field, and of which types it may be; an error if it doesn't resolve it.
    fn resolved<'d>(
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
    /// type there gives nothing but null.
    fn position(&self, at: (SubgraphId, &BTreeSet<SubgraphId>), object: TypeId, name: &str) -> Option<Data> {
        let supergraph = self.supergraph;
        let &field = supergraph.ty(object).fields.get(name)?;
        let declared = supergraph.field(field).ty.named();
        let possible = |resolver: &Resolver| {
            let join = supergraph.join_of(resolver)?;
            Some(&supergraph.ty(join.ty.named()).join(resolver.subgraph)?.possible_types)
        };
        let resolvers = supergraph.graph.resolvers(field);
        let own = resolvers.iter().find(|resolver| resolver.subgraph == at.0);
        let mut types = own.and_then(possible).unwrap_or(&supergraph.ty(declared).possible_types).clone();
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
            if !both.is_empty() {
                types = both;
            }
        }
        Some(Data::new(declared, subgraphs, types))
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
