//! Field sets of keys, requires and provides: parsed against the whole supergraph, bound, and normalised so that
//! equal sets compare equal.

use graphql::ast::Value;
use graphql::executable::{self, Selection, SelectionSet};
use graphql::{Name, Schema, Valid, parse_field_set};

use super::arguments::{enum_value, is_false, is_true, string};
use super::fields::{Fields, Which};
use super::{Loading, contexts};
use crate::subgraph::plain_names;
use crate::supergraph::{EntityKey, FieldSet, FieldSetItem, Type};
use crate::{SubgraphId, TypeId};

/// Binds every field set of the supergraph.
pub fn bind(loading: &mut Loading<'_>, types: &mut [Type], fields: &mut Fields) {
    for (field, join, which, text) in std::mem::take(&mut fields.unbound) {
        let Some(loaded) = fields.loaded.get(field.0 as usize) else { continue };
        let on = match which {
            Which::Requires => loaded.parent,
            Which::Provides => loaded.ty.named(),
        };
        let coordinate = format!("the field {}", loaded.name);
        let Some(set) = parse(loading, types, on, &text, &coordinate) else { continue };
        let Some(join) = fields.loaded.get_mut(field.0 as usize).and_then(|field| field.joins.get_mut(join)) else {
            continue;
        };
        match which {
            Which::Requires => join.requires = Some(set),
            Which::Provides => join.provides = Some(set),
        }
    }
    contexts::bind(loading, types, fields);
    bind_keys(loading, types, fields);
}

fn bind_keys(loading: &mut Loading<'_>, types: &mut [Type], fields: &mut Fields) {
    let schema = loading.schema;
    let name = loading.directives.ty.clone();
    for (type_name, definition) in &schema.types {
        let Some(&id) = loading.type_by_name.get(type_name) else { continue };
        for directive in definition.directives().0.iter().filter(|directive| directive.name == name.as_str()) {
            let graph = enum_value(directive, "graph").and_then(|graph| loading.graphs.get(graph)).copied();
            let (Some(subgraph), Some(text)) = (graph, string(directive, "key")) else { continue };
            let Some(set) = parse(loading, types, id, text, &format!("a key of {type_name}")) else { continue };
            if is_true(directive, "extension") {
                resolve_on_extension(fields, subgraph, &set);
            }
            let key = EntityKey { fields: set, resolvable: !is_false(directive, "resolvable") };
            let joins = types.get_mut(id.0 as usize).map(|ty| ty.joins.as_mut_slice()).unwrap_or_default();
            if let Some(join) = joins.iter_mut().find(|join| join.subgraph == subgraph) {
                join.keys.push(key);
            }
        }
    }
}

/// The key fields of an extension are the subgraph's own, whatever else is said of them: others may have taken them
/// over, but entities are still told from one another by them.
fn resolve_on_extension(fields: &mut Fields, subgraph: SubgraphId, set: &FieldSet) {
    for item in set {
        if let FieldSetItem::Field { field: Some(field), .. } = item
            && let Some(field) = fields.loaded.get_mut(field.0 as usize)
            && let Some(join) = field.joins.iter_mut().find(|join| join.subgraph == subgraph)
        {
            join.external = false;
            join.overridden = false;
        }
        let (FieldSetItem::Field { selection, .. } | FieldSetItem::Fragment { selection, .. }) = item;
        resolve_on_extension(fields, subgraph, selection);
    }
}

