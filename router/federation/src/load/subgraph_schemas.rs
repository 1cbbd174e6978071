//! The subgraphs' own schemas, told from their supergraph: what each may be asked.
//!
//! For proving plans and for tools; serving needs none of it. A supergraph doesn't keep all that a subgraph said
//! (arguments are merged, directives dropped), so these schemas are for validating operations alone.

use graphql::ast::{self, Directive, InputValueDefinition};
use graphql::collections::{HashSet, IndexMap};
use graphql::schema::{Component, ExtendedType, FieldDefinition, InterfaceType, ObjectType};
use graphql::{Diagnostic, Name, Node, Schema, Valid};

use super::arguments::{enum_value, is_true, string, value};
use super::features::Features;
use super::{Limits, parse_schema, subgraphs};
use crate::Supergraph;

/// What every subgraph has besides its own types.
const SERVICE: &str = "scalar _Any type _Service { sdl: String }";

impl Supergraph {
    /// The schema of each subgraph, by [`crate::SubgraphId`]: its types and fields as it types them, external ones
    /// included, with `_entities` where it has entities. They are not validated.
    ///
    /// # Errors
    /// As [`Supergraph::parse`], of which the text has to be one that it accepts.
    pub fn subgraph_schemas(sdl: &str, limits: Limits) -> Result<Vec<Valid<Schema>>, Vec<Diagnostic>> {
        let schema = parse_schema(sdl, limits)?;
        let features = Features::of(&schema)?;
        let (subgraphs, _) = subgraphs::load(&schema, &features)?;
        let of = |graph: &Name| Extraction { schema: &schema, features: &features, graph }.run();
        subgraphs.iter().map(|subgraph| of(&subgraph.graph)).collect()
    }
}

struct Extraction<'a> {
    schema: &'a Schema,
    features: &'a Features,
    graph: &'a Name,
}

