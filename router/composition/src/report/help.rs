//! What to do about a finding, by its code, where the rule knows nothing more particular.

/// The help for a code.
pub(super) fn of(code: &str) -> &'static str {
    match code {
        "KEY_INVALID_FIELDS" | "PROVIDES_INVALID_FIELDS" | "REQUIRES_INVALID_FIELDS" => {
            "Write a selection of fields that exist in this subgraph, such as \"id organization { id }\"."
        }
        "KEY_INVALID_FIELDS_TYPE" | "PROVIDES_INVALID_FIELDS_TYPE" | "REQUIRES_INVALID_FIELDS_TYPE" => {
            "Put the selection in quotes."
        }
        "KEY_DIRECTIVE_IN_FIELDS_ARG" | "PROVIDES_DIRECTIVE_IN_FIELDS_ARG" | "REQUIRES_DIRECTIVE_IN_FIELDS_ARG" => {
            "Remove the directive from the selection."
        }
        "KEY_FIELDS_HAS_ARGS" | "PROVIDES_FIELDS_HAS_ARGS" => "Select fields without arguments only.",
        "KEY_FIELDS_SELECT_INVALID_TYPE" => "Select leaves, or fields of object types, only.",
        "PROVIDES_FIELDS_MISSING_EXTERNAL" | "REQUIRES_FIELDS_MISSING_EXTERNAL" => {
            "Mark the field @external if another subgraph resolves it, or leave it out of the selection."
        }
        "PROVIDES_UNSUPPORTED_ON_INTERFACE" | "REQUIRES_UNSUPPORTED_ON_INTERFACE" => {
            "Put the directive on the field of each implementation."
        }
        "PROVIDES_ON_NON_OBJECT_FIELD" => "Remove @provides: a leaf has nothing to provide.",
        "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE" => "Remove one of the two directives.",
        "EXTERNAL_ON_INTERFACE" => "Remove @external, or put it on the implementations' fields.",
        "INVALID_SHAREABLE_USAGE" => "Write @shareable once, on an object type or its fields.",
        "COST_APPLIED_TO_INTERFACE_FIELD" => "Put @cost on the fields of the implementations.",
        "LIST_SIZE_APPLIED_TO_NON_LIST" => "Put @listSize on a list, or name list fields in sizedFields.",
        "LIST_SIZE_INVALID_ASSUMED_SIZE" => "Give the expected number of items.",
        "LIST_SIZE_INVALID_SLICING_ARGUMENT" => "Name arguments of this field of type Int or Int!.",
        "LIST_SIZE_INVALID_SIZED_FIELD" => "Name list fields of the type that this field returns.",
        "INVALID_LINK_IDENTIFIER" => {
            "Write the specification's URL in full, such as https://specs.apollo.dev/federation/v2.3."
        }
        "INVALID_LINK_DIRECTIVE_USAGE" => "Import what the linked version has, each name once.",
        "UNKNOWN_FEDERATION_LINK_VERSION" => "Link a federation version from v2.0 to v2.14.",
        "UNKNOWN_LINK_VERSION" => "Link https://specs.apollo.dev/link/v1.0.",
        "TYPE_DEFINITION_INVALID" => "Leave the definition out: federation brings it.",
        _ => "Correct the schema at this place.",
    }
}
