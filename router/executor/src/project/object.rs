//! Objects: the fields of the object's own type, in the client's order.

use federation::supergraph::FieldType;
use planner::plan::{IntrospectionId, KeyId, Shape, ShapeField, Source, Variant};

use super::leaf::write_leaf;
use super::variant::{only, variant};
use super::{Found, Null, Projector, Value};
use crate::errors::{ClientStep, Covered};
use crate::store::{Node, NodeId, Object, ObjectType};

impl<'p, 's> Projector<'p, 's> {
    pub fn new_object(
        &mut self,
        shape: &'p Shape,
        id: NodeId,
        covered: Covered,
        field: Option<&'p ShapeField>,
    ) -> Result<(), Null<'p>> {
        let store = self.input.store;
        if self.input.budget.write(store.nodes_len()).is_err() {
            self.too_large = true;
            return Err(Null::Told);
        }
        let Some(object) = store.object(id) else {
            self.report(covered, |this| format!("Expected an object for {}.", this.describe(field)));
            return Err(Null::Told);
        };
        let Some(variant) = variant(shape, object.ty).filter(|variant| !self.is_hidden(object, variant, field)) else {
            if self.may_be_told() {
                return Ok(());
            }
            self.report(covered, |this| format!("The type of the object for {} is not known.", this.describe(field)));
            return Err(Null::Told);
        };
        if self.view.is_begun_at(variant) {
            if self.input.budget.begin(self.path.len()).is_err() {
                self.too_large = true;
                return Err(Null::Told);
            }
            self.found.push(Found { node: id, variant, path: self.path.clone() });
        }
        self.members(variant, object, covered)
    }

    /// Whether an object whose type is not told may be of one that the client may not see. Where no subgraph was asked for
    /// it, none can give such objects.
    fn is_hidden(&self, object: &Object, variant: &Variant, field: Option<&ShapeField>) -> bool {
        let types = match object.ty {
            ObjectType::Known(_) | ObjectType::NotAsked | ObjectType::Invalid => return false,
            ObjectType::NotLearnt | ObjectType::Untold => &self.input.request.supergraph.types,
        };
        let place = field.and_then(|field| types.get(field.ty.named().0 as usize));
        place.is_some_and(|place| !place.possible_types.is_subset(&variant.types))
    }

    pub fn members(&mut self, variant: &'p Variant, object: &'s Object, covered: Covered) -> Result<(), Null<'p>> {
        let (start, members, view) = (self.out.len(), self.input.store.members(object), self.view);
        for (index, field) in variant.fields.iter().enumerate().filter(|(_, field)| view.shows(field)) {
            self.out.extend_from_slice(field.response_key.written());
            if self.plain_leaf(members, field, index) {
                continue;
            }
            let step = ClientStep::Key(field);
            self.path.push(step);
            let covered = self.cover.step(covered, step);
            let written = match field.source {
                Source::Data(key) => {
                    let value = member(members, key, index).map_or(Value::Absent, Value::Node);
                    self.value(value, (&field.ty, field), covered)
                }
                Source::Typename => self.typename(object, variant, field, covered),
                Source::Introspection(id) => self.introspection(id, field, covered),
            };
            self.path.pop();
            written?;
        }
        match self.out.get_mut(start) {
            Some(first) => *first = b'{',
            None => self.out.push(b'{'),
        }
        self.out.push(b'}');
        Ok(())
    }

    /// Writes a field if it is what most are: a leaf of its type. Nothing else is to be known of it then.
    fn plain_leaf(&mut self, members: &[(KeyId, NodeId)], field: &ShapeField, index: usize) -> bool {
        let (Source::Data(key), FieldType::Named { id, .. }, None) = (field.source, &field.ty, &field.selection) else {
            return false;
        };
        let store = self.input.store;
        let Some(node) = member(members, key, index) else { return false };
        let (Node::Leaf(leaf), Some(ty)) = (store.node(node), self.input.request.supergraph.types.get(id.0 as usize))
        else {
            return false;
        };
        self.out.len() <= self.input.bytes_max && write_leaf(ty, leaf.kind, store.text(*leaf), self.out)
    }

    fn typename(
        &mut self,
        object: &Object,
        variant: &Variant,
        field: &'p ShapeField,
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        let id = match object.ty {
            ObjectType::Known(id) => Some(id),
            ObjectType::NotAsked | ObjectType::NotLearnt => only(variant),
            ObjectType::Untold | ObjectType::Invalid => None,
        };
        match id.and_then(|id| self.input.request.supergraph.types.get(id.0 as usize)) {
            Some(ty) => {
                self.out.push(b'"');
                self.out.extend_from_slice(ty.name.as_bytes());
                self.out.push(b'"');
                Ok(())
            }
            None if self.may_be_told() => Ok(()),
            None => {
                self.report(covered, |_| "No subgraph told the object's type.".to_owned());
                self.null(field)
            }
        }
    }

    fn introspection(&mut self, id: IntrospectionId, field: &'p ShapeField, covered: Covered) -> Result<(), Null<'p>> {
        match self.input.introspection.get(&id.key()) {
            Some(text) => {
                self.out.extend_from_slice(text);
                Ok(())
            }
            // Nothing is asked while a response is judged.
            None if self.input.coming.is_some() => Ok(()),
            None => {
                self.report(covered, |_| "Introspection failed.".to_owned());
                self.null(field)
            }
        }
    }

    fn null(&mut self, field: &ShapeField) -> Result<(), Null<'p>> {
        if field.ty.is_non_null() {
            return Err(Null::Told);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }
}

/// The member of a key. Members mostly arrive in the order in which the client asks.
fn member(members: &[(KeyId, NodeId)], key: KeyId, index: usize) -> Option<NodeId> {
    match members.get(index) {
        Some((name, node)) if *name == key => Some(*node),
        _ => members.iter().find(|(name, _)| *name == key).map(|(_, node)| *node),
    }
}
