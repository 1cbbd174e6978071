//! Two schemas side by side, keyword by keyword.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use serde_json::Value;

use super::resolve::resolve;
use super::{Breaks, Change, Difference};

/// Schemas within schemas. Ours have five or so; what is deeper is a difference, not compared.
const DEPTH_MAX: usize = 32;

/// Where in the data.
#[derive(Clone)]
pub(super) struct Place {
    path: String,
    depth: usize,
}

impl Place {
    pub(super) fn root() -> Self {
        Self { path: String::new(), depth: 0 }
    }

    pub(super) fn below(&self, step: &str) -> Self {
        Self { path: format!("{}/{step}", self.path), depth: self.depth + 1 }
    }

    /// Another schema of the same data.
    fn here(&self) -> Self {
        Self { path: self.path.clone(), depth: self.depth + 1 }
    }
}

pub(super) struct Walk<'a> {
    first_root: &'a Value,
    later_root: &'a Value,
    /// References that were followed side by side: types may contain themselves.
    followed: BTreeSet<(String, String)>,
    pub(super) found: Vec<Difference>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(first_root: &'a Value, later_root: &'a Value) -> Self {
        Self { first_root, later_root, followed: BTreeSet::new(), found: Vec::new() }
    }

    pub(super) fn compare(&mut self, first: &Value, later: &Value, place: &Place) {
        let is_reference = first.get("$ref").is_some() || later.get("$ref").is_some();
        if is_reference && !self.followed.insert((first.to_string(), later.to_string())) {
            return;
        }
        let resolved = (resolve(self.first_root, first), resolve(self.later_root, later));
        let (Some(first), Some(later)) = resolved else {
            return self.find(place, Change::Reference, Breaks::Both);
        };
        if place.depth > DEPTH_MAX {
            return self.find(place, Change::Reference, Breaks::Both);
        }
        self.compare_types(&first, &later, place);
        self.compare_values(&first, &later, place);
        self.compare_fields(&first, &later, place);
        let keywords: BTreeSet<&String> = first.keys().chain(later.keys()).collect();
        for keyword in keywords {
            self.compare_keyword(keyword, first.get(keyword), later.get(keyword), place);
        }
    }

    fn compare_keyword(&mut self, keyword: &str, first: Option<&Value>, later: Option<&Value>, place: &Place) {
        match keyword {
            "type" | "enum" | "properties" | "required" => {}
            "items" | "additionalProperties" => self.compare_rest(keyword, first, later, &place.below("*")),
            "oneOf" | "anyOf" | "allOf" | "prefixItems" => self.compare_lists(keyword, first, later, place),
            "minimum" | "exclusiveMinimum" | "minLength" | "minItems" | "minProperties" => {
                self.compare_bounds(keyword, first, later, place, Ordering::Less);
            }
            "maximum" | "exclusiveMaximum" | "maxLength" | "maxItems" | "maxProperties" => {
                self.compare_bounds(keyword, first, later, place, Ordering::Greater);
            }
            _ if first == later => {}
            _ => self.differ(keyword, place),
        }
    }

    /// What items or fields that have no schema of their own may be; anything, if nothing is said.
    fn compare_rest(&mut self, keyword: &str, first: Option<&Value>, later: Option<&Value>, place: &Place) {
        let is_closed = |schema: Option<&Value>| schema == Some(&Value::Bool(false));
        match (is_closed(first), is_closed(later)) {
            (true, true) => {}
            (true, false) => self.find(place, Change::BoundLoosened(keyword.to_owned()), Breaks::OldReaders),
            (false, true) => self.find(place, Change::BoundTightened(keyword.to_owned()), Breaks::NewReaders),
            (false, false) => {
                let anything = Value::Bool(true);
                self.compare(first.unwrap_or(&anything), later.unwrap_or(&anything), place);
            }
        }
    }

    fn compare_lists(&mut self, keyword: &str, first: Option<&Value>, later: Option<&Value>, place: &Place) {
        let (Some(Value::Array(first)), Some(Value::Array(later))) = (first, later) else {
            return self.differ(keyword, place);
        };
        if first.len() != later.len() {
            let breaks = match keyword {
                "oneOf" | "anyOf" => breaks(first.len() < later.len(), first.len() > later.len()),
                _ => Breaks::Both,
            };
            self.find(place, Change::Alternatives(first.len(), later.len()), breaks);
        }
        for (at, (first, later)) in first.iter().zip(later).enumerate() {
            let place = if keyword == "prefixItems" { place.below(&at.to_string()) } else { place.here() };
            self.compare(first, later, &place);
        }
    }

    pub(super) fn differ(&mut self, keyword: &str, place: &Place) {
        self.find(place, Change::Keyword(keyword.to_owned()), Breaks::Both);
    }

    pub(super) fn find(&mut self, place: &Place, change: Change, breaks: Breaks) {
        self.found.push(Difference { place: place.path.clone(), change, breaks });
    }
}

/// Who is broken, where what was allowed still is (`widened`), or nothing else is (`narrowed`).
pub(super) fn breaks(widened: bool, narrowed: bool) -> Breaks {
    match (widened, narrowed) {
        (true, _) => Breaks::OldReaders,
        (false, true) => Breaks::NewReaders,
        (false, false) => Breaks::Both,
    }
}
