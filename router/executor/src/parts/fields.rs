//! The form of 2023: each field is delivered once, with the first of the fragments that it is deferred with.
//!
//! A fragment at an object is *pending* from when the client is told of it until it is completed. What it brings are
//! *pieces*: the fields of one group at one object. A piece that several fragments share is delivered with the first;
//! one that comes to nothing, since a null comes up to its object, fails all fragments that share it.

use std::collections::{BTreeSet, VecDeque};

use planner::QueryPlan;
use planner::plan::{BlockId, GroupId};
use rustc_hash::FxHashMap;

use super::place::{Home, is_below};
use super::write::{write_errors, write_label, write_path};
use super::{Parts, has_next};
use crate::errors::{ClientPath, Errors};
use crate::project::{Found, View, Written};

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

/// The lists of one part, as they are written.
#[derive(Default)]
struct Lists {
    pending: Vec<u8>,
    incremental: Vec<u8>,
    completed: Vec<u8>,
    errors: usize,
}

impl<'p> Fields<'p> {
    /// Those that the first part leaves; the client is told of them in it.
    pub fn new(found: Vec<Found<'p>>, plan: &'p QueryPlan, body: &mut Vec<u8>) -> Self {
        let mut fields = Self::default();
        let tops = fields.add(found, GroupId::default(), plan);
        let mut pending = Vec::new();
        fields.announce(tops, plan, &mut pending);
        write_list("pending", &pending, body);
        fields
    }

    /// Whether any fragment is left.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Adds the fragments and pieces that begin at objects which came with a group. Gives the fragments that are within
    /// no other.
    fn add(&mut self, found: Vec<Found<'p>>, came_with: GroupId, plan: &'p QueryPlan) -> Vec<usize> {
        let mut tops = Vec::new();
        for at in found {
            for &block in &at.variant.begun {
                let index = self.fragments.len();
                let parent = plan.blocks.get(block.0 as usize).and_then(|block| block.parent);
                match parent {
                    None => tops.push(index),
                    Some(parent) => {
                        let around = self.around(parent, &at.path).and_then(|around| self.fragments.get_mut(around));
                        if let Some(around) = around {
                            around.within.push(index);
                        }
                    }
                }
                self.depths.insert(block, at.path.len());
                self.by_place.insert((block, at.path.clone()), index);
                let path = at.path.clone();
                let (pieces, within) = (Vec::new(), Vec::new());
                self.fragments.push(Fragment { block, path, id: None, is_completed: false, pieces, within });
            }
            let deferred = at.variant.fields.iter().filter_map(|field| field.deferred.as_ref());
            let groups: BTreeSet<GroupId> = deferred.map(|deferred| deferred.group).collect();
            for group in groups.into_iter().filter(|group| *group != came_with && *group != GroupId::default()) {
                let blocks = plan.groups.get(group.0 as usize).map(Vec::as_slice).unwrap_or_default();
                let fragments: Vec<usize> = blocks.iter().filter_map(|block| self.around(*block, &at.path)).collect();
                for &fragment in &fragments {
                    if let Some(fragment) = self.fragments.get_mut(fragment) {
                        fragment.pieces.push(self.pieces.len());
                    }
                }
                self.pieces.push(Piece { group, at: at.clone(), fragments, state: PieceState::Waiting });
            }
        }
        tops
    }

    /// The fragment of a block that an object is in.
    fn around(&self, block: BlockId, path: &ClientPath<'p>) -> Option<usize> {
        let above = path.get(..*self.depths.get(&block)?)?;
        self.by_place.get(&(block, above.to_vec())).copied()
    }

    /// Tells the client of fragments; those that bring nothing leave it to the ones within them.
    fn announce(&mut self, fragments: Vec<usize>, plan: &'p QueryPlan, out: &mut Vec<u8>) {
        let mut open = VecDeque::from(fragments);
        while let Some(index) = open.pop_front() {
            let told = self.told;
            let Some(fragment) = self.fragments.get_mut(index) else { continue };
            if fragment.pieces.is_empty() {
                fragment.is_completed = true;
                for within in fragment.within.iter().rev() {
                    open.push_front(*within);
                }
                continue;
            }
            fragment.id = Some(told);
            separate(out);
            out.extend_from_slice(format!("{{\"id\":\"{told}\",\"path\":").as_bytes());
            write_path(&fragment.path, out);
            write_label(plan.blocks.get(fragment.block.0 as usize).and_then(|block| block.label.as_ref()), out);
            out.push(b'}');
            self.pending.push_back(index);
            self.told = told.saturating_add(1);
        }
    }

