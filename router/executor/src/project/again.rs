//! Objects that stand at several places: once written, their text is copied.

use std::ops::Range;

use planner::plan::{Shape, ShapeField};
use rustc_hash::FxHashMap;

use super::{Null, Projector};
use crate::errors::Covered;
use crate::store::NodeId;

/// The text of objects that were written, where nothing was to be told of them. It is the same wherever nothing is.
#[derive(Default)]
pub struct Texts<'p> {
    by_node: FxHashMap<NodeId, Text<'p>>,
    /// Where they end, in that order.
    ends: Vec<(NodeId, usize)>,
}

struct Text<'p> {
    of: (&'p Shape, Option<&'p ShapeField>),
    span: Range<usize>,
}

impl<'p> Texts<'p> {
    /// Keeps the text of an object, which ends where what is written does.
    fn keep(&mut self, node: NodeId, text: Text<'p>) {
        self.ends.push((node, text.span.end));
        self.by_node.insert(node, text);
    }

    /// Forgets those that end beyond so many bytes, as what is beyond is taken back.
    pub fn cut(&mut self, len: usize) {
        while let Some((node, _)) = self.ends.pop_if(|(_, end)| *end > len) {
            if self.by_node.get(&node).is_some_and(|text| text.span.end > len) {
                self.by_node.remove(&node);
            }
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
        if let Some(text) = self.texts.by_node.get(&id).filter(is_same) {
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
            self.texts.keep(id, Text { of: (shape, field), span: before.start..after.start });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::null::Reason;
    use crate::policy::Policy;
    use crate::store::Store;

    #[test]
    fn what_is_before_text_that_is_taken_back_stays() {
        let mut store = Store::new(federation::TypeId(0), &Policy::default());
        let nodes: Vec<NodeId> = (0..3).map(|_| store.add_null(Reason::Answered, None).unwrap()).collect();
        let (shape, mut texts) = (Shape { variants: Vec::new() }, Texts::default());
        for (node, span) in nodes.iter().zip([0..10, 10..20, 15..25]) {
            texts.keep(*node, Text { of: (&shape, None), span });
        }
        texts.cut(20);
        let kept: Vec<bool> = nodes.iter().map(|node| texts.by_node.contains_key(node)).collect();
        assert_eq!(kept, [true, true, false]);
        // One of another shape takes the place of one that was kept.
        texts.keep(nodes[0], Text { of: (&shape, None), span: 30..40 });
        texts.cut(5);
        assert!(texts.by_node.is_empty() && texts.ends.is_empty());
    }
}
