//! Which values there may be: of which types, of which set, within which bounds.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::walk::{Place, Walk, breaks};
use super::{Breaks, Change};

impl Walk<'_> {
    /// Which JSON types there may be; all, if nothing is said.
    pub(super) fn compare_types(&mut self, first: &Map<String, Value>, later: &Map<String, Value>, place: &Place) {
        const ALL: [&str; 7] = ["array", "boolean", "integer", "null", "number", "object", "string"];
        let types = |schema: &Map<String, Value>| -> BTreeSet<String> {
            let mut types: BTreeSet<String> = match schema.get("type") {
                Some(Value::String(name)) => BTreeSet::from([name.clone()]),
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
                _ => ALL.map(ToOwned::to_owned).into(),
            };
            if types.contains("number") {
                types.insert("integer".to_owned());
            }
            types
        };
        let (first, later) = (types(first), types(later));
        if first != later {
            let shown = |types: &BTreeSet<String>| types.iter().cloned().collect::<Vec<_>>().join(" or ");
            let breaks = breaks(first.is_subset(&later), later.is_subset(&first));
            self.find(place, Change::Type(shown(&first), shown(&later)), breaks);
        }
    }

    /// Which values there may be, if only some may.
    pub(super) fn compare_values(&mut self, first: &Map<String, Value>, later: &Map<String, Value>, place: &Place) {
        let values = |schema: &Map<String, Value>| -> Option<BTreeSet<String>> {
            Some(schema.get("enum")?.as_array()?.iter().map(ToString::to_string).collect())
        };
        match (values(first), values(later)) {
            (None, None) => {}
            (Some(first), Some(later)) => {
                let added: Vec<String> = later.difference(&first).cloned().collect();
                let removed: Vec<String> = first.difference(&later).cloned().collect();
                if !added.is_empty() {
                    self.find(place, Change::ValuesAdded(added), Breaks::OldReaders);
                }
                if !removed.is_empty() {
                    self.find(place, Change::ValuesRemoved(removed), Breaks::NewReaders);
                }
            }
            (Some(_), None) => self.find(place, Change::BoundLoosened("enum".to_owned()), Breaks::OldReaders),
            (None, Some(_)) => self.find(place, Change::BoundTightened("enum".to_owned()), Breaks::NewReaders),
        }
    }

    /// A bound, which lets more through when it moves `towards` less or greater, or is gone.
    pub(super) fn compare_bounds(
        &mut self,
        keyword: &str,
        first: Option<&Value>,
        later: Option<&Value>,
        place: &Place,
        towards: Ordering,
    ) {
        let moved = match (first, later) {
            (None, None) => Some(Ordering::Equal),
            (None, Some(_)) => Some(towards.reverse()),
            (Some(_), None) => Some(towards),
            (Some(first), Some(later)) => order(later, first),
        };
        match moved {
            Some(Ordering::Equal) => {}
            Some(moved) if moved == towards => {
                self.find(place, Change::BoundLoosened(keyword.to_owned()), Breaks::OldReaders);
            }
            Some(_) => self.find(place, Change::BoundTightened(keyword.to_owned()), Breaks::NewReaders),
            None => self.differ(keyword, place),
        }
    }
}

/// Two numbers in order: whole ones exactly, others as they are.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    let whole = |value: &Value| value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    match (whole(left), whole(right)) {
        (Some(left), Some(right)) => Some(left.cmp(&right)),
        _ => left.as_f64()?.partial_cmp(&right.as_f64()?),
    }
}
