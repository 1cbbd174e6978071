//! Composition: subgraphs in, supergraph schema and diagnostics out.
//!
//! Works in stages, each of which gathers all of its findings and stops the next one if any is an error:
//! parse (each subgraph becomes valid GraphQL with canonical federation directives), upgrade (federation 1 schemas
//! become federation 2 ones), validate (federation's rules within one subgraph), merge (rules between subgraphs),
//! finish (rules that only the merged schema can answer), print, and satisfiability (every query has an answer).
//! Subgraphs are taken in name order, so the output depends on neither their order nor the machine: equal input gives
//! equal bytes.
//!
//! Pure: no I/O, no clock, no randomness. Must never panic on any text.

pub mod codes;
mod constants;
mod contract;
mod finish;
mod input;
mod merge;
mod nodes;
mod parallel;
mod parse;
mod print;
mod report;
mod satisfiability;
mod upgrade;
mod validate;
mod walk;

pub use contract::{Contract, Unreachable, contract};
pub use input::{Composed, Models, Options, SubgraphInput};

use std::any::Any;

use federation::subgraph::{Subgraph, Validated};
use graphql::{Diagnostic, Schema};

/// Composes subgraphs into a supergraph.
///
/// Every finding has a code of [`codes::GROUPS`] and says what to do about it.
///
/// The supergraph's types stand in name order; fields, arguments and values in the order in which the first subgraph
/// by name that has them writes them.
///
/// # Errors
/// Every finding of the first stage that found an error, in a defined order: by stage, then by type and field or by
/// subgraph. All of them have severity error, except hints that a failed merge had gathered.
pub fn compose(subgraphs: Vec<SubgraphInput>, options: &Options) -> Result<Composed, Vec<Diagnostic>> {
    let helped = |found: Vec<Diagnostic>| found.into_iter().map(report::with_help).collect();
    let composed = stages(subgraphs, options).map_err(helped)?;
    Ok(Composed { hints: helped(composed.hints), ..composed })
}

fn stages(subgraphs: Vec<SubgraphInput>, options: &Options) -> Result<Composed, Vec<Diagnostic>> {
    let parsed = parse::parse(subgraphs, options).map_err(validate::with_findings)?;
    let upgraded = upgrade::upgrade(parsed).map_err(validate::with_findings)?;
    let validated = validate::validate(upgraded)?;
    let mut merged = merge::merge(&validated, options)?;
    merged.hints.splice(0..0, validate::implied_version::hints(&validated));
    let schema = merged.schema.clone();
    // What is proved of a schema that turns out not to hold as a whole is thrown away.
    let (proved, (supergraph_sdl, finished)) = parallel::both(
        schema.types.len(),
        || satisfiability::prove(&schema, &validated, options),
        || (print::print(&schema), finish::finish(merged, &validated)),
    );
    let mut hints = finished?;
    hints.extend(proved?);
    end(schema, validated, options.models);
    Ok(Composed { supergraph_sdl, hints })
}

/// Large models take long to take down, each on its own.
fn end(schema: Schema, subgraphs: Vec<Subgraph<Validated>>, models: Models) {
    let subgraphs = subgraphs.into_iter().map(|subgraph| Box::new(subgraph) as Box<dyn Any + Send>);
    let all = std::iter::once(Box::new(schema) as Box<dyn Any + Send>).chain(subgraphs).collect();
    parallel::map(all, |model| models.end(model));
}
