//! Where equal objects stay equal: all that a plan does with what one selection brings, it does to all objects there
//! alike.
//!
//! Data that is a graph comes as a tree: the same author with each of his reviews. An executor that finds an object
//! twice, byte by byte, may keep it once if nothing that comes later could make a difference between its places. So
//! nobody else brings anything of such objects along with something above them, and whoever asks for more of them
//! finds them whatever the types above them are.

use rustc_hash::FxHashMap;

use super::{Fetch, FetchKind, KeyId, PathSegment, QueryPlan, Selection, Target};

/// Fields and segments of paths that are looked at; plans of more have no such places.
const STEPS_MAX: usize = 20_000;

/// The number of a [`Selection`] whose objects are treated alike, within its fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AlikeId(pub u32);

impl QueryPlan {
    /// Numbers the selections whose objects are treated alike, by the fetches as they are now. Planning ends with it.
    pub fn find_alike(&mut self) {
        let verdicts = verdicts(&self.fetches).unwrap_or_default();
        let mut verdicts = verdicts.into_iter();
        for fetch in &mut self.fetches {
            let mut ids = (0..).map(AlikeId);
            each_below(&mut fetch.output, &mut |selection| {
                selection.alike = verdicts.next().filter(|is_alike| *is_alike).and_then(|_| ids.next());
            });
        }
    }
}

fn each_below(selection: &mut Selection, visit: &mut impl FnMut(&mut Selection)) {
    for below in selection.fields.iter_mut().filter_map(|field| field.selection.as_mut()) {
        visit(below);
        each_below(below, visit);
    }
}

/// Of each selection below the fetches' outputs, outer before inner: whether its objects are treated alike.
fn verdicts(fetches: &[Fetch]) -> Option<Vec<bool>> {
    let asked = || fetches.iter().flat_map(|fetch| std::iter::once(fetch).chain(&fetch.apart));
    // What entities are given of their ancestors makes a difference between them.
    if asked().any(|fetch| matches!(&fetch.kind, FetchKind::Entities(entities) if !entities.contexts.is_empty())) {
        return None;
    }
    let mut places = Places { all: vec![Place::default()], steps: 0 };
    for fetch in asked() {
        for path in fetch.kind.paths() {
            let at = places.passed_by(path)?;
            places.filled_by(at, &fetch.output)?;
        }
    }
    let mut verdicts = Vec::new();
    for fetch in fetches {
        let only = match fetch.kind.paths() {
            [path] if fetch.apart.is_empty() => Some(path.as_slice()),
            _ => None,
        };
        let at = only.and_then(|path| places.at(path));
        places.judge(&fetch.output, at.zip(only), &mut verdicts);
    }
    Some(verdicts)
}

/// The places of the merged data, whatever the types of objects are.
struct Places<'p> {
    all: Vec<Place<'p>>,
    steps: usize,
}

#[derive(Default)]
struct Place<'p> {
    below: FxHashMap<KeyId, usize>,
    /// How many fields, of any fetch for something above, bring it.
    brought: usize,
    passed: Passed<'p>,
}

/// The fetches for objects at a place, or below it: the beginnings of their paths up to the last condition above it.
#[derive(Default)]
enum Passed<'p> {
    #[default]
    ByNone,
    Under(&'p [PathSegment]),
    UnderSeveral,
}

impl<'p> Places<'p> {
    fn step(&mut self, from: usize, key: KeyId) -> Option<usize> {
        self.steps += 1;
        let (new, place) = (self.all.len(), self.all.get_mut(from)?);
        let below = *place.below.entry(key).or_insert(new);
        if below == new {
            self.all.push(Place::default());
        }
        (self.steps <= STEPS_MAX).then_some(below)
    }

    /// Follows a fetch to where its objects stand.
    fn passed_by(&mut self, path: &'p [PathSegment]) -> Option<usize> {
        let (mut at, mut conditions): (usize, &[PathSegment]) = (0, &[]);
        for (index, segment) in path.iter().enumerate() {
            match segment {
                PathSegment::Type(_) => conditions = path.get(..=index)?,
                PathSegment::Key(key) => {
                    at = self.step(at, *key)?;
                    let passed = &mut self.all.get_mut(at)?.passed;
                    *passed = match passed {
                        Passed::ByNone => Passed::Under(conditions),
                        Passed::Under(others) if *others == conditions => Passed::Under(conditions),
                        Passed::Under(_) | Passed::UnderSeveral => Passed::UnderSeveral,
                    };
                }
            }
        }
        Some(at)
    }

    fn filled_by(&mut self, at: usize, selection: &Selection) -> Option<()> {
        for field in &selection.fields {
            let Target::Key(key) = field.target else { continue };
            let below = self.step(at, key)?;
            self.all.get_mut(below)?.brought += 1;
            if let Some(selection) = &field.selection {
                self.filled_by(below, selection)?;
            }
        }
        Some(())
    }

    fn at(&self, path: &[PathSegment]) -> Option<usize> {
        path.iter().try_fold(0, |at, segment| match segment {
            PathSegment::Key(key) => self.below(at, *key),
            PathSegment::Type(_) => Some(at),
        })
    }

    fn below(&self, at: usize, key: KeyId) -> Option<usize> {
        self.all.get(at)?.below.get(&key).copied()
    }

    /// Judges what is below a selection, for objects at the end of a path, if they are at one alone.
    fn judge(&self, selection: &Selection, at: Option<(usize, &[PathSegment])>, verdicts: &mut Vec<bool>) {
        for field in &selection.fields {
            let Some(below) = &field.selection else { continue };
            let place = match (at, field.target) {
                (Some((at, path)), Target::Key(key)) => self.below(at, key).map(|place| (place, path)),
                _ => None,
            };
            verdicts.push(place.is_some_and(|(place, path)| self.is_alike(place, path)));
            self.judge(below, place, verdicts);
        }
    }

    /// Whether all objects at a place are treated alike that come for objects at the end of a path.
    fn is_alike(&self, place: usize, path: &[PathSegment]) -> bool {
        let is_condition = |segment: &PathSegment| matches!(segment, PathSegment::Type(_));
        let last = path.iter().rposition(is_condition).map_or(0, |last| last + 1);
        self.all.get(place).is_some_and(|place| {
            place.brought == 1
                && match place.passed {
                    Passed::ByNone => true,
                    Passed::Under(conditions) => path.get(..last) == Some(conditions),
                    Passed::UnderSeveral => false,
                }
        })
    }
}
