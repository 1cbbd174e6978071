//! The errors of one response: gathered, put in order, written.

mod bound;
mod cover;
mod place;
mod possible;
mod report;
mod subgraph;
mod tree;
mod write;

use graphql::json;
use planner::plan::{FetchId, Shape};
use rustc_hash::FxHashSet;

use crate::merge::ConflictKind;
use crate::store::Store;
use bound::keep_some;
use place::settled;

pub use cover::{Cover, Covered};
pub use place::{ClientPath, ClientStep, client_path, last_field};
pub use report::{REPORTED_MAX, Reported, reported};
pub use subgraph::{Fault, Shown};
pub use tree::{Position, Tree};

/// One error.
#[derive(Clone, Debug)]
pub struct Entry<'p> {
    /// For people.
    pub message: String,
    /// Where in the response; `None` if it belongs nowhere in particular.
    pub path: Option<ClientPath<'p>>,
    /// In the order to be written.
    pub extensions: Vec<(String, json::Value)>,
    /// What it speaks of.
    pub subject: Subject,
    /// The fetch that it is about, if it is about one.
    pub fetch: Option<FetchId>,
    /// Which of the fetch's requests told of it, from 1; 0 before any, the last number after all.
    pub call: usize,
}

/// What an error speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A value that a subgraph failed to give. There is nothing to be told where another one has given it.
    Lost,
    /// Answers that contradict each other: whichever came last is the fetch that it is about.
    Conflict(ConflictKind),
    /// Anything else.
    Other,
}

impl<'p> Entry<'p> {
    /// An error with a code.
    pub fn new(code: &str, message: String, path: Option<ClientPath<'p>>) -> Self {
        let extensions = vec![("code".to_owned(), json::Value::String(code.to_owned()))];
        Self { message, path, extensions, subject: Subject::Other, fetch: None, call: usize::MAX }
    }

    /// Whether it speaks of a lost value at the top that is none of the client's: what needed it says so itself.
    fn is_of_none(&self) -> bool {
        self.subject == Subject::Lost && self.path.as_ref().is_some_and(Vec::is_empty)
    }
}

/// The errors of one response.
#[derive(Clone, Debug)]
pub struct Errors<'p> {
    entries: Vec<Entry<'p>>,
    max: usize,
    dropped: usize,
    /// The fetch that is being dealt with, and which of its requests.
    about: Option<(FetchId, usize)>,
    /// Those that turned out to be moot.
    moot: Vec<Entry<'p>>,
}

/// Errors taken out of [`Errors`].
pub struct Drained<'p> {
    /// Those that were kept.
    pub entries: Vec<Entry<'p>>,
    /// Those that were put aside.
    pub moot: Vec<Entry<'p>>,
    /// The number of the others.
    pub dropped: usize,
}

impl<'p> Errors<'p> {
    /// None yet; `max` are told.
    pub fn new(max: usize) -> Self {
        Self { entries: Vec::new(), max: max.max(1), dropped: 0, about: None, moot: Vec::new() }
    }

    /// The one error of a response, or a part of one, that is larger than it may be.
    pub fn too_large(bytes_max: usize) -> Self {
        let mut errors = Self::new(1);
        let message = format!("The response is larger than {bytes_max} bytes.");
        errors.push(Entry::new("RESPONSE_TOO_LARGE", message, None));
        errors
    }

    /// Adds one.
    pub fn push(&mut self, mut entry: Entry<'p>) {
        if let (None, Some((fetch, call))) = (entry.fetch, self.about) {
            (entry.fetch, entry.call) = (Some(fetch), call);
        }
        let entries = if entry.is_of_none() { &mut self.moot } else { &mut self.entries };
        // A path that leads nowhere is none.
        entry.path = entry.path.filter(|path| !path.is_empty());
        entries.push(entry);
        self.dropped = self.dropped.saturating_add(keep_some(entries, self.max));
    }

    /// What is added from now on is about a fetch, and one of its requests.
    pub fn about(&mut self, fetch: FetchId, call: usize) {
        self.about = Some((fetch, call));
    }

    /// Goes by the objects' types as far as they are known by now: errors about what the client doesn't ask of an
    /// object of its type are gone.
    pub fn settle(&mut self, shape: &'p Shape, store: &Store<'_>) {
        self.about = None;
        self.keep_first();
        for mut entry in std::mem::take(&mut self.entries) {
            if let Some(path) = &entry.path {
                let Some(settled) = settled((shape, store), path) else { continue };
                entry.path = Some(settled);
            }
            self.push(entry);
        }
    }

    /// Takes all out, as many as are told in a response, to be filed by where they belong.
    pub fn drain(&mut self) -> Drained<'p> {
        self.tell_first();
        let dropped = std::mem::take(&mut self.dropped);
        Drained { entries: std::mem::take(&mut self.entries), moot: self.take_moot(), dropped }
    }

    /// Counts errors that are not kept.
    pub fn omit(&mut self, count: usize) {
        self.dropped = self.dropped.saturating_add(count);
    }

    /// Adds all of others.
    pub fn append(&mut self, mut others: Self) {
        self.entries.append(&mut others.entries);
        self.omit(others.dropped);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many there are, those not kept included.
    pub fn len(&self) -> usize {
        self.entries.len().saturating_add(self.dropped)
    }

    /// By error: the place that it speaks of.
    pub fn every_path(&self) -> impl Iterator<Item = Option<&ClientPath<'p>>> {
        self.entries.iter().map(|entry| entry.path.as_ref())
    }

    /// Puts those about lost values aside that are moot, by their number.
    pub fn set_aside(&mut self, is_moot: impl Fn(usize) -> bool) {
        let mut numbers = 0..;
        let is_moot = |entry: &mut Entry<'p>| {
            let is_moot = numbers.next().is_some_and(&is_moot);
            is_moot && entry.subject == Subject::Lost
        };
        self.moot.extend(self.entries.extract_if(.., is_moot));
    }

    /// Those that were put aside.
    pub fn moot(&self) -> &[Entry<'p>] {
        &self.moot
    }

    /// Takes those out that were put aside.
    pub fn take_moot(&mut self) -> Vec<Entry<'p>> {
        std::mem::take(&mut self.moot)
    }

    /// The fetches of which one speaks as a whole, at no place in particular.
    pub fn fetches_as_a_whole(&self) -> FxHashSet<FetchId> {
        self.entries.iter().filter(|entry| entry.path.is_none()).filter_map(|entry| entry.fetch).collect()
    }

    /// How many are kept.
    pub fn max(&self) -> usize {
        self.max
    }

    /// Whether there are more already than are kept.
    pub fn is_full(&self) -> bool {
        self.dropped > 0
    }

    /// The places where they speak of some fetches.
    pub fn paths_of(&self, fetches: &FxHashSet<FetchId>) -> impl Iterator<Item = &ClientPath<'p>> {
        let own = self.entries.iter().filter(|entry| entry.fetch.is_some_and(|fetch| fetches.contains(&fetch)));
        own.filter_map(|entry| entry.path.as_ref())
    }

    /// The fetch that is being dealt with.
    pub fn current(&self) -> Option<FetchId> {
        self.about.map(|(fetch, _)| fetch)
    }
}
