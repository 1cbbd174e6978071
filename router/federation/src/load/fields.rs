//! The fields of objects and interfaces, and what each subgraph knows of them. Field sets are bound afterwards.

use graphql::Name;
use graphql::ast::{self, Directive};
use graphql::schema::{Component, ExtendedType, FieldDefinition};
use rustc_hash::FxHashSet;

use super::arguments::{enum_value, is_true, string};
use super::types::is_inaccessible;
use super::{Loading, contexts};
use crate::supergraph::{ContextArgument, Field, FieldJoin, FieldType, Type};
use crate::{FieldId, LabelId, SubgraphId, TypeId};

/// Fields, with the texts of field sets still to be bound.
#[derive(Default)]
pub struct Fields {
    /// All fields by id.
    pub loaded: Vec<Field>,
    /// Field, join index, which set, text.
    pub unbound: Vec<(FieldId, usize, Which, String)>,
    /// Fields of which no join says anything.
    pub silent: FxHashSet<FieldId>,
    /// Arguments read from contexts whose selections are still texts: field, join index, the argument, its text.
    pub unbound_arguments: Vec<(FieldId, usize, ContextArgument, String)>,
}

/// Which field set of a join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Requires,
    Provides,
}

/// Loads the fields of all types, and enters them there.
pub fn load(loading: &mut Loading<'_>, types: &mut [Type]) -> Fields {
    let mut fields = Fields::default();
    let schema = loading.schema;
    for (name, definition) in &schema.types {
        let Some(&parent) = loading.type_by_name.get(name) else { continue };
        let definitions = match definition {
            ExtendedType::Object(object) => &object.fields,
            ExtendedType::Interface(interface) => &interface.fields,
            _ => continue,
        };
        for (field_name, definition) in definitions.iter().filter(|(name, _)| !name.starts_with("__")) {
            load_field(loading, types, &mut fields, parent, (field_name, definition));
        }
    }
    fields
}

fn load_field(
    loading: &mut Loading<'_>,
    types: &mut [Type],
    fields: &mut Fields,
    parent: TypeId,
    (name, definition): (&Name, &Component<FieldDefinition>),
) {
    let Some(ty) = field_type(loading, &definition.ty) else {
        loading.invalid(format!("the type of the field {name} is not known: {}", definition.ty));
        return;
    };
    let id = FieldId(fields.loaded.len() as u32);
    let directive_name = loading.directives.field.as_str();
    let joined: Vec<&Directive> = definition
        .directives
        .0
        .iter()
        .filter(|directive| directive.name == directive_name)
        .map(|directive| &**directive)
        .collect();
    let mut joins = Vec::new();
    if joined.is_empty() {
        fields.silent.insert(id);
        let of_parent = types.get(parent.0 as usize).map(|parent| parent.joins.as_slice()).unwrap_or_default();
        joins = of_parent.iter().map(|join| plain_join(join.subgraph, ty.clone())).collect();
    }
    for directive in joined {
        let Some(graph) = enum_value(directive, "graph") else { continue };
        let Some(&subgraph) = loading.graphs.get(graph) else {
            let directive_name = &loading.directives.field;
            loading.invalid(format!("@{directive_name} on {name} names the unknown subgraph {graph}"));
            continue;
        };
        joins.push(load_join(loading, directive, subgraph, &ty));
        for (which, argument) in [(Which::Requires, "requires"), (Which::Provides, "provides")] {
            if let Some(text) = string(directive, argument) {
                fields.unbound.push((id, joins.len() - 1, which, text.to_owned()));
            }
        }
        for (argument, text) in contexts::arguments(loading, directive, name) {
            fields.unbound_arguments.push((id, joins.len() - 1, argument, text));
        }
    }
    if let Some(parent) = types.get_mut(parent.0 as usize) {
        parent.fields.insert(name.clone(), id);
    }
    let inaccessible = is_inaccessible(loading, definition.directives.0.iter().map(|directive| &**directive));
    fields.loaded.push(Field { name: name.clone(), parent, ty, inaccessible, joins });
}

/// A field that a subgraph has in the plainest way.
pub fn plain_join(subgraph: SubgraphId, ty: FieldType) -> FieldJoin {
    FieldJoin {
        subgraph,
        ty,
        external: false,
        overridden: false,
        requires: None,
        provides: None,
        override_label: None,
        overrides: None,
        context_arguments: Vec::new(),
    }
}

fn load_join(loading: &mut Loading<'_>, directive: &Directive, subgraph: SubgraphId, ty: &FieldType) -> FieldJoin {
    let mut join = plain_join(subgraph, ty.clone());
    if let Some(text) = string(directive, "type") {
        match parse_type(loading, text) {
            Some(ty) => join.ty = ty,
            None => loading.invalid(format!("the type {text:?} of a field in a subgraph is not known")),
        }
    }
    join.external = is_true(directive, "external");
    join.override_label = string(directive, "overrideLabel")
        .filter(|label| !label.is_empty())
        .map(|label| LabelId(loading.override_labels.insert_full(label.to_owned()).0 as u32));
    // With a label, it is overridden while that is in force, however it is used.
    join.overridden = join.override_label.is_none() && is_true(directive, "usedOverridden");
    join.overrides = string(directive, "override").map(str::to_owned);
    join
}

fn field_type(loading: &Loading<'_>, ty: &ast::Type) -> Option<FieldType> {
    let named = |name: &Name, non_null| loading.type_by_name.get(name).map(|&id| FieldType::Named { id, non_null });
    match ty {
        ast::Type::Named(name) => named(name, false),
        ast::Type::NonNullNamed(name) => named(name, true),
        ast::Type::List(item) => Some(FieldType::List { item: Box::new(field_type(loading, item)?), non_null: false }),
        ast::Type::NonNullList(item) => {
            Some(FieldType::List { item: Box::new(field_type(loading, item)?), non_null: true })
        }
    }
}

/// A type as `@join__field(type:)` writes it, such as `[User!]`. Not recursive: the text is untrusted.
pub fn parse_type(loading: &Loading<'_>, text: &str) -> Option<FieldType> {
    const DEPTH_MAX: usize = 64;
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let depth = text.bytes().take_while(|&byte| byte == b'[').count();
    if depth > DEPTH_MAX {
        return None;
    }
    let rest = text.get(depth..)?;
    let end = rest.find(['!', ']']).unwrap_or(rest.len());
    let (name, mut suffix) = rest.split_at_checked(end)?;
    let mut take_bang = || match suffix.strip_prefix('!') {
        Some(after) => {
            suffix = after;
            (true, suffix)
        }
        None => (false, suffix),
    };
    let (non_null, mut left) = take_bang();
    let mut ty = FieldType::Named { id: *loading.type_by_name.get(name)?, non_null };
    for _ in 0..depth {
        left = left.strip_prefix(']')?;
        let non_null = left.starts_with('!');
        left = left.strip_prefix('!').unwrap_or(left);
        ty = FieldType::List { item: Box::new(ty), non_null };
    }
    left.is_empty().then_some(ty)
}
