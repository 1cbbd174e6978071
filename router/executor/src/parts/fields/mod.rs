//! The form of 2023: each field is delivered once, with the first of the fragments that it is deferred with.
//!
//! A fragment at an object is *pending* from when the client is told of it until it is completed. What it brings are
//! *pieces*: the fields of one group at one object. A piece that several fragments share is delivered with the first;
//! one that comes to nothing, since a null comes up to its object, fails all fragments that share it.

mod announce;
mod complete;
mod found;
mod lists;

use std::collections::VecDeque;

use planner::QueryPlan;
use planner::plan::{BlockId, GroupId};
use rustc_hash::FxHashMap;

use super::{Parts, has_next};
use crate::errors::{ClientPath, Errors};
use crate::project::{Found, TooLarge};
use lists::{Lists, write_list};

/// The fragments and what they bring.
#[derive(Debug, Default)]
pub struct Fields<'p> {
    fragments: Vec<Fragment<'p>>,
    pieces: Vec<Piece<'p>>,
    by_place: FxHashMap<(BlockId, ClientPath<'p>), usize>,
    /// The length of the paths at which a block begins.
    depths: FxHashMap<BlockId, usize>,
    /// What the client was told to wait for, in that order.
    pending: VecDeque<usize>,
    /// How many fragments the client was told of.
    told: u32,
    /// Bytes of the pieces that are written and not delivered.
    held: usize,
}

/// A fragment at an object.
#[derive(Debug)]
struct Fragment<'p> {
    block: BlockId,
    path: ClientPath<'p>,
    /// What the client knows it by; none before it is told of it.
    id: Option<u32>,
    is_completed: bool,
    pieces: Vec<usize>,
    /// Fragments right within it.
    within: Vec<usize>,
}

/// The fields of a group at an object.
#[derive(Debug)]
struct Piece<'p> {
    group: GroupId,
    at: Found<'p>,
    fragments: Vec<usize>,
    state: PieceState<'p>,
}

#[derive(Debug)]
enum PieceState<'p> {
    Waiting,
    Written(Vec<u8>, Errors<'p>),
    Failed(Errors<'p>),
    Delivered,
}

impl<'p> Fields<'p> {
    /// Those that the first part leaves; the client is told of them in it, in no more bytes than there is room for.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn new(
        found: Vec<Found<'p>>,
        plan: &'p QueryPlan,
        (room, body): (usize, &mut Vec<u8>),
    ) -> Result<Self, TooLarge> {
        let mut fields = Self::default();
        let tops = fields.add(found, GroupId::default(), plan);
        let mut pending = Vec::new();
        fields.announce(tops, plan, (room, &mut pending))?;
        write_list("pending", &pending, body);
        Ok(fields)
    }

    /// Whether any fragment is left.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Bytes that are written and not delivered.
    pub fn held(&self) -> usize {
        self.held
    }

    /// Writes all that is ready, and the number of errors in it. A response that is full ends with it.
    pub fn ready(&mut self, parts: &mut Parts<'p>) -> Option<(Vec<u8>, usize)> {
        let mut lists = Lists::default();
        let mut waiting = VecDeque::new();
        while let Some(index) = self.pending.pop_front() {
            match self.fragments.get(index) {
                Some(fragment) if fragment.is_completed => {}
                Some(fragment) if parts.is_ready(fragment.block) && !parts.is_full => {
                    parts.written(lists.bytes().saturating_add(self.held));
                    self.complete(index, parts, &mut lists);
                }
                Some(_) => waiting.push_back(index),
                None => {}
            }
        }
        if parts.is_full {
            waiting.drain(..).for_each(|index| self.give_up(index, parts, &mut lists));
        }
        self.pending = waiting;
        if lists.completed.is_empty() {
            return None;
        }
        let mut body = b"{".to_vec();
        body.extend_from_slice(has_next(self.is_pending()));
        write_list("pending", &lists.pending, &mut body);
        write_list("incremental", &lists.incremental, &mut body);
        write_list("completed", &lists.completed, &mut body);
        body.push(b'}');
        Some((body, lists.errors))
    }
}
