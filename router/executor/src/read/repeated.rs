//! Objects that come again, byte by byte, where the plan treats all objects alike: they are kept once.
//!
//! A graph comes as a tree, so what many refer to comes many times. Comparing bytes costs far less than reading them, and
//! what is kept once is looked for, asked for, merged and written once.

use std::ops::Range;

use planner::plan::AlikeId;

use crate::store::NodeId;

/// So many different objects of one selection are remembered.
const REMEMBERED: usize = 4;

/// So many objects are compared in vain, and so many more for each that was not, before one is no longer tried.
const PATIENCE: u32 = 32;
const PATIENCE_A_FIND: u32 = 16;

/// Plans number no more selections of one fetch; whatever is beyond is read each time.
const NUMBERED_MAX: usize = 20_000;

/// What has been read of the answer to one fetch where objects are treated alike.
#[derive(Debug, Default)]
pub struct Repeated {
    /// By number of the selection.
    seen: Vec<Seen>,
    /// How many objects were found to be there already.
    pub found: usize,
}

/// Objects of one selection.
#[derive(Debug)]
struct Seen {
    objects: Vec<Object>,
    /// The one that the next takes the place of.
    oldest: usize,
    patience: u32,
}

/// One that was read.
#[derive(Debug)]
struct Object {
    span: Range<usize>,
    node: NodeId,
    /// How much deeper things might be nested where it was read.
    depth: usize,
}

impl Default for Seen {
    fn default() -> Self {
        Self { objects: Vec::new(), oldest: 0, patience: PATIENCE }
    }
}

impl Repeated {
    /// The object among those remembered for which this is so of the bytes where it stands, if it may be nested as deep as
    /// it was there.
    pub fn find(
        &mut self,
        of: AlikeId,
        depth: usize,
        mut is_same: impl FnMut(&Range<usize>) -> bool,
    ) -> Option<NodeId> {
        let seen = self.seen.get_mut(of.0 as usize).filter(|seen| seen.patience > 0)?;
        match seen.objects.iter().find(|object| object.depth <= depth && is_same(&object.span)) {
            Some(object) => {
                seen.patience = seen.patience.saturating_add(PATIENCE_A_FIND);
                self.found += 1;
                Some(object.node)
            }
            None => {
                seen.patience -= 1;
                None
            }
        }
    }

    /// Remembers an object that was read where things might be nested so deep.
    pub fn keep(&mut self, of: AlikeId, depth: usize, (span, node): (Range<usize>, NodeId)) {
        let index = of.0 as usize;
        if index >= NUMBERED_MAX {
            return;
        }
        if self.seen.len() <= index {
            self.seen.resize_with(index + 1, Seen::default);
        }
        let Some(seen) = self.seen.get_mut(index).filter(|seen| seen.patience > 0) else { return };
        match seen.objects.get_mut(seen.oldest) {
            Some(oldest) => *oldest = Object { span, node, depth },
            None => seen.objects.push(Object { span, node, depth }),
        }
        seen.oldest = (seen.oldest + 1) % REMEMBERED;
    }
}
