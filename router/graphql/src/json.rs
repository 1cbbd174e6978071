//! JSON values as they came: object order kept, numbers as their text.
//!
//! For what is small and must not change on its way: variables, extensions, representations' constants.
//! Subgraph answers don't pass through here; the executor reads those in place.

use indexmap::IndexMap;

/// An object in the order in which its members were written; of duplicate keys the last wins.
pub type Object = IndexMap<String, Value>;

/// A JSON value. Numbers keep their text, so 2^53+1, `1.0` and `-0` leave as they came.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number's exact text, valid as JSON.
    Number(Box<str>),
    /// A string, unescaped.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}
