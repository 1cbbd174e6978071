//! What federation directives say of a subgraph's types and fields, gathered once, so that rules need not ask again.
//!
//! Lenient: field sets that don't parse are left out here and reported by validation.

use graphql::ast::{InputValueDefinition, Selection};
use graphql::collections::{HashMap, HashSet, IndexMap, IndexSet};
use graphql::schema::{Component, ComponentOrigin, FieldDefinition};
use graphql::{Name, Schema, SourceSpan};

use super::{Composite, FromContext, field_set};
use crate::vocabulary::{
    EXTENDS, EXTERNAL, FROM_CONTEXT, INTERFACE_OBJECT, KEY, OVERRIDE, PROVIDES, REQUIRES, SHAREABLE,
};

/// One `@key`.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its field set.
    pub selections: Vec<Selection>,
    /// Whether the subgraph resolves an entity by it.
    pub resolvable: bool,
    /// Whether it stands on an extension, where external key fields are no sign of another owner.
    pub on_extension: bool,
    /// Where it stands.
    pub location: Option<SourceSpan>,
}

/// An `@override`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The subgraph overridden.
    pub from: String,
    /// The label under which it is; `None` for always.
    pub label: Option<String>,
    /// Where it stands.
    pub location: Option<SourceSpan>,
}

/// What is known of an object or interface type.
#[derive(Clone, Debug, Default)]
pub struct TypeFacts {
    /// Keys in the order written.
    pub keys: Vec<Key>,
    /// An object that stands for an interface of other subgraphs.
    pub interface_object: bool,
    /// Facts of every field.
    pub fields: IndexMap<Name, FieldFacts>,
}

/// What is known of a field.
#[derive(Clone, Debug, Default)]
pub struct FieldFacts {
    /// Not resolved here, unless provided.
    pub external: bool,
    /// Resolved here on some paths although external.
    pub provided: bool,
    /// Part of a key.
    pub key: bool,
    /// Selected by some key, requires, provides or context argument, or asked for by an interface.
    pub used: bool,
    /// May be resolved by others too.
    pub shareable: bool,
    /// The set of `@requires`.
    pub requires: Option<Vec<Selection>>,
    /// The set of `@provides`.
    pub provides: Option<Vec<Selection>>,
    /// The `@override`.
    pub overrides: Option<Override>,
}

impl FieldFacts {
    /// Never resolved here.
    pub fn fully_external(&self) -> bool {
        self.external && !self.provided
    }
}

/// Gathers the facts of a subgraph's schema, whose directives have canonical names.
pub fn facts(schema: &Schema) -> IndexMap<Name, TypeFacts> {
    let mut types: IndexMap<Name, TypeFacts> = IndexMap::default();
    let mut selected = Selected::default();
    for ty in schema.types.values().filter(|ty| !ty.is_built_in()) {
        let Some(composite) = Composite::of(ty) else { continue };
        let mut type_facts = TypeFacts {
            keys: keys(&composite),
            interface_object: composite.directives.has(INTERFACE_OBJECT),
            fields: IndexMap::default(),
        };
        for key in &type_facts.keys {
            let targets = field_set::target_fields(schema, composite.name, &key.selections);
            if key.on_extension {
                selected.fake_external.extend(targets.iter().cloned());
            }
            selected.key.extend(targets);
        }
        for (name, field) in composite.fields {
            let field_facts = field_facts(&composite, field);
            if let Some(set) = &field_facts.requires {
                selected.used.extend(field_set::target_fields(schema, composite.name, set));
            }
            if let Some(set) = &field_facts.provides {
                selected.provided.extend(field_set::target_fields(schema, field.ty.inner_named_type(), set));
            }
            for argument in &field.arguments {
                selected.used.extend(read_from_context(schema, argument));
            }
            type_facts.fields.insert(name.clone(), field_facts);
        }
        types.insert(composite.name.clone(), type_facts);
    }
    selected.settle(schema, &mut types);
    types
}

