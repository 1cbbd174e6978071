//! The draft of a plan: places in the response, the subgraph selections that stand at them, and the requests that
//! those belong to. It only grows; what turns out not to be used is left out when the plan is written.
//!
//! Vocabulary:
//! - a *place* is a position in the merged data, lists counting as all of their items;
//! - a *source* is a selection of some request at a place: what it resolves there is to be had for the asking;
//! - a *value* is a field with arguments of the object at a place, under a key of the merged data.

mod choose;
mod conflict;
mod enter;
mod estimate;
mod fill;
mod keyed;
mod later;
mod levels;
mod merge;
mod mutation;
mod preferences;
mod provide;
mod state;
mod typename;
mod used;

use federation::query_graph::{Condition, Resolver};
use federation::{LabelSet, SubgraphId, Supergraph, TypeId, TypeSet};
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::operation::{Call, FieldSets, NodeId, Operation};
use crate::plan::OperationKind;
use crate::{Budget, PlanError};

use later::{PartId, Sight};

pub use keyed::{Entries, Values};
pub use merge::depths;
pub use preferences::{Ascending, Choices, Interfaces, Joining, Preferences};
pub use state::{
    Child, Entry, Input, Knows, Owner, Parent, Place, PlaceId, Request, RequestId, Source, SourceId, State, Value,
};
pub use used::Used;

/// After so many steps it is asked whether to go on: well below a millisecond.
const STEPS_UNSTOPPED: u64 = 64;

/// A draft in the making.
pub struct Draft<'a> {
    /// What is planned on.
    pub supergraph: &'a Supergraph,
    labels: &'a LabelSet,
    /// What is planned, with the nodes of field sets added.
    pub operation: Operation,
    /// What has been made.
    pub state: State,
    field_sets: FieldSets,
    preferences: &'a Preferences,
    /// The choices that it had.
    pub had: Choices,
    budget: &'a Budget<'a>,
    steps: u64,
    sight: Sight,
    /// Ways being looked for right now: none may be found through itself.
    entering: FxHashSet<(PlaceId, TypeId, SubgraphId)>,
    requiring: FxHashSet<(PlaceId, TypeId, Call)>,
    learning: FxHashSet<PlaceId>,
    estimates: FxHashMap<(NodeId, SubgraphId, TypeId), estimate::Estimate>,
    choices: FxHashMap<choose::Situation, Vec<choose::Item>>,
}

/// Makes the draft for an operation.
///
/// # Errors
/// [`PlanError::Unreachable`] if there is no way, [`PlanError::TooComplex`] beyond the budget.
pub fn draft<'a>(
    (supergraph, labels): (&'a Supergraph, &'a LabelSet),
    operation: Operation,
    (preferences, budget): (&'a Preferences, &'a Budget<'a>),
) -> Result<Draft<'a>, PlanError> {
    let mut draft = Draft {
        supergraph,
        labels,
        state: State::default(),
        field_sets: FieldSets::default(),
        preferences,
        had: Choices::default(),
        budget,
        steps: 0,
        sight: Sight::All,
        entering: FxHashSet::default(),
        requiring: FxHashSet::default(),
        learning: FxHashSet::default(),
        estimates: FxHashMap::default(),
        choices: FxHashMap::default(),
        operation,
    };
    let (root, node) = (draft.operation.root, draft.operation.top);
    let top = draft.add_place(None, root, Some(node));
    draft.state.place_mut(top).types = TypeSet::one(root);
    match draft.operation.kind {
        OperationKind::Mutation => draft.fill_mutation(top)?,
        OperationKind::Query | OperationKind::Subscription => draft.fill(top, &TypeSet::one(root), node)?,
    }
    draft.fill_later()?;
    draft.merge_requests();
    Ok(draft)
}

