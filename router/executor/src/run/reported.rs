//! Errors that a subgraph reports, told at the positions that they are about.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use bytes::Bytes;
use planner::plan::Fetch;

use super::place_in_answer::{PlaceInAnswer, place_in_answer};
use super::positions::{Affected, is_top};
use super::{Call, Run};
use crate::errors::{ClientPath, Entry, Fault, Reported, Shown, Subject, last_field, reported};
use crate::fill::{fail_on_the_way, fill};
use crate::null::Reason;
use crate::store::NodeId;

/// Bytes of reported errors that are logged: clients may see less of them, operators see what fits a line.
const LOGGED_BYTES_MAX: usize = 2_000;

/// What came along with the errors of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// No data at all.
    Nothing,
    /// Data.
    Data,
}

/// An error and what it speaks of.
pub struct ReportedAt {
    error: Reported,
    /// Where in the answer; `None` if nowhere in particular.
    place: Option<PlaceInAnswer>,
    subject: Subject,
}

impl<'p> Run<'p> {
    /// Reads the errors that a subgraph reports, and logs them.
    pub fn read_errors(&self, call: &Call, fetch: &'p Fetch, bytes: &Bytes, span: Range<usize>) -> Vec<ReportedAt> {
        let request = self.request;
        let text = bytes.get(span).unwrap_or_default();
        let name = request.supergraph.subgraphs.get(usize::from(fetch.subgraph.0)).map_or("", |info| &info.name);
        let shown = text.get(..LOGGED_BYTES_MAX).unwrap_or(text);
        let trace_id = &*request.context.trace_id;
        tracing::info!(subgraph = name, trace_id, errors = %String::from_utf8_lossy(shown), "the subgraph reports errors");
        let errors = reported(Shown::new(request.supergraph, fetch.subgraph, request.policy), text).into_iter();
        let with_place = errors.map(|error| {
            let place = error.path.as_deref().and_then(|path| place_in_answer(call, fetch, path));
            ReportedAt { error, place, subject: Subject::Lost }
        });
        with_place.collect()
    }

    /// Nulls of which the errors speak have failed. Errors that speak of something that is there are about that.
    pub fn mark(&mut self, call: &Call, fetch: &'p Fetch, objects: &[NodeId], errors: &mut [ReportedAt]) {
        let failed = Reason::Failed(call.fetch);
        if errors.iter().any(|error| error.place.is_none()) {
            // It may speak of any null that came.
            for object in objects {
                let _ = fill(&mut self.store, *object, &fetch.output, failed);
            }
        }
        let mut whole = BTreeSet::new();
        for ReportedAt { place, subject, .. } in errors {
            *subject = Subject::Other;
            let Some((number, rest)) = place else { continue };
            let Some(object) = objects.get(*number) else { continue };
            if fail_on_the_way(&mut self.store, *object, rest, failed) {
                *subject = Subject::Lost;
            } else if rest.is_empty() {
                whole.insert(*object);
            }
        }
        for object in whole {
            let _ = fill(&mut self.store, object, &fetch.output, failed);
        }
    }

    /// Passes on the errors that a subgraph reports.
    pub fn report(&mut self, call: &Call, fetch: &'p Fetch, errors: Vec<ReportedAt>, came: Came) {
        let numbers = errors.iter().filter_map(|error| error.place.as_ref().map(|(number, _)| *number));
        let affected = self.affected(call, fetch, &numbers.collect());
        // The same for all that speak of no object, or of one that stands at more places than are told.
        let above = LazyCell::new(|| self.ancestors(fetch, &call.objects()));
        // A root fetch that brought nothing at all: each of its fields has failed.
        let mut failed = match came {
            Came::Nothing if is_top(fetch) => self.failed_at(fetch, &[]),
            Came::Nothing | Came::Data => Vec::new(),
        };
        let mut paths_of = |place: &Option<PlaceInAnswer>| -> Vec<Option<ClientPath<'p>>> {
            match place {
                Some((number, rest)) => {
                    let Some(affected) = affected.get(number) else { return Vec::new() };
                    let others = if affected.more { above.as_slice() } else { &[] };
                    self.paths_below(affected, rest).chain(others.iter().cloned()).map(Some).collect()
                }
                None if !is_top(fetch) => above.iter().cloned().map(Some).collect(),
                None if failed.is_empty() => vec![None],
                None => failed.drain(..).map(Some).collect(),
            }
        };
        let paths: Vec<_> = errors.iter().map(|error| paths_of(&error.place)).collect();
        for (ReportedAt { error, subject, .. }, paths) in errors.into_iter().zip(paths) {
            for path in paths {
                let (message, extensions) = (error.message.clone(), error.extensions.clone());
                self.errors.push(Entry { message, path, extensions, subject, fetch: None, call: usize::MAX });
            }
        }
        if came == Came::Nothing {
            self.tell_the_others(call, fetch, &affected);
        }
    }

    /// Where an answer has no data because of errors elsewhere in it: says so at each position that none of them is at.
    fn tell_the_others(&mut self, call: &Call, fetch: &'p Fetch, affected: &BTreeMap<usize, Affected>) {
        let request = self.request;
        let shown = Shown::new(request.supergraph, fetch.subgraph, request.policy);
        let entry = |path: ClientPath<'p>, more: usize| shown.entry(Fault::NoData, path, more);
        if !is_top(fetch) {
            let others = call.positions.iter().filter(|(_, number)| !affected.contains_key(number));
            let others: Vec<NodeId> = others.map(|(node, _)| *node).collect();
            self.tell_positions(fetch, &others, entry);
            return;
        }
        let causes = self.causes();
        for path in self.failed_at(fetch, &[]) {
            // Where null may not be, all of the response is null, and one of the errors says why.
            let stays = last_field(&path).is_some_and(|field| !field.ty.is_non_null());
            let told = self.errors.paths_of(&causes).any(|other| other.starts_with(&path) || path.starts_with(other));
            if stays && !told {
                self.errors.push(entry(path, 0));
            }
        }
    }
}
