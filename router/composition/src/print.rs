//! Prints a supergraph: two spaces, one definition after another, types in name order.

use crate::finish::Finished;
use crate::input::Composed;

/// Prints the schema. Equal schemas print equal bytes.
pub(crate) fn print(finished: &Finished) -> Composed {
    Composed { supergraph_sdl: finished.schema.to_string(), hints: finished.hints.clone() }
}
