//! Several operations in one request.

use serde_json::json;

use crate::Config;
use crate::testing::{Answer, Canned, Door};

fn door() -> Door {
    let mut config = Config::default();
    config.http.batch.enabled = true;
    config.http.batch.operations_max = 4;
    Door::open(config)
}

async fn post(door: &Door, body: &serde_json::Value) -> Answer {
    door.post(&body.to_string(), &[]).await
}

#[tokio::test]
async fn each_operation_has_its_own_result_in_order() {
    let answer = post(
        &door(),
        &json!([
            { "query": "{ user(id: 1) { name } }" },
            { "query": "{ nowhere }" },
            5,
            { "query": "mutation { rename(id: 1, name: \"x\") { name } }" },
        ]),
    )
    .await;
    assert_eq!(answer.status, 200);
    let results = answer.json();
    assert_eq!(results[0], json!({ "data": { "user": { "name": "Ada" } } }));
    assert_eq!(results[1]["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(results[2]["errors"][0]["extensions"]["code"], "BAD_REQUEST");
    assert_eq!(results[3], json!({ "data": { "rename": { "name": "Ada" } } }));
    assert_eq!(results.as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn each_operation_is_counted_alone() {
    let door = door();
    post(&door, &json!([{ "query": "{ user(id: 1) { name } }" }, { "query": "{ nowhere }" }])).await;
    let metrics = door.get("/metrics", &[]).await.text;
    for line in [
        "graphql_operations_total{graphql_operation_type=\"query\",outcome=\"ok\"} 1",
        "graphql_operations_total{graphql_operation_type=\"unknown\",outcome=\"refused\"} 1",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
}

#[tokio::test]
async fn too_many_operations_or_none_are_refused_as_a_whole() {
    let one = json!({ "query": "{ user(id: 1) { name } }" });
    let door = door();
    for (batch, code) in [(vec![one.clone(); 5], "BATCH_TOO_LARGE"), (vec![], "BAD_REQUEST")] {
        let answer = post(&door, &json!(batch)).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), (400, code));
    }
    assert!(door.subgraphs.received().is_empty());
}

#[tokio::test]
async fn the_limit_on_the_body_is_for_all_together() {
    let mut config = Config::default();
    config.http.batch.enabled = true;
    config.limits.body_bytes_max = 100;
    let one = json!({ "query": "{ user(id: 1) { name } }" });
    let door = Door::over(config, Canned::default());
    assert_eq!(post(&door, &json!([one, one])).await.status, 200);
    assert_eq!(post(&door, &json!([one, one, one])).await.status, 413);
}

#[tokio::test]
async fn each_operation_counts_towards_those_worked_on_at_the_same_time() {
    let mut config = Config::default();
    config.http.batch.enabled = true;
    config.limits.concurrent_requests_max = 2;
    let one = json!({ "query": "{ user(id: 1) { name } }" });
    let door = Door::over(config, Canned::default());
    assert_eq!(post(&door, &json!([one, one])).await.status, 200);
    let answer = post(&door, &json!([one, one, one])).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (503, "OVERLOADED"));
}

#[tokio::test]
async fn a_batch_is_answered_whole_whatever_is_accepted() {
    let body = json!([{ "query": "{ user(id: 1) { name ... @defer { score } } }" }]).to_string();
    let accept = ("accept", "multipart/mixed;deferSpec=20220824, application/json");
    let answer = door().post(&body, &[accept]).await;
    assert_eq!(answer.json(), json!([{ "data": { "user": { "name": "Ada", "score": 7 } } }]));
}

#[tokio::test]
async fn a_batch_is_not_answered_in_parts_to_who_accepts_nothing_else() {
    let door = door();
    let body = json!([{ "query": "{ user(id: 1) { name } }" }]).to_string();
    let answer = door.post(&body, &[("accept", "multipart/mixed")]).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (406, "NOT_ACCEPTABLE"));
    assert!(door.subgraphs.received().is_empty());
}

/// GHSA-8r69-3cvp-wxc3: what operations of a batch may be kept for is never mixed, since nothing may be kept.
#[tokio::test]
async fn responses_are_never_stored() {
    let door = door();
    let one = json!({ "query": "{ user(id: 1) { name } }" });
    for body in [one.clone(), json!([one, one]), json!([one, { "query": "{ nowhere }" }]), json!([]), json!(5)] {
        assert_eq!(post(&door, &body).await.header("cache-control"), "no-store", "{body}");
    }
    let get = door.get("/graphql?query=%7B__typename%7D", &[]).await;
    assert_eq!((get.status.as_u16(), get.header("cache-control")), (200, "no-store"));
}
