//! Suites whose subgraphs go wrong: what is at hand is answered, and errors stand where the client asked.

use serde_json::{Value, json};

use super::run::answer;
use super::suite::{Source, Suite};
use crate::support::dataset::Switch;

const SUITE: &str = "simple-requires-provides";

/// Answers a query with one switch in one subgraph.
async fn faulty(subgraph: &str, coordinate: &str, switch: Switch, query: &str) -> Value {
    let mut suite = Suite::read(SUITE, Source::Composed);
    suite.switch(subgraph, coordinate, switch);
    answer(&suite, &suite.start(), query).await.0
}

fn error(message: &str) -> Switch {
    Switch::Error(message.to_owned())
}

fn paths(answer: &Value) -> Vec<&Value> {
    answer["errors"].as_array().map_or_else(Vec::new, |errors| errors.iter().map(|error| &error["path"]).collect())
}

#[tokio::test]
async fn an_entity_that_fails_leaves_its_neighbours() {
    let query = "{ list: products { name stock: inStock } }";
    let answer = faulty("inventory", "Product/p1", error("lost"), query).await;
    let list = json!([{ "name": "p-name-1", "stock": null }, { "name": "p-name-2", "stock": false }]);
    assert_eq!(answer["data"], json!({ "list": list }));
    assert_eq!(paths(&answer).len(), 1, "{answer}");
    assert_eq!(paths(&answer)[0].as_array().unwrap()[..2], [json!("list"), json!(0)]);
}

#[tokio::test]
async fn a_field_that_fails_keeps_the_rest_of_its_entity() {
    let query = "{ products { inStock shippingEstimate } }";
    let answer = faulty("inventory", "Product/p2.inStock", error("down"), query).await;
    let products = json!([
        { "inStock": true, "shippingEstimate": 110 },
        { "inStock": null, "shippingEstimate": 440 },
    ]);
    assert_eq!(answer["data"], json!({ "products": products }));
    assert_eq!(paths(&answer), [&json!(["products", 1, "inStock"])]);
}

#[tokio::test]
async fn an_entity_that_is_null_is_null_without_an_error() {
    let query = "{ me { reviews { id product { inStock } } } }";
    let answer = faulty("inventory", "Product/p2", Switch::Null, query).await;
    let reviews = json!([
        { "id": "r1", "product": { "inStock": true } },
        { "id": "r2", "product": { "inStock": null } },
    ]);
    assert_eq!(answer, json!({ "data": { "me": { "reviews": reviews } } }));
}

#[tokio::test]
async fn a_root_field_that_fails_keeps_the_others() {
    let answer = faulty("accounts", "Query.me", error("down"), "{ me { id reviews { id } } products { name } }").await;
    let products = json!([{ "name": "p-name-1" }, { "name": "p-name-2" }]);
    assert_eq!(answer["data"], json!({ "me": null, "products": products }));
    assert_eq!(paths(&answer), [&json!(["me"])]);
}

#[tokio::test]
async fn a_required_value_that_fails_is_told_where_the_client_asked() {
    let query = "{ products { name shippingEstimate } }";
    let answer = faulty("products", "Product/p1.price", error("down"), query).await;
    let second = &answer["data"]["products"][1];
    assert_eq!(*second, json!({ "name": "p-name-2", "shippingEstimate": 440 }), "{answer}");
    let first = &answer["data"]["products"][0];
    assert_eq!(*first, json!({ "name": "p-name-1", "shippingEstimate": null }), "{answer}");
    assert!(!paths(&answer).is_empty(), "{answer}");
    let told = answer["errors"].to_string();
    assert!(!told.contains("_entities"), "{told}");
}

#[tokio::test]
async fn a_slow_subgraph_is_waited_for() {
    let answer = faulty("inventory", "Product.inStock", Switch::SlowMs(30), "{ products { inStock } }").await;
    assert_eq!(answer, json!({ "data": { "products": [{ "inStock": true }, { "inStock": false }] } }));
}
