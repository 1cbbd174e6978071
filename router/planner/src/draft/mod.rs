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
mod typename;
mod used;

use std::collections::BTreeSet;

use federation::query_graph::{Condition, Resolver, View};
use federation::{FieldId, LabelSet, SubgraphId, Supergraph, TypeId, TypeSet};
use graphql::Name;
use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::operation::{Call, FieldSets, GroupId, NodeId, Operation, What};
use crate::plan::OperationKind;
use crate::{Budget, PlanError};

use later::{Job, PartId, Sight};

pub use keyed::{Entries, Values};
pub use merge::depths;
pub use preferences::{Ascending, Choices, Interfaces, Joining, Preferences};
pub use used::Used;

/// After so many steps it is asked whether to go on: well below a millisecond.
const STEPS_UNSTOPPED: u64 = 64;

/// An index into [`State::places`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlaceId(pub u32);

/// An index into [`State::sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// An index into [`State::requests`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u32);

/// A position in the merged data.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where it hangs; `None` is the response's top.
    pub parent: Option<Parent>,
    /// The supergraph's type of it.
    pub declared: TypeId,
    /// The concrete types that its first sources may give it.
    pub types: TypeSet,
    /// What the client selects here.
    pub node: Option<NodeId>,
    /// Response keys of the client here: never used for anything else.
    pub client_keys: IndexSet<Name>,
    /// What there is to take values from.
    pub sources: Vec<SourceId>,
    /// What has been taken.
    pub values: Values,
    /// The source that tells the concrete type, once somebody asked.
    pub typename: Option<SourceId>,
}

/// Where a place hangs.
#[derive(Clone, Debug)]
pub struct Parent {
    /// The place above.
    pub place: PlaceId,
    /// The key of the value there.
    pub key: Name,
    /// The field.
    pub call: Call,
    /// The concrete types of the place above for which this is the place below.
    pub types: TypeSet,
}

/// A value taken at a place.
#[derive(Clone, Debug)]
pub struct Value {
    /// Its key in the merged data.
    pub key: Name,
    /// Whose key it is.
    pub owner: Owner,
    /// The field.
    pub call: Call,
    /// From where, for which concrete types.
    pub producers: Vec<(TypeSet, SourceId)>,
    /// The places below.
    pub children: Vec<Child>,
}

/// Whose a value's key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The client's response key.
    Client,
    /// The planner's own name: nothing that happens there shows in the response.
    Planner,
}

/// The place below a value, for some concrete types.
#[derive(Clone, Debug)]
pub struct Child {
    /// The types of the object that has the value.
    pub types: TypeSet,
    /// The client's selection there; `None` if only representations go there.
    pub node: Option<NodeId>,
    /// The place.
    pub place: PlaceId,
}

/// A selection of a request at a place.
#[derive(Clone, Debug)]
pub struct Source {
    /// The request.
    pub request: RequestId,
    /// The selection around it.
    pub parent: Option<SourceId>,
    /// The place.
    pub place: PlaceId,
    /// The type that the subgraph gives it.
    pub ty: TypeId,
    /// The subgraph knows an interface as an object: concrete types are unknown to it.
    pub knows: Knows,
    /// What is provided here although external.
    pub view: View,
    /// The concrete types that it may have in this subgraph, for the objects asked.
    pub types: TypeSet,
    /// The fields selected.
    pub entries: Entries,
    /// Whether `__typename` is selected.
    pub typename: bool,
}

/// What a subgraph knows of the objects at a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Knows {
    /// Their concrete types.
    Types,
    /// Only that they are of the interface: it is an interface object.
    Interface,
}

/// A selected field.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key of the value that it gives.
    pub key: Name,
    /// The field.
    pub call: Call,
    /// The concrete types of which it is asked.
    pub types: TypeSet,
    /// The field as the subgraph has it, for one of the types.
    pub field: FieldId,
    /// What is selected below.
    pub child: Option<SourceId>,
}

/// A request to a subgraph.
#[derive(Clone, Debug)]
pub struct Request {
    /// The subgraph.
    pub subgraph: SubgraphId,
    /// Its selection at its place.
    pub top: SourceId,
    /// Entities to ask for; none for a request for root fields.
    pub inputs: Vec<Input>,
    /// The interface as which all entities are asked for; `None`: as what they are.
    pub via: Option<TypeId>,
    /// How many requests come one after another up to this one.
    pub depth: u32,
    /// Which root field of a mutation it serves: all of an earlier one come before.
    pub stage: u32,
    /// The part of the response that it was made for.
    pub part: PartId,
    /// Everything in it was moved to another one.
    pub merged: bool,
}

/// What is sent of entities of some types.
#[derive(Clone, Debug)]
pub struct Input {
    /// The concrete types.
    pub types: TypeSet,
    /// The key.
    pub key: NodeId,
    /// What fields in the request require.
    pub requires: Vec<NodeId>,
}

