//! What the client is told to wait for.

use std::collections::VecDeque;

use planner::QueryPlan;

use super::Fields;
use super::lists::separate;
use crate::parts::write::{write_label, write_path};
use crate::project::TooLarge;

impl<'p> Fields<'p> {
    /// Tells the client of fragments, in no more bytes than there is room for; those that bring nothing leave it to the
    /// ones within them.
    ///
    /// # Errors
    /// [`TooLarge`]: not all are told.
    pub fn announce(
        &mut self,
        fragments: Vec<usize>,
        plan: &'p QueryPlan,
        (room, out): (usize, &mut Vec<u8>),
    ) -> Result<(), TooLarge> {
        let mut open = VecDeque::from(fragments);
        while let Some(index) = open.pop_front() {
            if out.len() > room {
                return Err(TooLarge);
            }
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
        Ok(())
    }
}
