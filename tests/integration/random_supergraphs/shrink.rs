//! Making a failing case small: selections, fields of subgraphs, whole subgraphs and faults are taken away one by one, and
//! fragments become part of what is around them, as long as it fails.

use std::collections::BTreeMap;

use graphql::ast::{Definition, Document, InlineFragment, Selection};
use graphql::{Name, Node, Parser};

use super::case::Case;

/// Candidates that are tried, at most.
const TRIES_MAX: usize = 4_000;

/// Named fragments: their type and what they select.
type Fragments = BTreeMap<Name, (Name, Vec<Selection>)>;

/// The smallest case that still fails, of those that lose one thing after the other.
pub fn shrink(case: Case, fails: &mut dyn FnMut(&Case) -> bool) -> Case {
    let (mut case, mut tries) = (case, 0);
    loop {
        let (mut index, mut smaller) = (0, false);
        while let Some(candidate) = without(&case, index) {
            tries += 1;
            if tries > TRIES_MAX {
                return case;
            }
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
    let fragments = document.definitions.iter().filter_map(Definition::as_fragment_definition);
    let fragments = fragments
        .map(|fragment| (fragment.name.clone(), (fragment.type_condition.clone(), fragment.selection_set.clone())))
        .collect();
    for index in 0..document.definitions.len() {
        if *left == 0 {
            document.definitions.remove(index);
            return Some(tidy(document));
        }
        *left -= 1;
        if edit(&mut document.definitions[index], &fragments, left) {
            return Some(tidy(document));
        }
    }
    None
}

/// A document without fragments and variables that nothing uses.
fn tidy(mut document: Document) -> String {
    loop {
        let text = document.to_string();
        let is_used = |sign: &str, name: &Name, times: usize| {
            let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_');
            let sign = format!("{sign}{name}");
            text.split(&sign).skip(1).filter(|rest| is_whole(rest)).count() >= times
        };
        let before = document.definitions.len();
        document.definitions.retain(|definition| {
            definition.as_fragment_definition().is_none_or(|fragment| is_used("...", &fragment.name, 1))
        });
        for definition in &mut document.definitions {
            if let Definition::OperationDefinition(operation) = definition {
                operation.make_mut().variables.retain(|variable| is_used("$", &variable.name, 2));
            }
        }
        if document.definitions.len() == before {
            return document.to_string();
        }
    }
}

fn edit(definition: &mut Definition, fragments: &Fragments, left: &mut usize) -> bool {
    match definition {
        Definition::OperationDefinition(operation) => {
            let operation = operation.make_mut();
            take(&mut operation.variables, left) || selections(&mut operation.selection_set, fragments, left)
        }
        Definition::FragmentDefinition(fragment) => selections(&mut fragment.make_mut().selection_set, fragments, left),
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

fn selections(set: &mut Vec<Selection>, fragments: &Fragments, left: &mut usize) -> bool {
    if take(set, left) {
        return true;
    }
    for index in 0..set.len() {
        let done = match &mut set[index] {
            Selection::Field(field) => {
                let field = field.make_mut();
                if *left == 0 && field.alias.is_some() {
                    field.alias = None;
                    return true;
                }
                *left = left.saturating_sub(usize::from(field.alias.is_some()));
                take(&mut field.directives.0, left)
                    || take(&mut field.arguments, left)
                    || selections(&mut field.selection_set, fragments, left)
            }
            Selection::InlineFragment(fragment) if *left == 0 => {
                let inner = std::mem::take(&mut fragment.make_mut().selection_set);
                set.splice(index..=index, inner);
                true
            }
            Selection::InlineFragment(fragment) => {
                *left -= 1;
                let fragment = fragment.make_mut();
                take(&mut fragment.directives.0, left) || selections(&mut fragment.selection_set, fragments, left)
            }
            Selection::FragmentSpread(spread) if *left == 0 => {
                let Some((on, inner)) = fragments.get(&spread.fragment_name).cloned() else { continue };
                let directives = spread.directives.clone();
                let inline = InlineFragment { type_condition: Some(on), directives, selection_set: inner };
                set[index] = Selection::InlineFragment(Node::new(inline));
                true
            }
            Selection::FragmentSpread(spread) => {
                *left -= 1;
                take(&mut spread.make_mut().directives.0, left)
            }
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
