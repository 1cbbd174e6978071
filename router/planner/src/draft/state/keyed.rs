//! Lists of values and of selected fields that are found by their key: operations may have thousands in one place. They
//! are changed through the state alone, so that a try can be taken back.

use federation::TypeId;
use graphql::Name;
use rustc_hash::FxHashMap;

use super::{Entry, Owner, Value};
use crate::operation::Call;

/// The values of a place.
#[derive(Clone, Debug, Default)]
pub struct Values {
    list: Vec<Value>,
    by_key: FxHashMap<Name, Vec<usize>>,
    by_call: FxHashMap<Call, Vec<usize>>,
}

impl Values {
    /// The value of a call that an object of a type has, under this key. Without a key: under the planner's own or,
    /// for a leaf, under any.
    pub fn find<'a>(&'a self, call: &Call, key: Option<&Name>, ty: TypeId) -> Option<&'a Value> {
        let values = self.indexes(call, key).iter().filter_map(|&index| self.list.get(index));
        let mut values = values.filter(|value| value.call == *call && (key.is_some() || value.is_free()));
        values.find(|value| value.producer(ty).is_some())
    }

    /// The values of a call under this key, or those that a want without a key may use, with their indexes.
    pub fn candidates<'a>(&'a self, call: &'a Call, key: Option<&Name>) -> Vec<(usize, &'a Value)> {
        let values = self.indexes(call, key).iter().filter_map(|&index| Some((index, self.list.get(index)?)));
        values.filter(|(_, value)| value.call == *call && (key.is_some() || value.is_free())).collect()
    }

    fn indexes<'a>(&'a self, call: &Call, key: Option<&Name>) -> &'a [usize] {
        let indexes = match key {
            Some(key) => self.by_key.get(key),
            None => self.by_call.get(call),
        };
        indexes.map(Vec::as_slice).unwrap_or_default()
    }

    /// The values under a key.
    pub fn under<'a>(&'a self, key: &Name) -> impl Iterator<Item = &'a Value> + use<'a> {
        let indexes = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default().iter();
        indexes.filter_map(|&index| self.list.get(index))
    }

    /// Adds a value, and gives its index.
    pub(super) fn push(&mut self, value: Value) -> usize {
        let index = self.list.len();
        self.by_key.entry(value.key.clone()).or_default().push(index);
        self.by_call.entry(value.call.clone()).or_default().push(index);
        self.list.push(value);
        index
    }

    /// The value of an index.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.list.get(index)
    }

    /// The value of an index; its key and call stay as they are.
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Value> {
        self.list.get_mut(index)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// All values.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.list.iter()
    }

    /// Cuts off what was added, and puts changed ones back.
    pub(super) fn restore(&mut self, len: usize, changed: Vec<(usize, Value)>) {
        for value in self.list.drain(len.min(self.list.len())..) {
            self.by_key.get_mut(&value.key).and_then(Vec::pop);
            self.by_call.get_mut(&value.call).and_then(Vec::pop);
        }
        for (index, value) in changed {
            if let Some(at) = self.list.get_mut(index) {
                *at = value;
            }
        }
    }
}

impl Value {
    /// Whether anything may be asked below it.
    fn is_free(&self) -> bool {
        self.owner == Owner::Planner || self.children.is_empty()
    }
}

/// The fields selected at a source.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    list: Vec<Entry>,
    by_key: FxHashMap<Name, Vec<usize>>,
}

impl Entries {
    /// The indexes of the fields that give values of a key.
    pub fn under<'a>(&'a self, key: &Name) -> impl Iterator<Item = (usize, &'a Entry)> + use<'a> {
        let indexes = self.by_key.get(key).map(Vec::as_slice).unwrap_or_default().iter();
        indexes.filter_map(|&index| Some((index, self.list.get(index)?)))
    }

    /// Adds a field.
    pub(super) fn push(&mut self, entry: Entry) {
        self.by_key.entry(entry.key.clone()).or_default().push(self.list.len());
        self.list.push(entry);
    }

    /// All fields.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.list.iter()
    }

    /// The field of an index.
    pub fn get(&self, index: usize) -> Option<&Entry> {
        self.list.get(index)
    }

    /// The field of an index; its key stays as it is.
    pub(super) fn get_mut(&mut self, index: usize) -> Option<&mut Entry> {
        self.list.get_mut(index)
    }

    /// Cuts off what was added, and puts changed ones back.
    pub(super) fn restore(&mut self, len: usize, changed: Vec<(usize, Entry)>) {
        for entry in self.list.drain(len.min(self.list.len())..) {
            self.by_key.get_mut(&entry.key).and_then(Vec::pop);
        }
        for (index, entry) in changed {
            if let Some(at) = self.list.get_mut(index) {
                *at = entry;
            }
        }
    }

    /// Takes all fields out.
    pub(super) fn take(&mut self) -> Vec<Entry> {
        self.by_key.clear();
        std::mem::take(&mut self.list)
    }
}
