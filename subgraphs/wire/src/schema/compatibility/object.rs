//! The fields of two objects: which there are, and which must be there.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::walk::{Place, Walk};
use super::{Breaks, Change};

impl Walk<'_> {
    pub(super) fn compare_fields(&mut self, first: &Map<String, Value>, later: &Map<String, Value>, place: &Place) {
        let (required_first, required_later) = (required(first), required(later));
        let is_open = matches!(first.get("additionalProperties"), None | Some(Value::Bool(true)));
        let none = Map::new();
        let fields = |schema| Map::get(schema, "properties").and_then(Value::as_object);
        let (first, later) = (fields(first).unwrap_or(&none), fields(later).unwrap_or(&none));
        for (name, field) in first {
            let Some(later) = later.get(name) else {
                // Who looks for it doesn't find it, even if it could be missing: what it said is said nowhere.
                self.find(place, Change::FieldRemoved(name.clone()), Breaks::OldReaders);
                continue;
            };
            match (required_first.contains(name), required_later.contains(name)) {
                (true, false) => self.find(place, Change::FieldOptional(name.clone()), Breaks::OldReaders),
                (false, true) => self.find(place, Change::FieldRequired(name.clone()), Breaks::NewReaders),
                (true, true) | (false, false) => {}
            }
            self.compare(field, later, &place.below(name));
        }
        for name in later.keys().filter(|name| !first.contains_key(*name)) {
            if required_later.contains(name) {
                self.find(place, Change::FieldAddedRequired(name.clone()), Breaks::NewReaders);
            }
            if !is_open {
                self.find(place, Change::FieldAddedToClosed(name.clone()), Breaks::OldReaders);
            }
        }
        let is_field = |name: &&String| first.contains_key(*name) || later.contains_key(*name);
        if required_first.symmetric_difference(&required_later).any(|name| !is_field(&name)) {
            self.find(place, Change::Keyword("required".to_owned()), Breaks::Both);
        }
    }
}

fn required(schema: &Map<String, Value>) -> BTreeSet<String> {
    let names = schema.get("required").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).map(ToOwned::to_owned).collect()
}
