//! A response in parts: the first as soon as all is there that isn't deferred, each deferred fragment as soon as its
//! own fetches are done.
//!
//! Two forms are in use among clients, and differ in what makes a part: [`fragments`] delivers whole fragments,
//! [`fields`] each field once. Both write from the same merged data. Every error stands in the part that it is about.

mod fields;
mod fragments;
mod place;
mod write;

use bytes::Bytes;
use indexmap::IndexMap;
use planner::plan::{Block, BlockId};

use crate::bulk::bulk;
use crate::errors::{Entry, Errors};
use crate::project::{Found, Input, TooLarge, View, Written, project, project_later};
use crate::run::Run;
use crate::{Request, introspect};
use fields::Fields;
use fragments::Fragments;
use place::{FirstNeeds, Home, home};
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
    /// Bytes that may still be written.
    bytes_left: usize,
    first: FirstNeeds,
    state: State<'p>,
}

enum State<'p> {
    Fresh(Form),
    Fragments(Fragments<'p>),
    Fields(Fields<'p>),
    Ended,
}

impl<'p> Parts<'p> {
    /// Starts executing a plan.
    pub fn new(request: Request<'p>, form: Form) -> Self {
        Self {
            run: Run::start_of(request),
            introspection: IndexMap::new(),
            bytes_left: request.policy.response_bytes_max,
            first: FirstNeeds::of(request.plan),
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
        let first = &self.first;
        self.run.errors.settle(&plan.response, &self.run.store);
        let mut errors = self.run.errors.take(|entry| home(first, entry) == Home::First);
        errors.append(introspected);
        let mut body = b"{\"data\":".to_vec();
        let mut found = Vec::new();
        let written = project(self.input(), (&plan.response, View::First), &mut errors, &mut found, &mut body);
        if written == Err(TooLarge) {
            found.clear();
            errors = self.too_large();
            body = b"{\"data\":null".to_vec();
        }
        let count = errors.len();
        write_errors(errors, &plan.response, &mut body);
        let (pending, state) = match form {
            Form::Fragments => {
                let fragments = Fragments::new(found, self);
                (fragments.is_pending(), State::Fragments(fragments))
            }
            Form::Fields => {
                let fields = Fields::new(found, plan, &mut body);
                (fields.is_pending(), State::Fields(fields))
            }
        };
        self.state = state;
        body.push(b',');
        body.extend_from_slice(has_next(pending));
        body.push(b'}');
        self.end(body, count, pending)
    }

    /// What is ready by now, as one part.
    fn later(&mut self) -> Option<Part> {
        let mut state = std::mem::replace(&mut self.state, State::Ended);
        let made = match &mut state {
            State::Fragments(fragments) => fragments.ready(self),
            State::Fields(fields) => fields.ready(self),
            State::Fresh(_) | State::Ended => None,
        };
        let pending = match &state {
            State::Fragments(fragments) => fragments.is_pending(),
            State::Fields(fields) => fields.is_pending(),
            State::Fresh(_) | State::Ended => false,
        };
        self.state = state;
        made.map(|(body, errors)| self.end(body, errors, pending))
    }

    fn end(&mut self, body: Vec<u8>, errors: usize, pending: bool) -> Part {
        self.bytes_left = self.bytes_left.saturating_sub(body.len());
        if !pending {
            self.state = State::Ended;
        }
        let follows = if pending { Follows::More } else { Follows::Nothing };
        Part { body: body.into(), errors, follows }
    }

    /// Writes what a part has of an object, as JSON; its errors are those that belong to it and those of its data.
    fn write(
        &mut self,
        (at, view): (&Found<'p>, View),
        belongs: impl Fn(&Entry<'p>, Home) -> bool,
        found: &mut Vec<Found<'p>>,
    ) -> (Vec<u8>, Written, Errors<'p>) {
        let (plan, first) = (self.request.plan, &self.first);
        self.run.errors.settle(&plan.response, &self.run.store);
        let mut errors = self.run.errors.take(|entry| belongs(entry, home(first, entry)));
        let mut data = Vec::new();
        let before = found.len();
        match project_later(self.input(), (at, view), &mut errors, found, &mut data) {
            Ok(written) => {
                self.bytes_left = self.bytes_left.saturating_sub(data.len());
                (data, written, errors)
            }
            Err(TooLarge) => {
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
        self.block(id).is_none_or(|block| self.run.are_done(&block.needs))
    }

    fn input(&self) -> Input<'_> {
        Input {
            store: &self.run.store,
            supergraph: self.request.supergraph,
            introspection: &self.introspection,
            bytes_max: self.bytes_left,
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
