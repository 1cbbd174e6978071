//! Directives that are the subgraphs' own: passed on with the field or operation that they stand on.
//!
//! Composition keeps an executable directive only if every subgraph defines it, so that any of them may be sent it. Those on
//! fragments and variables are not passed on: the fragments that subgraphs are sent are the planner's own.

use federation::Supergraph;
use graphql::Name;
use graphql::ast::Value;
use graphql::executable::DirectiveList;

/// A directive where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Applied {
    /// Its name.
    pub name: Name,
    /// Its arguments, as the client wrote them.
    pub arguments: Vec<(Name, Value)>,
}

impl Applied {
    /// Whether it may stand on an operation of a kind: `query`, `mutation` or `subscription`.
    pub fn may_stand_on(&self, supergraph: &Supergraph, keyword: &str) -> bool {
        let definition = supergraph.api_schema.directive_definitions.get(&self.name);
        definition.is_some_and(|definition| {
            definition.locations.iter().any(|location| location.name().eq_ignore_ascii_case(keyword))
        })
    }
}

/// What is passed on of directives that stand together, or on nodes that are merged: equal ones once, and of one that
/// must not be repeated the first.
pub fn passed_on<'d>(supergraph: &Supergraph, lists: impl Iterator<Item = &'d DirectiveList>) -> Vec<Applied> {
    let mut found: Vec<Applied> = Vec::new();
    for directive in lists.flat_map(|list| &list.0) {
        if matches!(directive.name.as_str(), "skip" | "include" | "defer") {
            continue;
        }
        let definition = supergraph.api_schema.directive_definitions.get(&directive.name);
        let may_repeat = definition.is_some_and(|definition| definition.repeatable);
        let arguments = directive.arguments.iter().map(|a| (a.name.clone(), a.value.as_ref().clone())).collect();
        let applied = Applied { name: directive.name.clone(), arguments };
        if !found.iter().any(|known| if may_repeat { *known == applied } else { known.name == applied.name }) {
            found.push(applied);
        }
    }
    found
}
