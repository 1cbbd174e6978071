//! All there is to know, before subgraphs divide it among themselves: the monolith's data.
//!
//! Objects are records, by type and name, with a value for each field of the supergraph; values refer to records by
//! `{"__ref": "Type/name"}`, other objects stand where they are, with their `__typename`. `{"__echo": "text"}` is that
//! text and the arguments behind it, as JSON with sorted keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::support::dataset::REFERENCE;

/// The data of a supergraph.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Records by type and name.
    #[serde(default)]
    pub records: BTreeMap<String, BTreeMap<String, Map<String, Value>>>,
    /// Values of root fields by coordinate, such as `Query.product`.
    #[serde(default)]
    pub fields: BTreeMap<String, Value>,
}

impl World {
    /// The type and members of an object: a record, or one that stands where it is.
    pub fn object<'a>(&'a self, value: &'a Value) -> Option<(&'a str, &'a Map<String, Value>)> {
        match value.get(REFERENCE).and_then(Value::as_str) {
            Some(reference) => {
                let (ty, name) = reference.split_once('/')?;
                Some((ty, self.records.get(ty)?.get(name)?))
            }
            None => Some((value.get("__typename")?.as_str()?, value.as_object()?)),
        }
    }
}
