//! The bounds of one operation.
//!
//! Subgraphs are called by the router and by other services only, so these
//! bounds are wide; they stand for the day when a key is lost or a planner errs.

use async_graphql::{EmptySubscription, ObjectType, SDLExportOptions, Schema, SchemaBuilder};

/// Bytes of a request: a batch of some ten thousand representations.
pub(super) const BODY_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of a document: fetches that a planner writes are a few kilobytes.
pub(super) const DOCUMENT_BYTES_MAX: usize = 256 * 1024;
/// Open brackets at one place, checked before parsing since parsers recurse.
pub(super) const NESTING_MAX: usize = 64;
/// Levels of fields; introspection needs 15.
const DEPTH_MAX: usize = 32;
/// Selections of an operation, aliases and fragments counted as often as used.
pub(super) const SELECTIONS_MAX: usize = 10_000;
/// Fields that resolvers may answer in one operation: two levels of pages of
/// 100 with 20 fields a row, or 50 users' 5 orders of 100 lines, with room. A
/// field takes about half a kilobyte until it is written.
const FIELDS_MAX: usize = 250_000;
/// Fields on top for each representation: the router hands in up to 5,000 of
/// things that it was already given, and each may be read whole.
const FIELDS_PER_REPRESENTATION: usize = 100;
/// What a plain list counts as: a few lines an order, a few attributes a
/// product. The schema bounds such a list, and none holds another.
pub(super) const LIST_LENGTH_ASSUMED: usize = 10;
/// Rows of plain lists that one request may really have: 50 users' 5 orders of
/// 100 lines, twice over.
pub(super) const ROWS_MAX: usize = 50_000;
/// Directives on one field.
const DIRECTIVES_MAX: usize = 16;

/// The most fields for an operation with so many representations.
pub(super) fn fields_max(representations: usize) -> usize {
    FIELDS_MAX.saturating_add(representations.saturating_mul(FIELDS_PER_REPRESENTATION))
}

pub(super) fn apply<Q: ObjectType + 'static, M: ObjectType + 'static>(
    schema: SchemaBuilder<Q, M, EmptySubscription>,
) -> SchemaBuilder<Q, M, EmptySubscription> {
    schema
        .limit_depth(DEPTH_MAX)
        .limit_recursive_depth(NESTING_MAX)
        .limit_complexity(SELECTIONS_MAX)
        .limit_directives(DIRECTIVES_MAX)
}

/// What async-graphql answers to `_service { sdl }`.
pub(super) fn service_sdl<Q: ObjectType + 'static, M: ObjectType + 'static>(
    schema: &Schema<Q, M, EmptySubscription>,
) -> String {
    schema.sdl_with_options(SDLExportOptions::new().federation().compose_directive())
}
