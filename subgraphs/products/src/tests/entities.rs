//! Products by key, as the router asks for them.

use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Catalogue, product};

const ENTITIES: &str = "query ($representations: [_Any!]!) { \
    _entities(representations: $representations) { ... on Product { id sku price { amountMinor } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn sixty_representations_take_one_statement() {
    let catalogue = Catalogue::seeded().await;
    let representations: Vec<Value> =
        (1..=60).rev().map(|number| json!({ "__typename": "Product", "id": product(number) })).collect();
    let before = catalogue.database.database().statements_executed();
    let answer = catalogue.ask_as_anyone(ENTITIES, json!({ "representations": representations })).await;
    assert_eq!(catalogue.database.database().statements_executed() - before, 1);
    let found = answer["data"]["_entities"].as_array().unwrap();
    let ids: Vec<_> = found.iter().map(|entity| entity["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, (1..=60).rev().map(product).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn resolves_by_sku_and_leaves_missing_and_malformed_ones_null() {
    let catalogue = Catalogue::seeded().await;
    let sku = catalogue
        .ask_as_anyone("query ($id: ID!) { product(id: $id) { sku } }", json!({ "id": product(3) }))
        .await["data"]["product"]["sku"]
        .clone();
    let representations = json!([
        { "__typename": "Product", "sku": sku },
        { "__typename": "Product", "id": product(999_999) },
        { "__typename": "Product", "id": "garbage" },
        { "__typename": "Product", "id": product(4) },
        { "__typename": "Product", "sku": "NO-SUCH" },
        { "__typename": "Product", "sku": "\0" },
    ]);
    let answer = catalogue.ask_as_anyone(ENTITIES, json!({ "representations": representations })).await;
    let found = &answer["data"]["_entities"];
    assert_eq!(found[0]["id"], product(3));
    assert_eq!([&found[1], &found[2], &found[4], &found[5]], [&Value::Null; 4]);
    assert_eq!(found[3]["id"], product(4));
    let errors = answer["errors"].as_array().unwrap();
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0]["path"], json!(["_entities", 2]));
    assert_eq!(errors[0]["extensions"]["code"], "INVALID_ID");
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_unsigned_calls() {
    let catalogue = Catalogue::seeded().await;
    let body = json!({ "query": ENTITIES, "variables": { "representations": [] } }).to_string();
    let answer = catalogue.subgraph.execute(body.into(), None).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let other = kit::testing::TestIdentity::new("orders").token(&Identity::service("orders"));
    let body = json!({ "query": "{ __typename }" }).to_string();
    let answer = catalogue.subgraph.execute(body.into(), Some(&other)).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
}
