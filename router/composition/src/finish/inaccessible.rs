//! The API schema, which is the supergraph without what is `@inaccessible`, must be one: nothing visible may lean on
//! anything hidden.

use std::fmt::Arguments;

use federation::link::Links;
use federation::subgraph::{Composite, Subgraph, Validated};
use federation::vocabulary::SPECS_HOME;
use graphql::ast::{DirectiveList, InputValueDefinition, Value};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Name, Node, Schema, is_executable_location};

struct Check<'a> {
    schema: &'a Schema,
    subgraphs: &'a [Subgraph<Validated>],
    links: Links,
    /// What `@inaccessible` is called; `None` where nothing is hidden by it.
    directive: Option<String>,
    errors: Vec<Diagnostic>,
}

/// Checks the API schema. Labels point into the subgraphs, or into the supergraph's own text if there are none.
pub(crate) fn check(schema: &Schema, subgraphs: &[Subgraph<Validated>]) -> Vec<Diagnostic> {
    let (links, _) = Links::read(schema);
    let directive =
        links.by_identity(&format!("{SPECS_HOME}inaccessible")).map(|link| link.directive_name("inaccessible"));
    let mut check = Check { schema, subgraphs, links, directive, errors: Vec::new() };
    check.vocabulary();
    for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
        if !check.is_vocabulary(name) {
            check.visit(name, ty);
        }
    }
    check.errors
}

