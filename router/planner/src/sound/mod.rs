//! Proving a plan: that it brings the operation's response, and asks of each subgraph only what that has.
//!
//! The plan is run on symbols instead of values, and again with wider beliefs where something looks needless (`World`).
//! At every position of the merged data stands which types an object may have there, which of its values are known, and
//! which fetch brought them. So the proof holds for all data, and is linear in the size of operation and plan. It reads
//! the plan, the operation and the supergraph alone and shares nothing with planning: a fault there is no excuse here. It
//! must never panic, whatever the plan.
//!
//! What it proves, file by file:
//! - [`documents`]: each document is valid for its subgraph, with the variables that it says;
//! - [`joint`]: what goes in one request asks what its fetches ask;
//! - [`order`]: producers come before consumers, root fields of a mutation one after the other;
//! - [`represented`]: each representation holds a key and all that is required, of the right field and arguments;
//! - [`contexts`]: what arguments are read from contexts is of the nearest ancestor that sets them;
//! - [`answer`]: only what the subgraph resolves at that place is asked, and nothing known is overwritten;
//! - [`resolved`]: what a field is to its subgraph;
//! - [`apart`]: fetches that may be asked in parts bring the same so;
//! - [`alike`]: objects that may be kept once are treated alike;
//! - [`response`]: every response key of every type has its value, of the field and arguments asked for;
//! - [`parts`]: deferred parts begin where fragments are deferred, and each waits for just what it reads;
//! - [`used`]: each fetch brings something that is used.

mod alike;
mod answer;
mod apart;
mod collect;
mod contexts;
mod data;
mod documents;
mod joint;
mod order;
mod parts;
mod paths;
mod represented;
mod resolved;
mod response;
mod unsound;
mod used;

use std::collections::BTreeSet;

use federation::{LabelSet, SubgraphId, Supergraph, TypeSet};
use graphql::{ExecutableDocument, Schema, Valid};

use crate::Decided;
use crate::plan::{FetchId, IntrospectionId, QueryPlan};
use data::{Class, Data};
use parts::PartReads;
use used::Uses;

pub use unsound::Unsound;

/// What a plan was made for.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The document, valid against the API schema.
    pub document: &'a Valid<ExecutableDocument>,
    /// Which of its operations.
    pub operation_name: Option<&'a str>,
    /// What was decided before.
    pub decided: Decided<'a>,
}

/// Which objects may be where subgraphs share a field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum World {
    /// Those that all of the subgraphs may give, since all would give the same.
    Agreed,
    /// Those that the one may give that is asked first.
    Told,
    /// Any.
    Open,
}

/// What the proof knows while it runs the plan.
struct Proof<'a> {
    plan: &'a QueryPlan,
    supergraph: &'a Supergraph,
    /// By subgraph.
    schemas: &'a [Valid<Schema>],
    /// By fetch: which fetches it waits for, those that they wait for included.
    ancestors: Vec<Vec<bool>>,
    /// The labels in force.
    labels: &'a LabelSet,
    /// Which objects may be where subgraphs share a field.
    world: World,
    uses: Uses,
    /// By part of the response, the first one first: what it reads.
    parts: Vec<PartReads>,
    /// Whether the proof has to end.
    stop: &'a dyn Fn() -> bool,
    /// On the way down to the entities of a fetch that reads contexts: their ancestors, outermost first.
    above: Vec<Class>,
    /// What of the plan's introspection is answered somewhere.
    introspected: BTreeSet<IntrospectionId>,
    found: Vec<Unsound>,
}

/// Proves a plan, with the subgraphs' schemas by id ([`Supergraph::subgraph_schemas`]).
///
/// # Errors
/// All that is wrong with it.
pub fn sound<'a>(
    plan: &'a QueryPlan,
    supergraph: (&'a Supergraph, &'a [Valid<Schema>]),
    asked: Asked<'a>,
) -> Result<(), Vec<Unsound>> {
    sound_within(plan, supergraph, asked, &|| false)
}

/// Proves a plan, as long as it isn't told to stop.
///
/// # Errors
/// All that is wrong with it; [`Unsound::Unproved`] alone if it was stopped.
pub fn sound_within<'a>(
    plan: &'a QueryPlan,
    (supergraph, schemas): (&'a Supergraph, &'a [Valid<Schema>]),
    asked: Asked<'a>,
    stop: &'a dyn Fn() -> bool,
) -> Result<(), Vec<Unsound>> {
    let mut found = prove(plan, (supergraph, schemas), asked, (World::Agreed, stop))?;
    if found.iter().all(Unsound::is_needless) {
        // What is of use where one subgraph is believed, planning need not know to be ruled out by another.
        for world in [World::Told, World::Open] {
            if !found.is_empty() {
                let there = prove(plan, (supergraph, schemas), asked, (world, stop))?;
                found.retain(|fault| there.contains(fault));
            }
        }
    }
    match (stop(), found.is_empty()) {
        // What is missing may only not have been looked at.
        (true, _) => Err(vec![Unsound::Unproved]),
        (false, true) => Ok(()),
        (false, false) => Err(found),
    }
}

/// Runs a plan in one of the worlds; gives all that is wrong with it there.
fn prove<'a>(
    plan: &'a QueryPlan,
    (supergraph, schemas): (&'a Supergraph, &'a [Valid<Schema>]),
    asked: Asked<'a>,
    (world, stop): (World, &'a dyn Fn() -> bool),
) -> Result<Vec<Unsound>, Vec<Unsound>> {
    let ancestors = order::ancestors(plan)?;
    let uses = Uses::new(plan.fetches.len());
    let labels = asked.decided.labels;
    let parts = vec![PartReads::default(); plan.blocks.len() + 1];
    let (above, introspected) = (Vec::new(), BTreeSet::new());
    let found = Vec::new();
    let mut proof =
        Proof { plan, supergraph, schemas, ancestors, labels, world, uses, parts, stop, above, introspected, found };
    let everybody = (0..supergraph.subgraphs.len()).map(|subgraph| SubgraphId(subgraph as u16)).collect();
    let mut data = Data::new(plan.root, everybody, TypeSet::one(plan.root));
    for (id, fetch) in (0..).map(FetchId).zip(&plan.fetches) {
        if stop() {
            break;
        }
        let before = data.clone();
        if let Some(document) = proof.document(id, fetch, asked) {
            proof.run(id, fetch, &document, &mut data);
        }
        proof.apart(id, fetch, (before, &data), asked);
        proof.grouped(id, fetch);
    }
    if let Ok(operation) = asked.document.operations.get(asked.operation_name)
        && proof.is_kind(operation)
    {
        proof.mutation_order(operation, asked);
        proof.response(&mut data, operation, asked);
    } else {
        proof.found.push(Unsound::Operation);
    }
    proof.all_parts();
    proof.joint(asked);
    proof.alike();
    proof.no_needless_waits();
    proof.all_used();
    Ok(proof.found)
}
