//! The workload that routers are compared on: as few requests as possible in as few steps.

use super::{fixtures, load, plan, read};

#[test]
fn plans_the_benchmark_in_six_requests_and_four_steps() {
    let folder = fixtures().join("bench");
    let supergraph = load(&read(&folder.join("supergraph.graphql")));
    let query: serde_json::Value = serde_json::from_str(&read(&folder.join("query.json"))).unwrap();
    let plan = plan(&supergraph, query["query"].as_str().unwrap()).unwrap();
    let text = crate::print(&plan, &supergraph);
    assert!(plan.requests() <= 6, "{text}");
    assert!(plan.steps() <= 4, "{text}");
}
