//! How much an answer to introspection weighs, told without making it.
//!
//! Lists within lists and aliases multiply, so that a short query may ask for many times the schema. Every value counts
//! one, and its text by length; whatever is asked twice, or skipped, counts as well.

use apollo_compiler::ast::{Directive, Type, Value};
use apollo_compiler::collections::HashMap;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use apollo_compiler::schema::{
    DirectiveDefinition, EnumValueDefinition, ExtendedType, FieldDefinition, Implementers, InputValueDefinition,
};
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

use crate::json;

/// Bytes of text that count as one value.
const VALUE_BYTES: usize = 32;

/// An object of the introspection schema.
#[derive(Clone, Copy)]
enum Item<'s> {
    Root,
    Type(&'s ExtendedType),
    /// So many lists and non-nulls around a named type.
    Wrapper(usize, &'s Name),
    Field(&'s FieldDefinition),
    Input(&'s InputValueDefinition),
    EnumValue(&'s EnumValueDefinition),
    Directive(&'s DirectiveDefinition),
}

/// Counts an answer's weight down.
pub struct Scales<'s> {
    /// The API schema.
    pub schema: &'s Schema,
    /// What implements each interface.
    pub implementers: &'s HashMap<Name, Implementers>,
    /// Where fragments are.
    pub document: &'s ExecutableDocument,
    /// The operation's, coerced.
    pub variables: &'s json::Object,
    /// The weight that is left.
    pub left: usize,
}

impl<'s> Scales<'s> {
    /// Weighs a root's selection; `None` if it is too heavy. Recursion is bounded by the document's nesting.
    pub fn root(&mut self, set: &SelectionSet) -> Option<()> {
        set.selections.iter().try_for_each(|selection| match selection {
            Selection::Field(field) if field.name == "__schema" => self.object(field, Item::Root),
            Selection::Field(field) if field.name == "__type" => {
                let ty = self.name(field).and_then(|name| self.schema.types.get(name));
                ty.map_or(Some(()), |ty| self.object(field, Item::Type(ty)))
            }
            Selection::Field(_) => self.spend(1),
            Selection::InlineFragment(inline) => self.root(&inline.selection_set),
            Selection::FragmentSpread(spread) => {
                let fragment = self.document.fragments.get(&spread.fragment_name);
                fragment.map_or(Some(()), |fragment| self.root(&fragment.selection_set))
            }
        })
    }

    fn name<'v>(&'v self, field: &'v Field) -> Option<&'v str> {
        match field.specified_argument_by_name("name")?.as_ref() {
            Value::Variable(variable) => match self.variables.get(variable.as_str())? {
                json::Value::String(name) => Some(name),
                _ => None,
            },
            value => value.as_str(),
        }
    }

    fn spend(&mut self, weight: usize) -> Option<()> {
        self.left = self.left.checked_sub(weight)?;
        Some(())
    }

    fn text(&mut self, length: usize) -> Option<()> {
        self.spend(1 + length / VALUE_BYTES)
    }

    fn object(&mut self, field: &Field, item: Item<'s>) -> Option<()> {
        self.spend(1)?;
        self.selections(&field.selection_set, item)
    }

    fn objects(&mut self, field: &Field, mut items: impl Iterator<Item = Item<'s>>) -> Option<()> {
        self.spend(1)?;
        items.try_for_each(|item| self.object(field, item))
    }

    fn selections(&mut self, set: &SelectionSet, item: Item<'s>) -> Option<()> {
        set.selections.iter().try_for_each(|selection| match selection {
            Selection::Field(field) => self.field(field, item),
            Selection::InlineFragment(inline) => self.selections(&inline.selection_set, item),
            Selection::FragmentSpread(spread) => {
                let fragment = self.document.fragments.get(&spread.fragment_name);
                fragment.map_or(Some(()), |fragment| self.selections(&fragment.selection_set, item))
            }
        })
    }

    fn field(&mut self, field: &Field, item: Item<'s>) -> Option<()> {
        let name = field.name.as_str();
        if name == "description" {
            return self.text(description(self.schema, item));
        }
        match item {
            Item::Root => self.of_root(field, name),
            Item::Type(ty) => self.of_type(field, name, ty),
            Item::Wrapper(around, inner) if name == "ofType" => self.reference(field, around - 1, inner),
            Item::Field(definition) => match name {
                "args" => self.objects(field, definition.arguments.iter().map(|input| Item::Input(input))),
                "type" => self.reference(field, around(&definition.ty), definition.ty.inner_named_type()),
                "deprecationReason" => self.text(reason(definition.directives.get("deprecated"))),
                _ => self.spend(1),
            },
            Item::Input(definition) => match name {
                "type" => self.reference(field, around(&definition.ty), definition.ty.inner_named_type()),
                "defaultValue" => self.text(default_length(definition)),
                "deprecationReason" => self.text(reason(definition.directives.get("deprecated"))),
                _ => self.spend(1),
            },
            Item::EnumValue(definition) if name == "deprecationReason" => {
                self.text(reason(definition.directives.get("deprecated")))
            }
            Item::Directive(definition) if name == "args" => {
                self.objects(field, definition.arguments.iter().map(|input| Item::Input(input)))
            }
            Item::Directive(definition) if name == "locations" => self.spend(1 + definition.locations.len()),
            Item::Wrapper(..) | Item::EnumValue(_) | Item::Directive(_) => self.spend(1),
        }
    }

    fn of_root(&mut self, field: &Field, name: &str) -> Option<()> {
        let (schema, roots) = (self.schema, &self.schema.schema_definition);
        let root = match name {
            "types" => return self.objects(field, schema.types.values().map(Item::Type)),
            "directives" => {
                let directives = schema.directive_definitions.values();
                return self.objects(field, directives.map(|definition| Item::Directive(definition)));
            }
            "queryType" => &roots.query,
            "mutationType" => &roots.mutation,
            "subscriptionType" => &roots.subscription,
            _ => &None,
        };
        match root {
            Some(root) => self.reference(field, 0, &root.name),
            None => self.spend(1),
        }
    }

    fn of_type(&mut self, field: &Field, name: &str, ty: &'s ExtendedType) -> Option<()> {
        let schema = self.schema;
        let named = |name: &Name| schema.types.get(name).map(Item::Type);
        match (name, ty) {
            ("fields", ExtendedType::Object(ty)) => self.objects(field, ty.fields.values().map(|f| Item::Field(f))),
            ("fields", ExtendedType::Interface(ty)) => self.objects(field, ty.fields.values().map(|f| Item::Field(f))),
            ("interfaces", ExtendedType::Object(ty)) => {
                self.objects(field, ty.implements_interfaces.iter().filter_map(|of| named(&of.name)))
            }
            ("interfaces", ExtendedType::Interface(ty)) => {
                self.objects(field, ty.implements_interfaces.iter().filter_map(|of| named(&of.name)))
            }
            ("possibleTypes", ExtendedType::Interface(ty)) => {
                let objects = self.implementers.get(&ty.name).into_iter().flat_map(|by| &by.objects);
                self.objects(field, objects.filter_map(named))
            }
            ("possibleTypes", ExtendedType::Union(ty)) => {
                self.objects(field, ty.members.iter().filter_map(|member| named(&member.name)))
            }
            ("enumValues", ExtendedType::Enum(ty)) => {
                self.objects(field, ty.values.values().map(|v| Item::EnumValue(v)))
            }
            ("inputFields", ExtendedType::InputObject(ty)) => {
                self.objects(field, ty.fields.values().map(|input| Item::Input(input)))
            }
            _ => self.spend(1),
        }
    }

    fn reference(&mut self, field: &Field, around: usize, inner: &'s Name) -> Option<()> {
        match (around, self.schema.types.get(inner)) {
            (0, None) => self.spend(1),
            (0, Some(ty)) => self.object(field, Item::Type(ty)),
            (around, _) => self.object(field, Item::Wrapper(around, inner)),
        }
    }
}

/// The weight of everything in a schema, each thing once.
pub fn whole(schema: &Schema) -> usize {
    let text = |item: Item<'_>| 1 + description(schema, item) / VALUE_BYTES;
    let input = |input: &Node<InputValueDefinition>| text(Item::Input(input)) + default_length(input) / VALUE_BYTES;
    let inputs = |list: &[Node<InputValueDefinition>]| list.iter().map(input).sum::<usize>();
    let field = |field: &FieldDefinition| text(Item::Field(field)) + inputs(&field.arguments);
    let types = schema.types.values().map(|ty| {
        text(Item::Type(ty))
            + match ty {
                ExtendedType::Scalar(_) => 0,
                ExtendedType::Object(ty) => {
                    ty.implements_interfaces.len() * 2 + ty.fields.values().map(|of| field(of)).sum::<usize>()
                }
                ExtendedType::Interface(ty) => {
                    ty.implements_interfaces.len() + ty.fields.values().map(|of| field(of)).sum::<usize>()
                }
                ExtendedType::Union(ty) => ty.members.len(),
                ExtendedType::Enum(ty) => ty.values.values().map(|value| text(Item::EnumValue(value))).sum(),
                ExtendedType::InputObject(ty) => ty.fields.values().map(|of| input(of)).sum(),
            }
    });
    let directives = schema.directive_definitions.values();
    types.sum::<usize>()
        + directives.map(|of| text(Item::Directive(of)) + of.locations.len() + inputs(&of.arguments)).sum::<usize>()
}

/// How many lists and non-nulls stand around the named type.
fn around(mut ty: &Type) -> usize {
    let mut levels = 0;
    loop {
        levels += usize::from(ty.is_non_null());
        match ty {
            Type::List(item) | Type::NonNullList(item) => {
                levels += 1;
                ty = item;
            }
            Type::Named(_) | Type::NonNullNamed(_) => return levels,
        }
    }
}

fn description(schema: &Schema, item: Item<'_>) -> usize {
    let text = match item {
        Item::Root => schema.schema_definition.description.as_ref(),
        Item::Type(ty) => ty.description(),
        Item::Wrapper(..) => None,
        Item::Field(definition) => definition.description.as_ref(),
        Item::Input(definition) => definition.description.as_ref(),
        Item::EnumValue(definition) => definition.description.as_ref(),
        Item::Directive(definition) => definition.description.as_ref(),
    };
    text.map_or(0, |text| text.len())
}

fn default_length(input: &InputValueDefinition) -> usize {
    input.default_value.as_ref().map_or(0, |value| value.serialize().no_indent().to_string().len())
}

fn reason(deprecated: Option<&Node<Directive>>) -> usize {
    let reason = deprecated.and_then(|directive| directive.specified_argument_by_name("reason"));
    reason.and_then(|reason| reason.as_str()).map_or(0, str::len)
}
