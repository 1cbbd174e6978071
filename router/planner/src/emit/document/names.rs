//! The response names of a selection: each stands once, with what it gives.

use federation::supergraph::FieldType;
use graphql::Name;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

/// A field of a selection under its response name.
pub struct Named {
    /// The index of the entry.
    pub entry: usize,
    /// The index of its output.
    pub output: usize,
    /// Its type in the subgraph.
    pub ty: FieldType,
    /// The field with its arguments and what is below, without alias.
    pub call: String,
    /// The same with its alias.
    pub text: String,
}

/// The response names of a selection.
#[derive(Default)]
pub struct Names {
    pub by_name: IndexMap<String, Named>,
    by_key: FxHashMap<Name, Vec<usize>>,
}

impl Names {
    /// What gives values of a key.
    pub fn under<'n>(&'n self, key: &Name) -> impl Iterator<Item = (&'n String, &'n Named)> + use<'n> {
        let indexes = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default();
        indexes.iter().filter_map(|&index| self.by_name.get_index(index))
    }

    /// Adds what a name stands for.
    pub fn push(&mut self, key: &Name, name: String, named: Named) {
        let (index, _) = self.by_name.insert_full(name, named);
        self.by_key.entry(key.clone()).or_default().push(index);
    }

    /// The index of the entry that a name is for.
    pub fn entry(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).map(|named| named.entry)
    }

    /// What is written for a name.
    pub fn text(&self, name: &str) -> &str {
        self.by_name.get(name).map(|named| named.text.as_str()).unwrap_or_default()
    }
}
