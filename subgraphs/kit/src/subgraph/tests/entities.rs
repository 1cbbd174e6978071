//! `_entities`: loaded together, failing alone.

use super::*;

async fn entities(subgraph: &Subgraph, ids: &[String], token: &str) -> Value {
    let representations: Vec<Value> = ids.iter().map(|id| json!({ "__typename": "Thing", "id": id })).collect();
    let body = body(ENTITIES, &json!({ "r": representations }));
    serde_json::from_slice(&subgraph.execute(body, Some(token)).await).unwrap()
}

#[tokio::test]
async fn loads_all_representations_of_a_call_at_once() {
    let keys = TestIdentity::new("orders");
    let token = keys.token(&Identity::anonymous());
    for count in [1_usize, 30, 31, 100, 500, 1_000] {
        let (subgraph, loads) = subgraph(keys.access());
        let mut ids: Vec<String> = (0..count).map(|n| n.to_string()).collect();
        ids.extend(ids.clone());
        let response = entities(&subgraph, &ids, &token).await;
        let names: Vec<&str> = response["data"]["_entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entity| entity["name"].as_str().unwrap())
            .collect();
        let expected: Vec<String> = ids.iter().map(|id| format!("thing {id}")).collect();
        assert_eq!(names, expected);
        assert_eq!(loads.load(Ordering::Relaxed), 1, "{count} keys");
    }
}

#[tokio::test]
async fn one_entity_fails_alone_and_at_its_index() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let mut ids: Vec<String> = (0..50).map(|n| n.to_string()).collect();
    ids[40] = "forbidden".to_owned();
    ids[45] = "missing".to_owned();
    let response = entities(&subgraph, &ids, &token).await;
    assert_eq!(response["data"]["_entities"][40], Value::Null);
    assert_eq!(response["data"]["_entities"][45], Value::Null);
    assert_eq!(response["data"]["_entities"][49]["name"], "thing 49");
    assert_eq!(response["errors"].as_array().unwrap().len(), 1);
    assert_eq!(response["errors"][0]["path"], json!(["_entities", 40]));
    assert_eq!(code(&response), "FORBIDDEN");
}

#[tokio::test]
async fn a_wrong_representation_leaves_the_others_alone() {
    let keys = TestIdentity::new("orders");
    let (subgraph, _) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let representations = json!([
        { "__typename": "Thing", "id": "1" },
        { "__typename": "Nothing", "id": "1" },
        { "__typename": "Thing" },
        { "__typename": "Thing", "id": { "a": [] } },
        { "id": "1" },
        7,
        { "__typename": "Thing", "id": "2" },
    ]);
    let reply = subgraph.execute(body(ENTITIES, &json!({ "r": representations })), Some(&token)).await;
    let response: Value = serde_json::from_slice(&reply).unwrap();
    let found = response["data"]["_entities"].as_array().unwrap();
    let names: Vec<Option<&str>> = found.iter().map(|entity| entity["name"].as_str()).collect();
    assert_eq!(names, [Some("thing 1"), None, None, None, None, None, Some("thing 2")], "{response}");
    let mut paths: Vec<String> =
        response["errors"].as_array().unwrap().iter().map(|error| error["path"].to_string()).collect();
    paths.sort();
    let expected: Vec<String> = (1..6).map(|index| json!(["_entities", index]).to_string()).collect();
    assert_eq!(paths, expected);
    assert_eq!(code(&response), "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_failed_batch_fails_every_key_that_waited() {
    let keys = TestIdentity::new("orders");
    let (subgraph, loads) = subgraph(keys.access());
    let token = keys.token(&Identity::anonymous());
    let ids = ["1".to_owned(), "broken".to_owned()];
    let response = entities(&subgraph, &ids, &token).await;
    assert_eq!(response["data"]["_entities"], json!([null, null]));
    assert_eq!(response["errors"].as_array().unwrap().len(), 2);
    assert_eq!(loads.load(Ordering::Relaxed), 1);
}
