//! An order of which something is stored that this build can't read: it fails alone.

use kit::GlobalId as _;
use serde_json::{Value, json};

use super::{Shop, administrator, order_id};
use crate::OrderId;

const ENTITIES: &str = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
    ... on Order { id total { amountMinor } } } }";

#[tokio::test(flavor = "multi_thread")]
async fn the_others_that_are_asked_for_with_it_are_shown() {
    let shop = Shop::seeded().await;
    let representations = [1, 2, 3].map(|number| json!({ "__typename": "Order", "id": order_id(number) }));
    let ask = async || shop.ask(&administrator(), ENTITIES, json!({ "representations": representations })).await;
    let mut expected = ask().await["data"]["_entities"].take();
    assert!(expected.as_array().unwrap().iter().all(Value::is_object), "{expected}");
    let spoilt = OrderId::parse_global(&order_id(2)).unwrap().uuid();
    let spoil = format!(
        "SET session_replication_role = replica; UPDATE event SET data = 'spoilt' WHERE stream_id = '{spoilt}' AND version = 1"
    );
    shop.database.database().bulk_connection().await.unwrap().batch_execute(&spoil).await.unwrap();
    let answer = ask().await;
    expected[1] = Value::Null;
    assert_eq!(answer["data"]["_entities"], expected, "{answer}");
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["_entities", 1]));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert!(!answer.to_string().contains("spoilt"), "{answer}");
}