impl Extraction<'_> {
    fn run(&self) -> Result<Valid<Schema>, Vec<Diagnostic>> {
        let mut entities = Vec::new();
        let mut extracted = Schema::clone(self.schema);
        extracted.types.clear();
        for (name, ty) in &self.schema.types {
            if !self.features.owns_type(name) && self.knows_type(ty) {
                let ty = self.ty(ty);
                if ty.is_object() && self.has_key(&ty) {
                    entities.push(name.to_string());
                }
                extracted.types.insert(name.clone(), ty);
            }
        }
        let known: HashSet<Name> = extracted.types.keys().cloned().collect();
        for ty in extracted.types.values_mut() {
            prune(ty, &known);
        }
        let definition = extracted.schema_definition.make_mut();
        for root in [&mut definition.query, &mut definition.mutation, &mut definition.subscription] {
            if root.as_ref().is_some_and(|root| !known.contains(&root.name)) {
                *root = None;
            }
        }
        let query = definition.query.as_ref().map_or("Query", |root| root.name.as_str()).to_owned();
        let mut additions = format!("{SERVICE} type {query} {{ _service: _Service! }}");
        if !entities.is_empty() {
            additions = format!(
                "{SERVICE} union _Entity = {} type {query} {{ _service: _Service! _entities(representations: [_Any!]!): [_Entity]! }}",
                entities.join(" | ")
            );
        }
        // What the entities' types are stands in the extracted schema alone.
        let additions = Schema::builder().parse(additions, "additions.graphql").build();
        let additions = additions.unwrap_or_else(|found| found.partial);
        self.add(&mut extracted, additions, &query);
        Ok(Valid::assume_valid(extracted))
    }

    /// Adds what federation adds: the fields of the query root, and the types of those.
    fn add(&self, extracted: &mut Schema, additions: Schema, query: &str) {
        for (name, ty) in additions.types {
            match (extracted.types.get_mut(&name), ty) {
                (Some(ExtendedType::Object(root)), ExtendedType::Object(added)) if name == query => {
                    root.make_mut().fields.extend(added.fields.clone());
                }
                (Some(_), _) => {}
                (None, ty) => {
                    if name == query {
                        let definition = extracted.schema_definition.make_mut();
                        definition.query = Some(name.clone().into());
                    }
                    extracted.types.insert(name, ty);
                }
            }
        }
    }

    fn of_graph<'d>(&self, directive: &'d Directive, element: &str) -> Option<&'d Directive> {
        let name = self.features.directive("join", element)?;
        (directive.name == name.as_str() && enum_value(directive, "graph") == Some(self.graph)).then_some(directive)
    }

    fn is(&self, directive: &Directive, element: &str) -> bool {
        self.features.directive("join", element).is_some_and(|name| directive.name == name.as_str())
    }

    fn knows_type(&self, ty: &ExtendedType) -> bool {
        let directives = &ty.directives().0;
        ty.is_built_in()
            || directives.iter().any(|directive| self.of_graph(directive, "type").is_some())
            || !directives.iter().any(|directive| self.is(directive, "type"))
    }

    fn has_key(&self, ty: &ExtendedType) -> bool {
        let joins = ty.directives().0.iter().filter_map(|directive| self.of_graph(directive, "type"));
        joins.into_iter().any(|directive| string(directive, "key").is_some())
    }

    /// A type as the subgraph knows it, fields of types that it doesn't know still among its own.
    fn ty(&self, ty: &ExtendedType) -> ExtendedType {
        let mut ty = ty.clone();
        let mut joins = ty.directives().0.iter().filter_map(|directive| self.of_graph(directive, "type"));
        if joins.any(|directive| is_true(directive, "isInterfaceObject"))
            && let ExtendedType::Interface(interface) = &ty
        {
            ty = ExtendedType::Object(Node::new(as_object(interface)));
        }
        match &mut ty {
            ExtendedType::Object(object) => {
                let object = object.make_mut();
                self.fields(&mut object.fields);
                let directives = object.directives.clone();
                object.implements_interfaces.retain(|name| self.has_part(&directives, "implements", "interface", name));
            }
            ExtendedType::Interface(interface) => {
                let interface = interface.make_mut();
                self.fields(&mut interface.fields);
                let directives = interface.directives.clone();
                let implements = &mut interface.implements_interfaces;
                implements.retain(|name| self.has_part(&directives, "implements", "interface", name));
            }
            ExtendedType::Union(union) => {
                let union = union.make_mut();
                let directives = union.directives.clone();
                union.members.retain(|name| self.has_part(&directives, "unionMember", "member", name));
            }
            ExtendedType::Enum(definition) => {
                definition.make_mut().values.retain(|_, value| self.knows(&value.directives, "enumValue"));
            }
            ExtendedType::InputObject(input) => {
                input.make_mut().fields.retain(|_, field| self.knows(&field.directives, "field"));
            }
            ExtendedType::Scalar(_) => {}
        }
        ty
    }

    fn fields(&self, fields: &mut IndexMap<Name, Component<FieldDefinition>>) {
        fields.retain(|_, field| self.knows(&field.directives, "field"));
        for field in fields.values_mut() {
            let narrower = field.directives.0.iter().find_map(|directive| self.of_graph(directive, "field"));
            let narrower = narrower.and_then(|directive| string(directive, "type"));
            let ty = narrower.and_then(|text| ast::Type::parse(text, "type.graphql").ok());
            if let Some(ty) = ty {
                field.make_mut().ty = ty;
            }
            let read = self.context_arguments(field);
            field.make_mut().arguments.extend(read);
        }
    }

    /// The arguments that the subgraph reads from contexts: the supergraph's field lacks them.
    fn context_arguments(&self, field: &FieldDefinition) -> Vec<Node<InputValueDefinition>> {
        let directives = field.directives.0.iter().filter_map(|directive| self.of_graph(directive, "field"));
        let written = directives.filter_map(|directive| value(directive, "contextArguments")?.as_list());
        let definition = |argument: &Node<ast::Value>| {
            let members = argument.as_object()?;
            let text = |key: &str| members.iter().find(|(name, _)| name == key).and_then(|(_, value)| value.as_str());
            Some(Node::new(InputValueDefinition {
                description: None,
                name: Name::new(text("name")?).ok()?,
                ty: Node::new(ast::Type::parse(text("type")?, "type.graphql").ok()?),
                default_value: None,
                directives: Default::default(),
            }))
        };
        written.flatten().filter_map(definition).collect()
    }

    /// Whether a field or value belongs to the subgraph; where nothing says so, it belongs to all.
    fn knows(&self, directives: &ast::DirectiveList, element: &str) -> bool {
        directives.0.iter().any(|directive| self.of_graph(directive, element).is_some())
            || !directives.0.iter().any(|directive| self.is(directive, element))
    }

    /// The same for an interface or a union's member, which `argument` names.
    fn has_part(
        &self,
        directives: &graphql::schema::DirectiveList,
        element: &str,
        argument: &str,
        name: &graphql::schema::ComponentName,
    ) -> bool {
        let mut all = directives.0.iter().filter(|directive| self.is(directive, element)).peekable();
        all.peek().is_none()
            || all.any(|directive| {
                self.of_graph(directive, element).is_some() && string(directive, argument) == Some(name.as_str())
            })
    }
}

fn as_object(interface: &InterfaceType) -> ObjectType {
    ObjectType {
        description: None,
        name: interface.name.clone(),
        implements_interfaces: Default::default(),
        directives: interface.directives.clone(),
        fields: interface.fields.clone(),
    }
}

/// Takes away what refers to types that the subgraph doesn't have.
fn prune(ty: &mut ExtendedType, known: &HashSet<Name>) {
    match ty {
        ExtendedType::Object(object) => {
            let object = object.make_mut();
            object.implements_interfaces.retain(|name| known.contains(&name.name));
            object.fields.retain(|_, field| known.contains(field.ty.inner_named_type()));
        }
        ExtendedType::Interface(interface) => {
            let interface = interface.make_mut();
            interface.implements_interfaces.retain(|name| known.contains(&name.name));
            interface.fields.retain(|_, field| known.contains(field.ty.inner_named_type()));
        }
        ExtendedType::Union(union) => union.make_mut().members.retain(|name| known.contains(&name.name)),
        _ => {}
    }
}
