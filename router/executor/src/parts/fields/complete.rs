//! What becomes of a fragment whose fetches are done: it is delivered, piece by piece, or fails.

use super::lists::{Lists, separate};
use super::{Fields, PieceState};
use crate::errors::Errors;
use crate::parts::Parts;
use crate::parts::place::Home;
use crate::parts::write::{write_errors, write_path};
use crate::project::{TooLarge, View, Written};

impl<'p> Fields<'p> {
    /// Delivers what a fragment brings, or says that it brings nothing.
    pub fn complete(&mut self, index: usize, parts: &mut Parts<'p>, lists: &mut Lists) {
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
        let failed = pieces.iter().filter_map(|piece| match self.pieces.get(*piece)?.state {
            PieceState::Failed(ref why) => Some(why.clone()),
            _ => None,
        });
        let why = failed.reduce(|mut all, more| {
            all.append(more);
            all
        });
        if let Some(why) = why {
            write_completed(id, why, parts, lists);
            return;
        }
        write_completed(id, Errors::new(0), parts, lists);
        for piece in pieces {
            self.deliver(piece, index, parts, lists);
        }
        let room = parts.room(lists.bytes().saturating_add(self.held));
        if self.announce(within, parts.request.plan, (room, &mut lists.pending)) == Err(TooLarge) {
            parts.is_full = true;
        }
    }

    /// Says that a fragment brings nothing, since the response is full.
    pub fn give_up(&mut self, index: usize, parts: &Parts<'p>, lists: &mut Lists) {
        let Some(fragment) = self.fragments.get_mut(index) else { return };
        fragment.is_completed = true;
        if let Some(id) = fragment.id {
            write_completed(id, parts.too_large(), parts, lists);
        }
    }

    /// Writes a piece, once.
    fn write(&mut self, index: usize, parts: &mut Parts<'p>) {
        let Some(piece) = self.pieces.get(index) else { return };
        if !matches!(piece.state, PieceState::Waiting) {
            return;
        }
        let (group, at, plan) = (piece.group, piece.at.clone(), parts.request.plan);
        let blocks = plan.groups.get(group.0 as usize).map(Vec::as_slice).unwrap_or_default();
        let belongs = |home| match home {
            Home::Group(home) => home == group,
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
                Written::Object => {
                    self.held = self.held.saturating_add(data.len());
                    PieceState::Written(data, errors)
                }
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
        self.held = self.held.saturating_sub(data.len());
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

/// Writes that a fragment is completed; with errors it brings nothing.
fn write_completed(id: u32, why: Errors<'_>, parts: &Parts<'_>, lists: &mut Lists) {
    separate(&mut lists.completed);
    lists.completed.extend_from_slice(format!("{{\"id\":\"{id}\"").as_bytes());
    lists.errors += why.len();
    write_errors(why, &parts.request.plan.response, &mut lists.completed);
    lists.completed.push(b'}');
}
