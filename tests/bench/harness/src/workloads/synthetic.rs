//! Workloads over made-up subgraphs: answers of any size, any number of fetches, mutations.
//!
//! `items` has items; `more1`, `more2`… each have one field of theirs. `tests/peers/synthetic-subgraphs.mjs` answers for them.

use serde_json::json;

use super::{Graph, Operation, Workload};

/// Subgraphs beside `items`.
pub const MORE_MAX: usize = 63;

/// Bytes of an answer that one item of [`items_query`] takes.
const ITEM_BYTES: usize = 200;

/// Workloads for the table.
pub fn workloads() -> Vec<Workload> {
    let plain = |name, title, operations| Workload::plain(name, title, Graph::Synthetic, operations);
    vec![
        Workload { clients: 10, ..plain("large", "An answer of 2 MB, from two subgraphs", vec![of_bytes(2_000_000)]) },
        plain("mutation", "A mutation whose answer takes a second subgraph, 64 different ones in turn", mutations()),
    ]
}

/// One answer of about so many bytes: those of a hundred kilobytes and more have fewer clients, or memory would be what is
/// measured.
pub fn of_size(bytes: usize) -> Workload {
    let clients = (10_000_000 / bytes).clamp(2, super::CLIENTS);
    Workload { clients, ..Workload::plain("sizes", "Size of the answer", Graph::Synthetic, vec![of_bytes(bytes)]) }
}

/// One answer that takes so many fetches, all but the first at the same time.
pub fn of_fetches(fetches: usize) -> Workload {
    let more: Vec<_> = (1..fetches).map(|number| format!("more{number}")).collect();
    let query = format!("{{ items(first: 10) {{ id name {} }} }}", more.join(" "));
    Workload::plain("fetches", "Number of fetches", Graph::Synthetic, vec![Operation::query(&query)])
}

/// The subgraphs' schemas, by name.
pub fn subgraphs() -> Vec<(String, String)> {
    let link = "extend schema @link(url: \"https://specs.apollo.dev/federation/v2.3\", import: [\"@key\"])";
    let items = format!(
        "{link}\ntype Query {{ items(first: Int!): [Item!]! }}\ntype Mutation {{ rename(id: ID!, name: String!): Item! }}\n\
         type Item @key(fields: \"id\") {{ id: ID! name: String! text: String! number: Int! }}\n"
    );
    let more = |number: usize| {
        let name = format!("more{number}");
        let text = format!("{link}\ntype Item @key(fields: \"id\") {{ id: ID! {name}: String! }}\n");
        (name, text)
    };
    std::iter::once(("items".into(), items)).chain((1..=MORE_MAX).map(more)).collect()
}

fn of_bytes(bytes: usize) -> Operation {
    let items = (bytes / ITEM_BYTES).max(1);
    Operation::query(&format!("{{ items(first: {items}) {{ id name text number more1 }} }}"))
}

fn mutations() -> Vec<Operation> {
    const MUTATION: &str =
        "mutation Rename($id: ID!, $name: String!) { rename(id: $id, name: $name) { id name more1 } }";
    let of = |number: usize| {
        let variables = json!({ "id": number.to_string(), "name": format!("name {number}") });
        let body = json!({ "query": MUTATION, "operationName": "Rename", "variables": variables });
        Operation { body: body.to_string(), data: None }
    };
    (1..=64).map(of).collect()
}
