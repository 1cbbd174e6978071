//! Places in the response: from steps in the merged data to what the client knows.

use planner::plan::{Shape, ShapeField, Source};

use crate::path::Step;

/// A path as clients see it.
pub type ClientPath<'p> = Vec<ClientStep<'p>>;

/// A step of a [`ClientPath`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClientStep<'p> {
    /// A response key.
    Key(&'p str),
    /// A position in a list.
    Index(u32),
}

/// What a path means in the response's shape.
#[derive(Debug, Default)]
pub struct Place<'p> {
    /// What positions are ordered by.
    pub ordinals: Vec<u32>,
    /// Where the last response key stands in the client's text.
    pub locations: &'p [(u32, u32)],
    /// The field of the last response key.
    pub field: Option<&'p ShapeField>,
}

/// The path of a node; it ends where the client's view ends, so that nothing of the planner's own shows.
pub fn client_path<'p>(shape: &'p Shape, steps: &[Step]) -> ClientPath<'p> {
    let mut shape = Some(shape);
    let mut path = Vec::with_capacity(steps.len());
    for step in steps {
        match step {
            Step::Index(index) => path.push(ClientStep::Index(*index)),
            Step::Key(key) => {
                let field = shape.and_then(|shape| find(shape, |field| field.source == Source::Data(*key)));
                let Some((_, field)) = field else { break };
                path.push(ClientStep::Key(&field.response_key));
                shape = field.selection.as_ref();
            }
        }
    }
    path
}

/// Looks a path up.
pub fn place<'p>(shape: &'p Shape, path: &[ClientStep<'_>]) -> Place<'p> {
    let mut shape = Some(shape);
    let mut place = Place::default();
    for step in path {
        match step {
            ClientStep::Index(index) => place.ordinals.push(*index),
            ClientStep::Key(key) => {
                let field = shape.and_then(|shape| find(shape, |field| field.response_key == *key));
                let Some((ordinal, field)) = field else { break };
                place.ordinals.push(ordinal);
                place.locations = &field.locations;
                place.field = Some(field);
                shape = field.selection.as_ref();
            }
        }
    }
    place
}

fn find(shape: &Shape, wanted: impl Fn(&ShapeField) -> bool) -> Option<(u32, &ShapeField)> {
    shape.variants.iter().find_map(|variant| (0u32..).zip(&variant.fields).find(|(_, field)| wanted(field)))
}
