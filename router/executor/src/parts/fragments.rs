//! The form of 2022: each deferred fragment at each object is delivered whole, what another part brought included.

use std::collections::VecDeque;

use planner::plan::BlockId;

use super::place::Home;
use super::write::{write_errors, write_label, write_path};
use super::{Parts, has_next};
use crate::project::{Found, View, Written};

/// The fragments that are still to be delivered.
#[derive(Debug, Default)]
pub struct Fragments<'p> {
    pending: VecDeque<(BlockId, Found<'p>)>,
}

impl<'p> Fragments<'p> {
    /// Those that the first part leaves.
    pub fn new(found: Vec<Found<'p>>, parts: &Parts<'p>) -> Self {
        let mut fragments = Self::default();
        fragments.add(found, None, parts);
        fragments
    }

    /// Whether any is left.
    pub fn is_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Adds the fragments that begin at objects, right within a block.
    fn add(&mut self, found: Vec<Found<'p>>, within: Option<BlockId>, parts: &Parts<'p>) {
        for at in found {
            for &id in &at.variant.begun {
                // One that asks for nothing of such an object has nothing to bring.
                if asks(&at, id) && parent(&at, id, parts) == within {
                    self.pending.push_back((id, at.clone()));
                }
            }
        }
    }

    /// Writes all that is ready, and the number of errors in it. A response that is full ends with it.
    pub fn ready(&mut self, parts: &mut Parts<'p>) -> Option<(Vec<u8>, usize)> {
        let mut body = b"{\"incremental\":[".to_vec();
        let (mut count, mut is_empty) = (0, true);
        let mut waiting = VecDeque::new();
        while let Some((id, at)) = self.pending.pop_front() {
            if !parts.is_ready(id) {
                waiting.push_back((id, at));
                continue;
            }
            if !std::mem::replace(&mut is_empty, false) {
                body.push(b',');
            }
            parts.written(body.len());
            count += self.deliver(id, &at, parts, &mut body);
            if parts.is_full {
                self.pending.clear();
                waiting.clear();
            }
        }
        self.pending = waiting;
        body.extend_from_slice(b"],");
        body.extend_from_slice(has_next(self.is_pending()));
        body.push(b'}');
        (!is_empty).then_some((body, count))
    }

    fn deliver(&mut self, id: BlockId, at: &Found<'p>, parts: &mut Parts<'p>, body: &mut Vec<u8>) -> usize {
        let Some(block) = parts.block(id) else { return 0 };
        let plan = parts.request.plan;
        let mut found = Vec::new();
        let belongs = |home| match home {
            Home::Group(group) => plan.groups.get(group.0 as usize).is_some_and(|group| group.contains(&id)),
            Home::Fetch(fetch) => block.needs.contains(&fetch),
            Home::First => false,
        };
        let (data, written, errors) = parts.write((at, View::Block(id)), belongs, &mut found);
        let count = errors.len();
        body.extend_from_slice(b"{\"data\":");
        body.extend_from_slice(&data);
        body.extend_from_slice(b",\"path\":");
        write_path(&at.path, body);
        write_label(block.label.as_ref(), body);
        write_errors(errors, &plan.response, body);
        body.push(b'}');
        if written == Written::Object {
            // Fragments within this one may begin at this very object.
            found.insert(0, at.clone());
        }
        self.add(found, Some(id), parts);
        count
    }
}

/// Whether a block asks for anything of an object.
fn asks(at: &Found<'_>, id: BlockId) -> bool {
    at.variant.fields.iter().any(|field| View::Block(id).shows(field))
}

/// The block around a block, but for those that have nothing but other blocks in them.
fn parent(at: &Found<'_>, id: BlockId, parts: &Parts<'_>) -> Option<BlockId> {
    let mut parent = parts.block(id)?.parent;
    while let Some(id) = parent
        && at.variant.begun.contains(&id)
        && !asks(at, id)
    {
        parent = parts.block(id)?.parent;
    }
    parent
}
