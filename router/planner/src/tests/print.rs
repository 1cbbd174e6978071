//! The forms in which a plan is shown.

use super::{Loaded, deferred, fixtures, load, plan, read};
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

#[test]
fn mermaid_frames_what_goes_together_and_shows_what_each_part_waits_for() {
    let (plan, shop) = deferred::planned_on_shop(
        r#"{ a: p { price postage } b: list { postage reviews { author } } ... @defer(label: "<x>") { p { price } } }"#,
    );
    let text = crate::print_mermaid(&plan, &shop);
    assert_eq!(text.matches("[\"one request\"]").count(), plan.joint.len(), "{text}");
    assert!(!plan.joint.is_empty() && text.contains("d0([\"deferred: #60;x#62;\"])"), "{text}");
    let needs = plan.blocks[0].needs.len();
    assert_eq!(text.lines().filter(|line| line.ends_with(" -.-> d0") && line.contains("  f")).count(), needs, "{text}");
}
