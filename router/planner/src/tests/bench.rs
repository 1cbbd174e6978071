//! The workload that routers are compared on: as few requests as possible in as few steps.

use super::{check, fixtures, load, plan, read};

#[test]
fn plans_the_benchmark_in_seven_requests_and_four_steps() {
    let folder = fixtures().join("bench");
    let supergraph = load(&read(&folder.join("supergraph.graphql")));
    let query: serde_json::Value = serde_json::from_str(&read(&folder.join("query.json"))).unwrap();
    let plan = plan(&supergraph, query["query"].as_str().unwrap()).unwrap();
    let text = crate::print(&plan, &supergraph);
    let schemas: Vec<_> = supergraph
        .subgraphs
        .iter()
        .map(|subgraph| check::subgraph_schema(&read(&folder.join(format!("subgraphs/{}.graphql", subgraph.name)))))
        .collect();
    let faults = check::faults(&plan, &supergraph, &schemas);
    assert!(faults.is_empty(), "{}\n{text}", faults.join("\n"));
    assert!(plan.fetches.len() <= 7, "{text}");
    assert!(crate::print::depths(&plan).into_iter().max() <= Some(4), "{text}");
}
