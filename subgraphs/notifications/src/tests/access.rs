//! Whose inbox it is, on every way to it.

use kit::GlobalId as _;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{House, administrator, inbox, nodes, placed, reader, receiver::Receiver};
use crate::{NotificationId, UserId, WebhookId};

fn codes(answer: &Value) -> Vec<&str> {
    let errors = answer["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or("none")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_is_its_users_and_administrators() {
    let house = House::open().await;
    let user = house.user(2, &["IN_APP"]);
    house.hear(&placed(user, 7)).await;
    house.work().await;
    let read = inbox(&house, user).await;
    let id = nodes(&read)[0]["id"].clone();
    let user_id = UserId::from_uuid(user).to_global();
    let query = "query ($id: ID!, $r: [_Any!]!) { notification(id: $id) { id } _entities(representations: $r) { \
        ... on Notification { title } ... on User { id notifications { edges { node { id } } } unreadNotificationCount webhooks { id } } } }";
    let variables =
        json!({ "id": id, "r": [{ "__typename": "Notification", "id": id }, { "__typename": "User", "id": user_id }] });
    for identity in [reader(user), administrator()] {
        let answer = house.ask(&identity, query, variables.clone()).await;
        assert_eq!(answer["errors"], Value::Null);
        assert_eq!(answer["data"]["notification"]["id"], id);
        assert_eq!(answer["data"]["_entities"][0]["title"], "Your order SG-00000007");
    }
    let unknown = NotificationId::from_uuid(uuid::Uuid::nil()).to_global();
    let mut of_unknown = variables.clone();
    (of_unknown["id"], of_unknown["r"][0]["id"]) = (json!(unknown), json!(unknown));
    for (identity, expected) in [
        // To other users a notification is as if there were none; an inbox is their own alone.
        (reader(kit::seed::user_id(3)), ["FORBIDDEN"; 3].as_slice()),
        (Identity::anonymous(), ["UNAUTHENTICATED"; 5].as_slice()),
        (Identity::service("orders"), ["FORBIDDEN"; 5].as_slice()),
    ] {
        for variables in [&variables, &of_unknown] {
            let answer = house.ask(&identity, query, variables.clone()).await;
            assert_eq!(codes(&answer), expected, "{answer}");
            let nothing =
                json!({ "id": user_id, "notifications": null, "unreadNotificationCount": null, "webhooks": null });
            assert_eq!(answer["data"], json!({ "notification": null, "_entities": [null, nothing] }));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_webhook_is_as_if_there_were_none() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let owner = reader(house.user(2, &["IN_APP"]));
    let register = "mutation ($url: String!) { registerWebhook(input: { url: $url }) { webhook { id } } }";
    let registered = house.ask(&owner, register, json!({ "url": receiver.url() })).await;
    let id = &registered["data"]["registerWebhook"]["webhook"]["id"];
    assert!(id.is_string(), "{registered}");
    let query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on Webhook { id } } }";
    let find = async |identity: &Identity, id: &Value| {
        house.ask(identity, query, json!({ "r": [{ "__typename": "Webhook", "id": id }] })).await
    };
    assert_eq!(find(&owner, id).await["data"]["_entities"][0]["id"], *id);
    let stranger = reader(kit::seed::user_id(3));
    for id in [id, &json!(WebhookId::from_uuid(uuid::Uuid::nil()).to_global())] {
        assert_eq!(find(&stranger, id).await, json!({ "data": { "_entities": [null] } }));
        assert_eq!(codes(&find(&Identity::anonymous(), id).await), ["UNAUTHENTICATED"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_users_change_anything() {
    let (house, receiver) = (House::open().await, Receiver::start().await);
    let user = UserId::from_uuid(house.user(2, &["IN_APP"])).to_global();
    let url = receiver.url();
    let mutations = [
        "markNotificationsRead(input: { notificationIds: [] }) { errors { __typename } }".to_owned(),
        format!("markAllNotificationsRead(input: {{ userId: \"{user}\" }}) {{ errors {{ __typename }} }}"),
        format!("registerWebhook(input: {{ url: \"{url}\" }}) {{ errors {{ __typename }} }}"),
    ];
    for mutation in mutations {
        let answer = house.ask(&Identity::anonymous(), &format!("mutation {{ {mutation} }}"), json!({})).await;
        assert_eq!(codes(&answer), ["UNAUTHENTICATED"], "{mutation}");
    }
    let of_other = format!(
        "mutation {{ markAllNotificationsRead(input: {{ userId: \"{user}\" }}) {{ errors {{ __typename }} }} }}"
    );
    let answer = house.ask(&reader(kit::seed::user_id(3)), &of_other, json!({})).await;
    assert_eq!(codes(&answer), ["FORBIDDEN"]);
}