/// The growing part of a draft. Cloned to try something.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// All places.
    pub places: Vec<Place>,
    /// All sources.
    pub sources: Vec<Source>,
    /// All requests.
    pub requests: Vec<Request>,
    stage: u32,
    /// The part of the response that is being filled, and its group of fields.
    part: PartId,
    group: GroupId,
    /// What is filled after the first part.
    jobs: Vec<Job>,
}

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

#[expect(clippy::indexing_slicing, reason = "ids are made by this draft alone, and nothing is ever removed")]
impl State {
    /// The place of an id.
    pub fn place(&self, id: PlaceId) -> &Place {
        &self.places[id.0 as usize]
    }

    fn place_mut(&mut self, id: PlaceId) -> &mut Place {
        &mut self.places[id.0 as usize]
    }

    /// The source of an id.
    pub fn source(&self, id: SourceId) -> &Source {
        &self.sources[id.0 as usize]
    }

    fn source_mut(&mut self, id: SourceId) -> &mut Source {
        &mut self.sources[id.0 as usize]
    }

    /// The request of an id.
    pub fn request(&self, id: RequestId) -> &Request {
        &self.requests[id.0 as usize]
    }

    fn request_mut(&mut self, id: RequestId) -> &mut Request {
        &mut self.requests[id.0 as usize]
    }

    /// The subgraph of a source.
    pub fn subgraph(&self, source: SourceId) -> SubgraphId {
        self.request(self.source(source).request).subgraph
    }

    /// The value of a call at a place for a concrete type that keys and requirements read: under the client's own key
    /// if it selects the same, since what is needed below was taken there.
    pub fn value(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        child: Option<NodeId>,
    ) -> Option<&Value> {
        let values = &self.place(place).values;
        let (key, _) = self.client_selection(operation, (place, ty), call, child);
        let own = key.and_then(|key| values.find(call, Some(&key), ty));
        own.or_else(|| values.find(call, None, ty))
    }

    /// The client's own key for a field of objects of a type, and what it selects below: the first of several under
    /// which what is wanted below may stand too.
    pub fn client_selection(
        &self,
        operation: &Operation,
        (place, ty): (PlaceId, TypeId),
        call: &Call,
        wanted: Option<NodeId>,
    ) -> (Option<Name>, Option<NodeId>) {
        let Some(node) = self.place(place).node else { return (None, None) };
        let node = operation.node(node);
        let variant = node.variants.iter().find(|variant| variant.types.contains(ty));
        let mut fields = variant.into_iter().flat_map(|variant| &variant.fields);
        let selected = fields.find(|field| {
            matches!(&field.what, What::Field(known) if known == call)
                && field.child.zip(wanted).is_none_or(|(client, wanted)| operation.may_share(client, wanted))
        });
        selected.map(|selected| (selected.key.clone(), selected.child)).unwrap_or_default()
    }

    /// The requests that give the values of a node at a place, for one concrete type.
    pub fn producers(&self, operation: &Operation, place: PlaceId, ty: TypeId, node: NodeId) -> BTreeSet<RequestId> {
        let mut found = BTreeSet::new();
        let mut open = vec![(place, ty, node)];
        while let Some((place, ty, node)) = open.pop() {
            let node = operation.node(node);
            let Some(variant) = node.variants.iter().find(|variant| variant.types.contains(ty)) else { continue };
            for selected in &variant.fields {
                let What::Field(call) = &selected.what else {
                    found.extend(self.place(place).typename.map(|source| self.source(source).request));
                    continue;
                };
                let Some(value) = self.value(operation, (place, ty), call, selected.child) else { continue };
                match (selected.child, value.child(ty)) {
                    (Some(node), Some(child)) => {
                        if self.place(child).types.len() > 1 {
                            found.extend(self.place(child).typename.map(|source| self.source(source).request));
                        }
                        let types: Vec<TypeId> = self.place(child).types.iter().collect();
                        open.extend(types.into_iter().map(|ty| (child, ty, node)));
                        found.extend(value.producer(ty).map(|source| self.source(source).request));
                    }
                    _ => found.extend(value.producer(ty).map(|source| self.source(source).request)),
                }
            }
        }
        found
    }
}

impl Value {
    /// The source that gives it for a concrete type.
    pub fn producer(&self, ty: TypeId) -> Option<SourceId> {
        self.producers.iter().find(|(types, _)| types.contains(ty)).map(|(_, source)| *source)
    }

    /// The place below for a concrete type.
    pub fn child(&self, ty: TypeId) -> Option<PlaceId> {
        self.children.iter().find(|child| child.types.contains(ty)).map(|child| child.place)
    }
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
