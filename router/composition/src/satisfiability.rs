//! Proves that every query that the API allows can be answered by the subgraphs.
//!
//! Both this proof and the planner walk the same query graph, so what is proved here is what the planner finds. A walk
//! looks at *states*: an object together with all places where it can be had, by keys, `@requires`, `@provides`,
//! interface objects, roots entered anew, labels of overrides and contexts. States are few where paths are
//! exponentially many, and one that is proved proves all that have more.
//!
//! Never measured by a clock: work is counted, and a schema made to explode ends in
//! `MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED`.

mod budget;
mod contexts;
mod grow;
mod labels;
mod mutation;
mod places;
mod position;
mod prover;
mod reasons;
mod report;
mod runtime_types;
mod seen;
#[cfg(test)]
mod tests;
mod walk;
mod witness;

use federation::Supergraph;
use federation::subgraph::{Subgraph, Validated};
use graphql::{Diagnostic, Schema, Severity};

use crate::input::Options;
use budget::Budget;
use prover::Prover;
use report::Reporter;
use walk::Walk;

/// Proves a supergraph's schema satisfiable; hints about it are returned.
///
/// # Errors
/// One finding for each field that no subgraph can resolve on some path, for each type that can't be told on some
/// path, and for each shared field whose subgraphs never give the same objects; hints follow them. Or
/// `MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED` alone.
pub(crate) fn prove(
    schema: &Schema,
    subgraphs: &[Subgraph<Validated>],
    options: &Options,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let supergraph = Supergraph::for_proof(schema)?;
    let findings = prove_model(&supergraph, (schema, subgraphs), options.subgraph_paths_max);
    options.models.end(supergraph);
    findings
}

fn prove_model(
    supergraph: &Supergraph,
    (schema, subgraphs): (&Schema, &[Subgraph<Validated>]),
    paths_max: usize,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut prover = Prover::new(supergraph, Budget::new(paths_max));
    let mut walk = Walk::default();
    walk.start(&mut prover, supergraph.query);
    let mutation = supergraph.mutation.map(|root| (root, walk.start(&mut prover, root)));
    if let Some(root) = supergraph.subscription {
        walk.start(&mut prover, root);
    }
    let shared = mutation.map(|(root, _)| mutation::shared_fields(&prover, root)).unwrap_or_default();
    walk.run(&mut prover, &shared);
    if let Some((_, at)) = mutation {
        mutation::prove(&mut prover, &mut walk, at, &shared);
    }
    if prover.budget.is_spent() {
        return Err(vec![report::exceeded(paths_max)]);
    }
    if walk.failures.is_empty() {
        return Ok(Vec::new());
    }
    let api = federation::api_schema_of(schema)?;
    let mut findings = Reporter::new(&mut prover, subgraphs, &api).report(&walk);
    findings.sort_by_key(|finding| finding.severity != Severity::Error);
    let failed = findings.first().is_some_and(|finding| finding.severity == Severity::Error);
    if failed { Err(findings) } else { Ok(findings) }
}
