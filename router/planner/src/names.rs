//! Names for what subgraphs are asked, for their logs and traces.
//!
//! A plan is made without them, so that no name changes a plan. Of one operation of a client they tell its requests
//! apart; queries that differ in their names alone still count as the same, see [`crate::plan::BodyStart::named`].

use federation::{SubgraphId, Supergraph};

use crate::plan::{Fetch, FetchKind, QueryPlan};

/// Bytes of a name: log lines and labels of metrics are made of it. Those that people give are shorter.
const NAME_BYTES_MAX: usize = 128;

/// Bytes that the subgraph's name takes of it.
const SUBGRAPH_BYTES_MAX: usize = 48;

/// How the operations are called that a subgraph is sent. What comes of a client's operation without a name has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OperationNames {
    /// `Operation__subgraph__0`: the client's name, the subgraph's, and the number of the fetch in the plan.
    #[default]
    Full,
    /// As the client's.
    Client,
    /// Not at all.
    None,
}

/// Names the operations of a plan, given the client's name of its own.
pub fn name_operations(
    plan: &mut QueryPlan,
    supergraph: &Supergraph,
    client: Option<&str>,
    names: &dyn Fn(SubgraphId) -> OperationNames,
) {
    let Some(client) = client else { return };
    let name = |id: SubgraphId, number: usize| match names(id) {
        OperationNames::Full => Some(full(client, &supergraph.subgraph(id).name, number)),
        OperationNames::Client => Some(client.chars().take(NAME_BYTES_MAX).collect()),
        OperationNames::None => None,
    };
    for joint in &mut plan.joint {
        let Some(first) = joint.members.first().map(|member| member.fetch.0 as usize) else { continue };
        let Some(name) = plan.fetches.get(first).and_then(|fetch| name(fetch.subgraph, first)) else { continue };
        set(&name, &mut joint.document);
        joint.operation_name = Some(name);
    }
    for (number, fetch) in plan.fetches.iter_mut().enumerate() {
        if let Some(name) = name(fetch.subgraph, number) {
            name_fetch(fetch, &name);
        }
    }
    plan.begin_bodies();
}

/// Parts of a fetch have none themselves, so that recursion ends there.
fn name_fetch(fetch: &mut Fetch, name: &str) {
    set(name, &mut fetch.document);
    fetch.operation_name = Some(name.to_owned());
    if let FetchKind::Entities(entities) = &mut fetch.kind
        && let Some(grouped) = &mut entities.grouped
    {
        grouped.operation_name = Some(name.to_owned());
    }
    fetch.apart.iter_mut().for_each(|part| name_fetch(part, name));
}

/// Puts a name behind the keyword with which the document begins.
fn set(name: &str, document: &mut String) {
    let keyword = document.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(document.len());
    document.insert_str(keyword, name);
    document.insert(keyword, ' ');
}

/// A GraphQL name, whatever the subgraph is called: what no name can have is an underscore there.
fn full(client: &str, subgraph: &str, number: usize) -> String {
    let subgraph = subgraph.chars().take(SUBGRAPH_BYTES_MAX);
    let subgraph: String = subgraph.map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let end = format!("__{subgraph}__{number}");
    let client: String = client.chars().take(NAME_BYTES_MAX.saturating_sub(end.len())).collect();
    client + &end
}
