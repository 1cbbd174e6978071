//! Codes of findings between subgraphs.

use super::{Code, code};

pub(super) const TYPES: &[Code] = &[
    code("NO_QUERIES", "No subgraph has a query.", "Add a field to the query root of some subgraph."),
    code(
        "TYPE_KIND_MISMATCH",
        "One name is of different kinds in different subgraphs.",
        "Make it the same kind everywhere, or rename one of them.",
    ),
    code(
        "EXTENSION_WITH_NO_BASE",
        "A type is extended, and defined by no subgraph.",
        "Define the type in one subgraph, or remove `extend`.",
    ),
    code(
        "FIELD_TYPE_MISMATCH",
        "A field has types that do not fit together.",
        "Give it one type everywhere, or a subtype of it.",
    ),
    code(
        "FIELD_ARGUMENT_TYPE_MISMATCH",
        "An argument has types that do not fit together.",
        "Give it one type everywhere, or one that differs by `!` only.",
    ),
    code("FIELD_ARGUMENT_DEFAULT_MISMATCH", "An argument has different default values.", "Give it one default value."),
    code("INPUT_FIELD_DEFAULT_MISMATCH", "An input field has different default values.", "Give it one default value."),
    code(
        "INVALID_FIELD_SHARING",
        "Several subgraphs resolve a field, and not all say that it is shared.",
        "Add @shareable in each of them if they give the same values; otherwise rename or override the field.",
    ),
    code(
        "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH",
        "An argument must be given in one subgraph, and does not exist in another.",
        "Add it there, or make it nullable or give it a default value.",
    ),
    code(
        "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH",
        "An input field must be given in one subgraph, and does not exist in another.",
        "Add it there, or make it nullable or give it a default value.",
    ),
    code(
        "EMPTY_MERGED_INPUT_TYPE",
        "No field of an input exists in all subgraphs that have the input.",
        "Let them agree on a field.",
    ),
    code(
        "EMPTY_MERGED_ENUM_TYPE",
        "No value of an enum exists in all subgraphs that take it as input.",
        "Let them agree on a value.",
    ),
    code(
        "ENUM_VALUE_MISMATCH",
        "An enum is taken and given, and its values differ between subgraphs.",
        "Give it the same values everywhere, or hide the value with @inaccessible.",
    ),
    code(
        "EXTERNAL_MISSING_ON_BASE",
        "A field is `@external` in every subgraph that has it.",
        "Remove @external in the subgraph that resolves the field.",
    ),
    code(
        "EXTERNAL_TYPE_MISMATCH",
        "An `@external` field has another type than the one that resolves it.",
        "Give it the type that it has where it is resolved.",
    ),
    code(
        "EXTERNAL_ARGUMENT_MISSING",
        "An `@external` field lacks an argument that it has where it is resolved.",
        "Add the argument.",
    ),
    code(
        "EXTERNAL_ARGUMENT_TYPE_MISMATCH",
        "An argument of an `@external` field has another type than where the field is resolved.",
        "Give it the type that it has there.",
    ),
    code(
        "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH",
        "An argument of an `@external` field has another default value than where the field is resolved.",
        "Give it the default value that it has there.",
    ),
];

pub(super) const INTERFACES: &[Code] = &[
    code(
        "INTERFACE_FIELD_NO_IMPLEM",
        "A type implements an interface in one subgraph, and lacks a field that the interface has in another.",
        "Add the field to the type in a subgraph that can resolve it.",
    ),
    code(
        "INTERFACE_KEY_NOT_ON_IMPLEMENTATION",
        "An implementation lacks a key of its interface.",
        "Add the interface's key to each implementation.",
    ),
    code(
        "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE",
        "A subgraph resolves an interface by a key, and does not know all implementations.",
        "Define every implementation there, each with the interface's key.",
    ),
    code(
        "INTERFACE_OBJECT_USAGE_ERROR",
        "An `@interfaceObject` has no key, has no interface to stand for, or stands beside an implementation.",
        "Give it the key of an interface that another subgraph defines with its implementations.",
    ),
];

pub(super) const OVERRIDES: &[Code] = &[
    code("OVERRIDE_FROM_SELF_ERROR", "A field overrides its own subgraph.", "Name the subgraph that it comes from."),
    code(
        "OVERRIDE_SOURCE_HAS_OVERRIDE",
        "The field overridden is itself an override.",
        "Remove one of the two @override.",
    ),
    code(
        "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "An override meets `@external`, `@requires`, `@provides` or `@interfaceObject`.",
        "Remove the other directive.",
    ),
    code(
        "OVERRIDE_ON_INTERFACE",
        "An `@override` stands on the field of an interface.",
        "Put it on the implementations.",
    ),
    code(
        "OVERRIDE_LABEL_INVALID",
        "The label of an `@override` is neither a name nor `percent(N)`.",
        "Write a letter followed by letters, digits or any of `_-:./`, or percent(N) with N from 0 to 100.",
    ),
];

pub(super) const DIRECTIVES: &[Code] = &[
    code(
        "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL",
        "A directive that the supergraph carries on stands on an `@external` field.",
        "Put it on the field where it is resolved.",
    ),
    code(
        "LINK_IMPORT_NAME_MISMATCH",
        "A directive that the supergraph carries on has different names in different subgraphs.",
        "Import it under one name everywhere.",
    ),
    code(
        "DIRECTIVE_COMPOSITION_ERROR",
        "A `@composeDirective` names what can't be composed, or subgraphs compose different things under one name.",
        "Compose a directive of a linked specification, the same one under the same name everywhere.",
    ),
];
