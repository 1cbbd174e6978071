//! `COST_APPLIED_TO_INTERFACE_FIELD` and the codes of `@listSize`.

use federation::subgraph::Composite;
use federation::vocabulary::{COST, LIST_SIZE};
use graphql::ast::{Directive, FieldDefinition};
use graphql::schema::ExtendedType;
use graphql::{Diagnostic, Node, Schema};

use super::Subject;
use crate::report;

pub(super) fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    for ty in subject.subgraph.schema.types.values() {
        let Some(composite) = Composite::of(ty) else { continue };
        for field in composite.fields.values() {
            let coordinate = format_args!("{}.{}", composite.name, field.name);
            if let (ExtendedType::Interface(_), Some(cost)) = (ty, field.directives.get(COST)) {
                let message = format!("@cost cannot be applied to interface field \"{coordinate}\"");
                errors.push(report::within(
                    subject.subgraph,
                    "COST_APPLIED_TO_INTERFACE_FIELD",
                    cost.location(),
                    message,
                ));
            }
            if let Some(directive) = field.directives.get(LIST_SIZE) {
                for (code, problem) in list_size(&subject.subgraph.schema, field, directive) {
                    let message = format!("Invalid @listSize on field \"{coordinate}\": {problem}");
                    errors.push(report::within(subject.subgraph, code, directive.location(), message));
                }
            }
        }
    }
}

fn list_size(schema: &Schema, field: &FieldDefinition, directive: &Node<Directive>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let strings = |name: &str| -> Vec<String> {
        let list = directive.specified_argument_by_name(name).and_then(|value| value.as_list()).unwrap_or_default();
        list.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let sized = strings("sizedFields");
    if sized.is_empty() && !field.ty.is_list() {
        found.push(("LIST_SIZE_APPLIED_TO_NON_LIST", format!("\"{}\" is not a list", field.ty)));
    }
    if let Some(size) = directive.specified_argument_by_name("assumedSize").and_then(|value| value.to_i32())
        && size < 0
    {
        found.push(("LIST_SIZE_INVALID_ASSUMED_SIZE", "assumedSize must not be negative".to_owned()));
    }
    for name in strings("slicingArguments") {
        let problem = match field.argument_by_name(&name) {
            None => format!("slicing argument \"{name}\" is not an argument of the field"),
            Some(argument) if argument.ty.is_list() || argument.ty.inner_named_type() != "Int" => {
                format!("slicing argument \"{name}\" must be Int or Int!")
            }
            Some(_) => continue,
        };
        found.push(("LIST_SIZE_INVALID_SLICING_ARGUMENT", problem));
    }
    let inner = field.ty.inner_named_type();
    for name in sized {
        match schema.types.get(inner).and_then(Composite::of).map(|ty| ty.fields.get(name.as_str())) {
            None => {
                found.push((
                    "LIST_SIZE_INVALID_SIZED_FIELD",
                    format!("sized fields need a type with fields, not \"{inner}\""),
                ));
            }
            Some(None) => {
                found.push(("LIST_SIZE_INVALID_SIZED_FIELD", format!("\"{inner}\" has no field \"{name}\"")));
            }
            Some(Some(sized)) if !sized.ty.is_list() => {
                found.push(("LIST_SIZE_APPLIED_TO_NON_LIST", format!("sized field \"{inner}.{name}\" is not a list")));
            }
            Some(Some(_)) => {}
        }
    }
    found
}