    /// Writes all that is ready, and the number of errors in it.
    pub fn ready(&mut self, parts: &mut Parts<'p>) -> Option<(Vec<u8>, usize)> {
        let mut lists = Lists::default();
        let mut waiting = VecDeque::new();
        while let Some(index) = self.pending.pop_front() {
            match self.fragments.get(index) {
                Some(fragment) if fragment.is_completed => {}
                Some(fragment) if parts.is_ready(fragment.block) => self.complete(index, parts, &mut lists),
                Some(_) => waiting.push_back(index),
                None => {}
            }
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

    /// Delivers what a fragment brings, or says that it brings nothing.
    fn complete(&mut self, index: usize, parts: &mut Parts<'p>, lists: &mut Lists) {
        let mut next = 0;
        // Pieces are found while others are written.
        while let Some(piece) = self.fragments.get(index).and_then(|fragment| fragment.pieces.get(next)).copied() {
            self.write(piece, parts);
            next += 1;
        }
        let Some(fragment) = self.fragments.get_mut(index) else { return };
        fragment.is_completed = true;
        let (pieces, within) = (fragment.pieces.clone(), fragment.within.clone());
        let Some(id) = fragment.id else { return };
        let failed =
            |piece: &usize| self.pieces.get(*piece).is_some_and(|piece| matches!(piece.state, PieceState::Failed(_)));
        separate(&mut lists.completed);
        lists.completed.extend_from_slice(format!("{{\"id\":\"{id}\"").as_bytes());
        if pieces.iter().any(failed) {
            let mut errors = Errors::new(parts.request.policy.errors_max);
            for piece in pieces {
                if let Some(PieceState::Failed(why)) = self.pieces.get(piece).map(|piece| &piece.state) {
                    errors.append(why.clone());
                }
            }
            lists.errors += errors.len();
            write_errors(errors, &parts.request.plan.response, &mut lists.completed);
        } else {
            for piece in pieces {
                self.deliver(piece, index, parts, lists);
            }
            self.announce(within, parts.request.plan, &mut lists.pending);
        }
        lists.completed.push(b'}');
    }

    /// Writes a piece, once.
    fn write(&mut self, index: usize, parts: &mut Parts<'p>) {
        let Some(piece) = self.pieces.get(index) else { return };
        if !matches!(piece.state, PieceState::Waiting) {
            return;
        }
        let (group, at, plan) = (piece.group, piece.at.clone(), parts.request.plan);
        let blocks = plan.groups.get(group.0 as usize).map(Vec::as_slice).unwrap_or_default();
        let belongs = |entry: &_, home| match home {
            Home::Group(home) => home == group && is_below(entry, &at.path),
            Home::Fetch(fetch) => blocks
                .iter()
                .any(|block| plan.blocks.get(block.0 as usize).is_some_and(|block| block.needs.contains(&fetch))),
            Home::First => false,
        };
        let mut found = Vec::new();
        let (data, written, errors) = parts.write((&at, View::Group(group)), belongs, &mut found);
        self.add(found, group, plan);
        if let Some(piece) = self.pieces.get_mut(index) {
            piece.state = match written {
                Written::Object => PieceState::Written(data, errors),
                Written::Null => PieceState::Failed(errors),
            };
        }
    }

    /// Puts a piece out with the fragment that it is nearest to, unless it is out already.
    fn deliver(&mut self, index: usize, with: usize, parts: &Parts<'p>, lists: &mut Lists) {
        let Some(piece) = self.pieces.get_mut(index) else { return };
        let PieceState::Written(data, errors) = std::mem::replace(&mut piece.state, PieceState::Delivered) else {
            return;
        };
        let known = piece.fragments.iter().filter_map(|&index| {
            let fragment = self.fragments.get(index)?;
            let is_usable = index == with || !fragment.is_completed;
            Some((fragment.path.len(), fragment.id.filter(|_| is_usable)?))
        });
        // The longest path; the first of equally long ones.
        let best = known.reduce(|best, other| if other.0 > best.0 { other } else { best });
        let Some((depth, id)) = best else { return };
        separate(&mut lists.incremental);
        let out = &mut lists.incremental;
        out.extend_from_slice(format!("{{\"id\":\"{id}\",\"data\":").as_bytes());
        out.extend_from_slice(&data);
        if let Some(below) = piece.at.path.get(depth..).filter(|below| !below.is_empty()) {
            out.extend_from_slice(b",\"subPath\":");
            write_path(below, out);
        }
        lists.errors += errors.len();
        write_errors(errors, &parts.request.plan.response, out);
        out.push(b'}');
    }
}

/// Puts a comma after what is there.
fn separate(list: &mut Vec<u8>) {
    if !list.is_empty() {
        list.push(b',');
    }
}

/// Writes `,"name":[…]` unless the list is empty.
fn write_list(name: &str, list: &[u8], out: &mut Vec<u8>) {
    if !list.is_empty() {
        out.extend_from_slice(format!(",\"{name}\":[").as_bytes());
        out.extend_from_slice(list);
        out.push(b']');
    }
}
