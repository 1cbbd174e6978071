//! Workloads over the supergraph that federation routers are compared on (`tests/fixtures/bench`).

use std::time::Duration;

use serde_json::{Value, json};

use super::{Encoding, Graph, Operation, Workload};
use crate::load::{Connections, Equality};
use crate::replay::Manner;
use crate::routers::{Sharing, SubgraphHttp};

const QUERY: &str = include_str!("../../../../fixtures/bench/query.json");
const ANSWER: &str = include_str!("../../../../fixtures/bench/response.json");

/// What a slow subgraph takes: some network away, while the others are near.
const SLOW: Duration = Duration::from_millis(20);

/// The workloads of this supergraph.
pub fn workloads() -> Vec<Workload> {
    let bench = |name, title| Workload::plain(name, title, Graph::Bench, vec![query()]);
    let plain = |name, title, operations| Workload::plain(name, title, Graph::Bench, operations);
    vec![
        bench("bench", "The bench query: 88 KB, seven calls in three stages"),
        plain("small", "`topProducts`: three fields of five products", vec![Operation::query(SMALL)]),
        plain("typename", "`{__typename}`: no subgraph", vec![Operation::query("{__typename}")]),
        plain("distinct", "1,000 distinct operations in turn", distinct()),
        plain("variables", "Variables, `@skip` and `@include`, eight combinations in turn", variables()),
        Workload {
            equality: Equality::DataAndErrors,
            manner: Some(("inventory", Manner::Failing)),
            ..bench("errors", "The bench query, one subgraph answering errors")
        },
        Workload {
            clients: 200,
            manner: Some(("inventory", Manner::Slow(SLOW))),
            ..bench("slow", "The bench query, one subgraph 20 ms slower than the others, 200 clients")
        },
        Workload {
            connections: Connections::New,
            ..bench("connections", "The bench query, a new connection each time")
        },
        Workload { subgraph_http: SubgraphHttp::Two, ..bench("http2", "The bench query, HTTP/2 to subgraphs") },
        Workload { encoding: Encoding::Gzip, ..bench("gzip", "The bench query, answers compressed by gzip") },
        Workload {
            sharing: Sharing::Calls,
            ..bench("shared-calls", "The bench query, identical subgraph calls shared")
        },
        Workload {
            sharing: Sharing::Requests,
            ..bench("shared-requests", "The bench query, identical client requests shared")
        },
    ]
}

const SMALL: &str = "{ topProducts { upc name price } }";

/// Whatever is asked of this supergraph.
pub fn all_operations() -> Vec<Operation> {
    let few = [query(), Operation::query(SMALL)].into_iter();
    few.chain(distinct()).chain(variables()).collect()
}

/// The query with its answer.
pub fn query() -> Operation {
    let answer = serde_json::from_str::<Value>(ANSWER).unwrap_or_default();
    Operation { body: QUERY.trim().into(), data: answer.get("data").cloned() }
}

/// A thousand operations, each with a document of its own: fields, depth and arguments vary.
fn distinct() -> Vec<Operation> {
    (0..1000).map(|number| Operation::query(&distinct_query(number))).collect()
}

fn distinct_query(number: usize) -> String {
    let optional = ["name", "price", "weight", "inStock", "shippingEstimate"];
    let chosen: Vec<_> =
        optional.iter().enumerate().filter(|(bit, _)| number >> bit & 1 == 1).map(|(_, field)| *field).collect();
    let reviews = match number / 32 % 4 {
        0 => "",
        1 => "reviews { id body }",
        2 => "reviews { id author { id username } }",
        _ => "reviews { body author { name reviews { id } } }",
    };
    let first = number % 5 + 1;
    let fields = chosen.join(" ");
    format!("query Number{number} {{ top{number}: topProducts(first: {first}) {{ upc {fields} {reviews} }} }}")
}

/// One document with all combinations of its conditions, and an argument that varies.
fn variables() -> Vec<Operation> {
    const QUERY: &str = "query Top($first: Int!, $reviews: Boolean!, $price: Boolean!, $stock: Boolean!) {
        topProducts(first: $first) {
            upc name price @skip(if: $price) inStock @include(if: $stock)
            reviews @include(if: $reviews) { id body author { id username } }
        }
    }";
    let combination = |number: usize| {
        let on = |bit: usize| number >> bit & 1 == 1;
        let variables = json!({ "first": number % 5 + 1, "reviews": on(0), "price": on(1), "stock": on(2) });
        let body = json!({ "query": QUERY, "operationName": "Top", "variables": variables });
        Operation { body: body.to_string(), data: None }
    };
    (0..8).map(combination).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinct_operations_are_distinct() {
        let bodies: std::collections::BTreeSet<_> = distinct().into_iter().map(|operation| operation.body).collect();
        assert_eq!(bodies.len(), 1000);
    }
}
