//! A response in parts: the first as soon as all is there that isn't deferred, each deferred fragment as soon as its
//! own fetches are done.
//!
//! Two forms are in use among clients, and differ in what makes a part: [`fragments`] delivers whole fragments,
//! [`fields`] each field once. Both write from the same merged data. Every error stands in the part that it is about.

mod fields;
mod filed;
mod fragments;
mod place;
mod write;

use bytes::Bytes;
use indexmap::IndexMap;
use planner::plan::{Block, BlockId};

use crate::bulk::bulk;
use crate::errors::Errors;
use crate::project::{Found, Input, TooLarge, View, Written, project, project_later};
use crate::run::Run;
use crate::{Request, introspect};
use fields::Fields;
use filed::Filed;
use fragments::Fragments;
use place::{FirstNeeds, Home};
use write::write_errors;

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

    fn first(&mut self, form: Form) -> Part {
        let plan = self.request.plan;
        let mut introspected = Errors::new(self.request.policy.errors_max);
        let Request { supergraph, variables, .. } = self.request;
        self.introspection = introspect(plan, supergraph, variables, &mut introspected);
        self.filed.file(self.run.errors.drain());
        let mut errors = self.filed.take(&[], |home| home == Home::First);
        errors.settle(&plan.response, &self.run.store);
        errors.append(introspected);
        let mut body = b"{\"data\":".to_vec();
        let mut found = Vec::new();
        let written = project(self.input(), (&plan.response, View::First), &mut errors, &mut found, &mut body);
        if written == Err(TooLarge) {
            found.clear();
            errors = self.too_large();
            body = b"{\"data\":null".to_vec();
        }
        let mut pending = Vec::new();
        let state = match form {
            Form::Fragments => State::Fragments(Fragments::new(found, self)),
            Form::Fields => match Fields::new(found, plan, (self.room(body.len()), &mut pending)) {
                Ok(fields) => State::Fields(fields),
                Err(TooLarge) => {
                    errors = self.too_large();
                    body = b"{\"data\":null".to_vec();
                    pending.clear();
                    State::Ended
                }
            },
        };
        let count = errors.len();
        write_errors(errors, &plan.response, &mut body);
        body.extend_from_slice(&pending);
        body.push(b',');
        body.extend_from_slice(has_next(state.is_pending()));
        body.push(b'}');
        self.end((body, count), state)
    }

    /// What is ready by now, as one part.
    fn later(&mut self) -> Option<Part> {
        let blocks = self.request.plan.blocks.iter();
        let is_ready: Vec<bool> = blocks.map(|block| self.run.are_done(&block.needs)).collect();
        if std::mem::replace(&mut self.is_ready, is_ready) == self.is_ready {
            return None;
        }
        self.filed.file(self.run.errors.drain());
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

    fn end(&mut self, (body, errors): (Vec<u8>, usize), state: State<'p>) -> Part {
        self.sent = self.sent.saturating_add(body.len());
        self.unsent = if let State::Fields(fields) = &state { fields.held() } else { 0 };
        let is_pending = state.is_pending();
        self.state = if is_pending { state } else { State::Ended };
        let follows = if is_pending { Follows::More } else { Follows::Nothing };
        Part { body: body.into(), errors, follows }
    }

    /// Writes what a part has of an object, as JSON; its errors are those that belong to it and those of its data.
    fn write(
        &mut self,
        (at, view): (&Found<'p>, View),
        belongs: impl Fn(Home) -> bool,
        found: &mut Vec<Found<'p>>,
    ) -> (Vec<u8>, Written, Errors<'p>) {
        let mut errors = self.filed.take(&at.path, belongs);
        errors.settle(&self.request.plan.response, &self.run.store);
        let mut data = Vec::new();
        let before = found.len();
        match project_later(self.input(), (at, view), &mut errors, found, &mut data) {
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

    fn block(&self, id: BlockId) -> Option<&'p Block> {
        self.request.plan.blocks.get(id.0 as usize)
    }

    /// Whether all that a block needs has come.
    fn is_ready(&self, id: BlockId) -> bool {
        self.is_ready.get(id.0 as usize).copied().unwrap_or(true)
    }

    /// So many bytes are written and not out.
    fn written(&mut self, bytes: usize) {
        self.unsent = bytes;
    }

    /// Bytes that may be written beside so many that aren't out.
    fn room(&self, unsent: usize) -> usize {
        self.request.policy.response_bytes_max.saturating_sub(self.sent).saturating_sub(unsent)
    }

    fn input(&self) -> Input<'_> {
        Input {
            store: &self.run.store,
            supergraph: self.request.supergraph,
            introspection: &self.introspection,
            bytes_max: self.room(self.unsent),
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