/// The fields that an argument reads wherever its context is set.
fn read_from_context(schema: &Schema, argument: &InputValueDefinition) -> IndexSet<(Name, Name)> {
    let text =
        argument.directives.get(FROM_CONTEXT).and_then(|directive| directive.specified_argument_by_name("field"));
    let Some(from) = text.and_then(|text| FromContext::parse(text.as_str()?)) else { return IndexSet::default() };
    let Ok(selections) = from.selections() else { return IndexSet::default() };
    from.setters(schema).flat_map(|ty| field_set::target_fields(schema, ty, &selections)).collect()
}

/// Names of fields by the name of their type.
#[derive(Default)]
struct FieldNames {
    by_type: HashMap<Name, HashSet<Name>>,
}

impl FieldNames {
    fn extend(&mut self, fields: impl IntoIterator<Item = (Name, Name)>) {
        for (ty, field) in fields {
            self.by_type.entry(ty).or_default().insert(field);
        }
    }

    /// Whether a field of the type is among them, by the field's name.
    fn of(&self, ty: &Name) -> impl Fn(&Name) -> bool {
        let fields = self.by_type.get(ty);
        move |field| fields.is_some_and(|fields| fields.contains(field))
    }
}

#[derive(Default)]
struct Selected {
    key: FieldNames,
    fake_external: FieldNames,
    used: FieldNames,
    provided: FieldNames,
}

impl Selected {
    fn settle(&self, schema: &Schema, types: &mut IndexMap<Name, TypeFacts>) {
        for (type_name, type_facts) in types {
            let composite = schema.types.get(type_name).and_then(Composite::of);
            let implements = composite.iter().flat_map(|composite| composite.implements);
            let interfaces: Vec<_> = implements.filter_map(|name| schema.get_interface(&name.name)).collect();
            let (key, provided) = (self.key.of(type_name), self.provided.of(type_name));
            let (used, fake_external) = (self.used.of(type_name), self.fake_external.of(type_name));
            for (name, field) in &mut type_facts.fields {
                let of_interface = || interfaces.iter().any(|interface| interface.fields.contains_key(name));
                field.key = key(name);
                field.provided = provided(name);
                field.used = field.key || field.provided || used(name) || of_interface();
                field.external &= !fake_external(name);
                field.provided &= field.external;
                field.shareable |= field.key || field.provided;
            }
        }
    }
}

fn keys(composite: &Composite<'_>) -> Vec<Key> {
    let extends = composite.directives.has(EXTENDS);
    let key = |directive: &Component<graphql::ast::Directive>| {
        let text = directive.specified_argument_by_name("fields")?.as_str()?;
        Some(Key {
            selections: field_set::parse(text).ok()?,
            resolvable: directive.specified_argument_by_name("resolvable").and_then(|v| v.to_bool()).unwrap_or(true),
            on_extension: extends || directive.origin != ComponentOrigin::Definition,
            location: directive.location(),
        })
    };
    composite.directives.iter().filter(|directive| directive.name == KEY).filter_map(key).collect()
}

fn field_facts(composite: &Composite<'_>, field: &Component<FieldDefinition>) -> FieldFacts {
    let set = |directive: &str| {
        let text = field.directives.get(directive)?.specified_argument_by_name("fields")?.as_str()?;
        field_set::parse(text).ok()
    };
    let declared_shareable =
        composite.directives.iter().any(|directive| directive.name == SHAREABLE && directive.origin == field.origin);
    let overrides = field.directives.get(OVERRIDE).and_then(|directive| {
        let text = |name: &str| directive.specified_argument_by_name(name).and_then(|value| value.as_str());
        let label = text("label").filter(|label| !label.is_empty()).map(str::to_owned);
        Some(Override { from: text("from")?.to_owned(), label, location: directive.location() })
    });
    FieldFacts {
        external: field.directives.has(EXTERNAL) || composite.directives.has(EXTERNAL),
        shareable: declared_shareable || field.directives.has(SHAREABLE),
        requires: set(REQUIRES),
        provides: set(PROVIDES),
        overrides,
        ..FieldFacts::default()
    }
}
