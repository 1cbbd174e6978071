//! Federation's rules within one subgraph.
//!
//! Every rule is one file and one function from a subgraph and its facts to findings; rules don't see each other.

mod auth;
mod context;
mod cost;
mod external;
mod field_set;
mod interface_keys;
mod interface_objects;
mod keys;
mod provides;
mod requires;
mod shareable;

use federation::subgraph::{Parsed, Subgraph, TypeFacts, Validated, facts};
use graphql::{Diagnostic, Name};
use indexmap::IndexMap;

/// A subgraph under validation.
struct Subject<'a> {
    subgraph: &'a Subgraph<Parsed>,
    facts: &'a IndexMap<Name, TypeFacts>,
}

const RULES: [fn(&Subject<'_>, &mut Vec<Diagnostic>); 10] = [
    keys::check,
    provides::check,
    requires::check,
    external::check,
    shareable::check,
    interface_keys::check,
    interface_objects::check,
    auth::check,
    context::check,
    cost::check,
];

/// Validates each subgraph on its own.
///
/// # Errors
/// All findings, by subgraph and rule.
pub(crate) fn validate(subgraphs: Vec<Subgraph<Parsed>>) -> Result<Vec<Subgraph<Validated>>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut validated = Vec::with_capacity(subgraphs.len());
    for subgraph in subgraphs {
        let facts = facts(&subgraph.schema);
        let subject = Subject { subgraph: &subgraph, facts: &facts };
        RULES.iter().for_each(|rule| rule(&subject, &mut errors));
        let stage = Validated { defined: subgraph.stage.defined.clone(), types: facts };
        validated.push(subgraph.with_stage(stage));
    }
    if errors.is_empty() { Ok(validated) } else { Err(errors) }
}
