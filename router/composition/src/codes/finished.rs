//! Codes of findings that only the merged schema shows.

use super::{Code, code};

pub(super) const INACCESSIBLE: &[Code] = &[
    code(
        "QUERY_ROOT_TYPE_INACCESSIBLE",
        "The query root is `@inaccessible`.",
        "Remove @inaccessible from the query root; hide its fields instead.",
    ),
    code(
        "REFERENCED_INACCESSIBLE",
        "What is visible has a type that is not.",
        "Hide what refers to it as well, or make the type visible.",
    ),
    code(
        "DEFAULT_VALUE_USES_INACCESSIBLE",
        "A visible default value uses a value or input field that is hidden.",
        "Change the default value, or hide its argument as well.",
    ),
    code(
        "REQUIRED_INACCESSIBLE",
        "An argument or input field is hidden, and must be given.",
        "Make it nullable, give it a default value, or make it visible.",
    ),
    code(
        "IMPLEMENTED_BY_INACCESSIBLE",
        "A hidden field or argument implements a visible one of an interface.",
        "Hide the interface's as well, or make this one visible.",
    ),
    code(
        "DISALLOWED_INACCESSIBLE",
        "An `@inaccessible` stands on an element of GraphQL's or a specification's own.",
        "Remove it there.",
    ),
    code(
        "ONLY_INACCESSIBLE_CHILDREN",
        "All fields, members or values of a visible type are hidden.",
        "Hide the type as well, or make one of them visible.",
    ),
];

pub(super) const SATISFIABILITY: &[Code] = &[
    code(
        "SATISFIABILITY_ERROR",
        "A client may ask for what the subgraphs can't answer; the query and the reasons are told.",
        "Give the type a resolvable @key where the field is resolved, or make the field @shareable and resolve it on the path.",
    ),
    code(
        "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES",
        "Subgraphs share a field of an abstract type, and give objects of entirely different types.",
        "Let them give objects of the same types.",
    ),
    code(
        "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED",
        "The subgraphs can be combined in too many ways for all of them to be proven.",
        "Reduce the keys and shared fields of the types named, or raise the limit.",
    ),
];
