//! Money for what came back that a bank couldn't take: the order isn't refunded any more, until somebody has given it back by hand. And what
//! comes again while other money is given back.

use kit::testing::wait_for;
use kit::{GlobalId as _, HandlerError};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::events::orders::CancellationReason;

use super::buying::{Busy, uuid};
use super::refunding::{failed, tell, told};
use super::returning::act;
use super::{administrator, customer, product_id};
use crate::OrderId;
use crate::domain::saga::{Effect, refund_id};
use crate::store::{Actor, apply_effect};

/// An order of which one of two pieces came back: 300 of 600.
pub async fn came_back(busy: &Busy, method: &str) -> String {
    let id = busy.place("a", method, &[(3, 2)]).await;
    busy.until(&id, "PAID").await;
    let back = json!({ "lines": [{ "productId": product_id(3).to_string(), "quantity": 1 }] });
    for (name, version, rest) in [
        ("packOrder", 3, json!({})),
        ("shipOrder", 4, json!({ "carrier": "DHL", "trackingNumber": "JD01" })),
        ("deliverOrder", 5, json!({})),
        ("requestReturn", 6, back),
        ("receiveReturn", 7, json!({})),
    ] {
        assert_eq!(act(busy, &administrator(), name, &id, version, rest).await["errors"], json!([]), "{name}");
    }
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_to_be_paid_back_again_when_the_money_comes_again() {
    let busy = Busy::open().await;
    let id = came_back(&busy, "tok_visa").await;
    busy.until(&id, "REFUNDED").await;

    let by_saga = refund_id(OrderId::from_uuid(uuid(&id)), 0).uuid();
    tell(&busy.others.bus, &failed(&id, by_saga, 300)).await;
    assert_eq!(busy.until(&id, "RETURNED").await["refunded"]["amountMinor"], "0");
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(7), 100)).await;
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(8), 200)).await;
    assert_eq!(busy.until(&id, "REFUNDED").await["refunded"]["amountMinor"], "300");

    // Its customer sees what has happened, and that nothing is left to happen.
    let history = "{ orderHistory(first: 4) { edges { node { status } } } }";
    let statuses = json!(["REFUNDED", "RETURNED", "REFUNDED", "RETURNED"]);
    let is_told = async || {
        let answer = busy.shop.ask(&customer(), history, json!({})).await;
        let edges = answer["data"]["orderHistory"]["edges"].as_array().unwrap();
        let told: Vec<Value> = edges.iter().map(|edge| edge["node"]["status"].clone()).collect();
        (Value::from(told) == statuses).then_some(())
    };
    wait_for("the history", is_told).await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let under_way = "SELECT orders_under_way FROM customer WHERE last_order_id::text = $1";
    let under_way: i32 = client.query_one(under_way, &[&uuid(&id).to_string()]).await.unwrap().get(0);
    let listed = "SELECT count(*)::integer FROM order_list.entry WHERE customer_id = \
        (SELECT customer_id FROM order_list.entry WHERE id::text = $1) \
        AND status IN ('PLACED', 'RESERVED', 'PAID', 'PACKED', 'SHIPPED', 'RETURN_REQUESTED', 'RETURNED')";
    assert_eq!(client.query_one(listed, &[&uuid(&id).to_string()]).await.unwrap().get::<_, i32>(0), under_way);
}

/// The provider refuses what is asked for first. Whoever gives the money back by hand does it instead.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_given_back_by_hand_instead_is_to_be_paid_back_again_as_well() {
    let busy = Busy::open().await;
    let id = came_back(&busy, "tok_stubborn").await;
    let order = OrderId::from_uuid(uuid(&id));
    let first = refund_id(order, 0).uuid();
    let is_refused = async || busy.others.thing("refused", first).await;
    assert_eq!(wait_for("the first refund to be refused", is_refused).await, "for ever");
    let by_hand = Uuid::from_u128(7);
    tell(&busy.others.bus, &told(&id, by_hand, 300)).await;
    let is_noted =
        async || Some(busy.order(&id).await).filter(|order| order["refunded"]["amountMinor"] == json!("300"));
    assert_eq!(wait_for("it to be noted", is_noted).await["status"], "RETURNED");
    // Payments says that there is nothing left to give back.
    let nothing = Effect::Refunded { attempt: 1, amount_minor: 0 };
    let database = busy.shop.database.database();
    database
        .unit(async |connection| apply_effect(connection, order, nothing.clone(), &Actor::default()).await)
        .await
        .unwrap();
    assert_eq!(busy.until(&id, "REFUNDED").await["refunded"]["amountMinor"], "300");
    tell(&busy.others.bus, &failed(&id, by_hand, 300)).await;
    assert_eq!(busy.until(&id, "RETURNED").await["refunded"]["amountMinor"], "0");
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(8), 300)).await;
    assert_eq!(busy.until(&id, "REFUNDED").await["refunded"]["amountMinor"], "300");
}

/// By its event, which may come later than the reply that the saga waits for: that is heard again then, and nothing is stuck.
#[tokio::test(flavor = "multi_thread")]
async fn all_is_given_back_once_what_came_again_is_heard_of() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 2)]).await;
    busy.until(&id, "PAID").await;
    let by_hand = Uuid::from_u128(7);
    let refunded = async |minor: &str| {
        let is_so = async || Some(busy.order(&id).await).filter(|order| order["refunded"]["amountMinor"] == minor);
        wait_for("what the order says of it", is_so).await
    };
    tell(&busy.others.bus, &told(&id, by_hand, 200)).await;
    refunded("200").await;
    let (database, order) = (busy.shop.database.database(), OrderId::from_uuid(uuid(&id)));
    let apply = async |effect: Effect| {
        let applied = database
            .unit(async |connection| apply_effect(connection, order, effect.clone(), &Actor::default()).await)
            .await;
        applied.map_err(HandlerError::from)
    };
    apply(Effect::Cancel(CancellationReason::Customer)).await.unwrap();
    let all = Effect::Refunded { attempt: 0, amount_minor: 600 };
    assert!(matches!(apply(all.clone()).await, Err(HandlerError::Transient(_))));
    tell(&busy.others.bus, &failed(&id, by_hand, 200)).await;
    refunded("0").await;
    apply(all).await.unwrap();
    assert_eq!(refunded("600").await["status"], "CANCELLED");
}
