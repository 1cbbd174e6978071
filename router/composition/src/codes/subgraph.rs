//! Codes of findings within one subgraph.

use super::{Code, code};

pub(super) const LINKS: &[Code] = &[
    code(
        "INVALID_LINK_DIRECTIVE_USAGE",
        "A `@link` imports what the linked version does not have, or gives one name two meanings.",
        "Import what the linked version has, each name once.",
    ),
    code(
        "INVALID_LINK_IDENTIFIER",
        "The URL of a `@link` lacks a path, a name, or a version of the form `vN.M`.",
        "Write the specification's URL in full, such as https://specs.apollo.dev/federation/v2.3.",
    ),
    code(
        "UNKNOWN_FEDERATION_LINK_VERSION",
        "A `@link` names a federation version that is not known.",
        "Link a federation version from v2.0 to v2.14.",
    ),
    code(
        "UNKNOWN_LINK_VERSION",
        "A `@link` or `@core` names a version of its own specification that is not known.",
        "Link https://specs.apollo.dev/link/v1.0.",
    ),
    code(
        "UNSUPPORTED_FEATURE",
        "A `@link` names a specification that needs more than composition to work, and is not supported.",
        "Remove the link and what it brings.",
    ),
    code(
        "DIRECTIVE_DEFINITION_INVALID",
        "A directive of federation is written out otherwise than the linked version defines it.",
        "Leave the definition out: federation brings it.",
    ),
    code(
        "TYPE_DEFINITION_INVALID",
        "A type of federation is written out otherwise than the linked version defines it.",
        "Leave the definition out: federation brings it.",
    ),
];

pub(super) const GRAPHQL: &[Code] = &[
    code(
        "INVALID_GRAPHQL",
        "A subgraph, or what the subgraphs merge to, is not a valid GraphQL schema.",
        "Correct the schema at this place.",
    ),
    code(
        "INVALID_SUBGRAPH_NAME",
        "A subgraph has no name, the reserved name `_`, or the name of another.",
        "Give each subgraph a unique name.",
    ),
    code(
        "ROOT_QUERY_USED",
        "The query root has another name, and another type is called `Query`.",
        "Make \"Query\" the query root, or give it another name.",
    ),
    code(
        "ROOT_MUTATION_USED",
        "The mutation root has another name, and another type is called `Mutation`.",
        "Make \"Mutation\" the mutation root, or give it another name.",
    ),
    code(
        "ROOT_SUBSCRIPTION_USED",
        "The subscription root has another name, and another type is called `Subscription`.",
        "Make \"Subscription\" the subscription root, or give it another name.",
    ),
];

const SELECTION: &str = "Write a selection of fields that exist in this subgraph, such as \"id organization { id }\".";
const QUOTES: &str = "Put the selection in quotes.";
const NO_DIRECTIVE: &str = "Remove the directive from the selection.";
const NO_ARGUMENTS: &str = "Select fields without arguments only.";
const MARK_EXTERNAL: &str =
    "Mark the field @external if another subgraph resolves it, or leave it out of the selection.";
const ON_IMPLEMENTATIONS: &str = "Put the directive on the field of each implementation.";

