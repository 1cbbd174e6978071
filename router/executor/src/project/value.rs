//! Values: of the type that the supergraph says, or null as far up as that type allows.

use federation::supergraph::FieldType;
use graphql::json::{Kind, Scanner};
use planner::plan::ShapeField;

use super::leaf::write_leaf;
use super::lost::Lost;
use super::{Null, Projector, Value};
use crate::errors::{ClientStep, Covered};
use crate::null::Reason;
use crate::read::DEPTH_MAX;
use crate::store::Node;

impl<'p, 's> Projector<'p, 's> {
    /// Writes a value of a type; null if it is none and may be.
    pub fn value(
        &mut self,
        value: Value<'s>,
        (ty, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        let before = self.mark();
        if before.start > self.input.bytes_max {
            self.too_large = true;
            return Err(Null::Told);
        }
        match self.not_null(value, (ty, field), covered) {
            Err(null) if !ty.is_non_null() && !self.too_large => self.stays_null(before, null, covered),
            written => written,
        }
    }

    fn not_null(
        &mut self,
        value: Value<'s>,
        (ty, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        let store = self.input.store;
        // Lists of leaves, and custom scalars, are spans that no node has been made of.
        let (kind, text) = match value {
            Value::Absent if self.may_come() => return Ok(()),
            Value::Absent => {
                self.report(covered, |this| format!("No subgraph answered {}.", this.describe(Some(field))));
                return Err(Null::Told);
            }
            Value::Text(kind, text) => (kind, text),
            Value::Node(id) => match (store.node(id), ty) {
                (Node::Null(_), _) => (Kind::Null, &b"null"[..]),
                (Node::Leaf(leaf), _) => (leaf.kind, store.text(*leaf)),
                (&Node::Array { start, len, .. }, FieldType::List { item, .. }) => {
                    let items = store.items(start, len).iter().map(|item| Value::Node(*item));
                    return self.list(items, (item, field), covered);
                }
                (Node::Array { .. }, FieldType::Named { .. }) => (Kind::Array, &b""[..]),
                (Node::Object(_), FieldType::Named { .. }) => {
                    return match &field.selection {
                        Some(shape) => self.object(shape, id, covered, Some(field)),
                        None => self.wrong(field, covered),
                    };
                }
                (Node::Object(_), FieldType::List { .. }) => (Kind::Object, &b""[..]),
            },
        };
        match (kind, ty) {
            (Kind::Null, _) if ty.is_non_null() && self.may_come() => Ok(()),
            (Kind::Null, _) => Err(self.null_value(value, (ty, field), covered)),
            (Kind::Array, FieldType::List { item, .. }) if field.selection.is_none() => {
                self.list(Items::of(text), (item, field), covered)
            }
            (_, FieldType::Named { id, .. }) if field.selection.is_none() => {
                let ty = self.input.request.supergraph.types.get(id.0 as usize);
                match ty {
                    Some(ty) if write_leaf(ty, kind, text, self.out) => Ok(()),
                    _ => self.wrong(field, covered),
                }
            }
            _ => self.wrong(field, covered),
        }
    }

    /// A null that came, or that stands for what didn't.
    fn null_value(
        &mut self,
        value: Value<'s>,
        (ty, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Null<'p> {
        let reason = match value {
            Value::Node(id) => self.input.store.reason(id),
            Value::Text(..) | Value::Absent => Reason::Answered,
        };
        match reason {
            Reason::Answered if !ty.is_non_null() => Null::Answered,
            Reason::Failed(fetch) if !covered.is_told() => {
                Null::Lost(Box::new(Lost { path: self.path.clone(), fetch }))
            }
            _ => {
                let message =
                    |this: &Self| format!("Cannot return null for non-nullable {}.", this.describe(Some(field)));
                self.report(covered, message);
                Null::Told
            }
        }
    }

    fn list(
        &mut self,
        items: impl Iterator<Item = Value<'s>>,
        (item_type, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        self.out.push(b'[');
        for (index, item) in (0u32..).zip(items) {
            if index > 0 {
                self.out.push(b',');
            }
            let step = ClientStep::Index(index);
            self.path.push(step);
            let covered = self.cover.step(covered, step);
            let written = self.value(item, (item_type, field), covered);
            self.path.pop();
            written?;
        }
        self.out.push(b']');
        Ok(())
    }
}

/// The items of a list's text, as they are come to: text may have many more than are worth keeping.
struct Items<'s> {
    scanner: Scanner<'s>,
    more: bool,
}

impl<'s> Items<'s> {
    fn of(text: &'s [u8]) -> Self {
        let mut scanner = Scanner::resume(text);
        let mut more = scanner.peek() == Ok(Kind::Array);
        if more {
            scanner.enter();
            more = scanner.array_first() == Ok(true);
        }
        Self { scanner, more }
    }
}

impl<'s> Iterator for Items<'s> {
    type Item = Value<'s>;

    fn next(&mut self) -> Option<Value<'s>> {
        if !std::mem::take(&mut self.more) {
            return None;
        }
        let kind = self.scanner.peek().ok()?;
        let span = self.scanner.value(DEPTH_MAX).ok()?;
        let item = Value::Text(kind, self.scanner.slice(span));
        self.more = self.scanner.array_next() == Ok(true);
        Some(item)
    }
}
