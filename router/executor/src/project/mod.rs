//! Writing the response: once, in the client's order, straight from the subgraphs' bytes.
//!
//! Nulls propagate by the supergraph's types, never by a subgraph's looser ones. Every null that is no plain
//! answer has an error, at most one a position, and none where a subgraph reported one at, above or below it.

mod leaf;
mod report;
mod variant;
mod view;

use federation::Supergraph;
use federation::supergraph::FieldType;
use graphql::json::{Kind, Scanner};
use indexmap::IndexMap;
use planner::plan::{KeyId, Shape, ShapeField, Source, Variant};

use crate::errors::{ClientStep, Cover, Covered, Entry, Errors};
use crate::store::{Node, NodeId, Object, ObjectType, Reason, Store};
use leaf::write_leaf;
use variant::only;
pub use variant::variant;
pub use view::{Found, View};

/// What is projected, and by what.
#[derive(Clone, Copy, Debug)]
pub struct Input<'s> {
    /// The merged data.
    pub store: &'s Store,
    /// The types.
    pub supergraph: &'s Supergraph,
    /// The introspection answers, by response key.
    pub introspection: &'s IndexMap<String, Vec<u8>>,
    /// The bound of the response.
    pub bytes_max: usize,
}

/// There would be more bytes than allowed; what is written means nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// What is written, and whether it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The object.
    Object,
    /// Null: a fault comes up to here.
    Null,
}

/// Writes the value of `data`: an object, or null where a fault comes up to the top. The objects at which later parts
/// of the response begin are added to those found.
///
/// # Errors
/// [`TooLarge`].
pub fn project<'p>(
    input: Input<'_>,
    (shape, view): (&'p Shape, View),
    errors: &mut Errors<'p>,
    found: &mut Vec<Found<'p>>,
    out: &mut Vec<u8>,
) -> Result<Written, TooLarge> {
    let cover = Cover::new(errors.paths());
    let top = cover.top();
    let mut projector = Projector { input, view, cover, errors, found, out, path: Vec::new(), too_large: false };
    let (start, before) = (projector.out.len(), projector.found.len());
    let written = projector.object(shape, input.store.root(), top, None);
    projector.end((start, before), written, top)
}

/// Writes what a later part has of an object.
///
/// # Errors
/// [`TooLarge`].
pub fn project_later<'p>(
    input: Input<'_>,
    (at, view): (&Found<'p>, View),
    errors: &mut Errors<'p>,
    found: &mut Vec<Found<'p>>,
    out: &mut Vec<u8>,
) -> Result<Written, TooLarge> {
    let cover = Cover::new(errors.paths());
    let covered = at.path.iter().fold(cover.top(), |covered, step| cover.step(covered, *step));
    let mut projector = Projector { input, view, cover, errors, found, out, path: at.path.clone(), too_large: false };
    let (start, before) = (projector.out.len(), projector.found.len());
    let written = match input.store.object(at.node) {
        Some(object) => projector.members(at.variant, object, covered),
        None => Err(Null::TOLD),
    };
    projector.end((start, before), written, covered)
}

/// Nothing was written that may stay: the value is null. The reason has been told, or is what is here: it counts only
/// where nothing else speaks of the null that stays in the response.
struct Null<'p>(Option<Box<Entry<'p>>>);

impl Null<'_> {
    const TOLD: Self = Self(None);
}

/// A value on its way out.
#[derive(Clone, Copy)]
enum Value<'s> {
    Node(NodeId),
    Text(Kind, &'s [u8]),
    Absent,
}

struct Projector<'p, 's> {
    input: Input<'s>,
    view: View,
    cover: Cover<'p>,
    errors: &'s mut Errors<'p>,
    found: &'s mut Vec<Found<'p>>,
    out: &'s mut Vec<u8>,
    path: Vec<ClientStep<'p>>,
    too_large: bool,
}

impl<'p, 's> Projector<'p, 's> {
    /// Leaves null where nothing may stay.
    fn end(
        mut self,
        (start, before): (usize, usize),
        written: Result<(), Null<'p>>,
        covered: Covered,
    ) -> Result<Written, TooLarge> {
        if self.too_large {
            return Err(TooLarge);
        }
        let Err(null) = written else { return Ok(Written::Object) };
        self.explain(null, covered);
        self.out.truncate(start);
        self.found.truncate(before);
        self.out.extend_from_slice(b"null");
        Ok(Written::Null)
    }

