//! Bending what subgraphs are asked: documents, variables, subgraphs.

use graphql::ast::{Definition, Document, Selection, Value};

use super::site::{Bend, Site, any_fetch};
use crate::plan::{BodyStart, Fetch, FetchKind};

pub const BENDS: &[(&str, Bend)] = &[
    ("drops a field of a document", |plan, site| any_fetch(plan, &mut |fetch| edit(fetch, site, &mut drop_selection))),
    ("drops a field of a joint document", |plan, site| {
        plan.joint.iter_mut().any(|joint| {
            let Some(document) = edited(&joint.document, site, &mut drop_selection) else { return false };
            joint.body_start = BodyStart::new(&document, joint.operation_name.as_deref());
            joint.document = document;
            true
        })
    }),
    ("drops a type condition", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            edit(fetch, site, &mut |selections, site| {
                for at in 0..selections.len() {
                    if let Selection::InlineFragment(fragment) = &selections[at]
                        && site.is_here()
                    {
                        let below = fragment.selection_set.clone();
                        selections.splice(at..=at, below);
                        return true;
                    }
                }
                false
            })
        })
    }),
    ("gives an argument another value", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            edit(fetch, site, &mut |selections, site| {
                for selection in selections.iter_mut() {
                    let Selection::Field(field) = selection else { continue };
                    for argument in &mut field.make_mut().arguments {
                        let other = match argument.value.as_ref() {
                            Value::Int(_) => Value::Int(77.into()),
                            Value::String(_) => Value::String("other".to_owned()),
                            Value::Boolean(value) => Value::Boolean(!value),
                            Value::List(items) if !items.is_empty() => Value::List(Vec::new()),
                            _ => continue,
                        };
                        if site.is_here() {
                            argument.make_mut().value = other.into();
                            return true;
                        }
                    }
                }
                false
            })
        })
    }),
    ("drops an argument", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            edit(fetch, site, &mut |selections, site| {
                for selection in selections.iter_mut() {
                    let Selection::Field(field) = selection else { continue };
                    let arguments = &mut field.make_mut().arguments;
                    for at in 0..arguments.len() {
                        if site.is_here() {
                            arguments.remove(at);
                            return true;
                        }
                    }
                }
                false
            })
        })
    }),
    ("asks by another kind of operation", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            let other = match fetch.document.strip_prefix("query") {
                Some(rest) => format!("mutation{rest}"),
                None => fetch.document.replacen("mutation", "query", 1),
            };
            site.is_here() && set(fetch, other)
        })
    }),
    ("begins the body with another document", |plan, site| {
        any_fetch(plan, &mut |fetch| site.is_here() && fetch.body_start.text.pop().is_some())
    }),
    ("sends another operation name", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            if !site.is_here() {
                return false;
            }
            fetch.operation_name = Some("Other".to_owned());
            fetch.body_start = BodyStart::new(&fetch.document, fetch.operation_name.as_deref());
            true
        })
    }),
    ("asks another subgraph", |plan, site| {
        let subgraphs = plan.fetches.iter().map(|fetch| fetch.subgraph.0).max().unwrap_or(0) + 1;
        any_fetch(plan, &mut |fetch| {
            (0..subgraphs).any(|other| {
                let is_here = other != fetch.subgraph.0 && site.is_here();
                if is_here {
                    fetch.subgraph.0 = other;
                }
                is_here
            })
        })
    }),
    ("asks nobody", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            fetch.subgraph.0 = if site.is_here() { u16::MAX } else { return false };
            true
        })
    }),
    ("sends a variable less", |plan, site| {
        any_fetch(plan, &mut |fetch| !fetch.variables.is_empty() && site.is_here() && fetch.variables.pop().is_some())
    }),
    ("sends a variable that nobody declared", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            let is_here = site.is_here();
            if is_here {
                fetch.variables.push("other".to_owned());
            }
            is_here
        })
    }),
    ("declares a variable less", |plan, site| {
        any_fetch(plan, &mut |fetch| declarations(fetch, site, |variables, at| drop(variables.remove(at))))
    }),
    ("declares a variable of another type", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            declarations(fetch, site, |variables, at| {
                let variable = variables[at].make_mut();
                let ty = variable.ty.as_ref().clone();
                variable.ty = if ty.is_non_null() { ty.nullable() } else { ty.non_null() }.into();
            })
        })
    }),
    ("declares another default", |plan, site| {
        any_fetch(plan, &mut |fetch| {
            declarations(fetch, site, |variables, at| {
                let variable = variables[at].make_mut();
                variable.default_value = match variable.default_value {
                    Some(_) => None,
                    None => Some(Value::Null.into()),
                };
            })
        })
    }),
    ("names the representations' variable otherwise", |plan, site| {
        any_fetch(plan, &mut |fetch| match &mut fetch.kind {
            FetchKind::Entities(entities) => site.is_here() && !std::mem::take(&mut entities.variable).is_empty(),
            FetchKind::Root { .. } => false,
        })
    }),
];

type Selections = Vec<Selection>;

fn set(fetch: &mut Fetch, document: String) -> bool {
    fetch.body_start = BodyStart::new(&document, fetch.operation_name.as_deref());
    fetch.document = document;
    true
}

/// Edits a document of a fetch, its selection sets one after the other.
fn edit(fetch: &mut Fetch, site: &mut Site, bend: &mut dyn FnMut(&mut Selections, &mut Site) -> bool) -> bool {
    let document = edited(&fetch.document, site, bend);
    document.is_some_and(|document| set(fetch, document))
}

fn edited(text: &str, site: &mut Site, bend: &mut dyn FnMut(&mut Selections, &mut Site) -> bool) -> Option<String> {
    let mut document = Document::parse(text, "fetch.graphql").unwrap();
    for definition in &mut document.definitions {
        let selections = match definition {
            Definition::OperationDefinition(operation) => &mut operation.make_mut().selection_set,
            Definition::FragmentDefinition(fragment) => &mut fragment.make_mut().selection_set,
            _ => continue,
        };
        if any_set(selections, site, bend) {
            return Some(document.serialize().no_indent().to_string());
        }
    }
    None
}

fn any_set(
    selections: &mut Selections,
    site: &mut Site,
    bend: &mut dyn FnMut(&mut Selections, &mut Site) -> bool,
) -> bool {
    bend(selections, site)
        || selections.iter_mut().any(|selection| match selection {
            Selection::Field(field) => any_set(&mut field.make_mut().selection_set, site, bend),
            Selection::InlineFragment(fragment) => any_set(&mut fragment.make_mut().selection_set, site, bend),
            Selection::FragmentSpread(_) => false,
        })
}

fn drop_selection(selections: &mut Selections, site: &mut Site) -> bool {
    for at in 0..selections.len() {
        if site.is_here() {
            selections.remove(at);
            return true;
        }
    }
    false
}

fn declarations(
    fetch: &mut Fetch,
    site: &mut Site,
    bend: fn(&mut Vec<graphql::Node<graphql::ast::VariableDefinition>>, usize),
) -> bool {
    let mut document = Document::parse(fetch.document.as_str(), "fetch.graphql").unwrap();
    for definition in &mut document.definitions {
        let Definition::OperationDefinition(operation) = definition else { continue };
        let variables = &mut operation.make_mut().variables;
        for at in 0..variables.len() {
            if site.is_here() {
                bend(variables, at);
                return set(fetch, document.serialize().no_indent().to_string());
            }
        }
    }
    false
}
