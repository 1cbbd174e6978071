//! Fragments and pieces that begin at the objects of a part.

use std::collections::BTreeSet;

use planner::QueryPlan;
use planner::plan::{BlockId, GroupId};

use super::{Fields, Fragment, Piece, PieceState};
use crate::errors::ClientPath;
use crate::project::Found;

impl<'p> Fields<'p> {
    /// Adds the fragments and pieces that begin at objects which came with a group. Gives the fragments that are within
    /// no other.
    pub fn add(&mut self, found: Vec<Found<'p>>, came_with: GroupId, plan: &'p QueryPlan) -> Vec<usize> {
        let mut tops = Vec::new();
        for at in found {
            for &block in &at.variant.begun {
                tops.extend(self.add_fragment(block, &at.path, plan));
            }
            let deferred = at.variant.fields.iter().filter_map(|field| field.deferred.as_ref());
            let groups: BTreeSet<GroupId> = deferred.map(|deferred| deferred.group).collect();
            for group in groups.into_iter().filter(|group| *group != came_with && *group != GroupId::default()) {
                self.add_piece(group, &at, plan);
            }
        }
        tops
    }

    /// Adds the fragment of a block at an object; gives it if it is within no other.
    fn add_fragment(&mut self, block: BlockId, path: &ClientPath<'p>, plan: &QueryPlan) -> Option<usize> {
        let index = self.fragments.len();
        let parent = plan.blocks.get(block.0 as usize).and_then(|block| block.parent);
        let around = parent.and_then(|parent| self.around(parent, path));
        if let Some(around) = around.and_then(|around| self.fragments.get_mut(around)) {
            around.within.push(index);
        }
        self.depths.insert(block, path.len());
        self.by_place.insert((block, path.clone()), index);
        let (pieces, within) = (Vec::new(), Vec::new());
        self.fragments.push(Fragment { block, path: path.clone(), id: None, is_completed: false, pieces, within });
        parent.is_none().then_some(index)
    }

    fn add_piece(&mut self, group: GroupId, at: &Found<'p>, plan: &QueryPlan) {
        let blocks = plan.groups.get(group.0 as usize).map(Vec::as_slice).unwrap_or_default();
        let fragments: Vec<usize> = blocks.iter().filter_map(|block| self.around(*block, &at.path)).collect();
        for &fragment in &fragments {
            if let Some(fragment) = self.fragments.get_mut(fragment) {
                fragment.pieces.push(self.pieces.len());
            }
        }
        self.pieces.push(Piece { group, at: at.clone(), fragments, state: PieceState::Waiting });
    }

    /// The fragment of a block that an object is in.
    fn around(&self, block: BlockId, path: &ClientPath<'p>) -> Option<usize> {
        let above = path.get(..*self.depths.get(&block)?)?;
        self.by_place.get(&(block, above.to_vec())).copied()
    }
}
