//! When each field of an object is known: once a subgraph that resolves it is there, and what it requires is known.
//!
//! Requirements may go in circles; what is known is the least that follows, so that nothing here walks in circles.

use federation::query_graph::{Condition, Resolver};
use federation::supergraph::{FieldSet, FieldSetItem};
use federation::{FieldId, SubgraphId, TypeId};
use rustc_hash::FxHashMap;

use super::Draft;
use super::levels::{Level, Levels, NEVER};

impl Draft<'_> {
    /// When all of a field set is known.
    pub(super) fn set_level(&self, levels: &Levels, set: &FieldSet, through: &mut Vec<SubgraphId>) -> Option<u32> {
        let mut all = 0;
        for item in set {
            let FieldSetItem::Field { field, .. } = item else { continue };
            let Some(field) = field else { continue };
            let name = &self.supergraph.field(*field).name;
            let (level, from) = self.field_level(levels, name)?;
            if level > 0 {
                through.extend(from);
            }
            all = all.max(level);
        }
        Some(all)
    }

    /// When a field is known, and from where.
    pub(super) fn field_level(&self, levels: &Levels, name: &str) -> Option<Level> {
        let field = *self.supergraph.ty(levels.ty).fields.get(name)?;
        if let Some(known) = levels.fields.borrow().get(&field) {
            return *known;
        }
        let mut resolvers = self.supergraph.graph.resolvers(field).iter();
        if !resolvers.any(|resolver| matches!(self.condition(resolver), Condition::Requires(_))) {
            let found = self.level_of(levels, field);
            levels.fields.borrow_mut().insert(field, found);
            return found;
        }
        let (order, is_circular) = self.required_first(levels, field);
        // Each round but the last knows some field sooner.
        for _ in 0..=order.len() {
            let mut changed = false;
            for &field in &order {
                let found = self.level_of(levels, field);
                changed |= levels.fields.borrow_mut().insert(field, found).flatten() != found;
            }
            if !changed || !is_circular {
                break;
            }
        }
        levels.known(field)
    }

    /// When a field is known by what is known of others.
    fn level_of(&self, levels: &Levels, field: FieldId) -> Option<Level> {
        if let Some(subgraph) = self.direct_level(levels, field) {
            return Some((0, Some(subgraph)));
        }
        let mut best: Option<Level> = None;
        for resolver in self.supergraph.graph.resolvers(field) {
            let level = self.level_by(levels, resolver);
            if level != NEVER && best.is_none_or(|(known, _)| level < known) {
                best = Some((level, Some(resolver.subgraph)));
            }
        }
        best
    }

    /// From where a field is to be had that is at hand.
    pub(super) fn direct_level(&self, levels: &Levels, field: FieldId) -> Option<SubgraphId> {
        *levels.direct.borrow_mut().entry(field).or_insert_with(|| {
            let name = &self.supergraph.field(field).name;
            let mut sources = self.state.place(levels.place).sources.iter();
            let direct = sources.find(|&&source| self.direct(source, levels.ty, name).is_some());
            direct.map(|&source| self.state.subgraph(source))
        })
    }

    /// When a resolver's field is known by what is known of the fields that it requires.
    fn level_by(&self, levels: &Levels, resolver: &Resolver) -> u32 {
        match self.condition(resolver) {
            Condition::Always => levels.level(resolver.subgraph),
            Condition::Requires(set) => {
                let entered = levels.entered.get(usize::from(resolver.subgraph.0)).copied().unwrap_or(NEVER);
                let required = self.fields_of(levels.ty, set);
                // What is never known stays so.
                required
                    .map(|field| levels.known(field).map_or(NEVER, |(level, _)| level.saturating_add(1)))
                    .fold(entered, u32::max)
            }
            Condition::Provided | Condition::Never => NEVER,
        }
    }

    /// When a resolver's field can be taken: what a key is made of may be known from above where a value may not be.
    pub(super) fn level_to_take(&self, levels: &Levels, resolver: &Resolver) -> u32 {
        let Resolver { subgraph, .. } = *resolver;
        match self.condition(resolver) {
            Condition::Always
                if levels.is_above(subgraph) && !self.may_ask_again(levels.place, levels.ty, subgraph) =>
            {
                return levels.entered(subgraph);
            }
            Condition::Requires(set) => {
                for field in self.fields_of(levels.ty, set) {
                    self.field_level(levels, &self.supergraph.field(field).name);
                }
            }
            _ => {}
        }
        self.level_by(levels, resolver)
    }

    /// A field and all that it may require, what is required before what requires it; and whether that goes in circles.
    fn required_first(&self, levels: &Levels, field: FieldId) -> (Vec<FieldId>, bool) {
        let (mut order, mut is_circular) = (Vec::new(), false);
        let mut open = vec![(field, Vec::new())];
        let mut seen: FxHashMap<FieldId, Visit> = FxHashMap::default();
        while let Some((field, mut required)) = open.pop() {
            if seen.insert(field, Visit::Open).is_none() {
                let resolvers = self.supergraph.graph.resolvers(field).iter();
                let sets = resolvers.filter_map(|resolver| match self.condition(resolver) {
                    Condition::Requires(set) => Some(set),
                    _ => None,
                });
                required = sets.flat_map(|set| self.fields_of(levels.ty, set)).collect();
            }
            match required.pop() {
                Some(next) => {
                    open.push((field, required));
                    match seen.get(&next) {
                        Some(Visit::Open) => is_circular = true,
                        Some(Visit::Done) => {}
                        None => open.push((next, Vec::new())),
                    }
                }
                None => {
                    seen.insert(field, Visit::Done);
                    order.push(field);
                }
            }
        }
        (order, is_circular)
    }

    /// The fields of a type that a set names: the outermost ones.
    fn fields_of<'s>(&'s self, ty: TypeId, set: &'s FieldSet) -> impl Iterator<Item = FieldId> + 's {
        set.iter().filter_map(move |item| match item {
            FieldSetItem::Field { field: Some(field), .. } => {
                self.supergraph.ty(ty).fields.get(&self.supergraph.field(*field).name).copied()
            }
            _ => None,
        })
    }
}

/// How far a field has been visited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Visit {
    Open,
    Done,
}
