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
/// Directives on one field.
const DIRECTIVES_MAX: usize = 16;

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
