//! `@skip`, `@include` and the `if` of `@defer`: decided before planning, by the boolean variables' values.

use graphql::ast::Value;
use graphql::executable::{DirectiveList, Operation, Selection, SelectionSet};
use graphql::{ExecutableDocument, Name, Valid};
use indexmap::IndexSet;

/// Whether a selection stands, by its `@skip` and `@include`. A variable without a value counts as false.
pub fn stands(directives: &DirectiveList, conditions: &dyn Fn(&str) -> Option<bool>) -> bool {
    directives.0.iter().all(|directive| {
        let wanted = match directive.name.as_str() {
            "skip" => false,
            "include" => true,
            _ => return true,
        };
        let argument = directive.arguments.iter().find(|argument| argument.name == "if");
        let value = match argument.map(|argument| argument.value.as_ref()) {
            Some(Value::Boolean(value)) => *value,
            Some(Value::Variable(name)) => conditions(name).unwrap_or(false),
            _ => return true,
        };
        value == wanted
    })
}

/// The boolean variables that an operation's `@skip`, `@include` and `@defer` read, in order of first use: their values
/// decide the plan, so they are part of a plan cache's key.
pub fn condition_variables(document: &Valid<ExecutableDocument>, operation: &Operation) -> Vec<Name> {
    let mut found = IndexSet::new();
    visit(document, operation, &mut |directives| variables_of(directives, &mut found));
    found.into_iter().collect()
}

/// Whether an operation has fragments that may be deferred: then its plan depends on whether responses may come in parts.
pub fn may_defer(document: &Valid<ExecutableDocument>, operation: &Operation) -> bool {
    let mut found = false;
    visit(document, operation, &mut |directives| found |= directives.has("defer"));
    found
}

/// Calls back for the directives of every selection.
fn visit(document: &Valid<ExecutableDocument>, operation: &Operation, found: &mut dyn FnMut(&DirectiveList)) {
    let mut fragments = IndexSet::new();
    let mut open: Vec<&SelectionSet> = vec![&operation.selection_set];
    while let Some(set) = open.pop() {
        for selection in &set.selections {
            let directives = match selection {
                Selection::Field(field) => {
                    open.push(&field.selection_set);
                    &field.directives
                }
                Selection::InlineFragment(fragment) => {
                    open.push(&fragment.selection_set);
                    &fragment.directives
                }
                Selection::FragmentSpread(spread) => {
                    if fragments.insert(spread.fragment_name.clone())
                        && let Some(fragment) = document.fragments.get(&spread.fragment_name)
                    {
                        open.push(&fragment.selection_set);
                    }
                    &spread.directives
                }
            };
            found(directives);
        }
    }
}

fn variables_of(directives: &DirectiveList, found: &mut IndexSet<Name>) {
    for directive in
        directives.0.iter().filter(|directive| matches!(directive.name.as_str(), "skip" | "include" | "defer"))
    {
        for argument in directive.arguments.iter().filter(|argument| argument.name == "if") {
            if let Value::Variable(name) = argument.value.as_ref() {
                found.insert(name.clone());
            }
        }
    }
}
