//! Field sets written as lists become strings, and those of `@requires` and `@provides` keep external leaves only.

use federation::subgraph::{Parsed, Subgraph, TypeFacts, facts, parse_field_set, print_field_set};
use federation::vocabulary::{KEY, PROVIDES, REQUIRES};
use graphql::ast::{Argument, Directive, Field, FieldDefinition, Selection, Value};
use graphql::collections::IndexMap;
use graphql::{Name, Node, Schema};

use super::each_field;
use crate::walk;

/// `fields: ["a", "b"]` and `fields: a` become `fields: "a b"` and `fields: "a"`.
pub(crate) fn normalise(subgraph: &mut Subgraph<Parsed>) {
    walk::directives_mut(&mut subgraph.schema, &mut |directive| {
        if [KEY, PROVIDES, REQUIRES].contains(&directive.name.as_str())
            && let Some(text) = directive.specified_argument_by_name("fields").and_then(|value| as_text(value))
        {
            set_fields(directive, text);
        }
    });
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Enum(name) => Some(name.to_string()),
        Value::List(items) => {
            let texts: Option<Vec<&str>> = items.iter().map(|item| item.as_str()).collect();
            Some(texts?.join(" "))
        }
        _ => None,
    }
}

fn set_fields(directive: &mut Node<Directive>, text: String) {
    for argument in &mut directive.make_mut().arguments {
        if argument.name == "fields" {
            let value = argument.value.same_location(Value::String(text.clone()));
            let name = argument.name.clone();
            *argument = argument.same_location(Argument { name, value });
        }
    }
}

/// Takes leaves that the subgraph resolves itself out of `@requires` and `@provides`; an emptied one is dropped.
pub(crate) fn trim_non_external(subgraph: &mut Subgraph<Parsed>) {
    let facts = facts(&subgraph.schema);
    let schema = subgraph.schema.clone();
    each_field(subgraph, |parent, _, field| {
        let inner = field.ty.inner_named_type().clone();
        let mut emptied = Vec::new();
        for directive in field.make_mut().directives.iter_mut() {
            let target = match directive.name.as_str() {
                REQUIRES => parent,
                PROVIDES => &inner,
                _ => continue,
            };
            let text = directive.specified_argument_by_name("fields").and_then(|value| value.as_str());
            let Some(set) = text.and_then(|text| parse_field_set(text).ok()) else { continue };
            let trimmed = trim(&schema, &facts, target, &set);
            if trimmed.is_empty() {
                emptied.push(directive.name.clone());
            } else if trimmed != set {
                set_fields(directive, print_field_set(&trimmed));
            }
        }
        field.make_mut().directives.retain(|directive| !emptied.contains(&directive.name));
    });
}

/// Whether a field may be selected so: what may not is left to be told.
fn is_valid(schema: &Schema, field: &Field, definition: &FieldDefinition) -> bool {
    let given = |argument: &Name| field.arguments.iter().any(|given| given.name == *argument);
    let leaf = schema.types.get(definition.ty.inner_named_type()).is_some_and(|ty| ty.is_scalar() || ty.is_enum());
    leaf == field.selection_set.is_empty()
        && definition.arguments.iter().all(|argument| !argument.is_required() || given(&argument.name))
        && field.arguments.iter().all(|argument| definition.argument_by_name(&argument.name).is_some())
}

fn trim(schema: &Schema, facts: &IndexMap<Name, TypeFacts>, parent: &Name, set: &[Selection]) -> Vec<Selection> {
    let mut kept = Vec::new();
    for selection in set {
        match selection {
            Selection::Field(field) => {
                let external = || match field.selection_set.as_slice() {
                    [] => super::external::is_external(facts, parent, &field.name),
                    _ => super::external::counts_as_external(schema, facts, parent, &field.name),
                };
                let found = schema.type_field(parent, &field.name);
                let Some(definition) = found.ok().filter(|definition| is_valid(schema, field, definition)) else {
                    kept.push(selection.clone());
                    continue;
                };
                if external() {
                    kept.push(selection.clone());
                } else if !field.selection_set.is_empty() {
                    let inner = trim(schema, facts, definition.ty.inner_named_type(), &field.selection_set);
                    if !inner.is_empty() {
                        let mut field = field.clone();
                        field.make_mut().selection_set = inner;
                        kept.push(Selection::Field(field));
                    }
                }
            }
            Selection::InlineFragment(fragment) => {
                let parent = fragment.type_condition.as_ref().unwrap_or(parent);
                let inner = trim(schema, facts, parent, &fragment.selection_set);
                if !inner.is_empty() {
                    let mut fragment = fragment.clone();
                    fragment.make_mut().selection_set = inner;
                    kept.push(Selection::InlineFragment(fragment));
                }
            }
            Selection::FragmentSpread(_) => kept.push(selection.clone()),
        }
    }
    kept
}
