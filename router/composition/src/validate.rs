//! Federation's rules within one subgraph.
//!
//! Every rule is one file and one function from a subgraph and its facts to findings; rules don't see each other.

mod auth;
mod context;
mod context_selection;
mod cost;
mod default_cycles;
mod external;
mod field_set;
pub(crate) mod implied_version;
mod input_values;
mod interface_keys;
mod interface_objects;
mod keys;
mod one_of;
mod provides;
mod requires;
mod shareable;

use federation::subgraph::{Parsed, Subgraph, TypeFacts, Validated, facts};
use graphql::collections::IndexMap;
use graphql::{Diagnostic, Name};

use crate::parallel;
use crate::parse::Failure;

/// A subgraph under validation.
struct Subject<'a> {
    subgraph: &'a Subgraph<Parsed>,
    facts: &'a IndexMap<Name, TypeFacts>,
    soundness: Soundness,
}

/// Whether GraphQL accepts the subgraph's schema: only then may its own rules be asked about parts of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Soundness {
    Valid,
    Doubtful,
}

const RULES: [fn(&Subject<'_>, &mut Vec<Diagnostic>); 13] = [
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
    input_values::check,
    default_cycles::check,
    one_of::check,
];

/// Adds to what an earlier stage found the findings of the subgraphs that could be read, so that they come all at once.
pub(crate) fn with_findings(failure: Failure) -> Vec<Diagnostic> {
    let Failure { mut errors, readable, soundness } = failure;
    for subgraph in &readable {
        let facts = facts(&subgraph.schema);
        check(&Subject { subgraph, facts: &facts, soundness }, &mut errors);
    }
    errors
}

fn check(subject: &Subject<'_>, errors: &mut Vec<Diagnostic>) {
    RULES.iter().for_each(|rule| rule(subject, errors));
}

/// Validates each subgraph on its own.
///
/// # Errors
/// All findings, by subgraph and rule.
pub(crate) fn validate(subgraphs: Vec<Subgraph<Parsed>>) -> Result<Vec<Subgraph<Validated>>, Vec<Diagnostic>> {
    let mut errors = Vec::new();
    let mut validated = Vec::with_capacity(subgraphs.len());
    for (subgraph, found) in parallel::map(subgraphs, validate_one) {
        errors.extend(found);
        validated.push(subgraph);
    }
    if errors.is_empty() { Ok(validated) } else { Err(errors) }
}

fn validate_one(subgraph: Subgraph<Parsed>) -> (Subgraph<Validated>, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let facts = facts(&subgraph.schema);
    check(&Subject { subgraph: &subgraph, facts: &facts, soundness: Soundness::Valid }, &mut errors);
    let stage = Validated { defined: subgraph.stage.defined.clone(), types: facts };
    (subgraph.with_stage(stage), errors)
}
