//! Errors about data that breaks the supergraph's schema.

use planner::plan::ShapeField;

use super::{Mark, Null, Projector};
use crate::errors::{Covered, Entry};

/// The code of these errors.
const CODE: &str = "INVALID_SUBGRAPH_RESPONSE";

impl<'p> Projector<'p, '_> {
    /// The value is none of the field's type.
    pub fn wrong(&mut self, field: &'p ShapeField, covered: Covered) -> Result<(), Null<'p>> {
        self.report(covered, |this| {
            let ty = this.input.request.supergraph.types.get(field.ty.named().0 as usize);
            let ty = ty.map_or("the right type", |ty| ty.name.as_str());
            format!("A subgraph gave a value for {} that is not of type {ty}.", this.describe(Some(field)))
        });
        Err(Null::Told)
    }

    /// Tells of the position at hand, unless an error speaks of it already.
    pub fn report(&mut self, covered: Covered, message: impl Fn(&Self) -> String) {
        if covered.is_told() {
            self.cover.amiss(covered);
        } else if !self.too_large {
            let entry = || Entry::new(CODE, message(self), Some(self.path.clone()));
            let entry = self.errors.takes_more().then(entry);
            self.errors.push_last(entry);
        }
    }

    /// Writes null for a value that was written since a mark, and sees to it that an error says why if one has to. There is
    /// no going on if too much was written in vain.
    pub fn stays_null(&mut self, before: Mark, null: Null<'p>, covered: Covered) -> Result<(), Null<'p>> {
        if self.out.len() > before.start {
            if self.input.budget.take_back(self.out.len() - before.start).is_err() {
                self.too_large = true;
                return Err(Null::Told);
            }
            self.texts.cut(before.start);
        }
        self.out.truncate(before.start);
        self.found.truncate(before.found);
        self.lost.kept.truncate(before.lost.0);
        self.lost.more = before.lost.1;
        self.out.extend_from_slice(b"null");
        self.cover.null(covered);
        match null {
            Null::Answered => {}
            Null::Lost(lost) if !covered.is_told() => self.lose(*lost),
            Null::Told | Null::Lost(_) => self.cover.amiss(covered),
        }
        Ok(())
    }

    /// `field Type.name`.
    pub fn describe(&self, field: Option<&ShapeField>) -> String {
        let Some(shape_field) = field else { return "the response".to_owned() };
        let supergraph = self.input.request.supergraph;
        let field = shape_field.field.and_then(|id| supergraph.fields.get(id.0 as usize));
        let parent = field.and_then(|field| supergraph.types.get(field.parent.0 as usize));
        match (field, parent) {
            (Some(field), Some(parent)) => format!("field {}.{}", parent.name, field.name),
            _ => format!("field {}", &*shape_field.response_key),
        }
    }
}
