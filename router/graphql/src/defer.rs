//! `@defer`: schemas have it only where responses may come in parts. The rules for its use that go beyond a definition
//! are checked by validation as soon as it is defined.

use apollo_compiler::ast::{DirectiveDefinition, DirectiveLocation, InputValueDefinition, Type, Value};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Node, Schema, name, ty};

/// The schema with `@defer`, as the specification's proposal defines it; whatever else had that name gives way.
pub fn with_defer(schema: &Valid<Schema>) -> Valid<Schema> {
    let argument = |name, ty: Type, default_value: Option<Value>| {
        Node::new(InputValueDefinition {
            description: None,
            name,
            ty: Node::new(ty),
            default_value: default_value.map(Node::new),
            directives: Default::default(),
        })
    };
    let definition = DirectiveDefinition {
        description: Some("Allows a fragment to be delivered after the rest of the response.".into()),
        name: name!("defer"),
        arguments: vec![
            argument(name!("if"), ty!(Boolean!), Some(Value::Boolean(true))),
            argument(name!("label"), ty!(String), None),
        ],
        repeatable: false,
        locations: vec![DirectiveLocation::FragmentSpread, DirectiveLocation::InlineFragment],
    };
    let mut schema = schema.clone().into_inner();
    schema.directive_definitions.insert(definition.name.clone(), Node::new(definition));
    // A definition that names nothing but built-in types leaves a valid schema valid.
    Valid::assume_valid(schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OperationLimits, Suggestions, parse_operation};

    fn messages(query: &str) -> Vec<String> {
        let sdl = "type Query { a: Query b: Int } type Mutation { m: Query } type Subscription { s: Query }";
        let schema = with_defer(&Schema::parse_and_validate(sdl, "").unwrap());
        let parsed = parse_operation(&schema, query, &OperationLimits::default(), Suggestions::Off);
        parsed.err().into_iter().flatten().map(|error| error.message).collect()
    }

    #[test]
    fn the_schema_stays_valid() {
        let schema = with_defer(&Schema::parse_and_validate("type Query { b: Int }", "").unwrap());
        assert!(schema.into_inner().validate().is_ok());
    }

    #[test]
    fn labels_are_literal_and_unique() {
        assert_eq!(messages("query($l: String) { ... @defer(label: $l) { b } }").len(), 1);
        assert_eq!(messages(r#"{ ... @defer(label: "x") { b } a { ... @defer(label: "x") { b } } }"#).len(), 1);
        assert_eq!(messages(r#"{ ... @defer(label: "x") { b } a { ... @defer(label: "y") { b } } }"#).len(), 0);
    }

    #[test]
    fn roots_of_mutations_and_whole_subscriptions_are_not_deferred() {
        assert_eq!(
            messages("mutation { ... @defer { m { b } } }"),
            ["Defer directive cannot be used on root mutation type."]
        );
        assert!(messages("mutation { m { ... @defer { b } } }").is_empty());
        assert_eq!(messages("subscription { s { ... @defer { b } } }").len(), 1);
        assert!(messages("subscription { s { ... @defer(if: false) { b } } }").is_empty());
    }

    #[test]
    fn fields_and_bad_arguments_are_refused() {
        assert_eq!(messages("{ b @defer }").len(), 1);
        assert_eq!(messages("{ ... @defer(if: null) { b } }").len(), 1);
        assert_eq!(messages("{ ... @defer @defer { b } }").len(), 1);
    }
}
