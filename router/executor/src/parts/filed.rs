//! The errors that no part has told yet, filed by where they stand, so that each part finds its own without looking at
//! all the others.

use super::place::{FirstNeeds, Home, home};
use crate::errors::{ClientStep, Drained, Entry, Errors, Position, Tree};

/// See the module. Errors without a path stand at the response's top.
#[derive(Debug)]
pub struct Filed<'p> {
    first: FirstNeeds,
    /// Errors kept of one part.
    max: usize,
    tree: Tree<'p, Vec<(Home, Entry<'p>)>>,
    /// How many were not kept, of any part.
    dropped: usize,
}

impl<'p> Filed<'p> {
    /// With none filed yet.
    pub fn new(first: FirstNeeds, max: usize) -> Self {
        Self { first, max, tree: Tree::default(), dropped: 0 }
    }

    /// Files errors.
    pub fn file(&mut self, drained: Drained<'p>) {
        self.dropped = self.dropped.saturating_add(drained.dropped);
        self.refile(drained.moot);
        for entry in drained.entries {
            let home = home(&self.first, &entry);
            // What belongs to a fetch is told with the first part that needs it, wherever that part stands.
            let path = match home {
                Home::Group(_) => entry.path.as_deref().unwrap_or_default(),
                Home::First | Home::Fetch(_) => &[],
            };
            let at = self.tree.position(path);
            if let Some(entries) = self.tree.at_mut(at) {
                entries.push((home, entry));
            }
        }
    }

    /// Files errors that were moot in a part: others may need their fetches.
    pub fn refile(&mut self, moot: Vec<Entry<'p>>) {
        let Some(top) = self.tree.at_mut(0) else { return };
        top.extend(moot.into_iter().filter_map(|entry| Some((Home::Fetch(entry.fetch?), entry))));
    }

    /// Takes those out that belong to a part which begins at an object, and the number of those not kept.
    pub fn take(&mut self, object: &[ClientStep<'p>], belongs: impl Fn(Home) -> bool) -> Errors<'p> {
        let mut taken = Errors::new(self.max);
        taken.omit(std::mem::take(&mut self.dropped));
        self.take_at(0, &belongs, &mut taken);
        let top = object.iter().try_fold(0, |at, step| self.tree.step(at, *step));
        let mut open: Vec<Position> = top.into_iter().collect();
        while let Some(at) = open.pop() {
            self.take_at(at, &belongs, &mut taken);
            open.extend(self.tree.below(at));
        }
        taken
    }

    fn take_at(&mut self, at: Position, belongs: &impl Fn(Home) -> bool, taken: &mut Errors<'p>) {
        let Some(entries) = self.tree.at_mut(at) else { return };
        for (_, entry) in entries.extract_if(.., |(home, _)| belongs(*home)) {
            taken.push(entry);
        }
    }
}
