//! Push by a gateway.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{House, placed, receiver::Receiver};
use crate::push::{HttpPush, PushConfig};

async fn pushing(receiver: &Receiver) -> House {
    let mut house = House::open().await;
    let config = PushConfig {
        endpoint: receiver.url().parse().unwrap(),
        token: Some("secret".to_owned().into()),
        timeout_ms: 2_000,
    };
    assert!(!format!("{config:?}").contains("secret"));
    house.ways.push = Some(Arc::new(HttpPush::new(config).unwrap()));
    house
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_handed_to_the_gateway_with_its_id() {
    let receiver = Receiver::start().await;
    let house = pushing(&receiver).await;
    let user = house.user_with(2, &["PUSH"], json!({ "locale": "de" }));
    receiver.answer(503);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    receiver.answer(202);
    house.hurry().await;
    house.work().await;
    let called = receiver.called();
    assert_eq!(called.len(), 2);
    let id = house.texts("SELECT id::text FROM delivery").await.remove(0);
    for call in &called {
        let body: Value = serde_json::from_slice(&call.body).unwrap();
        assert_eq!((call.header("idempotency-key"), body["id"].as_str().unwrap()), (id.as_str(), id.as_str()));
        assert_eq!(call.header("authorization"), "Bearer secret");
        assert_eq!((&body["title"], &body["language"]), (&json!("Ihre Bestellung SG-00000007"), &json!("de")));
        assert_eq!(body["userId"], wire::id::UserId::from(user).to_string());
    }
    assert_eq!(house.told().await[0].1["channel"], "PUSH");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_gateway_refuses_bounces() {
    let receiver = Receiver::start().await;
    let house = pushing(&receiver).await;
    let user = house.user(2, &["PUSH"]);
    for (number, status) in [(7, 404), (8, 400)] {
        receiver.answer(status);
        house.hear(&placed(user, number)).await;
        house.work().await;
    }
    let reasons: Vec<_> = house.told().await.into_iter().map(|(_, data)| data["reason"].clone()).collect();
    assert_eq!(reasons, ["UNKNOWN_ADDRESS", "REFUSED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_gateway_nothing_is_planned() {
    let house = House::open().await;
    let user = house.user(2, &["PUSH"]);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    assert_eq!(house.count("SELECT count(*) FROM delivery").await, 0);
}