impl<'a> Draft<'a> {
    /// The steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Counts a step of searching.
    fn step(&mut self, steps: u64) -> Result<(), PlanError> {
        let before = self.steps;
        self.steps = self.steps.saturating_add(steps);
        if before / STEPS_UNSTOPPED != self.steps / STEPS_UNSTOPPED && self.budget.is_stopped() {
            return Err(PlanError::Stopped);
        }
        if self.state.places.len() > self.budget.places_max || self.state.sources.len() > self.budget.places_max {
            return Err(PlanError::TooComplex { what: "places to plan for", max: self.budget.places_max as u64 });
        }
        if self.steps > self.budget.steps_max {
            return Err(PlanError::TooComplex { what: "planning steps", max: self.budget.steps_max });
        }
        Ok(())
    }

    fn add_place(&mut self, parent: Option<Parent>, declared: TypeId, node: Option<NodeId>) -> PlaceId {
        let mut client_keys = IndexSet::new();
        if let Some(node) = node {
            for variant in &self.operation.node(node).variants {
                client_keys.extend(variant.fields.iter().filter_map(|field| field.key.clone()));
            }
        }
        self.state.places.push(Place {
            parent,
            declared,
            types: TypeSet::default(),
            node,
            client_keys,
            sources: Vec::new(),
            values: Values::default(),
            typename: None,
        });
        PlaceId((self.state.places.len() - 1) as u32)
    }

    fn add_source(&mut self, source: Source) -> SourceId {
        let id = SourceId(self.state.sources.len() as u32);
        let place = self.state.place_mut(source.place);
        place.types.union_with(&source.types);
        place.sources.push(id);
        self.state.sources.push(source);
        id
    }

    /// The subgraphs that know a field of an object.
    fn resolvers(&self, object: TypeId, name: &str) -> &'a [Resolver] {
        let supergraph = self.supergraph;
        let field = supergraph.ty(object).fields.get(name);
        field.map(|&field| supergraph.graph.resolvers(field)).unwrap_or_default()
    }

    /// On what condition a resolver resolves. One that reads arguments from a context never does: such fields are not
    /// planned yet, and asking without the argument would be answered wrongly.
    fn condition(&self, resolver: &Resolver) -> Condition<'a> {
        match self.supergraph.join_of(resolver) {
            Some(join) if join.context_arguments.is_empty() => join.condition_under(self.labels),
            _ => Condition::Never,
        }
    }

    /// How a source resolves a field of a concrete type without further ado, if it does.
    fn direct(&self, source: SourceId, ty: TypeId, name: &str) -> Option<Resolver> {
        let at = self.state.source(source);
        let subgraph = self.state.subgraph(source);
        let via = match at.knows {
            _ if !at.types.contains(ty) => return None,
            Knows::Types => ty,
            Knows::Interface => at.ty,
        };
        let mut resolvers = self.resolvers(ty, name).iter();
        let resolver = resolvers.find(|resolver| resolver.subgraph == subgraph && resolver.via == via)?;
        let direct = match self.condition(resolver) {
            Condition::Always => true,
            Condition::Provided | Condition::Requires(_) => at.view.provides(self.supergraph, via, resolver.field),
            Condition::Never => false,
        };
        direct.then_some(*resolver)
    }

    /// Whether a source stands for objects of a concrete type.
    fn stands_for(&self, source: SourceId, ty: TypeId) -> bool {
        let at = self.state.source(source);
        at.knows == Knows::Interface || at.types.contains(ty)
    }

    /// Whether no source at a place knows concrete types.
    fn is_unknown(&self, place: PlaceId) -> bool {
        let sources = &self.state.place(place).sources;
        !sources.is_empty() && sources.iter().all(|&source| self.state.source(source).knows == Knows::Interface)
    }

    fn unreachable(&self, object: TypeId, name: &str) -> PlanError {
        let coordinate = format!("{}.{name}", self.supergraph.ty(object).name);
        let joins = self.resolvers(object, name).iter().filter_map(|resolver| self.supergraph.join_of(resolver));
        if joins.into_iter().any(|join| !join.context_arguments.is_empty()) {
            return PlanError::Unsupported(format!(
                "{coordinate} reads an argument from a context, which is not planned yet"
            ));
        }
        PlanError::Unreachable { coordinate }
    }
}
