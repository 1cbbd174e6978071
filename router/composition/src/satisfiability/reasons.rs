//! Why a field can't be had at a position: for each subgraph that matters, what stands in the way.

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::{FieldJoin, FieldSet, FieldSetItem};
use federation::{FieldId, SubgraphId, Supergraph, TypeId};

use super::labels::{self, Decided};
use super::places::Place;
use super::position::PositionId;
use super::prover::Prover;
use crate::report::names;

/// Subgraphs listed by name in one reason. A type may be known to hundreds.
const LISTED_MAX: usize = 8;

/// What stands in the way in one subgraph.
pub(super) struct Reason {
    pub(super) subgraph: SubgraphId,
    /// The type and field of the subgraph that it is about; no field where the type lacks it.
    pub(super) about: (TypeId, Option<FieldId>),
    pub(super) text: String,
    /// A few words for the place in the subgraph's source.
    pub(super) label: &'static str,
}

impl<'a> Prover<'a> {
    /// Why a field of the object can't be had, by subgraph: those that have it first.
    pub(super) fn reasons(&mut self, id: PositionId, field: FieldId, decided: &Decided) -> Vec<Reason> {
        let supergraph = self.supergraph;
        let Some(object) = self.positions.get(id).map(|position| position.way.object) else { return Vec::new() };
        let resolvers = supergraph.graph.resolvers(field);
        let mut reasons: Vec<Reason> = Vec::new();
        for resolver in resolvers {
            let Some(join) = supergraph.join_of(resolver) else { continue };
            let (text, label) = self.obstacle(id, object, (resolver, join), decided);
            let about = (resolver.via, Some(resolver.field));
            reasons.push(Reason { subgraph: resolver.subgraph, about, text, label });
        }
        let seeds = self.seeds(id);
        let without = seeds.iter().filter(|place| !resolvers.iter().any(|known| known.subgraph == place.subgraph));
        let coordinate = format!("{}.{}", supergraph.ty(object).name, supergraph.field(field).name);
        for place in without {
            let name = &supergraph.subgraph(place.subgraph).name;
            let text = format!("subgraph \"{name}\", which the path leads to, has no field \"{coordinate}\"");
            reasons.push(Reason {
                subgraph: place.subgraph,
                about: (place.ty, None),
                text,
                label: "has no such field",
            });
        }
        reasons
    }

    /// Why the real type of a value can't be told, by subgraph that takes it for an object.
    pub(super) fn reasons_of_type(&mut self, id: PositionId) -> Vec<Reason> {
        let supergraph = self.supergraph;
        let mut reasons = Vec::new();
        for place in self.seeds(id) {
            let (name, interface) = (&supergraph.subgraph(place.subgraph).name, &supergraph.ty(place.ty).name);
            let text = format!(
                "subgraph \"{name}\" knows \"{interface}\" as an @interfaceObject only, and no resolvable @key of \"{interface}\" leads from there to a subgraph that knows which object it is"
            );
            reasons.push(Reason {
                subgraph: place.subgraph,
                about: (place.ty, None),
                text,
                label: "an interface object",
            });
        }
        reasons
    }

    fn seeds(&self, id: PositionId) -> Vec<Place> {
        let mut seeds = self.positions.get(id).map(|position| position.way.seeds.to_vec()).unwrap_or_default();
        seeds.dedup_by_key(|place| place.subgraph);
        seeds.truncate(LISTED_MAX);
        seeds
    }

