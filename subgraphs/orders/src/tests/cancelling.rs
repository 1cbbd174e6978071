//! Cancelling orders: one's own, while they are only placed, once.

use futures::future::join_all;
use kit::seed::CUSTOMER;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Shop, administrator, customer, order_id, user_id};

const CANCEL: &str = "mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { id status } \
    errors { __typename ... on OrderNotCancellableError { message status } } } }";

/// The customer's newest order, which is only placed.
const PLACED: u64 = 48 + CUSTOMER;

#[tokio::test(flavor = "multi_thread")]
async fn cancels_ones_own_order_once() {
    let shop = Shop::seeded().await;
    let answer = shop.ask(&customer(), CANCEL, json!({ "id": order_id(PLACED) })).await;
    assert_eq!(answer["data"]["cancelOrder"]["order"], json!({ "id": order_id(PLACED), "status": "CANCELLED" }));
    let answer = shop.ask(&customer(), CANCEL, json!({ "id": order_id(PLACED) })).await;
    let refused = &answer["data"]["cancelOrder"];
    assert_eq!(refused["order"], Value::Null);
    assert_eq!(refused["errors"][0]["__typename"], "OrderNotCancellableError");
    assert_eq!(refused["errors"][0]["status"], "CANCELLED");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_cancellations_one_succeeds() {
    let shop = Shop::seeded().await;
    let caller = administrator();
    let answers = join_all((0..10).map(|_| shop.ask(&caller, CANCEL, json!({ "id": order_id(PLACED) })))).await;
    let cancelled = answers.iter().filter(|answer| !answer["data"]["cancelOrder"]["order"].is_null()).count();
    assert_eq!(cancelled, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_others_unknown_and_finished_orders() {
    let shop = Shop::seeded().await;
    // Nobody learns which ids are orders'.
    for order in [order_id(PLACED), order_id(999_999)] {
        let answer = shop.ask(&Identity::anonymous(), CANCEL, json!({ "id": order })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
        let answer = shop.ask(&Identity::user(user_id(3)), CANCEL, json!({ "id": order })).await;
        assert_eq!(answer["data"]["cancelOrder"]["errors"][0]["__typename"], "OrderNotFoundError", "{answer}");
    }
    let list = "{ orders(filter: { status: DELIVERED }, first: 1) { edges { node { id } } } }";
    let answer = shop.ask(&administrator(), list, json!({})).await;
    let delivered = answer["data"]["orders"]["edges"][0]["node"]["id"].clone();
    let answer = shop.ask(&administrator(), CANCEL, json!({ "id": delivered })).await;
    assert_eq!(answer["data"]["cancelOrder"]["errors"][0]["status"], "DELIVERED");
}
