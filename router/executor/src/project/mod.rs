//! Writing the response: once, in the client's order, straight from the subgraphs' bytes.
//!
//! Nulls propagate by the supergraph's types, never by a subgraph's looser ones. Every null that is no plain
//! answer has an error, at most one a position, and none where a subgraph reported one at, above or below it.

mod again;
mod budget;
mod coming;
mod leaf;
mod lost;
mod object;
mod report;
mod value;
mod variant;
mod view;

use graphql::json::Kind;
use indexmap::IndexMap;
use planner::plan::{FetchId, Shape};
use rustc_hash::FxHashSet;

use crate::Request;
use crate::errors::{ClientStep, Cover, Covered, Errors};
use crate::store::{NodeId, Store};
use again::Texts;
pub use budget::Budget;
pub use coming::Coming;
use lost::{AllLost, Lost};
pub use variant::variant;
pub use view::{Found, View};

/// What is projected, and by what.
#[derive(Clone, Copy)]
pub struct Input<'s> {
    /// What is executed.
    pub request: Request<'s>,
    /// The merged data.
    pub store: &'s Store<'s>,
    /// The introspection answers, by [`planner::plan::IntrospectionId::key`].
    pub introspection: &'s IndexMap<String, Vec<u8>>,
    /// The bound of the response.
    pub bytes_max: usize,
    /// What may be written in vain, and the like.
    pub budget: &'s Budget,
    /// Where what is written is only judged: what is still to come. It is as good as there.
    pub coming: Option<&'s Coming<'s>>,
}

/// There would be more bytes than allowed, or more have been written in vain; what is written means nothing.
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
    let mut projector = Projector::new((input, view), errors, found, out);
    let top = projector.cover.top();
    let before = projector.mark();
    let written = projector.object(shape, input.store.root(), top, None);
    projector.end(before, written, top)
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
    let mut projector = Projector::new((input, view), errors, found, out);
    projector.path.clone_from(&at.path);
    let cover = &projector.cover;
    let covered = at.path.iter().fold(cover.top(), |covered, step| cover.step(covered, *step));
    let before = projector.mark();
    let written = match input.store.object(at.node) {
        Some(object) => projector.members(at.variant, object, covered),
        None => Err(Null::Told),
    };
    projector.end(before, written, covered)
}

/// Nothing was written that may stay: the value is null.
enum Null<'p> {
    /// A subgraph says so, and it may be.
    Answered,
    /// An error says why.
    Told,
    /// Getting something failed, and no error speaks of it where it should stand. It is told unless one speaks of the null
    /// that stays in the response.
    Lost(Box<Lost<'p>>),
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
    /// What is to be told yet, in the order of the response.
    lost: AllLost<'p>,
    /// Fetches of which errors speak as a whole.
    spoken_of: FxHashSet<FetchId>,
    path: Vec<ClientStep<'p>>,
    too_large: bool,
    texts: Texts<'p>,
}

/// How much was written before a value.
#[derive(Clone, Copy)]
struct Mark {
    start: usize,
    found: usize,
    /// Those kept, and how many beyond.
    lost: (usize, usize),
}

impl<'p, 's> Projector<'p, 's> {
    fn new(
        (input, view): (Input<'s>, View),
        errors: &'s mut Errors<'p>,
        found: &'s mut Vec<Found<'p>>,
        out: &'s mut Vec<u8>,
    ) -> Self {
        let (cover, spoken_of) = (Cover::new(errors), errors.fetches_as_a_whole());
        let (lost, path, texts) = (AllLost::default(), Vec::new(), Texts::default());
        Self { input, view, cover, errors, found, out, lost, spoken_of, path, too_large: false, texts }
    }

    /// Whether the value at hand may still come.
    fn may_come(&self) -> bool {
        self.input.coming.is_some_and(|coming| coming.brings(&self.path))
    }

    /// Whether the type of the object at hand may still be told.
    fn may_be_told(&self) -> bool {
        self.input.coming.is_some_and(|coming| coming.tells(&self.path))
    }

    fn mark(&self) -> Mark {
        Mark { start: self.out.len(), found: self.found.len(), lost: (self.lost.kept.len(), self.lost.more) }
    }

    /// Leaves null where nothing may stay.
    fn end(mut self, before: Mark, written: Result<(), Null<'p>>, covered: Covered) -> Result<Written, TooLarge> {
        if self.too_large || self.out.len() > self.input.bytes_max {
            return Err(TooLarge);
        }
        let written = match written {
            Ok(()) => Written::Object,
            Err(null) => {
                if self.stays_null(before, null, covered).is_err() {
                    return Err(TooLarge);
                }
                Written::Null
            }
        };
        self.tell_lost();
        Ok(written)
    }
}
