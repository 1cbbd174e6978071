//! Later parts: what the fragments bring whose fetches are done.

use planner::plan::{Block, BlockId};

use super::place::Home;
use super::{Part, Parts, State};
use crate::errors::Errors;
use crate::project::{Found, TooLarge, View, Written, project_later};

impl<'p> Parts<'p> {
    /// What is ready by now, as one part.
    pub(super) fn later(&mut self) -> Option<Part> {
        let blocks = self.request.plan.blocks.iter();
        let is_ready: Vec<bool> = blocks.map(|block| self.run.are_done(&block.needs)).collect();
        if std::mem::replace(&mut self.is_ready, is_ready) == self.is_ready {
            return None;
        }
        self.file_errors();
        let mut state = std::mem::replace(&mut self.state, State::Ended);
        let made = match &mut state {
            State::Fragments(fragments) => fragments.ready(self),
            State::Fields(fields) => fields.ready(self),
            State::Fresh(_) | State::Ended => None,
        };
        if let Some(made) = made {
            return Some(self.end(made, state));
        }
        self.state = state;
        None
    }

    /// Files the errors that came. One at a place that the response doesn't have would be filed where no part looks.
    pub(super) fn file_errors(&mut self) {
        self.run.errors.settle(&self.request.plan.response, &self.run.store);
        self.filed.file(self.run.errors.drain());
    }

    /// Writes what a part has of an object, as JSON; its errors are those that belong to it and those of its data.
    pub(super) fn write(
        &mut self,
        (at, view): (&Found<'p>, View),
        belongs: impl Fn(Home) -> bool,
        found: &mut Vec<Found<'p>>,
    ) -> (Vec<u8>, Written, Errors<'p>) {
        let mut errors = self.filed.take(&at.path, belongs);
        errors.settle(&self.request.plan.response, &self.run.store);
        let mut data = Vec::new();
        let before = found.len();
        let written = project_later(self.input(), (at, view), &mut errors, found, &mut data);
        self.filed.refile(errors.take_moot());
        match written {
            Ok(written) => {
                self.unsent = self.unsent.saturating_add(data.len());
                (data, written, errors)
            }
            Err(TooLarge) => {
                self.is_full = true;
                found.truncate(before);
                (b"null".to_vec(), Written::Null, self.too_large())
            }
        }
    }

    /// A block of the plan.
    pub(super) fn block(&self, id: BlockId) -> Option<&'p Block> {
        self.request.plan.blocks.get(id.0 as usize)
    }

    /// Whether all that a block needs has come.
    pub(super) fn is_ready(&self, id: BlockId) -> bool {
        self.is_ready.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// So many bytes are written and not out.
    pub(super) fn written(&mut self, bytes: usize) {
        self.unsent = bytes;
    }
}
