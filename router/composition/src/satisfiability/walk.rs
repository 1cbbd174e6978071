//! Walks the API schema from its roots, breadth first, so that the first path to a failing field is a shortest one.
//!
//! What is looked at is not paths, which nobody can count, but states: an object with the places where it is. Every
//! field of every state must have at least one place.

use std::collections::VecDeque;
use std::rc::Rc;

use federation::{FieldId, SubgraphId, TypeId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::contexts::ContextSet;
use super::labels::{self, Decided};
use super::places::{Place, ViewId};
use super::position::PositionId;
use super::prover::Prover;
use super::runtime_types::{self, Sharing};
use super::seen::{Seen, State};

/// One step of a path: the field taken, and the object that its value is taken as.
#[derive(Clone, Copy)]
pub(super) struct Step {
    pub(super) field: Option<FieldId>,
    pub(super) object: TypeId,
}

/// A state with the way that led to it.
pub(super) struct Visit {
    pub(super) state: State,
    pub(super) step: Step,
    pub(super) from: Option<usize>,
}

/// What doesn't hold, at a visit.
pub(super) struct Failure {
    pub(super) at: usize,
    pub(super) what: Unproved,
}

/// What doesn't hold.
pub(super) enum Unproved {
    /// No subgraph resolves the field, with these labels decided.
    Field(FieldId, Decided),
    /// The object is reached only where it is known as an interface.
    Type,
    /// The object is had as an interface that nothing implements: its fields have values, its type has no name.
    Unimplemented,
    /// Subgraphs don't agree on what objects a shared field gives.
    Sharing(FieldId, Sharing),
    /// No single subgraph resolves everything under a mutation: by subgraph, what fails.
    Mutation(FieldId, Vec<(SubgraphId, Walk)>),
}

/// A walk: what it has seen, and what failed.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) visits: Vec<Visit>,
    pub(super) failures: Vec<Failure>,
    queue: VecDeque<usize>,
    seen: Seen,
    /// Fields told to fail, objects told to be known as interfaces only, and shared fields told to disagree.
    failing: FxHashSet<FieldId>,
    unknown: FxHashSet<TypeId>,
    disagreeing: FxHashSet<(FieldId, std::mem::Discriminant<Sharing>)>,
    /// The fields of each object that could disagree.
    suspects: FxHashMap<TypeId, Rc<[FieldId]>>,
}

impl Walk {
    /// A walk that need not look again at what another saw, if everything of that holds.
    pub(super) fn over(proved: Option<Rc<Seen>>) -> Self {
        Self { seen: Seen::over(proved), ..Self::default() }
    }

    /// What the walk saw, if everything of it holds.
    pub(super) fn proved(&mut self) -> Option<Rc<Seen>> {
        self.holds().then(|| Rc::new(std::mem::take(&mut self.seen)))
    }

    /// Whether everything seen holds. Findings about agreement alone don't count, nor those that are hints.
    pub(super) fn holds(&self) -> bool {
        self.failures.iter().all(|failure| matches!(failure.what, Unproved::Sharing(..) | Unproved::Unimplemented))
    }

    /// Starts at a root type, in every subgraph that has it; the index of the visit.
    pub(super) fn start(&mut self, prover: &mut Prover<'_>, root: TypeId) -> usize {
        let index = self.visits.len();
        let joins = prover.supergraph.ty(root).joins.iter();
        let places: Vec<Place> =
            joins.map(|join| Place { subgraph: join.subgraph, ty: root, view: ViewId::NONE }).collect();
        let decided: Decided = Rc::new([]);
        self.arrive(prover, (None, None), &places, (root, ContextSet::NONE, &decided));
        index
    }

    /// Looks at everything that can be reached, until nothing is left or the budget is spent.
    pub(super) fn run(&mut self, prover: &mut Prover<'_>, skipped: &[FieldId]) {
        while let Some(index) = self.queue.pop_front() {
            let Some(visit) = self.visits.get(index) else { continue };
            let (state, object) = (visit.state.clone(), visit.step.object);
            for &field in prover.supergraph.ty(object).fields.values() {
                let definition = prover.supergraph.field(field);
                if definition.inaccessible || skipped.contains(&field) {
                    continue;
                }
                let Some(cases) = labels::cases(prover.supergraph, &state.decided, field) else {
                    prover.budget.exhaust();
                    return;
                };
                for case in cases {
                    if prover.budget.is_spent() {
                        return;
                    }
                    self.take(prover, index, &state, (field, case));
                }
            }
        }
    }

