//! A response in parts: the first as soon as all is there that isn't deferred, each deferred fragment as soon as its
//! own fetches are done.
//!
//! Two forms are in use among clients, and differ in what makes a part: [`fragments`] delivers whole fragments,
//! [`fields`] each field once. Both write from the same merged data. Every error stands in the part that it is about.

mod fields;
mod filed;
mod first;
mod fragments;
mod later;
mod place;
mod write;

use bytes::Bytes;
use indexmap::IndexMap;

use crate::Request;
use crate::bulk::bulk;
use crate::errors::Errors;
use crate::project::{Budget, Input};
use crate::run::Run;
use fields::Fields;
use filed::Filed;
use fragments::Fragments;
use place::FirstNeeds;

/// How the parts of a response are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Of 2022: `{"incremental":[{"data":…,"path":…,"label":…}],"hasNext":…}`; each fragment whole.
    Fragments,
    /// Of 2023: `{"hasNext":…,"pending":[…],"incremental":[{"id":…,"data":…}],"completed":[…]}`; each field once.
    Fields,
}

/// A part of a response.
#[derive(Clone, Debug)]
pub struct Part {
    /// JSON.
    pub body: Bytes,
    /// The number of errors in it; those left out included.
    pub errors: usize,
    /// Whether others follow.
    pub follows: Follows,
}

/// Whether further parts follow one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Follows {
    More,
    Nothing,
}

/// The parts of a response, as they come.
pub struct Parts<'p> {
    request: Request<'p>,
    run: Run<'p>,
    introspection: IndexMap<String, Vec<u8>>,
    /// Bytes of the parts that are out.
    sent: usize,
    /// Bytes written for parts that are not.
    unsent: usize,
    /// What writing may take besides, in all parts together.
    budget: Budget,
    /// Whether there was more to write than the response may have.
    is_full: bool,
    /// Errors that are still to be told.
    filed: Filed<'p>,
    /// By block: whether all that it needs has come.
    is_ready: Vec<bool>,
    state: State<'p>,
}

enum State<'p> {
    Fresh(Form),
    Fragments(Fragments<'p>),
    Fields(Fields<'p>),
    Ended,
}

impl State<'_> {
    /// Whether anything is still to be delivered.
    fn is_pending(&self) -> bool {
        match self {
            Self::Fragments(fragments) => fragments.is_pending(),
            Self::Fields(fields) => fields.is_pending(),
            Self::Fresh(_) | Self::Ended => false,
        }
    }
}

impl<'p> Parts<'p> {
    /// Starts executing a plan.
    pub fn new(request: Request<'p>, form: Form) -> Self {
        Self {
            run: Run::start_of(request),
            introspection: IndexMap::new(),
            sent: 0,
            unsent: 0,
            budget: Budget::new(request.policy, request.plan.blocks.len()),
            is_full: false,
            filed: Filed::new(FirstNeeds::of(request.plan), request.policy.errors_max),
            is_ready: vec![false; request.plan.blocks.len()],
            state: State::Fresh(form),
            request,
        }
    }

    /// The next part; `None` after the last. What is still under way then that no part needs is given up with this.
    pub async fn next(&mut self) -> Option<Part> {
        if let State::Fresh(form) = self.state {
            let plan = self.request.plan;
            // Where nothing is deferred the first part is all there is.
            while (plan.blocks.is_empty() || !self.run.are_done(&plan.first)) && self.run.step().await {}
            return Some(bulk(self.run.store.bytes(), || self.first(form)));
        }
        loop {
            if matches!(self.state, State::Ended) {
                return None;
            }
            if let Some(part) = bulk(self.run.store.bytes(), || self.later()) {
                return Some(part);
            }
            if !self.run.step().await {
                // Nothing comes any more, so nothing is left to be written; the client is still told of the end.
                self.state = State::Ended;
                return Some(Part {
                    body: Bytes::from_static(b"{\"hasNext\":false}"),
                    errors: 0,
                    follows: Follows::Nothing,
                });
            }
        }
    }

    /// Puts a part out, and keeps what is left for the next.
    fn end(&mut self, (body, errors): (Vec<u8>, usize), state: State<'p>) -> Part {
        self.sent = self.sent.saturating_add(body.len());
        self.unsent = if let State::Fields(fields) = &state { fields.held() } else { 0 };
        let is_pending = state.is_pending();
        self.state = if is_pending { state } else { State::Ended };
        let follows = if is_pending { Follows::More } else { Follows::Nothing };
        Part { body: body.into(), errors, follows }
    }

    /// Bytes that may be written beside so many that aren't out.
    fn room(&self, unsent: usize) -> usize {
        self.request.policy.response_bytes_max.saturating_sub(self.sent).saturating_sub(unsent)
    }

    fn input(&self) -> Input<'_> {
        Input {
            request: self.request,
            store: &self.run.store,
            introspection: &self.introspection,
            bytes_max: self.room(self.unsent),
            budget: &self.budget,
            coming: None,
        }
    }

    fn too_large(&self) -> Errors<'p> {
        Errors::too_large(self.request.policy.response_bytes_max)
    }
}

/// The member by which clients know whether to wait for more.
fn has_next(pending: bool) -> &'static [u8] {
    if pending { b"\"hasNext\":true" } else { b"\"hasNext\":false" }
}
