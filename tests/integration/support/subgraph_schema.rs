//! A subgraph's SDL as an executable schema, with what federation adds to it.

use std::collections::BTreeMap;

use graphql::ast::{Definition, OperationType};
use graphql::executable::FieldSet;
use graphql::schema::ExtendedType;
use graphql::{Parser, Schema, Valid};

/// The definitions that a subgraph's SDL may use without defining them.
const FEDERATION: &str = r"
scalar federation__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @key(fields: federation__FieldSet!, resolvable: Boolean = true) repeatable on OBJECT | INTERFACE
directive @requires(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @provides(fields: federation__FieldSet!) on FIELD_DEFINITION
directive @external(reason: String) on OBJECT | FIELD_DEFINITION
directive @extends on OBJECT | INTERFACE
directive @shareable repeatable on OBJECT | FIELD_DEFINITION
directive @override(from: String!, label: String) on FIELD_DEFINITION
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION | SCHEMA
directive @interfaceObject on OBJECT
scalar federation__ContextFieldValue
directive @context(name: String!) repeatable on OBJECT | INTERFACE | UNION
directive @fromContext(field: federation__ContextFieldValue) on ARGUMENT_DEFINITION
directive @composeDirective(name: String!) repeatable on SCHEMA
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @cost(weight: Int!) on FIELD_DEFINITION | ARGUMENT_DEFINITION | ENUM | OBJECT | INPUT_FIELD_DEFINITION | SCALAR
scalar _Any
type _Service { sdl: String! }
";

/// What a subgraph serves.
pub struct SubgraphSchema {
    /// Its SDL, as `_service` tells it.
    pub sdl: String,
    /// The executable schema, `_entities` included.
    pub schema: Valid<Schema>,
    /// The resolvable keys of each entity type or interface.
    pub keys: BTreeMap<String, Vec<Valid<FieldSet>>>,
}

impl SubgraphSchema {
    /// Reads a subgraph's SDL.
    pub fn new(sdl: &str) -> Self {
        let schema = Schema::builder().adopt_orphan_extensions().parse(sdl, "subgraph.graphql");
        let query = query_root(sdl);
        let federation = format!("{FEDERATION} extend type {query} {{ _service: _Service! }}");
        let schema = schema.parse(&federation, "federation.graphql").build().expect("a subgraph schema");
        let entities = schema.types.iter().filter(|(_, ty)| ty.is_object() && ty.directives().has("key"));
        let entities: Vec<&str> = entities.map(|(name, _)| name.as_str()).collect();
        let schema = if entities.is_empty() {
            schema
        } else {
            let entities = format!(
                "union _Entity = {}\nextend type {query} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n",
                entities.join(" | ")
            );
            let all = Schema::builder().adopt_orphan_extensions().parse(sdl, "subgraph.graphql");
            let all = all.parse(&federation, "federation.graphql").parse(entities, "entities.graphql");
            all.build().expect("a subgraph schema")
        };
        let schema = schema.validate().unwrap_or_else(|error| panic!("an invalid subgraph schema: {}", error.errors));
        let keys = schema.types.values().map(|ty| (ty.name().to_string(), keys(&schema, ty)));
        let keys = keys.filter(|(_, keys)| !keys.is_empty()).collect();
        Self { sdl: sdl.to_owned(), schema, keys }
    }

    /// Whether objects of a type are values of a type: the same, an interface or a union.
    pub fn is_of(&self, object: &str, ty: &str) -> bool {
        object == ty || self.schema.is_subtype(ty, object)
    }
}

/// The name of the type that queries begin with.
fn query_root(sdl: &str) -> String {
    let document = Parser::new().parse_ast(sdl, "subgraph.graphql").expect("SDL");
    let roots = document.definitions.iter().flat_map(|definition| match definition {
        Definition::SchemaDefinition(schema) => schema.root_operations.as_slice(),
        Definition::SchemaExtension(schema) => schema.root_operations.as_slice(),
        _ => &[],
    });
    let query = roots.map(|root| &**root).find(|(kind, _)| *kind == OperationType::Query);
    query.map_or_else(|| "Query".to_owned(), |(_, name)| name.to_string())
}

fn keys(schema: &Valid<Schema>, ty: &ExtendedType) -> Vec<Valid<FieldSet>> {
    let directives = ty.directives().get_all("key");
    let resolvable = directives
        .filter(|key| key.specified_argument_by_name("resolvable").and_then(|value| value.to_bool()).unwrap_or(true));
    let fields = resolvable.filter_map(|key| key.specified_argument_by_name("fields")?.as_str());
    let parse = |fields| {
        FieldSet::parse_and_validate(schema, ty.name().clone(), fields, "key.graphql")
            .unwrap_or_else(|error| panic!("{}: {}", ty.name(), error.errors))
    };
    fields.map(parse).collect()
}