    fn take(&mut self, prover: &mut Prover<'_>, index: usize, state: &State, (field, case): (FieldId, Decided)) {
        let options = prover.options(state.position, field, &labels::in_force(&case));
        if options.is_empty() {
            if self.failing.insert(field) {
                self.failures.push(Failure { at: index, what: Unproved::Field(field, case) });
            }
            return;
        }
        let ty = prover.supergraph.field(field).ty.named();
        if !prover.supergraph.ty(ty).is_composite() {
            return;
        }
        self.arrive(prover, (Some(index), Some(field)), &options, (ty, state.contexts, &case));
    }

    /// Goes on with a value: with each object that it may be.
    pub(super) fn arrive(
        &mut self,
        prover: &mut Prover<'_>,
        (from, field): (Option<usize>, Option<FieldId>),
        options: &[Place],
        (ty, contexts, decided): (TypeId, ContextSet, &Decided),
    ) {
        let decided = &prover.labels.keep(ty, decided);
        if !self.seen.is_new_value(ty, options, (contexts, decided)) {
            return;
        }
        for object in prover.objects(ty) {
            let seeds = prover.places_of(object, options);
            if seeds.is_empty() || !prover.budget.take_paths(1) {
                continue;
            }
            let position = prover.position(object, seeds, contexts);
            let state = State {
                position,
                contexts: prover.contexts_below(position),
                decided: prover.labels.keep(object, decided),
            };
            self.visit(prover, Visit { state, step: Step { field, object }, from });
        }
    }

    fn visit(&mut self, prover: &mut Prover<'_>, visit: Visit) {
        let Some(position) = prover.positions.get(visit.state.position) else { return };
        let (object, count) = (position.way.object, position.places.len());
        let new = self.seen.is_new(&prover.contexts, object, &position.places, &visit.state);
        let disagreements = self.disagreements(prover, object, &visit.state);
        if !new && disagreements.is_empty() {
            return;
        }
        prover.budget.take_paths(count);
        let known = prover.type_is_known(visit.state.position);
        let index = self.visits.len();
        self.visits.push(visit);
        let failures = disagreements.into_iter().map(|(field, sharing)| (index, Unproved::Sharing(field, sharing)));
        self.failures.extend(failures.map(|(at, what)| Failure { at, what }));
        if !new {
            return;
        }
        if known {
            self.queue.push_back(index);
            if prover.supergraph.ty(object).is_abstract() && self.unknown.insert(object) {
                self.failures.push(Failure { at: index, what: Unproved::Unimplemented });
            }
        } else if self.unknown.insert(object) {
            self.failures.push(Failure { at: index, what: Unproved::Type });
        }
    }

    /// The shared fields on which the subgraphs that a state reaches don't agree, each told once. A state that needs no
    /// look of its own is compared too: with more places, more subgraphs have to agree.
    fn disagreements(&mut self, prover: &mut Prover<'_>, object: TypeId, state: &State) -> Vec<(FieldId, Sharing)> {
        let supergraph = prover.supergraph;
        let suspects =
            self.suspects.entry(object).or_insert_with(|| runtime_types::suspects(supergraph, object).into());
        let mut found = Vec::new();
        for &field in Rc::clone(suspects).iter() {
            let options = prover.options(state.position, field, &labels::in_force(&state.decided));
            if let Some(sharing) = runtime_types::compare(supergraph, supergraph.field(field).ty.named(), &options)
                && self.disagreeing.insert((field, std::mem::discriminant(&sharing)))
            {
                found.push((field, sharing));
            }
        }
        found
    }

    /// The position of a visit.
    pub(super) fn position(&self, index: usize) -> Option<PositionId> {
        self.visits.get(index).map(|visit| visit.state.position)
    }

    /// The steps that lead to a visit, from the root on.
    pub(super) fn path(&self, index: usize) -> Vec<Step> {
        let visits = std::iter::successors(self.visits.get(index), |visit| self.visits.get(visit.from?));
        let mut steps: Vec<Step> = visits.map(|visit| visit.step).collect();
        steps.reverse();
        steps
    }
}
