//! Where a taken value stands in the merged data: its key, and the place below it.

use federation::{TypeId, TypeSet};
use graphql::Name;

use super::fill::Want;
use super::{Child, Draft, Knows, Owner, Parent, PlaceId, SourceId, Value};

impl Draft<'_> {
    /// The value for a want: the client's key, or one that nothing else uses.
    pub(super) fn value_index(&mut self, place: PlaceId, want: &Want) -> usize {
        let at = self.state.place(place);
        // A planner's own key is shared by all types that it is free for.
        let known = at
            .values
            .candidates(&want.call, want.key.as_ref())
            .into_iter()
            .find(|(_, value)| want.key.is_some() || value.owner == Owner::Planner)
            .map(|(index, _)| index);
        if let Some(known) = known {
            return known;
        }
        let owner = if want.key.is_some() { Owner::Client } else { Owner::Planner };
        let key = want.key.clone().unwrap_or_else(|| self.fresh_key(place, want));
        let value = Value { key, owner, call: want.call.clone(), producers: Vec::new(), children: Vec::new() };
        self.state.push_value(place, value)
    }

    /// A key of the planner's own: the field's name where that is free.
    fn fresh_key(&self, place: PlaceId, want: &Want) -> Name {
        let place = self.state.place(place);
        let is_free = |key: &Name| {
            !self.aliases.contains(key) && !place.client_keys.contains(key) && place.values.under(key).next().is_none()
        };
        let arguments = want.call.arguments.0;
        if arguments == 0 && is_free(&want.call.name) {
            return want.call.name.clone();
        }
        // Ends: there are fewer values than numbers.
        let mut number = arguments;
        loop {
            let key = Name::new_unchecked(&format!("_{}_{number}", want.call.name));
            if is_free(&key) {
                return key;
            }
            number = number.wrapping_add(1);
        }
    }

    /// The types to which an interface object gives a value along with one of them: those whose value leads to the same
    /// place. What is taken below from another subgraph is there for those alone that have the value from that one.
    pub(super) fn given_alike(&self, (place, source): (PlaceId, SourceId), value: usize, ty: TypeId) -> TypeSet {
        let types = self.state.place(place).types.intersection(&self.state.source(source).types);
        let Some(value) = self.state.place(place).values.get(value) else { return types };
        let others = value.children.iter().filter(|child| !value.is_from(child, source));
        match value.children.iter().find(|child| child.types.contains(ty)) {
            Some(child) if !value.is_from(child, source) => types.intersection(&child.types),
            _ => others.fold(types, |types, other| types.difference(&other.types)),
        }
    }

    /// The place below a value for some types. It is shared with others whose value comes from the same source: what is
    /// taken below is taken once, which has to be there for all. An interface object has but one such place.
    pub(super) fn child_place(
        &mut self,
        (place, source): (PlaceId, SourceId),
        value: usize,
        types: &TypeSet,
        want: &Want,
    ) -> Option<PlaceId> {
        want.child?;
        let first = types.iter().next()?;
        let supergraph = self.supergraph;
        let field = *supergraph.ty(first).fields.get(&want.call.name)?;
        let declared = supergraph.field(field).ty.named();
        let client = want.client;
        let known = self.state.place(place).values.get(value)?;
        let is_alike = |child: &Child| {
            (child.node == client || self.state.source(source).knows == Knows::Interface)
                && self.state.place(child.place).declared == declared
                && known.is_from(child, source)
        };
        let of_types = known.children.iter().position(|child| !child.types.intersection(types).is_empty());
        let known = of_types.or_else(|| known.children.iter().position(is_alike));
        if let Some(known) = known {
            let child = self.state.value_mut(place, value)?.children.get_mut(known)?;
            child.types.union_with(types);
            let below = child.place;
            if let Some(parent) = &mut self.state.place_mut(below).parent {
                parent.types.union_with(types);
            }
            return Some(below);
        }
        let key = self.state.place(place).values.get(value)?.key.clone();
        let parent = Parent { place, key, call: want.call.clone(), types: types.clone() };
        let below = self.add_place(Some(parent), declared, client);
        let child = Child { types: types.clone(), node: client, place: below };
        self.state.value_mut(place, value)?.children.push(child);
        Some(below)
    }
}