pub(super) const FIELD_SETS: &[Code] = &[
    code("KEY_INVALID_FIELDS_TYPE", "The `fields` of a `@key` are not a string.", QUOTES),
    code("KEY_INVALID_FIELDS", "The `fields` of a `@key` are not a selection on its type.", SELECTION),
    code("KEY_DIRECTIVE_IN_FIELDS_ARG", "The `fields` of a `@key` apply a directive.", NO_DIRECTIVE),
    code("KEY_FIELDS_HAS_ARGS", "A `@key` selects a field that has arguments.", NO_ARGUMENTS),
    code(
        "KEY_FIELDS_SELECT_INVALID_TYPE",
        "A `@key` selects a field whose type is an interface or union.",
        "Select leaves, or fields of object types, only.",
    ),
    code(
        "KEY_UNSUPPORTED_ON_INTERFACE",
        "A `@key` stands on an interface, which needs federation 2.3.",
        "Link federation v2.3 or later, or put the key on the implementations only.",
    ),
    code("PROVIDES_INVALID_FIELDS_TYPE", "The `fields` of a `@provides` are not a string.", QUOTES),
    code(
        "PROVIDES_INVALID_FIELDS",
        "The `fields` of a `@provides` are not a selection on its field's type.",
        SELECTION,
    ),
    code("PROVIDES_DIRECTIVE_IN_FIELDS_ARG", "The `fields` of a `@provides` apply a directive.", NO_DIRECTIVE),
    code("PROVIDES_FIELDS_HAS_ARGS", "A `@provides` selects a field that has arguments.", NO_ARGUMENTS),
    code(
        "PROVIDES_FIELDS_MISSING_EXTERNAL",
        "A `@provides` selects a field that its subgraph resolves anyhow.",
        MARK_EXTERNAL,
    ),
    code(
        "PROVIDES_ON_NON_OBJECT_FIELD",
        "A `@provides` stands on a field whose type has no fields.",
        "Remove @provides: a leaf has nothing to provide.",
    ),
    code("PROVIDES_UNSUPPORTED_ON_INTERFACE", "A `@provides` stands on the field of an interface.", ON_IMPLEMENTATIONS),
    code("REQUIRES_INVALID_FIELDS_TYPE", "The `fields` of a `@requires` are not a string.", QUOTES),
    code(
        "REQUIRES_INVALID_FIELDS",
        "The `fields` of a `@requires` are not a selection on its type, or pass arguments that the supergraph lacks.",
        SELECTION,
    ),
    code("REQUIRES_DIRECTIVE_IN_FIELDS_ARG", "The `fields` of a `@requires` apply a directive.", NO_DIRECTIVE),
    code(
        "REQUIRES_FIELDS_MISSING_EXTERNAL",
        "A `@requires` selects a field that its subgraph resolves anyhow.",
        MARK_EXTERNAL,
    ),
    code("REQUIRES_UNSUPPORTED_ON_INTERFACE", "A `@requires` stands on the field of an interface.", ON_IMPLEMENTATIONS),
    code(
        "EXTERNAL_UNUSED",
        "An `@external` field is used by no field set and no interface.",
        "Remove the field, or @external if this subgraph resolves it.",
    ),
    code(
        "EXTERNAL_ON_INTERFACE",
        "An `@external` stands on the field of an interface.",
        "Remove @external, or put it on the implementations' fields.",
    ),
    code(
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE",
        "A field is `@external` and `@provides` something.",
        "Remove one of the two directives.",
    ),
    code(
        "INVALID_SHAREABLE_USAGE",
        "A `@shareable` stands on the field of an interface, or twice at one place.",
        "Write @shareable once, on an object type or its fields.",
    ),
    code(
        "TYPE_WITH_ONLY_UNUSED_EXTERNAL",
        "All fields of a federation 1 type are `@external` and unused, yet the type is in use.",
        "Remove the type, or what is external in it without need.",
    ),
];

pub(super) const CONTEXTS: &[Code] = &[
    code(
        "CONTEXT_NAME_INVALID",
        "The name of a `@context` is not a letter followed by letters and digits.",
        "Write a letter followed by letters and digits only.",
    ),
    code(
        "CONTEXT_NOT_SET",
        "A `@fromContext` names a context that its subgraph does not set, or stands where none can reach.",
        "Set the context in this subgraph, on a type that every path here passes.",
    ),
    code(
        "NO_CONTEXT_IN_SELECTION",
        "A `@fromContext` does not name a context and a selection.",
        "Write `$`, the context's name, and a selection: \"$user { locale }\".",
    ),
    code(
        "CONTEXT_INVALID_SELECTION",
        "A `@fromContext` does not select one value that fits its argument on every type that sets the context.",
        "Select one path of fields to a value of the argument's type, such as \"$user { locale }\".",
    ),
    code(
        "CONTEXT_NO_RESOLVABLE_KEY",
        "A type has a contextual argument, but no key by which its subgraph resolves it.",
        "Add a resolvable @key.",
    ),
    code(
        "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS",
        "As an error: an argument that some subgraph reads from a context is required of the client by another. As a hint: \
         the argument is left out of the supergraph.",
        "Read it from a context in every subgraph, or make it optional there.",
    ),
];

pub(super) const ACCESS_AND_COST: &[Code] = &[
    code(
        "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE",
        "An access requirement stands on an interface, its field, or an interface object.",
        "Put it on the implementations or their fields.",
    ),
    code(
        "MISSING_TRANSITIVE_AUTH_REQUIREMENTS",
        "A field reads by `@requires` or `@fromContext` what needs more access than itself.",
        "Give the field the requirements of what it reads.",
    ),
    code(
        "MAX_ACCESS_ALTERNATIVES_EXCEEDED",
        "Requirements of several places hold at once, and the alternatives of their scopes or policies, multiplied, are more than 2,048.",
        "Let the places ask for the same, or for one scope or policy that stands for several.",
    ),
    code(
        "COST_APPLIED_TO_INTERFACE_FIELD",
        "A `@cost` stands on the field of an interface.",
        "Put @cost on the fields of the implementations.",
    ),
    code(
        "LIST_SIZE_APPLIED_TO_NON_LIST",
        "A `@listSize` is about a field that is no list.",
        "Put @listSize on a list, or name list fields in sizedFields.",
    ),
    code(
        "LIST_SIZE_INVALID_ASSUMED_SIZE",
        "The `assumedSize` of a `@listSize` is negative.",
        "Give the expected number of items.",
    ),
    code(
        "LIST_SIZE_INVALID_SLICING_ARGUMENT",
        "A slicing argument of a `@listSize` is none of the field's, or is no `Int`.",
        "Name arguments of this field of type Int or Int!.",
    ),
    code(
        "LIST_SIZE_INVALID_SIZED_FIELD",
        "A sized field of a `@listSize` does not exist.",
        "Name list fields of the type that this field returns.",
    ),
];
