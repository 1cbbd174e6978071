//! Places in the response: from steps in the merged data to what the client knows.
//!
//! A fetch may bring more than the client asks of an object: what it asks of objects of other types, too. No client is
//! to be told of a response key that the object at hand doesn't have.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use planner::plan::{KeyId, Shape, ShapeField, Source};
use rustc_hash::FxHashSet;

use super::possible::possible;
use crate::path::Step;
use crate::project::variant;
use crate::store::{Object, Store};

/// A path as clients see it.
pub type ClientPath<'p> = Vec<ClientStep<'p>>;

/// A step of a [`ClientPath`].
#[derive(Clone, Copy, Debug)]
pub enum ClientStep<'p> {
    /// A response key.
    Key(&'p ShapeField),
    /// A position in a list.
    Index(u32),
}

/// The same response key of the same data is the same step, whichever types it is asked for.
impl PartialEq for ClientStep<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Key(one), Self::Key(other)) => one.source == other.source && one.response_key == other.response_key,
            (Self::Index(one), Self::Index(other)) => one == other,
            _ => false,
        }
    }
}

impl Eq for ClientStep<'_> {}

impl Hash for ClientStep<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::Key(field) => (&field.response_key, field.source).hash(state),
            Self::Index(index) => index.hash(state),
        }
    }
}

/// The path of a node; it ends where the client's view ends, so that nothing of the planner's own shows.
///
/// `None` if it leads to what the client asks for objects of other types alone.
pub fn client_path<'p>((shape, store): (&'p Shape, &Store<'_>), steps: &[Step]) -> Option<ClientPath<'p>> {
    let (top, mut node) = (shape, Some(store.root()));
    // More than one where an object's type isn't known.
    let mut shapes = vec![shape];
    let mut path = Vec::with_capacity(steps.len());
    for (number, step) in steps.iter().enumerate() {
        match step {
            Step::Index(index) => path.push(ClientStep::Index(*index)),
            Step::Key(key) => {
                let object = node.and_then(|node| store.object(node));
                let fields: Vec<&ShapeField> = shapes.iter().flat_map(|shape| asked(shape, object, *key)).collect();
                let Some(first) = fields.first() else {
                    let so_far = steps.get(..=number).unwrap_or(steps);
                    return (!is_asked(top, so_far)).then_some(path);
                };
                path.push(ClientStep::Key(first));
                shapes = below_all(fields);
            }
        }
        node = node.and_then(|node| store.below(node, *step));
    }
    Some(path)
}

/// A path of ours, made when the types of objects on it may not have been known yet, as far as the response has it.
pub fn settled<'p>(at: (&'p Shape, &Store<'_>), path: &[ClientStep<'_>]) -> Option<ClientPath<'p>> {
    let steps = path.iter().map_while(|step| match step {
        ClientStep::Index(index) => Some(Step::Index(*index)),
        ClientStep::Key(ShapeField { source: Source::Data(key), .. }) => Some(Step::Key(*key)),
        ClientStep::Key(_) => None,
    });
    let mut path = client_path(at, &steps.collect::<Vec<_>>())?;
    path.truncate(possible(at.1, &path).len());
    Some(path)
}

/// What positions are ordered by.
pub fn ordinals(shape: &Shape, path: &[ClientStep<'_>]) -> Vec<u32> {
    let mut shape = Some(shape);
    let mut ordinals = Vec::with_capacity(path.len());
    for step in path {
        match step {
            ClientStep::Index(index) => ordinals.push(*index),
            ClientStep::Key(field) => {
                let variants = shape.map(|shape| shape.variants.as_slice()).unwrap_or_default();
                let mut fields = variants.iter().flat_map(|variant| (0u32..).zip(&variant.fields));
                ordinals.extend(fields.find(|(_, other)| std::ptr::eq(*other, *field)).map(|(ordinal, _)| ordinal));
                shape = field.selection.as_deref();
            }
        }
    }
    ordinals
}

/// The field of the last response key.
pub fn last_field<'p>(path: &[ClientStep<'p>]) -> Option<&'p ShapeField> {
    path.iter().rev().find_map(|step| match step {
        ClientStep::Key(field) => Some(*field),
        ClientStep::Index(_) => None,
    })
}

/// What the client asks of an object under a key; of any object if its type isn't known.
fn asked<'p>(shape: &'p Shape, object: Option<&Object>, key: KeyId) -> impl Iterator<Item = &'p ShapeField> {
    let own = object.and_then(|object| variant(shape, object.ty));
    let variants = own.map_or(shape.variants.as_slice(), std::slice::from_ref);
    variants.iter().filter_map(move |variant| variant.fields.iter().find(|field| field.source == Source::Data(key)))
}

/// Whether the client asks for what is at the end of some steps, of objects of whatever type.
fn is_asked(shape: &Shape, steps: &[Step]) -> bool {
    let mut shapes = vec![shape];
    let mut keys = steps.iter().filter_map(|step| match step {
        Step::Key(key) => Some(*key),
        Step::Index(_) => None,
    });
    let Some(mut key) = keys.next() else { return true };
    loop {
        let fields: Vec<&ShapeField> = shapes.iter().flat_map(|shape| asked(shape, None, key)).collect();
        if fields.is_empty() {
            return false;
        }
        match keys.next() {
            None => return true,
            Some(next) => (shapes, key) = (below_all(fields), next),
        }
    }
}

/// What is answered below some fields: once what several of them have in common.
fn below_all(fields: Vec<&ShapeField>) -> Vec<&Shape> {
    let mut seen = FxHashSet::default();
    let shapes = fields.into_iter().filter_map(|field| field.selection.as_ref());
    shapes.filter(|shape| seen.insert(Arc::as_ptr(shape))).map(|shape| &**shape).collect()
}