impl Check<'_> {
    fn error(&mut self, code: &'static str, (ty, field): (&str, Option<&str>), message: String) {
        let mut diagnostic = Diagnostic::error(code, message);
        for subgraph in self.subgraphs {
            let location = location(&subgraph.schema, ty, field);
            if location.is_some() {
                diagnostic = diagnostic.label(subgraph.label(location, "here"));
            }
        }
        if self.subgraphs.is_empty() {
            let span = location(self.schema, ty, field);
            diagnostic.labels.extend(span.and_then(|span| graphql::label(span, &self.schema.sources, "here")));
        }
        self.errors.push(diagnostic.help("Hide both, or neither."));
    }

    fn hidden(&self, directives: &DirectiveList) -> bool {
        self.directive.as_ref().is_some_and(|name| directives.has(name))
    }

    fn type_hidden(&self, name: &str) -> bool {
        let marked = |ty: &ExtendedType| self.directive.as_ref().is_some_and(|name| ty.directives().has(name));
        self.schema.types.get(name).is_some_and(marked)
    }

    /// Whether a type belongs to a linked specification: the API has none of those.
    fn is_vocabulary(&self, name: &str) -> bool {
        self.links.type_source(name).is_some()
    }

    /// `DISALLOWED_INACCESSIBLE`: what belongs to a specification is out of the API as a whole, never in part; and
    /// arguments of directives for schemas are never in it. Those of other directives may be hidden unless required.
    fn vocabulary(&mut self) {
        const CODE: &str = "DISALLOWED_INACCESSIBLE";
        let schema = self.schema;
        for (name, ty) in schema.types.iter().filter(|(_, ty)| !ty.is_built_in()) {
            if self.is_vocabulary(name) && (self.type_hidden(name) || self.hides_part(ty)) {
                let message = format!("Type \"{name}\" belongs to a linked specification: it cannot be @inaccessible.");
                self.error(CODE, (name, None), message);
            }
        }
        for definition in schema.directive_definitions.values() {
            let on_schemas = definition.locations.iter().any(|location| !is_executable_location(location));
            for argument in &definition.arguments {
                if !self.hidden(&argument.directives) {
                    continue;
                }
                let coordinate = format_args!("@{}({}:)", definition.name, argument.name);
                if on_schemas || self.links.directive_source(&definition.name).is_some() {
                    let message = format!(
                        "Argument \"{coordinate}\" cannot be @inaccessible: the directive is applied to schemas."
                    );
                    self.directive_error(CODE, &definition.name, message);
                } else if argument.is_required() {
                    let message = format!(
                        "Argument \"{coordinate}\" is @inaccessible but is required, so nobody could give it a value."
                    );
                    self.directive_error("REQUIRED_INACCESSIBLE", &definition.name, message);
                }
            }
        }
    }

    fn directive_error(&mut self, code: &'static str, directive: &Name, message: String) {
        let mut diagnostic = Diagnostic::error(code, message).help("Remove @inaccessible.");
        for subgraph in self.subgraphs {
            let own = subgraph.schema.directive_definitions.get(directive);
            diagnostic.labels.extend(own.map(|own| subgraph.label(own.location(), "here")));
        }
        self.errors.push(diagnostic);
    }

    fn hides_part(&self, ty: &ExtendedType) -> bool {
        match ty {
            ExtendedType::Enum(ty) => ty.values.values().any(|value| self.hidden(&value.directives)),
            ExtendedType::InputObject(ty) => ty.fields.values().any(|field| self.hidden(&field.directives)),
            ty => Composite::of(ty).is_some_and(|ty| ty.fields.values().any(|field| self.hidden(&field.directives))),
        }
    }

    /// `REFERENCED_INACCESSIBLE`: what is visible can't be of a type that isn't.
    fn reference(&mut self, inner: &str, coordinate: Arguments<'_>, place: (&str, Option<&str>)) -> bool {
        let message = if self.type_hidden(inner) {
            format!(
                "Type \"{inner}\" is @inaccessible but is referenced by \"{coordinate}\", which is in the API schema."
            )
        } else if self.is_vocabulary(inner) {
            format!(
                "Type \"{inner}\" belongs to a linked specification and is not in the API schema, but is referenced by \"{coordinate}\", which is."
            )
        } else {
            return false;
        };
        self.error("REFERENCED_INACCESSIBLE", place, message);
        true
    }

    fn visit(&mut self, name: &Name, ty: &ExtendedType) {
        if self.type_hidden(name) {
            if self.schema.schema_definition.query.as_ref().is_some_and(|query| query.name == *name) {
                let message = format!(
                    "Type \"{name}\" is @inaccessible but is the root query type, which must be in the API schema."
                );
                self.error("QUERY_ROOT_TYPE_INACCESSIBLE", (name, None), message);
            }
            return;
        }
        let only_hidden = match ty {
            ExtendedType::Enum(ty) => ty.values.values().all(|value| self.hidden(&value.directives)),
            ExtendedType::InputObject(ty) => ty.fields.values().all(|field| self.hidden(&field.directives)),
            ExtendedType::Union(ty) => ty.members.iter().all(|member| self.type_hidden(&member.name)),
            ty => Composite::of(ty).is_some_and(|ty| ty.fields.values().all(|field| self.hidden(&field.directives))),
        };
        if only_hidden {
            let message = format!("Type \"{name}\" is in the API schema but all of its children are @inaccessible.");
            self.error("ONLY_INACCESSIBLE_CHILDREN", (name, None), message);
        }
        if let Some(composite) = Composite::of(ty) {
            self.fields(&composite);
        }
        if let ExtendedType::InputObject(input) = ty {
            for field in input.fields.values() {
                self.input_value(name, &field.name, format_args!("{name}.{}", field.name), field);
            }
        }
    }

    fn fields(&mut self, composite: &Composite<'_>) {
        let schema = self.schema;
        let interfaces: Vec<Composite<'_>> = composite
            .implements
            .iter()
            .filter(|interface| !self.type_hidden(&interface.name))
            .filter_map(|interface| schema.types.get(&interface.name).and_then(Composite::of))
            .collect();
        for field in composite.fields.values() {
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            let place = (composite.name.as_str(), Some(field.name.as_str()));
            let visible = |interface: &&Composite<'_>| {
                interface.fields.get(&field.name).is_some_and(|field| !self.hidden(&field.directives))
            };
            let in_interfaces: Vec<&Composite<'_>> = interfaces.iter().filter(visible).collect();
            if self.hidden(&field.directives) {
                for interface in in_interfaces {
                    let message = format!(
                        "Field \"{coordinate}\" is @inaccessible but implements the interface field \"{}.{}\", which is in the API schema.",
                        interface.name, field.name
                    );
                    self.error("IMPLEMENTED_BY_INACCESSIBLE", place, message);
                }
                continue;
            }
            let inner = field.ty.inner_named_type();
            self.reference(inner, coordinate, place);
            for argument in &field.arguments {
                let of_interface = in_interfaces.iter().find(|interface| {
                    let other =
                        interface.fields.get(&field.name).and_then(|field| field.argument_by_name(&argument.name));
                    other.is_some_and(|other| !self.hidden(&other.directives))
                });
                if let (true, Some(interface)) = (self.hidden(&argument.directives), of_interface) {
                    let message = format!(
                        "Argument \"{coordinate}({}:)\" is @inaccessible but implements an argument of \"{}.{}\", which is in the API schema.",
                        argument.name, interface.name, field.name
                    );
                    self.error("IMPLEMENTED_BY_INACCESSIBLE", place, message);
                }
                if !self.hidden(&argument.directives) && argument.is_required() {
                    self.required_in_implementation(&in_interfaces, (composite.name, &field.name), argument);
                }
                self.input_value(
                    composite.name,
                    &field.name,
                    format_args!("{coordinate}({}:)", argument.name),
                    argument,
                );
            }
        }
    }

    /// An argument that the interface hides is one that clients of the interface can't give.
    fn required_in_implementation(
        &mut self,
        interfaces: &[&Composite<'_>],
        (ty, field): (&str, &str),
        argument: &InputValueDefinition,
    ) {
        for interface in interfaces {
            let other = interface.fields.get(field).and_then(|field| field.argument_by_name(&argument.name));
            if other.is_some_and(|other| self.hidden(&other.directives)) {
                let name = &argument.name;
                let message = format!(
                    "Argument \"{}.{field}({name}:)\" is @inaccessible but is implemented by the required argument \"{ty}.{field}({name}:)\", which is in the API schema.",
                    interface.name
                );
                self.error("REQUIRED_INACCESSIBLE", (ty, Some(field)), message);
            }
        }
    }

    fn input_value(&mut self, ty: &str, field: &str, coordinate: Arguments<'_>, value: &Node<InputValueDefinition>) {
        let place = (ty, Some(field));
        if self.hidden(&value.directives) {
            if value.is_required() {
                let message =
                    format!("\"{coordinate}\" is @inaccessible but is required, so nobody could give it a value.");
                self.error("REQUIRED_INACCESSIBLE", place, message);
            }
            return;
        }
        let inner = value.ty.inner_named_type();
        if self.reference(inner, coordinate, place) {
            return;
        }
        if let Some(default) = &value.default_value
            && let Some(hidden) = self.hidden_in_default(inner, default)
        {
            let message = format!(
                "\"{hidden}\" is @inaccessible but is used in the default value of \"{coordinate}\", which is in the API schema."
            );
            self.error("DEFAULT_VALUE_USES_INACCESSIBLE", place, message);
        }
    }

    /// What a default value uses that is hidden. Values nest no deeper than the parser allows.
    fn hidden_in_default(&self, ty: &str, value: &Value) -> Option<String> {
        match (value, self.schema.types.get(ty)?) {
            (Value::List(items), _) => items.iter().find_map(|item| self.hidden_in_default(ty, item)),
            (Value::Enum(name), ExtendedType::Enum(definition)) => {
                let found = definition.values.get(name)?;
                self.hidden(&found.directives).then(|| format!("{ty}.{name}"))
            }
            (Value::Object(members), ExtendedType::InputObject(input)) => members.iter().find_map(|(name, value)| {
                let field = input.fields.get(name)?;
                if self.hidden(&field.directives) {
                    return Some(format!("{ty}.{name}"));
                }
                self.hidden_in_default(field.ty.inner_named_type(), value)
            }),
            _ => None,
        }
    }
}

fn location(schema: &Schema, ty: &str, field: Option<&str>) -> Option<graphql::SourceSpan> {
    let found = schema.types.get(ty)?;
    match (found, field) {
        (found, None) => found.name().location(),
        (ExtendedType::InputObject(ty), Some(field)) => ty.fields.get(field)?.location(),
        (ty, Some(field)) => Composite::of(ty)?.fields.get(field)?.location(),
    }
}