    fn object(
        &mut self,
        shape: &'p Shape,
        id: NodeId,
        covered: Covered,
        field: Option<&'p ShapeField>,
    ) -> Result<(), Null<'p>> {
        let store = self.input.store;
        let Some(object) = store.object(id) else {
            self.report(covered, |this| format!("Expected an object for {}.", this.describe(field)));
            return Err(Null::TOLD);
        };
        let Some(variant) = variant(shape, object.ty) else {
            self.report(covered, |this| format!("The type of the object for {} is not known.", this.describe(field)));
            return Err(Null::TOLD);
        };
        if self.view.is_begun_at(variant) {
            self.found.push(Found { node: id, variant, path: self.path.clone() });
        }
        self.members(variant, object, covered)
    }

    fn members(&mut self, variant: &'p Variant, object: &'s Object, covered: Covered) -> Result<(), Null<'p>> {
        let mut separator: &[u8] = b"{\"";
        let view = self.view;
        for (index, field) in variant.fields.iter().enumerate().filter(|(_, field)| view.shows(field)) {
            self.out.extend_from_slice(separator);
            separator = b",\"";
            self.out.extend_from_slice(field.response_key.as_bytes());
            self.out.extend_from_slice(b"\":");
            let step = ClientStep::Key(field);
            self.path.push(step);
            let covered = self.cover.step(covered, step);
            let written = match field.source {
                Source::Data(key) => {
                    let value = self.member(object, key, index);
                    self.value(value, (&field.ty, field), covered)
                }
                Source::Typename => self.typename(object, variant, field, covered),
                Source::Introspection => self.introspection(field, covered),
            };
            self.path.pop();
            written?;
        }
        self.out.extend_from_slice(if separator == b"{\"" { b"{}" } else { b"}" });
        Ok(())
    }

    fn member(&self, object: &Object, key: KeyId, index: usize) -> Value<'s> {
        // Members mostly arrive in the order in which the client asks.
        let found = match object.members.get(index) {
            Some((name, node)) if *name == key => Some(*node),
            _ => object.member(key),
        };
        found.map_or(Value::Absent, Value::Node)
    }

    /// Writes a value of a type; null if it is none and may be.
    fn value(
        &mut self,
        value: Value<'s>,
        (ty, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        let (start, before) = (self.out.len(), self.found.len());
        if start > self.input.bytes_max {
            self.too_large = true;
            return Err(Null::TOLD);
        }
        match self.not_null(value, (ty, field), covered) {
            Err(null) if !ty.is_non_null() && !self.too_large => {
                self.explain(null, covered);
                self.out.truncate(start);
                self.found.truncate(before);
                self.out.extend_from_slice(b"null");
                Ok(())
            }
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
            Value::Absent => {
                self.report(covered, |this| format!("No subgraph answered {}.", this.describe(Some(field))));
                return Err(Null::TOLD);
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
            (Kind::Null, _) => Err(self.null_value(value, (ty, field), covered)),
            (Kind::Array, FieldType::List { item, .. }) if field.selection.is_none() => {
                let items = items(text);
                self.list(items.into_iter(), (item, field), covered)
            }
            (_, FieldType::Named { id, .. }) if field.selection.is_none() => {
                let ty = self.input.supergraph.types.get(id.0 as usize);
                match ty {
                    Some(ty) if write_leaf(ty, kind, text, self.out) => Ok(()),
                    _ => self.wrong(field, covered),
                }
            }
            _ => self.wrong(field, covered),
        }
    }

    /// A null where the type may not allow one. If getting the value failed, an error elsewhere mostly says why.
    fn null_value(
        &mut self,
        value: Value<'s>,
        (ty, field): (&'p FieldType, &'p ShapeField),
        covered: Covered,
    ) -> Null<'p> {
        if !ty.is_non_null() || covered != Covered::No {
            return Null::TOLD;
        }
        let message = format!("Cannot return null for non-nullable {}.", self.describe(Some(field)));
        let failed =
            matches!(value, Value::Node(id) if matches!(self.input.store.node(id), Node::Null(Reason::Failed)));
        if failed {
            return Null(Some(Box::new(self.entry(message))));
        }
        self.report(covered, |_| message.clone());
        Null::TOLD
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

    fn typename(
        &mut self,
        object: &Object,
        variant: &Variant,
        field: &'p ShapeField,
        covered: Covered,
    ) -> Result<(), Null<'p>> {
        let id = match object.ty {
            ObjectType::Known(id) => Some(id),
            ObjectType::NotAsked => only(variant),
            ObjectType::Untold | ObjectType::Invalid => None,
        };
        match id.and_then(|id| self.input.supergraph.types.get(id.0 as usize)) {
            Some(ty) => {
                self.out.push(b'"');
                self.out.extend_from_slice(ty.name.as_bytes());
                self.out.push(b'"');
                Ok(())
            }
            None => {
                self.report(covered, |_| "No subgraph told the object's type.".to_owned());
                self.null(field)
            }
        }
    }

    fn introspection(&mut self, field: &'p ShapeField, covered: Covered) -> Result<(), Null<'p>> {
        match self.input.introspection.get(&field.response_key) {
            Some(text) => {
                self.out.extend_from_slice(text);
                Ok(())
            }
            None => {
                self.report(covered, |_| "Introspection failed.".to_owned());
                self.null(field)
            }
        }
    }

    fn null(&mut self, field: &ShapeField) -> Result<(), Null<'p>> {
        if field.ty.is_non_null() {
            return Err(Null::TOLD);
        }
        self.out.extend_from_slice(b"null");
        Ok(())
    }
}

/// The items of a list's text.
fn items(text: &[u8]) -> Vec<Value<'_>> {
    const DEPTH_MAX: usize = 256;
    let mut items = Vec::new();
    let mut scanner = Scanner::resume(text);
    let mut more = scanner.peek().is_ok_and(|kind| kind == Kind::Array);
    if more {
        scanner.enter();
        more = scanner.array_first().unwrap_or(false);
    }
    while more {
        let (Ok(kind), Ok(span)) = (scanner.peek(), scanner.value(DEPTH_MAX)) else { break };
        items.push(Value::Text(kind, scanner.slice(span)));
        more = scanner.array_next().unwrap_or(false);
    }
    items
}
