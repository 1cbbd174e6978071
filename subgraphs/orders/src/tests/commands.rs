//! What other domains ask: to call an order off, and to forget a customer.

use kit::command::{Sender, send};
use kit::testing::wait_for;
use serde_json::json;
use uuid::Uuid;
use wire::Domain;
use wire::command::{Command, Reply};
use wire::commands::orders::{CancelOrder, CancelOrderRefusal};
use wire::commands::users::{EraseUser, EraseUserRefusal};
use wire::event::{Envelope, Stamp};
use wire::events::orders::CancellationReason;
use wire::topic::{Purpose, Topic};

use super::buying::{Busy, uuid};
use super::placing::{PLACE, request};
use super::{administrator, customer};

/// Asks orders, as users or so would, and waits for the answer.
async fn ask<C: Command>(busy: &Busy, command: &C) -> Reply<C> {
    let sender = Sender::of(Domain::Users);
    let database = busy.others.database.database();
    let id = database.unit(async |connection| send(connection, &sender, command).await).await.unwrap();
    let topic = Topic::of(Domain::Users, Purpose::Replies);
    let mut replies = busy.others.bus.subscribe(&topic, &format!("test.{id}")).await.unwrap();
    loop {
        let delivered = tokio::time::timeout(kit::testing::WAIT_MAX, replies.next(16)).await.unwrap().unwrap();
        for delivery in delivered {
            let envelope = Envelope::parse(&delivery.message.text).unwrap();
            if envelope.causation_id == Some(id.to_string()) && envelope.sender() == Some(Domain::Orders) {
                return envelope.read::<Reply<C>>().unwrap().unwrap();
            }
        }
    }
}

fn cancel(order: Uuid) -> CancelOrder {
    CancelOrder { order_id: order.into(), reason: CancellationReason::UserBlocked }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_called_off_until_it_is_shipped() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 1)]).await;
    busy.until(&id, "PAID").await;
    for _ in 0..2 {
        assert!(matches!(ask(&busy, &cancel(uuid(&id))).await, Reply::Done(_)), "asked again, the same");
    }
    busy.until_settled().await;
    let order = busy.order(&id).await;
    assert_eq!((&order["status"], &order["cancellationReason"]), (&json!("CANCELLED"), &json!("USER_BLOCKED")));
    let unknown = ask(&busy, &cancel(Uuid::now_v7())).await;
    assert!(matches!(unknown, Reply::Refused { code: CancelOrderRefusal::UnknownOrder, .. }), "{unknown:?}");
    let list = "{ orders(filter: { status: DELIVERED }, first: 1) { edges { node { id } } } }";
    let answer = busy.shop.ask(&administrator(), list, json!({})).await;
    let delivered = uuid(answer["data"]["orders"]["edges"][0]["node"]["id"].as_str().unwrap());
    let late = ask(&busy, &cancel(delivered)).await;
    assert!(matches!(late, Reply::Refused { code: CancelOrderRefusal::AlreadyShipped, .. }), "{late:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_forgotten_when_nothing_is_under_way() {
    let busy = Busy::open().await;
    let mut input = request("a", &[(3, 1)]);
    input["input"]["shippingAddress"] =
        json!({ "recipient": "Carla", "street": "Ring 1", "city": "Wien", "postalCode": "1010", "country": "AT" });
    let answer = busy.shop.ask(&customer(), PLACE, input.clone()).await;
    let id = answer["data"]["placeOrder"]["order"]["id"].as_str().unwrap().to_owned();
    busy.until(&id, "PAID").await;
    let erase = EraseUser { user_id: kit::seed::user_id(kit::seed::CUSTOMER).into() };
    let refused = ask(&busy, &erase).await;
    assert!(matches!(refused, Reply::Refused { code: EraseUserRefusal::OpenOrders, .. }), "{refused:?}");
    assert!(!busy.order(&id).await["shippingAddress"].is_null());

    let mine = "{ orders(first: 100) { edges { node { id status } } } }";
    let answer = busy.shop.ask(&customer(), mine, json!({})).await;
    for edge in answer["data"]["orders"]["edges"].as_array().unwrap() {
        if !matches!(edge["node"]["status"].as_str().unwrap(), "DELIVERED" | "CANCELLED") {
            ask(&busy, &cancel(uuid(edge["node"]["id"].as_str().unwrap()))).await;
        }
    }
    let shipped = "SELECT orders_under_way FROM customer WHERE id::text = $1";
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let left: i32 = client.query_one(shipped, &[&erase.user_id.uuid().to_string()]).await.unwrap().get(0);
    // What was seeded as being on its way has to arrive first.
    let list = "{ orders(filter: { status: SHIPPED }, first: 100) { edges { node { id version } } } }";
    let answer = busy.shop.ask(&customer(), list, json!({})).await;
    let under_way = answer["data"]["orders"]["edges"].as_array().unwrap();
    assert_eq!(left as usize, under_way.len());
    for edge in under_way {
        let deliver = "mutation ($input: DeliverOrderInput!) { deliverOrder(input: $input) { order { status } } }";
        let input = json!({ "id": edge["node"]["id"], "expectedVersion": edge["node"]["version"] });
        busy.shop.ask(&administrator(), deliver, json!({ "input": input })).await;
    }
    for _ in 0..2 {
        let done = ask(&busy, &erase).await;
        assert!(matches!(done, Reply::Done(_)), "{done:?}");
    }
    let order = wait_for("the order", async || Some(busy.order(&id).await)).await;
    assert_eq!((&order["shippingAddress"], &order["status"]), (&json!(null), &json!("CANCELLED")));
    let rows = "SELECT (SELECT count(*) FROM order_address) + (SELECT count(*) FROM placement)";
    assert_eq!(client.query_one(rows, &[]).await.unwrap().get::<_, i64>(0), 0);
    input["input"]["idempotencyKey"] = json!("b");
    let answer = busy.shop.ask(&customer(), PLACE, input).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
}

/// Told as users does, and unblocked again.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_blocked_orders_no_more() {
    use wire::events::users::{BlockReason, UserBlocked, UserUnblocked};
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 1)]).await;
    let user_id = kit::seed::user_id(kit::seed::CUSTOMER).into();
    let stamp = || Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
    let tell = async |envelope: Envelope| {
        let topic = Topic::of(Domain::Users, Purpose::Events);
        busy.others.bus.publish(&topic, &[envelope.to_message().unwrap()]).await.unwrap();
    };
    let blocked = UserBlocked { user_id, reason: BlockReason::Chargeback };
    tell(Envelope::event(&blocked, stamp()).unwrap()).await;
    assert_eq!(busy.until(&id, "CANCELLED").await["cancellationReason"], "USER_BLOCKED");
    busy.until_settled().await;
    // The seeded order that was only placed, too.
    let open = "{ orders(filter: { status: PLACED }, first: 1) { edges { node { id } } } }";
    let none_is_open = async || {
        let answer = busy.shop.ask(&customer(), open, json!({})).await;
        (answer["data"]["orders"]["edges"] == json!([])).then_some(())
    };
    wait_for("all orders to be cancelled", none_is_open).await;
    let answer = busy.shop.ask(&customer(), PLACE, request("b", &[(3, 1)])).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    tell(Envelope::event(&UserUnblocked { user_id }, stamp()).unwrap()).await;
    let again = async || {
        let answer = busy.shop.ask(&customer(), PLACE, request("b", &[(3, 1)])).await;
        answer["errors"].is_null().then_some(())
    };
    wait_for("to be unblocked", again).await;
}
