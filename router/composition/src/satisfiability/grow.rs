//! Growing a position: where keys lead from places reached already, and which conditions hold there.

use federation::query_graph::{Condition, Entry, Resolver};
use federation::supergraph::{FieldJoin, FieldSet, FieldSetItem};
use federation::{FieldId, TypeId};

use super::places::{Place, ViewId};
use super::position::PositionId;
use super::prover::Prover;

/// Keys answered during one pass. Most entries of a type ask for the same key.
#[derive(Default)]
struct Answered<'a> {
    keys: Vec<(&'a FieldSet, bool)>,
}

impl<'a> Prover<'a> {
    /// Adds everything that follows from what the position has, until nothing more does.
    pub(super) fn grow(&mut self, id: PositionId) {
        let Some(object) = self.positions.get(id).map(|position| position.way.object) else { return };
        if self.supergraph.is_root(object) {
            for join in &self.supergraph.ty(object).joins {
                self.positions.add_place(id, Place { subgraph: join.subgraph, ty: object, view: ViewId::NONE });
            }
        }
        let conditional = self.conditional_fields(object);
        loop {
            let mut grown = self.enter_by_keys(id, object);
            grown |= self.learn_type(id, object);
            grown |= self.serve(id, object, &conditional);
            if !grown || self.budget.is_spent() {
                return;
            }
        }
    }

    fn enter_by_keys(&mut self, id: PositionId, object: TypeId) -> bool {
        let supergraph = self.supergraph;
        let mut answered = Answered::default();
        let mut grown = false;
        for entry in supergraph.graph.entries(object) {
            if self.stands_at(id, entry) || (entry.via == object && !self.type_is_known(id)) {
                continue;
            }
            if self.has_key(id, &entry.key, &mut answered) {
                let place = Place { subgraph: entry.subgraph, ty: entry.via, view: ViewId::NONE };
                grown |= self.positions.add_place(id, place);
            }
        }
        grown
    }

    /// From where the object is only known as an interface to where that interface is a real one: its key leads there.
    fn learn_type(&mut self, id: PositionId, object: TypeId) -> bool {
        let supergraph = self.supergraph;
        let mut grown = false;
        let mut index = 0;
        while let Some(place) = self.place(id, index) {
            index += 1;
            if place.ty == object {
                continue;
            }
            let mut answered = Answered::default();
            for entry in supergraph.graph.entries(place.ty).iter().filter(|entry| entry.via == place.ty) {
                let Some(join) = supergraph.ty(place.ty).join(entry.subgraph) else { continue };
                if join.is_interface_object || !join.possible_types.contains(object) {
                    continue;
                }
                let there = Place { subgraph: entry.subgraph, ty: object, view: ViewId::NONE };
                if self.has_key(id, &entry.key, &mut answered) {
                    grown |= self.positions.add_place(id, there);
                }
            }
        }
        grown
    }

    fn serve(&mut self, id: PositionId, object: TypeId, conditional: &[(FieldId, usize)]) -> bool {
        let mut grown = false;
        for &(field, index) in conditional {
            let known = self.positions.get(id).is_some_and(|position| position.served.contains(&(field, index)));
            let Some(resolver) = self.supergraph.graph.resolvers(field).get(index) else { continue };
            let Some(join) = self.supergraph.join_of(resolver) else { continue };
            if !known && self.condition_holds(id, object, (resolver, join)) {
                self.positions.add_served(id, (field, index));
                grown = true;
            }
        }
        grown
    }

