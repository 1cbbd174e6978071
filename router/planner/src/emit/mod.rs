//! Writing a draft down as a plan: requests become fetches with their documents, values their keys, and the
//! operation the shape of the response.

mod apart;
mod contexts;
mod document;
mod join;
mod merge_paths;
mod name;
mod readers;
mod representations;
mod reuse;
mod shape;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use federation::SubgraphId;
use indexmap::IndexMap;
use rustc_hash::FxHashMap;

use crate::draft::{Draft, Order, PlaceId, RequestId};
use crate::plan::{
    ContextualArgument, FetchId, KeyId, OperationKind, PathSegment, QueryPlan, Representation, Selection,
};
use crate::{Budget, PlanError};
use graphql::Name;

pub use reuse::reuse;

/// The names of members in the merged data.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    names: IndexMap<String, ()>,
}

impl Keys {
    fn id(&mut self, name: &str) -> KeyId {
        let index = self.names.get_index_of(name);
        KeyId(index.unwrap_or_else(|| self.names.insert_full(name.to_owned(), ()).0) as u32)
    }
}

/// A fetch before it has its number and name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unnamed {
    subgraph: SubgraphId,
    stage: u32,
    kind: Kind,
    keyword: &'static str,
    /// The declarations of the client's variables, such as `$a:Int`.
    declarations: Vec<String>,
    /// The operation's directives that are passed on, each with a space before it.
    directives: String,
    /// The selection in braces: of the root, or of each entity.
    body: String,
    variables: Vec<Name>,
    output: Selection,
    after: BTreeSet<usize>,
    /// The requests that it has become of, by their order.
    requests: Vec<usize>,
    /// The parts of the response that depend on it.
    readers: readers::Readers,
    /// The same in parts, by what the fields require.
    apart: Vec<Unnamed>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Root(Vec<PathSegment>),
    Entities {
        paths: Vec<Vec<PathSegment>>,
        representations: Vec<Representation>,
        /// What is read from contexts: the body has their indexes in place of their variables, see [`contexts`].
        contexts: Vec<ContextualArgument>,
    },
}

/// Writes the plan.
pub fn emit(draft: &Draft<'_>, order: &Order, budget: &Budget<'_>) -> Result<QueryPlan, PlanError> {
    let Order { used, depths } = order;
    let mut keys = Keys::default();
    let response = shape::write(draft, &mut keys);
    let mut order: Vec<RequestId> = used.requests.iter().copied().collect();
    order.sort_by_key(|id| (draft.state.request(*id).stage, depths.get(id).copied(), *id));
    let indexes: FxHashMap<RequestId, usize> = order.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let index = |id: RequestId| indexes.get(&id).copied();
    let mut fetches = Vec::with_capacity(order.len());
    for (number, &id) in order.iter().enumerate() {
        if budget.is_stopped() {
            return Err(PlanError::Stopped);
        }
        let mut fetch = document::write(draft, used, &mut keys, id, None)?;
        fetch.apart = apart::write(draft, used, &mut keys, id)?;
        fetch.requests = vec![number];
        fetch.after = draft.state.after(&draft.operation, id).into_iter().filter_map(index).collect();
        fetches.push(fetch);
    }
    readers::note(&response, &order, &mut fetches);
    keep_stages(&response, &mut fetches);
    // When these are stopped, what they have merged by then holds.
    let (fetches, joint) = join::join(merge_paths::merge(fetches, budget), budget);
    if fetches.len() > budget.fetches_max {
        return Err(PlanError::TooComplex { what: "fetches", max: budget.fetches_max as u64 });
    }
    let mut becomes: FxHashMap<usize, FetchId> = FxHashMap::default();
    for (number, fetch) in fetches.iter().enumerate() {
        becomes.extend(fetch.requests.iter().map(|request| (*request, FetchId(number as u32))));
    }
    let numbered = |requests: BTreeSet<RequestId>| -> Vec<FetchId> {
        let fetches = requests.into_iter().filter_map(|id| becomes.get(&index(id)?).copied());
        fetches.collect::<BTreeSet<FetchId>>().into_iter().collect()
    };
    let mut blocks = response.blocks;
    for (block, needs) in blocks.iter_mut().zip(response.needs) {
        block.needs = numbered(needs);
    }
    Ok(QueryPlan {
        kind: draft.operation.kind,
        root: draft.operation.root,
        first: numbered(response.first),
        joint: joint.iter().map(|members| name::joint(&fetches, members)).collect(),
        fetches: fetches.into_iter().map(|fetch| name::fetch(draft, fetch)).collect(),
        keys: keys.names.into_keys().collect(),
        response: response.shape,
        blocks,
        groups: response.groups,
        introspection: draft.operation.introspection.clone(),
    })
}

/// Lets each root field of a mutation wait for all of the one before, which in turn waits for its own; but not for what
/// only later parts of the response need.
fn keep_stages(response: &shape::Response, fetches: &mut [Unnamed]) {
    let mut by_stage: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (index, fetch) in fetches.iter().enumerate() {
        if response.blocks.is_empty() || fetch.readers.contains(&None) {
            by_stage.entry(fetch.stage).or_default().push(index);
        }
    }
    // A root that is entered again further below waits for what leads there, which waits for the rest.
    let is_top = |fetch: &Unnamed| matches!(&fetch.kind, Kind::Root(path) if path.is_empty());
    for fetch in fetches.iter_mut().filter(|fetch| fetch.stage > 0 && is_top(fetch)) {
        let before = by_stage.range(..fetch.stage).next_back();
        fetch.after.extend(before.into_iter().flat_map(|(_, indexes)| indexes));
    }
}

/// The path of a place.
fn path(draft: &Draft<'_>, keys: &mut Keys, place: PlaceId) -> Vec<PathSegment> {
    let mut path = Vec::new();
    let mut at = place;
    while let Some(parent) = &draft.state.place(at).parent {
        path.push(PathSegment::Key(keys.id(&parent.key)));
        if draft.state.is_typed(at) {
            path.push(PathSegment::Type(parent.types.clone()));
        }
        at = parent.place;
    }
    path.reverse();
    path
}

fn keyword(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Query => "query",
        OperationKind::Mutation => "mutation",
        OperationKind::Subscription => "subscription",
    }
}
