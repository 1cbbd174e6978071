//! Making a failing case small: selections, fields of subgraphs, whole subgraphs and faults are taken away one by one, as
//! long as it fails.

use std::collections::BTreeMap;

use graphql::Parser;
use graphql::ast::{Definition, Document, Selection};

use super::case::Case;

/// The smallest case that still fails, of those that lose one thing after the other.
pub fn shrink(case: Case, fails: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut case = case;
    loop {
        let (mut index, mut smaller) = (0, false);
        while let Some(candidate) = without(&case, index) {
            if fails(&candidate) {
                case = candidate;
                smaller = true;
            } else {
                index += 1;
            }
        }
        if !smaller {
            return case;
        }
    }
}

/// A case without one thing, by number; `None` beyond the last.
fn without(case: &Case, index: usize) -> Option<Case> {
    let mut left = index;
    let names: Vec<&String> = case.subgraphs.keys().collect();
    if let Some(name) = names.get(left) {
        let mut case = case.clone();
        case.subgraphs.remove(*name);
        return Some(case);
    }
    left -= names.len();
    let faults = case.faults.parts();
    if left < faults {
        let mut case = case.clone();
        case.faults.remove(left);
        return Some(case);
    }
    left -= faults;
    if let Some(text) = edited(&case.operation.text, &mut left) {
        let mut case = case.clone();
        case.operation.text = text;
        return Some(case);
    }
    let mut subgraphs: BTreeMap<String, String> = case.subgraphs.clone();
    for sdl in subgraphs.values_mut() {
        if let Some(text) = edited(sdl, &mut left) {
            *sdl = text;
            return Some(Case { subgraphs, ..case.clone() });
        }
    }
    None
}

/// A document without its `left`th part; `None` if it has fewer, `left` then being less by as many.
fn edited(text: &str, left: &mut usize) -> Option<String> {
    let mut document: Document = Parser::new().parse_ast(text, "case.graphql").ok()?;
    for index in 0..document.definitions.len() {
        if *left == 0 {
            document.definitions.remove(index);
            return Some(document.to_string());
        }
        *left -= 1;
        if edit(&mut document.definitions[index], left) {
            return Some(document.to_string());
        }
    }
    None
}

fn edit(definition: &mut Definition, left: &mut usize) -> bool {
    match definition {
        Definition::OperationDefinition(operation) => {
            let operation = operation.make_mut();
            take(&mut operation.variables, left) || selections(&mut operation.selection_set, left)
        }
        Definition::FragmentDefinition(fragment) => selections(&mut fragment.make_mut().selection_set, left),
        Definition::ObjectTypeDefinition(object) => {
            let object = object.make_mut();
            take(&mut object.fields, left)
                || take(&mut object.directives.0, left)
                || take(&mut object.implements_interfaces, left)
                || object.fields.iter_mut().any(|field| {
                    let field = field.make_mut();
                    take(&mut field.directives.0, left) || take(&mut field.arguments, left)
                })
        }
        Definition::InterfaceTypeDefinition(interface) => {
            let interface = interface.make_mut();
            take(&mut interface.fields, left) || take(&mut interface.directives.0, left)
        }
        Definition::UnionTypeDefinition(union) => take(&mut union.make_mut().members, left),
        _ => false,
    }
}

fn selections(set: &mut Vec<Selection>, left: &mut usize) -> bool {
    if take(set, left) {
        return true;
    }
    for selection in set {
        let done = match selection {
            Selection::Field(field) => {
                let field = field.make_mut();
                if *left == 0 && field.alias.is_some() {
                    field.alias = None;
                    return true;
                }
                *left = left.saturating_sub(usize::from(field.alias.is_some()));
                take(&mut field.directives.0, left)
                    || take(&mut field.arguments, left)
                    || selections(&mut field.selection_set, left)
            }
            Selection::InlineFragment(fragment) => {
                let fragment = fragment.make_mut();
                take(&mut fragment.directives.0, left) || selections(&mut fragment.selection_set, left)
            }
            Selection::FragmentSpread(spread) => take(&mut spread.make_mut().directives.0, left),
        };
        if done {
            return true;
        }
    }
    false
}

fn take<T>(list: &mut Vec<T>, left: &mut usize) -> bool {
    if *left < list.len() {
        list.remove(*left);
        return true;
    }
    *left -= list.len();
    false
}
