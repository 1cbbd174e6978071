//! The definitions of the link and join specifications, by <https://specs.apollo.dev/join/v0.3> and its successors.

use federation::link::Version;

const LINK: &str = r#"
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar link__Import
enum link__Purpose {
  "Needed to resolve fields securely."
  SECURITY
  "Needed to execute operations."
  EXECUTION
}
scalar join__FieldSet
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
"#;

const DIRECTIVES: &str = r#"
scalar join__DirectiveArguments
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on SCHEMA | OBJECT | INTERFACE | FIELD_DEFINITION
"#;

const CONTEXT: &str = r#"
scalar join__FieldValue
input join__ContextArgument { name: String!, type: String!, context: String!, selection: join__FieldValue! }
"#;

/// All definitions that a supergraph of a join version carries, as SDL.
pub(super) fn sdl(version: Version) -> String {
    let mut sdl = LINK.to_owned();
    let mut field = "graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean".to_owned();
    if version >= Version::new(0, 4) {
        sdl.push_str(DIRECTIVES);
        field.push_str(", overrideLabel: String");
    }
    if version >= Version::new(0, 5) {
        sdl.push_str(CONTEXT);
        field.push_str(", contextArguments: [join__ContextArgument!]");
    }
    sdl.push_str(&format!("directive @join__field({field}) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION\n"));
    sdl
}
