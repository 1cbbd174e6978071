//! Errors about data that breaks the supergraph's schema.

use planner::plan::ShapeField;

use super::{Null, Projector};
use crate::errors::{Covered, Entry};

/// The code of these errors.
const CODE: &str = "INVALID_SUBGRAPH_RESPONSE";

impl<'p> Projector<'p, '_> {
    /// The value is none of the field's type.
    pub fn wrong(&mut self, field: &'p ShapeField, covered: Covered) -> Result<(), Null<'p>> {
        self.report(covered, |this| {
            let ty = this.input.supergraph.types.get(field.ty.named().0 as usize);
            let ty = ty.map_or("the right type", |ty| ty.name.as_str());
            format!("A subgraph gave a value for {} that is not of type {ty}.", this.describe(Some(field)))
        });
        Err(Null::TOLD)
    }

    /// Tells of the position at hand, unless an error speaks of it already.
    pub fn report(&mut self, covered: Covered, message: impl Fn(&Self) -> String) {
        if covered == Covered::No && !self.too_large {
            let entry = self.entry(message(self));
            self.errors.push(entry);
        }
    }

    /// An error at the position at hand.
    pub fn entry(&self, message: String) -> Entry<'p> {
        Entry::new(CODE, message, Some(self.path.clone()))
    }

    /// Tells why the value at hand is null, unless an error speaks of it, or of something below it, already.
    pub fn explain(&mut self, null: Null<'p>, covered: Covered) {
        if let (Some(entry), Covered::No) = (null.0, covered) {
            self.errors.push(*entry);
        }
    }

    /// `field Type.name`.
    pub fn describe(&self, field: Option<&ShapeField>) -> String {
        let Some(shape_field) = field else { return "the response".to_owned() };
        let supergraph = self.input.supergraph;
        let field = shape_field.field.and_then(|id| supergraph.fields.get(id.0 as usize));
        let parent = field.and_then(|field| supergraph.types.get(field.parent.0 as usize));
        match (field, parent) {
            (Some(field), Some(parent)) => format!("field {}.{}", parent.name, field.name),
            _ => format!("field {}", shape_field.response_key),
        }
    }
}
