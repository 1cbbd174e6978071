//! Prints a supergraph: two spaces, one definition after another, types in name order.

use graphql::Schema;

/// Prints the schema. Equal schemas print equal bytes.
pub(crate) fn print(schema: &Schema) -> String {
    schema.to_string()
}
