//! Objects that stand at several places: once written, their text is copied.

use std::ops::Range;

use planner::plan::{Shape, ShapeField};
use rustc_hash::FxHashMap;

use super::{Null, Projector};
use crate::errors::Covered;
use crate::store::NodeId;

/// The text of objects that were written, where nothing was to be told of them. It is the same wherever nothing is.
#[derive(Default)]
pub struct Texts<'p>(FxHashMap<NodeId, Text<'p>>);

struct Text<'p> {
    of: (&'p Shape, Option<&'p ShapeField>),
    span: Range<usize>,
}

impl Texts<'_> {
    /// Forgets all: text that was written is taken back.
    pub fn clear(&mut self) {
        if !self.0.is_empty() {
            self.0.clear();
        }
    }
}

impl<'p> Projector<'p, '_> {
    /// Writes an object, the second time by copying what was written the first time.
    pub fn object(
        &mut self,
        shape: &'p Shape,
        id: NodeId,
        covered: Covered,
        field: Option<&'p ShapeField>,
    ) -> Result<(), Null<'p>> {
        // While a response is judged it depends on the place what may still come.
        if !self.input.store.repeated().contains(id.index()) || covered.is_told() || self.input.coming.is_some() {
            return self.new_object(shape, id, covered, field);
        }
        let is_same = |text: &&Text<'_>| {
            std::ptr::eq(text.of.0, shape) && text.of.1.map(std::ptr::from_ref) == field.map(std::ptr::from_ref)
        };
        if let Some(text) = self.texts.0.get(&id).filter(is_same) {
            self.too_large |= self.out.len().saturating_add(text.span.len()) > self.input.bytes_max;
            if self.too_large {
                return Err(Null::Told);
            }
            self.out.extend_from_within(text.span.clone());
            return Ok(());
        }
        let (before, errors) = (self.mark(), self.errors.len());
        self.new_object(shape, id, covered, field)?;
        let after = self.mark();
        if (before.found, before.lost, errors) == (after.found, after.lost, self.errors.len()) {
            self.texts.0.insert(id, Text { of: (shape, field), span: before.start..after.start });
        }
        Ok(())
    }
}
