//! Mutation fields that several subgraphs share: one subgraph runs the mutation, so it must be able to lead on to
//! everything below; nothing can be fetched by running the mutation again elsewhere.

use std::rc::Rc;

use federation::{FieldId, LabelSet, SubgraphId, TypeId};

use super::contexts::ContextSet;
use super::labels::{self, Decided};
use super::places::Place;
use super::prover::Prover;
use super::seen::Seen;
use super::walk::{Failure, Unproved, Walk};

/// The fields of the mutation root that more than one subgraph resolves.
pub(super) fn shared_fields(prover: &Prover<'_>, root: TypeId) -> Vec<FieldId> {
    let fields = prover.supergraph.ty(root).fields.values().copied();
    fields.filter(|&field| candidates(prover, field) > 1).collect()
}

fn candidates(prover: &Prover<'_>, field: FieldId) -> usize {
    let resolvers = prover.supergraph.graph.resolvers(field).iter();
    let joins = resolvers.filter_map(|resolver| prover.supergraph.join_of(resolver));
    joins.filter(|join| !join.external && !join.overridden).count()
}

/// Proves each shared field by one subgraph; adds what fails to the walk, whose first visit of `root` is `at`.
pub(super) fn prove(prover: &mut Prover<'_>, walk: &mut Walk, at: usize, fields: &[FieldId]) {
    let Some(position) = walk.position(at) else { return };
    let proved = walk.proved();
    let undecided: Decided = Rc::new([]);
    for &field in fields {
        let Some(cases) = labels::cases(prover.supergraph, &undecided, field) else {
            prover.budget.exhaust();
            return;
        };
        for case in cases {
            let in_force: LabelSet = labels::in_force(&case);
            let options = prover.options(position, field, &in_force);
            if options.is_empty() {
                walk.failures.push(Failure { at, what: Unproved::Field(field, case) });
                break;
            }
            let attempts = attempts(prover, &proved, (field, &case), &options);
            if attempts.iter().any(|(_, attempt)| attempt.holds()) {
                continue;
            }
            walk.failures.push(Failure { at, what: Unproved::Mutation(field, attempts) });
            break;
        }
    }
}

/// What each subgraph leads to by itself; ends with the first that leads to everything.
fn attempts(
    prover: &mut Prover<'_>,
    proved: &Option<Rc<Seen>>,
    (field, case): (FieldId, &Decided),
    options: &[Place],
) -> Vec<(SubgraphId, Walk)> {
    let mut attempts: Vec<(SubgraphId, Walk)> = Vec::new();
    let ty = prover.supergraph.field(field).ty.named();
    for same in options.chunk_by(|a, b| a.subgraph == b.subgraph) {
        let Some(subgraph) = same.first().map(|place| place.subgraph) else { continue };
        let mut attempt = Walk::over(proved.clone());
        if prover.supergraph.ty(ty).is_composite() {
            attempt.arrive(prover, (None, Some(field)), same, (ty, ContextSet::NONE, case));
            attempt.run(prover, &[]);
        }
        let holds = attempt.holds();
        attempts.push((subgraph, attempt));
        if holds || prover.budget.is_spent() {
            break;
        }
    }
    attempts
}
