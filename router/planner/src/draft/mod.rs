//! The draft of a plan: places in the response, the subgraph selections that stand at them, and the requests that
//! those belong to. It only grows; what turns out not to be used is left out when the plan is written.
//!
//! Vocabulary:
//! - a *place* is a position in the merged data, lists counting as all of their items;
//! - a *source* is a selection of some request at a place: what it resolves there is to be had for the asking;
//! - a *value* is a field with arguments of the object at a place, under a key of the merged data.

mod alternatives;
mod ascend;
mod choose;
mod conflict;
mod contexts;
mod enter;
mod entities;
mod estimate;
mod field_levels;
mod fill;
mod idle;
mod key_graph;
mod later;
mod levels;
mod merge;
mod mutation;
mod order;
mod preferences;
mod provide;
mod request;
mod resolves;
mod select;
mod state;
mod typename;
mod used;
mod values;
mod weigh;

use std::hash::DefaultHasher;
use std::rc::Rc;
use std::sync::Arc;

use federation::{LabelSet, SubgraphId, Supergraph, TypeId, TypeSet};
use graphql::Name;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::operation::{Call, FieldSets, NodeId, Operation};
use crate::plan::OperationKind;
use crate::{Budget, PlanError};

use later::{PartId, Sight};

pub use order::Order;
pub use preferences::{Ascending, Choices, Interfaces, Joining, Preferences};
pub use state::{
    Child, Entries, Entry, Input, Knows, Owner, Parent, Place, PlaceId, ReadAt, Reading, Request, RequestId, Source,
    SourceId, State, Value, Values,
};
pub use used::Used;

/// After so many steps it is asked whether to go on: well below a millisecond.
const STEPS_UNSTOPPED: u64 = 64;

/// So many values or selected fields are copied in about the time of a step.
const COPIED_A_STEP: u64 = 16;

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
    /// Whether what is being filled is for a request to be given, not for the client.
    is_given: bool,
    /// Ways being looked for right now: none may be found through itself.
    entering: FxHashSet<(PlaceId, TypeId, SubgraphId)>,
    requiring: FxHashSet<(PlaceId, TypeId, Call)>,
    learning: FxHashSet<PlaceId>,
    estimates: FxHashMap<(NodeId, SubgraphId, TypeId), estimate::Estimate>,
    choices: FxHashMap<choose::Situation, Vec<choose::Item>>,
    key_graphs: FxHashMap<TypeId, Option<Rc<key_graph::KeyGraph>>>,
    client_keys: FxHashMap<NodeId, Arc<FxHashSet<Name>>>,
    /// Client's keys, wherever, that mean anything but the leaf of that name.
    aliases: Arc<FxHashSet<Name>>,
    /// All that was decided, in order.
    decisions: DefaultHasher,
}

/// What all drafts of an operation have in common, found by one and used by the next.
pub struct Known {
    operation: Operation,
    field_sets: FieldSets,
    estimates: FxHashMap<(NodeId, SubgraphId, TypeId), estimate::Estimate>,
    key_graphs: FxHashMap<TypeId, Option<Rc<key_graph::KeyGraph>>>,
    client_keys: FxHashMap<NodeId, Arc<FxHashSet<Name>>>,
    /// Client's keys, wherever, that mean anything but the leaf of that name.
    aliases: Arc<FxHashSet<Name>>,
}

impl Known {
    /// What is known at first: the operation.
    pub fn new(operation: Operation) -> Self {
        let (field_sets, estimates, client_keys, key_graphs) = Default::default();
        let aliases = Arc::new(operation.aliases());
        Self { operation, field_sets, estimates, client_keys, aliases, key_graphs }
    }
}

/// Makes the draft for an operation.
///
/// # Errors
/// [`PlanError::Unreachable`] if there is no way, [`PlanError::TooComplex`] beyond the budget.
pub fn draft<'a>(
    (supergraph, labels): (&'a Supergraph, &'a LabelSet),
    known: Known,
    (preferences, budget): (&'a Preferences, &'a Budget<'a>),
) -> Result<Draft<'a>, PlanError> {
    let Known { operation, field_sets, estimates, client_keys, aliases, key_graphs } = known;
    let mut draft = Draft {
        supergraph,
        labels,
        state: State::default(),
        field_sets,
        preferences,
        had: Choices::default(),
        budget,
        steps: 0,
        sight: Sight::All,
        is_given: false,
        entering: FxHashSet::default(),
        requiring: FxHashSet::default(),
        learning: FxHashSet::default(),
        estimates,
        choices: FxHashMap::default(),
        key_graphs,
        client_keys,
        aliases,
        decisions: DefaultHasher::new(),
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
    draft.settle_readings()?;
    draft.merge_requests();
    Ok(draft)
}

impl<'a> Draft<'a> {
    /// The steps taken.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// What the next draft of the operation needs not find again.
    pub fn into_known(self) -> Known {
        let Self { operation, field_sets, estimates, client_keys, aliases, key_graphs, .. } = self;
        Known { operation, field_sets, estimates, client_keys, aliases, key_graphs }
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

    /// Counts what has been copied to try something.
    fn count_copied(&mut self) -> Result<(), PlanError> {
        let copied = self.state.take_copied();
        self.step(copied / COPIED_A_STEP)
    }

    fn add_place(&mut self, parent: Option<Parent>, declared: TypeId, node: Option<NodeId>) -> PlaceId {
        let client_keys = node.map(|node| self.client_keys(node)).unwrap_or_default();
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

    /// The client's response keys in a selection set.
    fn client_keys(&mut self, node: NodeId) -> Arc<FxHashSet<Name>> {
        let operation = &self.operation;
        let keys = self.client_keys.entry(node).or_insert_with(|| {
            let node = operation.node(node);
            let fields = node.variants.iter().flat_map(|variant| &variant.fields);
            Arc::new(fields.filter_map(|field| field.key.clone()).collect())
        });
        Arc::clone(keys)
    }

    fn add_source(&mut self, source: Source) -> SourceId {
        let id = SourceId(self.state.sources.len() as u32);
        let place = self.state.place_mut(source.place);
        place.types.union_with(&source.types);
        place.sources.push(id);
        self.state.sources.push(source);
        id
    }

    fn unreachable(&self, object: TypeId, name: &str) -> PlanError {
        let coordinate = format!("{}.{name}", self.supergraph.ty(object).name);
        PlanError::Unreachable { coordinate }
    }
}
