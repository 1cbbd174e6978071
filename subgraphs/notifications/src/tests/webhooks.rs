//! Webhooks: signed, tried again, switched off and on.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{House, administrator, inbox, nodes, placed, reader, receiver::Receiver};

const REGISTER: &str = "mutation ($input: RegisterWebhookInput!) { registerWebhook(input: $input) { \
    secret webhook { id url disabledAt } errors { __typename ... on InvalidWebhookError { field } } } }";
const ENABLE: &str = "mutation ($input: EnableWebhookInput!) { enableWebhook(input: $input) { \
    webhook { id failingSince disabledAt } errors { __typename } } }";
const REMOVE: &str =
    "mutation ($input: RemoveWebhookInput!) { removeWebhook(input: $input) { webhookId errors { __typename } } }";
const STATUS: &str = "SELECT status FROM delivery ORDER BY created_at";

async fn register(house: &House, user: Uuid, url: &str) -> Value {
    let answer = house.ask(&reader(user), REGISTER, json!({ "input": { "url": url } })).await;
    answer["data"]["registerWebhook"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_signed_and_say_what_happened() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = house.user(2, &["WEBHOOK"]);
    let registered = register(&house, user, &receiver.url()).await;
    house.hear(&placed(user, 7)).await;
    house.work().await;
    let called = receiver.called();
    assert_eq!(called.len(), 1);
    let call = &called[0];
    let body: Value = serde_json::from_slice(&call.body).unwrap();
    assert_eq!((&body["type"], &body["data"]["facts"]["number"]), (&json!("order.placed"), &json!("SG-00000007")));
    assert_eq!(call.header("content-type"), "application/json");
    // As a receiver checks it: only the secret that registering showed, and the headers.
    let secret = registered["secret"].as_str().unwrap().strip_prefix("whsec_").unwrap();
    let key = hmac::Key::new(hmac::HMAC_SHA256, &STANDARD.decode(secret).unwrap());
    let (id, timestamp) = (call.header("webhook-id"), call.header("webhook-timestamp"));
    let mut signed = format!("{id}.{timestamp}.").into_bytes();
    signed.extend_from_slice(&call.body);
    let signature = call.header("webhook-signature").strip_prefix("v1,").unwrap();
    hmac::verify(&key, &signed, &STANDARD.decode(signature).unwrap()).unwrap();
    let age = chrono::Utc::now().timestamp() - timestamp.parse::<i64>().unwrap();
    assert!((0..60).contains(&age));
    assert_eq!(house.texts("SELECT id::text FROM delivery").await, [id]);
    assert_eq!(house.texts(STATUS).await, ["SENT"]);
    // Nothing shows the secret again.
    let query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { webhooks { id url } } } }";
    let user_id = wire::id::UserId::from(user).to_string();
    let answer = house.ask(&reader(user), query, json!({ "r": [{ "__typename": "User", "id": user_id }] })).await;
    assert_eq!(answer["data"]["_entities"][0]["webhooks"][0]["url"], receiver.url());
    let sdl = house.subgraph.sdl();
    let webhook = sdl.split("type Webhook @key").nth(1).unwrap().split('}').next().unwrap();
    assert!(webhook.contains("url: String!") && !webhook.contains("secret"), "{webhook}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_fails_is_made_again_with_the_same_id_for_a_day() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = house.user(2, &["WEBHOOK"]);
    register(&house, user, &receiver.url()).await;
    receiver.answer(500);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    receiver.answer(302);
    house.hurry().await;
    house.work().await;
    receiver.answer(204);
    house.hurry().await;
    house.work().await;
    let called = receiver.called();
    assert_eq!(called.len(), 3, "and the redirect wasn't followed");
    assert!(called.windows(2).all(|pair| pair[0].header("webhook-id") == pair[1].header("webhook-id")));
    assert!(called.windows(2).all(|pair| pair[0].body == pair[1].body));
    assert_eq!(house.texts(STATUS).await, ["SENT"]);
    assert_eq!(house.count("SELECT failures::bigint FROM webhook").await, 0);

    receiver.answer(500);
    house.hear(&placed(user, 8)).await;
    for _ in 0..10 {
        house.work().await;
        house.hurry().await;
    }
    assert_eq!(receiver.called().len(), 3 + 8);
    assert_eq!(house.texts(STATUS).await, ["SENT", "BOUNCED"]);
    assert_eq!(house.told().await.last().unwrap().1["reason"], "GIVEN_UP");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_fails_for_days_is_switched_off_and_can_be_switched_on() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = house.user(2, &["WEBHOOK", "IN_APP"]);
    let registered = register(&house, user, &receiver.url()).await;
    let id = registered["webhook"]["id"].clone();
    receiver.answer(503);
    house.hear(&placed(user, 7)).await;
    house.hear(&placed(user, 8)).await;
    house.work().await;
    // Long enough, and too few failures; many failures, and not long enough.
    house.execute("UPDATE webhook SET failing_since = now() - interval '6 days'").await;
    house.hurry().await;
    house.work().await;
    assert_eq!(house.count("SELECT count(*) FROM webhook WHERE disabled_at IS NOT NULL").await, 0);
    house.execute("UPDATE webhook SET failures = 50, failing_since = now() - interval '4 days'").await;
    house.hurry().await;
    house.work().await;
    assert_eq!(house.count("SELECT count(*) FROM webhook WHERE disabled_at IS NOT NULL").await, 0);
    house.execute("UPDATE webhook SET failing_since = now() - interval '6 days'").await;
    house.hurry().await;
    house.work().await;
    let told = house.told().await;
    let disabled: Vec<_> = told.iter().filter(|(name, _)| name == "webhook-disabled").collect();
    assert_eq!(disabled.len(), 1, "{told:?}");
    assert_eq!(disabled[0].1["webhook_id"], id);
    // Its user is told in the shop, and nothing is left to be called.
    let read = inbox(&house, user).await;
    assert_eq!(nodes(&read).iter().filter(|node| node["kind"] == "WEBHOOK_DISABLED").count(), 1);
    house.hurry().await;
    house.work().await;
    let called = receiver.called().len();
    house.hear(&placed(user, 9)).await;
    house.work().await;
    assert_eq!(receiver.called().len(), called);
    assert_eq!(house.count("SELECT count(*) FROM delivery WHERE finished_at IS NULL").await, 0);

    receiver.answer(200);
    let enabled = house.ask(&reader(user), ENABLE, json!({ "input": { "webhookId": id } })).await;
    let webhook = &enabled["data"]["enableWebhook"]["webhook"];
    assert_eq!((&webhook["disabledAt"], &webhook["failingSince"]), (&Value::Null, &Value::Null));
    house.hear(&placed(user, 10)).await;
    house.work().await;
    assert_eq!(receiver.called().len(), called + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_says_it_is_gone_is_switched_off_at_once() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = house.user(2, &["WEBHOOK"]);
    register(&house, user, &receiver.url()).await;
    receiver.answer(410);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    assert_eq!(house.count("SELECT count(*) FROM webhook WHERE disabled_at IS NOT NULL").await, 1);
    assert_eq!(house.texts(STATUS).await, ["BOUNCED"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_their_users_alone_and_bounded() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let (user, stranger) = (house.user(2, &["WEBHOOK"]), house.user(3, &["WEBHOOK"]));
    let id = register(&house, user, &receiver.url()).await["webhook"]["id"].clone();
    for (mutation, name) in [(ENABLE, "enableWebhook"), (REMOVE, "removeWebhook")] {
        let refused = house.ask(&reader(stranger), mutation, json!({ "input": { "webhookId": id } })).await;
        assert_eq!(refused["data"][name]["errors"][0]["__typename"], "WebhookNotFoundError", "{refused}");
    }
    let bad = register(&house, user, "ftp://example.org/").await;
    assert_eq!((&bad["webhook"], &bad["errors"][0]["field"]), (&Value::Null, &json!("url")));
    for _ in 0..9 {
        assert!(register(&house, user, &receiver.url()).await["secret"].is_string());
    }
    let refused = register(&house, user, &receiver.url()).await;
    assert_eq!(refused["errors"][0]["__typename"], "TooManyWebhooksError");
    // What is removed is called no more, also where that was under way.
    receiver.answer(500);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    let removed = house.ask(&administrator(), REMOVE, json!({ "input": { "webhookId": id } })).await;
    assert_eq!(removed["data"]["removeWebhook"]["webhookId"], id);
    let called = receiver.called().len();
    house.hurry().await;
    house.work().await;
    assert_eq!((called, receiver.called().len()), (10, 19), "one each, and one less");
}
