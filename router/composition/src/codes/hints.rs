//! Codes of findings that stop nothing.

use super::{Code, code};

const DROPPED: &str = "Add it in the other subgraphs if clients are to have it.";
const KEPT: &str = "Nothing, if it is meant so; otherwise add it in the other subgraphs.";
const AGREE: &str = "Write the same in every subgraph.";

pub(super) const HINTS: &[Code] = &[
    code(
        "IMPLICITLY_UPGRADED_FEDERATION_VERSION",
        "A subgraph links a specification that needs a later federation version than it links.",
        "Link that federation version.",
    ),
    code(
        "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE",
        "A field has different types that fit together; the supergraph has the one that fits all.",
        AGREE,
    ),
    code(
        "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE",
        "An argument has different types that fit together; the supergraph has the stricter one.",
        AGREE,
    ),
    code(
        "INCONSISTENT_DEFAULT_VALUE_PRESENCE",
        "An argument or input field has a default value in some subgraphs only; it is dropped.",
        "Give it the same default value in every subgraph.",
    ),
    code(
        "INCONSISTENT_ENTITY",
        "A type has a key in some subgraphs only.",
        "Nothing, if the others need not be entered; otherwise add a key there.",
    ),
    code(
        "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD",
        "A field of an object without keys is missing in some subgraphs.",
        KEPT,
    ),
    code(
        "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD",
        "A field of an interface without keys is missing in some subgraphs.",
        KEPT,
    ),
    code(
        "INCONSISTENT_INPUT_OBJECT_FIELD",
        "An optional input field is missing in some subgraphs; it is dropped.",
        DROPPED,
    ),
    code("INCONSISTENT_UNION_MEMBER", "A member of a union is missing in some subgraphs.", KEPT),
    code(
        "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM",
        "A value of an enum that is taken as input is missing in some subgraphs; it is dropped.",
        DROPPED,
    ),
    code(
        "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM",
        "A value of an enum that is only given is missing in some subgraphs.",
        KEPT,
    ),
    code("UNUSED_ENUM_TYPE", "No field or argument has the type of an enum.", "Remove the enum, or use it."),
    code(
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE",
        "A directive for operations is missing in some subgraphs; it is dropped.",
        "Define it in every subgraph if clients are to have it.",
    ),
    code(
        "NO_EXECUTABLE_DIRECTIVE_INTERSECTION",
        "A directive for operations has no place that all subgraphs allow; it is dropped.",
        "Let them agree on a place.",
    ),
    code(
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE",
        "A directive for operations may be repeated in some subgraphs only; it may not in the supergraph.",
        AGREE,
    ),
    code(
        "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS",
        "A directive for operations is allowed at different places; the supergraph has the common ones.",
        AGREE,
    ),
    code("INCONSISTENT_DESCRIPTION", "Descriptions differ; the most frequent one is taken.", AGREE),
    code(
        "INCONSISTENT_ARGUMENT_PRESENCE",
        "An optional argument is missing in some subgraphs; it is dropped.",
        DROPPED,
    ),
    code(
        "FROM_SUBGRAPH_DOES_NOT_EXIST",
        "An `@override` names an unknown subgraph.",
        "Correct the name, or remove it.",
    ),
    code(
        "OVERRIDDEN_FIELD_CAN_BE_REMOVED",
        "A field is overridden, and no longer resolved where it was.",
        "Remove the field from the subgraph that it came from.",
    ),
    code(
        "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED",
        "The field that an `@override` is about no longer exists where it came from.",
        "Remove @override.",
    ),
    code(
        "OVERRIDE_MIGRATION_IN_PROGRESS",
        "An `@override` has a label: both subgraphs resolve the field for now.",
        "Remove the label once the migration is done.",
    ),
    code(
        "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        "A directive is applied with different arguments; the most frequent ones are taken.",
        AGREE,
    ),
    code(
        "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS",
        "A directive is applied with different arguments; they are merged.",
        "Nothing, if the merged arguments are meant; otherwise write the same everywhere.",
    ),
    code(
        "DIRECTIVE_COMPOSITION_INFO",
        "A `@composeDirective` names what is composed anyhow, or another major version is used without being composed.",
        "Remove @composeDirective, or link the same major version everywhere.",
    ),
    code(
        "DIRECTIVE_COMPOSITION_WARN",
        "A subgraph that does not compose a directive calls it otherwise.",
        "Import it under one name everywhere.",
    ),
    code(
        "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN",
        "Subgraphs share a field of an abstract type, and may give objects of different types.",
        "Let them give objects of the types that they have in common only.",
    ),
    code(
        "INTERFACE_OBJECT_NOT_IMPLEMENTED",
        "A query leads to an `@interfaceObject` whose interface no object implements: `__typename` can't be asked of it.",
        "Let an object of some subgraph implement the interface.",
    ),
    code(
        "UNKNOWN_CONTRACT_TAG",
        "A contract includes or excludes a tag that nothing in the supergraph has.",
        "Correct the tag, or remove it from the contract.",
    ),
];
