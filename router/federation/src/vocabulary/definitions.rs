//! The directives of the federation specification with the version that brought each.

use crate::link::Version;

/// One directive of the federation specification.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Its name, without `@`.
    pub name: &'static str,
    /// The first federation version that has it.
    pub since: Version,
    /// Its arguments as of the newest version, as SDL with canonical type names; empty for none.
    pub arguments: &'static str,
    /// Arguments that came later than the directive.
    pub later_arguments: &'static [(&'static str, Version)],
    /// The version from which it may be repeated.
    pub repeatable_since: Option<Version>,
    /// Where it may stand, as SDL.
    pub locations: &'static str,
}

impl Definition {
    /// The whole definition under a name, as SDL.
    pub fn sdl(&self, name: &str) -> String {
        let repeatable = if self.repeatable_since.is_some() { " repeatable" } else { "" };
        format!("directive @{name}{}{repeatable} on {}", self.arguments, self.locations)
    }
}

const fn since(minor: u32) -> Version {
    Version::new(2, minor)
}

const fn once(name: &'static str, minor: u32, arguments: &'static str, locations: &'static str) -> Definition {
    Definition { name, since: since(minor), arguments, later_arguments: &[], repeatable_since: None, locations }
}

const fn repeatable(name: &'static str, minor: u32, arguments: &'static str, locations: &'static str) -> Definition {
    Definition { repeatable_since: Some(since(minor)), ..once(name, minor, arguments, locations) }
}

const ANYWHERE: &str = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION";
const TAGGED: &str = "FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION | SCHEMA";
const GUARDED: &str = "FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM";
const PRICED: &str = "ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR";
const FIELD: &str = "FIELD_DEFINITION";
const SIZES: &str = "(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true)";

/// The types of the federation specification, by name and first version.
pub const TYPES: &[(&str, Version)] =
    &[("FieldSet", since(0)), ("Scope", since(5)), ("Policy", since(6)), ("ContextFieldValue", since(8))];

/// The directives of the federation specification.
pub const DEFINITIONS: &[Definition] = &[
    repeatable("key", 0, "(fields: federation__FieldSet!, resolvable: Boolean = true)", "OBJECT | INTERFACE"),
    once("requires", 0, "(fields: federation__FieldSet!)", FIELD),
    once("provides", 0, "(fields: federation__FieldSet!)", FIELD),
    once("external", 0, "(reason: String)", "OBJECT | FIELD_DEFINITION"),
    once("extends", 0, "", "OBJECT | INTERFACE"),
    Definition { repeatable_since: Some(since(2)), ..once("shareable", 0, "", "OBJECT | FIELD_DEFINITION") },
    Definition {
        later_arguments: &[("label", since(7))],
        ..once("override", 0, "(from: String!, label: String)", FIELD)
    },
    repeatable("tag", 0, "(name: String!)", TAGGED),
    once("inaccessible", 0, "", ANYWHERE),
    repeatable("composeDirective", 1, "(name: String)", "SCHEMA"),
    once("interfaceObject", 3, "", "OBJECT"),
    once("authenticated", 5, "", GUARDED),
    once("requiresScopes", 5, "(scopes: [[federation__Scope!]!]!)", GUARDED),
    once("policy", 6, "(policies: [[federation__Policy!]!]!)", GUARDED),
    repeatable("context", 8, "(name: String!)", "INTERFACE | OBJECT | UNION"),
    once("fromContext", 8, "(field: federation__ContextFieldValue)", "ARGUMENT_DEFINITION"),
    once("cost", 9, "(weight: Int!)", PRICED),
    once("listSize", 9, SIZES, FIELD),
    repeatable("cacheTag", 12, "(format: String!)", "OBJECT | FIELD_DEFINITION"),
];
