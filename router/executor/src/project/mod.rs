//! Writing the response: once, in the client's order, straight from the subgraphs' bytes.
//!
//! Nulls propagate by the supergraph's types, never by a subgraph's looser ones. Every null that is no plain
//! answer has an error, at most one a position, and none where a subgraph reported one at, above or below it.

mod leaf;
mod object;
mod report;
mod value;
mod variant;
mod view;

use federation::Supergraph;
use graphql::json::Kind;
use indexmap::IndexMap;
use planner::plan::Shape;

use crate::errors::{ClientStep, Cover, Covered, Entry, Errors};
use crate::store::{NodeId, Store};
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
        if self.too_large || self.out.len() > self.input.bytes_max {
            return Err(TooLarge);
        }
        let Err(null) = written else { return Ok(Written::Object) };
        self.explain(null, covered);
        self.out.truncate(start);
        self.found.truncate(before);
        self.out.extend_from_slice(b"null");
        Ok(Written::Null)
    }
}
