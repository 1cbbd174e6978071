//! JSON values as they came: object order kept, numbers as their text.
//!
//! For what is small and must not change on its way: variables, extensions, representations' constants.
//! Subgraph answers don't pass through [`Value`]; the executor reads those in place, with the same [`Scanner`].

mod number;
mod parse;
mod plain;
mod scan;
mod string;
mod token;
mod value;
mod write;

pub use number::{is_int32, to_integer_text};
pub use parse::{JsonLimits, parse};
pub use scan::{JsonError, Kind, Scanner};
pub use string::{unescape, unescaped_eq};
pub use value::{Object, Value};
pub use write::{write, write_string};
