//! How the operations are called that subgraphs get, as configured.

use std::sync::Arc;

use serde_json::Value;

use crate::config::{OperationNames, Subgraph};
use crate::testing::{Door, supergraph};
use crate::{Config, Edition};

fn config(common: OperationNames, scores: Option<OperationNames>) -> Config {
    let mut config = Config::default();
    config.subgraphs.operation_names = common;
    let own = Subgraph { operation_names: scores, ..Subgraph::default() };
    config.subgraphs.by_name.insert("scores".to_owned(), own);
    config
}

/// The names that subgraphs get for an operation, `users` first.
async fn received(door: &Door, operation: &str) -> [Option<String>; 2] {
    let before = door.subgraphs.received().len();
    let answer = door.query(operation).await;
    assert_eq!(answer.json()["data"]["user"]["score"], 7, "{answer:?}");
    let received = door.subgraphs.received();
    let names = received[before..].iter().map(|call| {
        let body: Value = serde_json::from_str(&call.body).unwrap();
        let name = body.get("operationName").map(|name| name.as_str().unwrap().to_owned());
        let query = body["query"].as_str().unwrap();
        let begins = name.as_ref().map_or("query".to_owned(), |name| format!("query {name}"));
        assert!(query.starts_with(&format!("{begins}(")) || query.starts_with(&format!("{begins}{{")), "{query}");
        name
    });
    names.collect::<Vec<_>>().try_into().unwrap()
}

const SCORE: &str = "query Score { user(id: 1) { name score } }";

#[tokio::test]
async fn they_tell_operation_subgraph_and_number_by_default() {
    let door = Door::open(Config::default());
    let names = received(&door, SCORE).await;
    assert_eq!(names, ["Score__users__0", "Score__scores__1"].map(|name| Some(name.to_owned())));
    assert_eq!(received(&door, "{ user(id: 1) { name score } }").await, [None, None]);
}

#[tokio::test]
async fn they_are_as_configured_for_all_or_for_one_subgraph() {
    let client = || Some("Score".to_owned());
    let door = Door::open(config(OperationNames::Client, None));
    assert_eq!(received(&door, SCORE).await, [client(), client()]);
    let door = Door::open(config(OperationNames::Client, Some(OperationNames::None)));
    assert_eq!(received(&door, SCORE).await, [client(), None]);
    let door = Door::open(config(OperationNames::None, Some(OperationNames::Full)));
    assert_eq!(received(&door, SCORE).await, [None, Some("Score__scores__1".to_owned())]);
}

#[tokio::test]
async fn a_reload_changes_those_of_plans_made_before() {
    let door = Door::open(Config::default());
    assert_eq!(received(&door, SCORE).await[0].as_deref(), Some("Score__users__0"));
    let edition = Edition::new(config(OperationNames::None, None), supergraph(), Arc::clone(&door.subgraphs) as _);
    door.gateway.reload(edition).await.unwrap();
    assert_eq!(received(&door, SCORE).await, [None, None]);
}
