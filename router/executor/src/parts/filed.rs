//! The errors that no part has told yet, filed by where they stand, so that each part finds its own without looking at
//! all the others.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::place::{FirstNeeds, Home, home};
use crate::errors::{ClientStep, Drained, Entry, Errors};

/// See the module: a tree by the steps of paths. Errors without a path stand at its top.
#[derive(Debug)]
pub struct Filed<'p> {
    first: FirstNeeds,
    /// Errors kept of one part.
    max: usize,
    nodes: Vec<FiledAt<'p>>,
    /// How many were not kept, of any part.
    dropped: usize,
}

#[derive(Debug, Default)]
struct FiledAt<'p> {
    entries: Vec<(Home, Entry<'p>)>,
    children: IndexMap<ClientStep<'p>, usize, FxBuildHasher>,
}

impl<'p> Filed<'p> {
    /// With none filed yet.
    pub fn new(first: FirstNeeds, max: usize) -> Self {
        Self { first, max, nodes: vec![FiledAt::default()], dropped: 0 }
    }

    /// Files errors.
    pub fn file(&mut self, drained: Drained<'p>) {
        self.dropped = self.dropped.saturating_add(drained.dropped);
        for entry in drained.entries {
            let home = home(&self.first, &entry);
            // What belongs to a fetch is told with the first part that needs it, wherever that part stands.
            let path = match home {
                Home::Group(_) => entry.path.as_deref().unwrap_or_default(),
                Home::First | Home::Fetch(_) => &[],
            };
            let at = path.iter().fold(0, |at, step| self.child(at, *step));
            if let Some(node) = self.nodes.get_mut(at) {
                node.entries.push((home, entry));
            }
        }
    }

    /// Files errors that were moot in a part: others may need their fetches.
    pub fn refile(&mut self, moot: Vec<Entry<'p>>) {
        let Some(top) = self.nodes.first_mut() else { return };
        top.entries.extend(moot.into_iter().filter_map(|entry| Some((Home::Fetch(entry.fetch?), entry))));
    }

    /// Takes those out that belong to a part which begins at an object, and the number of those not kept.
    pub fn take(&mut self, object: &[ClientStep<'p>], belongs: impl Fn(Home) -> bool) -> Errors<'p> {
        let mut taken = Errors::new(self.max);
        taken.omit(std::mem::take(&mut self.dropped));
        self.take_at(0, &belongs, &mut taken);
        let mut top = 0;
        for step in object {
            let child = self.nodes.get(top).and_then(|node| node.children.get(step));
            let Some(child) = child else { return taken };
            top = *child;
        }
        let mut open = vec![top];
        while let Some(at) = open.pop() {
            self.take_at(at, &belongs, &mut taken);
            open.extend(self.nodes.get(at).into_iter().flat_map(|node| node.children.values()));
        }
        taken
    }

    fn take_at(&mut self, at: usize, belongs: &impl Fn(Home) -> bool, taken: &mut Errors<'p>) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        for (_, entry) in node.entries.extract_if(.., |(home, _)| belongs(*home)) {
            taken.push(entry);
        }
    }

    fn child(&mut self, at: usize, step: ClientStep<'p>) -> usize {
        if let Some(child) = self.nodes.get(at).and_then(|node| node.children.get(&step)) {
            return *child;
        }
        let child = self.nodes.len();
        self.nodes.push(FiledAt::default());
        if let Some(node) = self.nodes.get_mut(at) {
            node.children.insert(step, child);
        }
        child
    }
}