/// Parses and binds one field set; reports what does not bind.
pub fn parse(loading: &mut Loading<'_>, types: &[Type], on: TypeId, text: &str, what: &str) -> Option<FieldSet> {
    let parent = types.get(on.0 as usize)?;
    if let Some(set) = plain(parent, text) {
        return Some(set);
    }
    let type_name = parent.name.clone();
    let schema: &Valid<Schema> = Valid::assume_valid_ref(loading.schema);
    // The library's parser of field sets panics on some texts that are none.
    let parsed = parse_field_set(text).map_err(|error| error.to_string()).and_then(|_| {
        executable::FieldSet::parse(schema, type_name, text, "field set")
            .map_err(|_| "it does not fit its type".to_owned())
    });
    let bound = parsed.and_then(|set| {
        bind_set(loading, types, &set.selection_set).ok_or_else(|| "it uses what is not known".to_owned())
    });
    match bound {
        Ok(bound) => Some(bound),
        Err(why) => {
            loading.invalid(format!("the field set {text:?} of {what}: {why}"));
            None
        }
    }
}

/// A set that is nothing but names of the type's fields, as nearly all are: no need for a parser.
fn plain(parent: &Type, text: &str) -> Option<FieldSet> {
    let item = |name: Name| {
        let field = Some(*parent.fields.get(&name)?);
        Some(FieldSetItem::Field { field, arguments: Vec::new(), selection: FieldSet::new() })
    };
    let items: Option<FieldSet> = plain_names(text)?.into_iter().map(item).collect();
    items.map(normalise)
}

/// Recursion is bounded by the parser of field sets.
fn bind_set(loading: &Loading<'_>, types: &[Type], set: &SelectionSet) -> Option<FieldSet> {
    let parent = *loading.type_by_name.get(&set.ty)?;
    let mut bound = FieldSet::new();
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                let mut arguments: Vec<(Name, Value)> = field
                    .arguments
                    .iter()
                    .map(|argument| (argument.name.clone(), argument.value.as_ref().clone()))
                    .collect();
                arguments.sort_by(|a, b| a.0.cmp(&b.0));
                let selection = if field.selection_set.selections.is_empty() {
                    FieldSet::new()
                } else {
                    bind_set(loading, types, &field.selection_set)?
                };
                let field = match field.name.as_str() {
                    "__typename" => None,
                    name => Some(*types.get(parent.0 as usize)?.fields.get(name)?),
                };
                bound.push(FieldSetItem::Field { field, arguments, selection });
            }
            Selection::InlineFragment(fragment) => {
                let selection = bind_set(loading, types, &fragment.selection_set)?;
                match &fragment.type_condition {
                    Some(on) if *on != set.ty => {
                        let on = *loading.type_by_name.get(on)?;
                        bound.push(FieldSetItem::Fragment { on, selection });
                    }
                    _ => bound.extend(selection),
                }
            }
            Selection::FragmentSpread(_) => return None,
        }
    }
    Some(normalise(bound))
}

/// Merges repeated items and puts them in order: fields by id, then fragments by type.
fn normalise(set: FieldSet) -> FieldSet {
    let mut merged: FieldSet = Vec::with_capacity(set.len());
    for item in set {
        let same = merged.iter_mut().find(|other| is_same(other, &item));
        match (same, item) {
            (
                Some(FieldSetItem::Field { selection: into, .. } | FieldSetItem::Fragment { selection: into, .. }),
                FieldSetItem::Field { selection, .. } | FieldSetItem::Fragment { selection, .. },
            ) => {
                let mut all = std::mem::take(into);
                all.extend(selection);
                *into = normalise(all);
            }
            (None, item) => merged.push(item),
        }
    }
    merged.sort_by_key(|item| match item {
        FieldSetItem::Field { field, .. } => (0, field.map(|field| field.0 + 1).unwrap_or(0)),
        FieldSetItem::Fragment { on, .. } => (1, on.0),
    });
    merged
}

fn is_same(a: &FieldSetItem, b: &FieldSetItem) -> bool {
    match (a, b) {
        (
            FieldSetItem::Field { field: a, arguments: with, .. },
            FieldSetItem::Field { field: b, arguments: other, .. },
        ) => a == b && with == other,
        (FieldSetItem::Fragment { on: a, .. }, FieldSetItem::Fragment { on: b, .. }) => a == b,
        _ => false,
    }
}