    fn obstacle(
        &mut self,
        id: PositionId,
        object: TypeId,
        (resolver, join): (&Resolver, &'a FieldJoin),
        decided: &Decided,
    ) -> (String, &'static str) {
        let supergraph = self.supergraph;
        let name = &supergraph.subgraph(resolver.subgraph).name;
        let coordinate = format!("{}.{}", supergraph.ty(resolver.via).name, supergraph.field(resolver.field).name);
        let condition = join.condition_under(&labels::in_force(decided));
        match condition {
            Condition::Never => {
                let text = match join.override_label.and_then(|id| supergraph.override_labels.get(id.0 as usize)) {
                    Some(label) if join.overrides.is_some() => {
                        format!(
                            "subgraph \"{name}\" resolves \"{coordinate}\" only while the label \"{label}\" is in force"
                        )
                    }
                    Some(label) => {
                        format!(
                            "subgraph \"{name}\" does not resolve \"{coordinate}\" while the label \"{label}\" is in force"
                        )
                    }
                    None => format!("subgraph \"{name}\" has \"{coordinate}\", but another overrides it there"),
                };
                return (text, "overridden");
            }
            Condition::Provided => {
                let text = format!(
                    "subgraph \"{name}\" marks \"{coordinate}\" @external, and nothing on the path provides it"
                );
                return (text, "external here");
            }
            Condition::Always | Condition::Requires(_) => {}
        }
        if let Some(text) = self.unmet(id, (resolver, join), (name, &coordinate)) {
            return (text, "needs what can't be had");
        }
        let what = format!("subgraph \"{name}\" resolves \"{coordinate}\", but");
        (format!("{what} {}", self.closed(id, object, resolver)), "out of reach")
    }

    /// What the field needs beside a key, if that's missing.
    fn unmet(
        &mut self,
        id: PositionId,
        (resolver, join): (&Resolver, &'a FieldJoin),
        (name, coordinate): (&str, &str),
    ) -> Option<String> {
        let supergraph = self.supergraph;
        let contexts = self.positions.get(id)?.way.contexts;
        if !self.contexts.all_set(contexts, join) {
            let read = join.context_arguments.iter().filter_map(|argument| {
                supergraph.contexts.get(argument.context.0 as usize).map(|context| context.name.as_str())
            });
            let read = names(read.map(|context| context.split_once("__").map_or(context, |(_, own)| own)));
            return Some(format!(
                "subgraph \"{name}\" resolves \"{coordinate}\" from the context {read}, which nothing above on the path sets with a value that can be had"
            ));
        }
        let set = join.requires.as_ref()?;
        let from = self.reached(id);
        if let Some(missing) = self.missing(id, set) {
            return Some(format!(
                "subgraph \"{name}\" resolves \"{coordinate}\" with @requires(fields: \"{}\"), but \"{missing}\" can't be had from {from}",
                print(supergraph, set)
            ));
        }
        let ty = &supergraph.ty(resolver.via).name;
        let object = self.positions.get(id)?.way.object;
        (!self.can_return(id, object, resolver)).then(|| {
            format!(
                "subgraph \"{name}\" resolves \"{coordinate}\" with @requires(fields: \"{}\"), but no @key of \"{ty}\" leads back there with them",
                print(supergraph, set)
            )
        })
    }

    /// Why a subgraph can't be entered.
    fn closed(&mut self, id: PositionId, object: TypeId, resolver: &Resolver) -> String {
        let supergraph = self.supergraph;
        let ty = supergraph.ty(resolver.via);
        let keys = ty.join(resolver.subgraph).map(|join| join.keys.as_slice()).unwrap_or_default();
        if keys.is_empty() {
            return format!("\"{}\" has no @key there to enter by", ty.name);
        }
        let resolvable: Vec<&'a FieldSet> = keys.iter().filter(|key| key.resolvable).map(|key| &key.fields).collect();
        if resolvable.is_empty() {
            return format!("no @key of \"{}\" is resolvable there", ty.name);
        }
        if resolver.via == object && !self.type_is_known(id) {
            return format!("its @key needs to be told that the value is of type \"{}\"", ty.name);
        }
        let from = self.reached(id);
        let obstacles: Vec<String> = resolvable
            .iter()
            .map(|key| {
                let missing = self.missing(id, key).unwrap_or_else(|| print(supergraph, key));
                format!("@key(fields: \"{}\") needs \"{missing}\"", print(supergraph, key))
            })
            .collect();
        format!("can't be entered: {}, which can't be had from {from}", obstacles.join("; "))
    }

    /// The subgraphs that the position reaches.
    fn reached(&self, id: PositionId) -> String {
        let places = self.positions.get(id).map(|position| position.places.as_slice()).unwrap_or_default();
        let mut reached: Vec<SubgraphId> = places.iter().map(|place| place.subgraph).collect();
        reached.sort_unstable();
        reached.dedup();
        let more = reached.len().saturating_sub(LISTED_MAX);
        let list = crate::report::subgraphs(
            reached.iter().take(LISTED_MAX).map(|&subgraph| self.supergraph.subgraph(subgraph).name.as_str()),
        );
        if more == 0 { list } else { format!("{list} or {more} more") }
    }

    /// The first field of a set that can't be had, as a path.
    fn missing(&mut self, id: PositionId, set: &'a FieldSet) -> Option<String> {
        let item = set.iter().find(|item| !self.has_item(id, item))?;
        match item {
            FieldSetItem::Field { field: None, .. } => None,
            FieldSetItem::Field { field: Some(field), selection, .. } => {
                let supergraph = self.supergraph;
                let name = &supergraph.field(*field).name;
                let (object, contexts) = self.positions.get(id).map(|p| (p.way.object, p.way.contexts))?;
                let own = supergraph.ty(object).fields.get(name).copied();
                let options = own.map(|own| self.options_for_condition(id, own)).unwrap_or_default();
                for object in self.all_objects(supergraph.field(*field).ty.named()) {
                    let seeds = self.places_of(object, &options);
                    if seeds.is_empty() || selection.is_empty() {
                        continue;
                    }
                    let below = self.position(object, seeds, contexts);
                    if let Some(missing) = self.missing(below, selection) {
                        return Some(format!("{name} {{ {missing} }}"));
                    }
                }
                Some(name.to_string())
            }
            FieldSetItem::Fragment { on, selection } => {
                let missing = self.missing(id, selection)?;
                Some(format!("... on {} {{ {missing} }}", self.supergraph.ty(*on).name))
            }
        }
    }
}

/// A field set in one line.
fn print(supergraph: &Supergraph, set: &FieldSet) -> String {
    let below = |selection: &FieldSet| match selection.as_slice() {
        [] => String::new(),
        _ => format!(" {{ {} }}", print(supergraph, selection)),
    };
    let item = |item: &FieldSetItem| match item {
        FieldSetItem::Field { field: None, .. } => "__typename".to_owned(),
        FieldSetItem::Field { field: Some(field), arguments, selection } => {
            let given: Vec<String> =
                arguments.iter().map(|(name, value)| format!("{name}: {}", value.serialize().no_indent())).collect();
            let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
            format!("{}{given}{}", supergraph.field(*field).name, below(selection))
        }
        FieldSetItem::Fragment { on, selection } => format!("... on {}{}", supergraph.ty(*on).name, below(selection)),
    };
    set.iter().map(item).collect::<Vec<_>>().join(" ")
}
