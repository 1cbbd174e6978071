//! Random fragments of an operation are deferred: alone or together, some asked for outside as well, some twice.

use fastrand::Rng;
use graphql::ast::{Definition, Directive, DirectiveList, Document, InlineFragment, OperationType, Selection};
use graphql::{Name, Node, Parser};

/// The operation with about a third of its selections deferred.
pub fn deferred(text: &str, seed: u64) -> String {
    let mut document: Document = Parser::new().parse_ast(text, "operation.graphql").expect("an operation");
    let mut deferring = Deferring(Rng::with_seed(seed));
    for definition in &mut document.definitions {
        match definition {
            Definition::OperationDefinition(operation) => {
                let is_query = operation.operation_type == OperationType::Query;
                deferring.selections(&mut operation.make_mut().selection_set, is_query);
            }
            Definition::FragmentDefinition(fragment) => {
                let is_mutation = fragment.type_condition == "Mutation";
                deferring.selections(&mut fragment.make_mut().selection_set, !is_mutation);
            }
            _ => {}
        }
    }
    document.to_string()
}

struct Deferring(Rng);

impl Deferring {
    fn selections(&mut self, selections: &mut Vec<Selection>, is_allowed: bool) {
        let mut made = Vec::new();
        for mut selection in std::mem::take(selections) {
            match &mut selection {
                Selection::Field(field) => self.selections(&mut field.make_mut().selection_set, true),
                Selection::InlineFragment(fragment) => {
                    self.selections(&mut fragment.make_mut().selection_set, is_allowed);
                }
                Selection::FragmentSpread(_) => {}
            }
            if !is_allowed || self.0.u8(..3) > 0 {
                made.push(selection);
                continue;
            }
            match self.0.u8(..4) {
                // Asked for outside of the fragment, too.
                0 => made.extend([fragment(vec![selection.clone()]), selection]),
                // Shared by two fragments.
                1 => made.extend([fragment(vec![selection.clone()]), fragment(vec![selection])]),
                // With what was deferred before.
                2 if matches!(made.last(), Some(Selection::InlineFragment(last)) if last.directives.has("defer")) => {
                    if let Some(Selection::InlineFragment(last)) = made.last_mut() {
                        last.make_mut().selection_set.push(selection);
                    }
                }
                _ => made.push(fragment(vec![selection])),
            }
        }
        *selections = made;
    }
}

fn fragment(selection_set: Vec<Selection>) -> Selection {
    let directive = Directive::new(Name::new("defer").expect("a name"));
    let directives = DirectiveList(vec![Node::new(directive)]);
    Selection::InlineFragment(Node::new(InlineFragment { type_condition: None, directives, selection_set }))
}
