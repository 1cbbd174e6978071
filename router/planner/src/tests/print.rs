//! The forms in which a plan is shown.

use super::{Loaded, fixtures, load, plan, read};
use crate::QueryPlan;

fn bench() -> (QueryPlan, Loaded) {
    let supergraph = load(&read(&fixtures().join("bench/supergraph.graphql")));
    let plan = plan(&supergraph, "{ topProducts { name inStock shippingEstimate } me { id } }").unwrap();
    (plan, supergraph)
}

#[test]
fn json_tells_each_fetch_with_what_it_waits_for_and_is_given() {
    let (plan, supergraph) = bench();
    let mut bytes = Vec::new();
    graphql::json::write(&crate::print_json(&plan, &supergraph), &mut bytes);
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let fetches = value["fetches"].as_array().unwrap();
    assert_eq!((value["operation"].as_str(), value["steps"].as_u64()), (Some("query"), Some(2)), "{value}");
    assert_eq!(fetches.len(), plan.fetches.len());
    let inventory = fetches.iter().find(|fetch| fetch["subgraph"] == "inventory").unwrap();
    let products = fetches.iter().find(|fetch| fetch["subgraph"] == "products").unwrap();
    assert_eq!(products["kind"], "root");
    assert_eq!(inventory["kind"], "entities");
    assert_eq!(inventory["after"], serde_json::json!([products["id"]]));
    assert_eq!(inventory["paths"], serde_json::json!(["topProducts"]));
    assert_eq!(inventory["representations"][0]["typename"], "Product");
    assert!(inventory["document"].as_str().unwrap().contains("_entities"));
}

#[test]
fn mermaid_has_a_box_a_fetch_an_arrow_a_dependency_and_no_markup_of_its_own() {
    let (plan, supergraph) = bench();
    let text = crate::print_mermaid(&plan, &supergraph);
    assert!(text.starts_with("flowchart LR\n"), "{text}");
    assert_eq!(text.lines().filter(|line| line.contains("[\"#35;")).count(), plan.fetches.len(), "{text}");
    let arrows: usize = plan.fetches.iter().map(|fetch| fetch.after.len().max(1)).sum();
    assert_eq!(text.matches(" --> ").count(), arrows, "{text}");
    let boxes = text.lines().filter_map(|line| line.split_once('[')).map(|(_, inner)| inner.replace("<br/>", ""));
    assert!(boxes.clone().all(|inner| !inner.contains('<') && !inner.contains('{')), "{text}");
}
