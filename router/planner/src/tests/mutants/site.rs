//! Where a plan is bent: the sites of one kind are counted while they are met, and one of them is taken.

use std::sync::Arc;

use crate::QueryPlan;
use crate::plan::{Entities, Fetch, FetchKind, RepresentationMember, Selection, Shape, ShapeField, Variant};

/// Counts down to the site that is meant.
pub struct Site(pub usize);

impl Site {
    /// Whether this is the one.
    pub fn is_here(&mut self) -> bool {
        let is_here = self.0 == 0;
        self.0 = self.0.wrapping_sub(1);
        is_here
    }
}

/// Bends one site; false if there are fewer.
pub type Bend = fn(&mut QueryPlan, &mut Site) -> bool;

/// Calls back for each fetch, and for those that it may be asked in, until it is done.
pub fn any_fetch(plan: &mut QueryPlan, bend: &mut dyn FnMut(&mut Fetch) -> bool) -> bool {
    plan.fetches.iter_mut().any(|fetch| bend(fetch) || fetch.apart.iter_mut().any(&mut *bend))
}

/// All that is asked of entities.
pub fn entities(plan: &mut QueryPlan) -> impl Iterator<Item = &mut Entities> {
    plan.fetches.iter_mut().filter_map(|fetch| match &mut fetch.kind {
        FetchKind::Entities(entities) => Some(entities),
        FetchKind::Root { .. } => None,
    })
}

/// Calls back for each selection of an answer, until it is done.
pub fn any_selection(selection: &mut Selection, bend: &mut dyn FnMut(&mut Selection) -> bool) -> bool {
    bend(selection)
        || selection
            .fields
            .iter_mut()
            .filter_map(|field| field.selection.as_mut())
            .any(|selection| any_selection(selection, bend))
}

/// Calls back for each list of members of a representation, until it is done.
pub fn any_members(
    members: &mut Vec<RepresentationMember>,
    bend: &mut dyn FnMut(&mut Vec<RepresentationMember>) -> bool,
) -> bool {
    bend(members)
        || members
            .iter_mut()
            .flat_map(|member| &mut member.selection)
            .any(|selection| any_members(&mut selection.members, bend))
}

/// Calls back for each variant of the response, until it is done.
pub fn any_variant(shape: &mut Shape, bend: &mut dyn FnMut(&mut Vec<Variant>) -> bool) -> bool {
    bend(&mut shape.variants)
        || shape
            .variants
            .iter_mut()
            .flat_map(|variant| &mut variant.fields)
            .filter_map(|field| field.selection.as_mut())
            .any(|shape| any_variant(Arc::make_mut(shape), bend))
}

/// Calls back for each field of the response, until it is done.
pub fn any_field(plan: &mut QueryPlan, bend: &mut dyn FnMut(&mut ShapeField) -> bool) -> bool {
    any_variant(&mut plan.response, &mut |variants| {
        variants.iter_mut().flat_map(|variant| &mut variant.fields).any(&mut *bend)
    })
}