    /// Whether what a field needs can be had, and its subgraph be entered again with it.
    fn condition_holds(
        &mut self,
        id: PositionId,
        object: TypeId,
        (resolver, join): (&Resolver, &'a FieldJoin),
    ) -> bool {
        let Some(contexts) = self.positions.get(id).map(|position| position.way.contexts) else { return false };
        if !self.contexts.all_set(contexts, join) {
            return false;
        }
        match &join.requires {
            None => self.can_return(id, object, resolver),
            Some(set) => {
                self.has_at_once(id, object, (resolver, set))
                    || (self.has(id, set) && self.can_return(id, object, resolver))
            }
        }
    }

    /// Whether some key leads into the resolver's subgraph: values of `@requires` are handed over in a representation.
    pub(super) fn can_return(&mut self, id: PositionId, object: TypeId, resolver: &Resolver) -> bool {
        let supergraph = self.supergraph;
        if supergraph.is_root(object) {
            return true;
        }
        let mut answered = Answered::default();
        let entries = supergraph.graph.entries(object).iter();
        let mut into = entries.filter(|entry| entry.subgraph == resolver.subgraph && entry.via == resolver.via);
        into.any(|entry| self.has_key(id, &entry.key, &mut answered))
    }

    fn has_key(&mut self, id: PositionId, key: &'a FieldSet, answered: &mut Answered<'a>) -> bool {
        if let Some((_, answer)) = answered.keys.iter().find(|(known, _)| *known == key) {
            return *answer;
        }
        let answer = self.has(id, key);
        answered.keys.push((key, answer));
        answer
    }

    fn stands_at(&self, id: PositionId, entry: &Entry) -> bool {
        let at = |place: &Place| place.subgraph == entry.subgraph && place.ty == entry.via;
        self.positions.get(id).is_some_and(|position| position.places.iter().any(at))
    }

    /// Whether every field of a set can be had at a position. Sets nest no deeper than loading allows.
    pub(super) fn has(&mut self, id: PositionId, set: &'a FieldSet) -> bool {
        set.iter().all(|item| self.has_item(id, item))
    }

    /// Whether one item of a set can be had.
    pub(super) fn has_item(&mut self, id: PositionId, item: &'a FieldSetItem) -> bool {
        let Some(object) = self.positions.get(id).map(|position| position.way.object) else { return false };
        let supergraph = self.supergraph;
        match item {
            _ if !self.budget.take_condition() => false,
            FieldSetItem::Field { field: None, .. } => true,
            FieldSetItem::Field { field: Some(listed), selection, .. } => {
                let own = supergraph.ty(object).fields.get(&supergraph.field(*listed).name).copied();
                let options = own.map(|own| self.options_for_condition(id, own)).unwrap_or_default();
                let below = supergraph.field(*listed).ty.named();
                !options.is_empty() && (selection.is_empty() || self.has_below(id, below, &options, selection))
            }
            FieldSetItem::Fragment { on, selection } => {
                let applies = *on == object || supergraph.ty(*on).possible_types.contains(object);
                !applies || self.has(id, selection)
            }
        }
    }

    /// Whether each object that a value of a position may be has a set.
    fn has_below(&mut self, id: PositionId, ty: TypeId, options: &[Place], set: &'a FieldSet) -> bool {
        let Some(contexts) = self.positions.get(id).map(|position| position.way.contexts) else { return false };
        self.all_objects(ty).all(|object| {
            let seeds = self.places_of(object, options);
            if seeds.is_empty() {
                return true;
            }
            let position = self.position(object, seeds, contexts);
            self.has(position, set)
        })
    }

    /// Whether some place of the resolver's subgraph has the whole set by itself, because the way there provides it:
    /// then nothing is fetched first, and no key is needed to come back.
    fn has_at_once(&mut self, id: PositionId, object: TypeId, (resolver, set): (&Resolver, &'a FieldSet)) -> bool {
        let mut index = 0;
        while let Some(place) = self.place(id, index) {
            index += 1;
            let here = place.subgraph == resolver.subgraph && place.ty == resolver.via && place.view != ViewId::NONE;
            if here && self.has_locally(object, place, set) {
                return true;
            }
        }
        false
    }

    fn has_locally(&mut self, object: TypeId, place: Place, set: &'a FieldSet) -> bool {
        let supergraph = self.supergraph;
        set.iter().all(|item| match item {
            _ if !self.budget.take_condition() => false,
            FieldSetItem::Field { field: None, .. } => true,
            FieldSetItem::Field { field: Some(listed), selection, .. } => {
                let Some(&own) = supergraph.ty(place.ty).fields.get(&supergraph.field(*listed).name) else {
                    return false;
                };
                let Some(join) = supergraph.field(own).join(place.subgraph) else { return false };
                let resolved = match join.condition() {
                    _ if join.override_label.is_some() || !join.context_arguments.is_empty() => false,
                    Condition::Always => true,
                    Condition::Provided => self.provides(place, object, own),
                    Condition::Requires(_) | Condition::Never => false,
                };
                let below = self.below(object, place, own, join);
                resolved
                    && self.all_objects(below.ty).filter(|_| !selection.is_empty()).all(|object| {
                        self.places_of(object, &[below]).iter().all(|&place| self.has_locally(object, place, selection))
                    })
            }
            FieldSetItem::Fragment { on, selection } => {
                let applies = *on == object || supergraph.ty(*on).possible_types.contains(object);
                !applies || self.has_locally(object, place, selection)
            }
        })
    }
}
