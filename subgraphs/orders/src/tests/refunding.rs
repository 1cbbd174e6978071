//! Money that is given back by hand, and how an order is paid, as callers meet both.

use std::sync::Arc;
use std::sync::Mutex;

use futures::future::BoxFuture;
use kit::testing::wait_for;
use kit::{GlobalId as _, Money};
use serde_json::{Value, json};
use uuid::Uuid;
use wire::bus::Bus;
use wire::event::{Envelope, Event, Stamp};
use wire::events::payments::{PaymentRefundFailed, PaymentRefunded};

use super::buying::{Busy, uuid};
use super::{Shop, administrator, customer, order_id};
use crate::OrderId;
use crate::domain::Refund;
use crate::domain::saga::{payment_id, refund_id};
use crate::payments::{PaymentState, PaymentStates, Payments, PaymentsError, RefundError, RefundState};

const REFUND: &str = "mutation ($input: RefundOrderInput!) { refundOrder(input: $input) { \
    refund { id amount { amountMinor } status } order { id } errors { __typename \
    ... on InvalidOrderRefundError { field } ... on OrderRefundRefusedError { code } } } }";
const ORDER: &str = "query ($id: ID!) { order(id: $id) { id payment { status amountCaptured { amountMinor currency } \
    amountRefunded { amountMinor } amountRefundable { amountMinor } } } }";
const LIST: &str = "{ orders(first: 50) { edges { node { id payment { status } } } } }";

/// What payments would say: everything is paid, up to 10 euros can be given back.
#[derive(Default)]
pub struct TestPayments {
    /// How many orders were asked for at once.
    asked: Mutex<Vec<usize>>,
    refunds: Mutex<Vec<Refund>>,
    is_away: Mutex<bool>,
    /// Of which what is stored can't be read.
    unreadable: Mutex<Vec<OrderId>>,
}

impl TestPayments {
    fn answers(&self) -> Result<(), PaymentsError> {
        match *self.is_away.lock().unwrap() {
            true => Err(PaymentsError::Unavailable("away".into())),
            false => Ok(()),
        }
    }
}

impl Payments for TestPayments {
    fn states<'a>(&'a self, orders: &'a [OrderId]) -> BoxFuture<'a, Result<PaymentStates, PaymentsError>> {
        Box::pin(async move {
            self.answers()?;
            self.asked.lock().unwrap().push(orders.len());
            let euro = |minor| Money::new(minor, "EUR".parse().unwrap());
            let state = |order_id: &OrderId| PaymentState {
                order_id: *order_id,
                status: "CAPTURED".to_owned(),
                captured: euro(700),
                refunded: euro(0),
                refundable: euro(700),
            };
            let (unreadable, known): (Vec<_>, Vec<_>) =
                orders.iter().partition(|order| self.unreadable.lock().unwrap().contains(order));
            Ok(PaymentStates {
                known: known.into_iter().map(state).collect(),
                unreadable: unreadable.into_iter().copied().collect(),
            })
        })
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Result<RefundState, RefundError>> {
        Box::pin(async move {
            self.answers()?;
            let mut refunds = self.refunds.lock().unwrap();
            if let Some(known) = refunds.iter().find(|known| known.id == refund.id) {
                return if known == refund { Ok(RefundState::Refunded) } else { Err(RefundError::Conflict) };
            }
            if refund.amount.amount_minor.0 > 1_000 {
                return Err(RefundError::Refused { code: "INVALID_AMOUNT".to_owned(), text: String::new() });
            }
            refunds.push(refund.clone());
            Ok(RefundState::Requested)
        })
    }
}

fn input(order: &str, minor: i64, key: &str) -> Value {
    let amount = json!({ "amountMinor": minor.to_string(), "currency": "EUR" });
    json!({ "input": { "orderId": order, "amount": amount, "reason": "Broken", "idempotencyKey": key } })
}

async fn refund(shop: &Shop, input: Value) -> Value {
    let mut answer = shop.ask(&administrator(), REFUND, input).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["refundOrder"].take()
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_give_back_some_of_an_orders_price_once_a_key() {
    let shop = Shop::seeded().await;
    let order = order_id(1);
    let first = refund(&shop, input(&order, 300, "a")).await;
    assert_eq!((&first["refund"]["status"], &first["order"]["id"]), (&json!("REQUESTED"), &json!(order)), "{first}");
    let again = refund(&shop, input(&order, 300, "a")).await;
    assert_eq!((&again["refund"]["status"], &again["refund"]["id"]), (&json!("REFUNDED"), &first["refund"]["id"]));
    assert_eq!(shop.payments.refunds.lock().unwrap().len(), 1);
    let error = async |input| refund(&shop, input).await["errors"][0].take();
    assert_eq!(error(input(&order, 301, "a")).await["__typename"], "OrderRefundConflictError");
    assert_eq!(error(input(&order, 1_001, "b")).await["code"], "INVALID_AMOUNT");
    assert_eq!(error(input(&order_id(999_999), 1, "c")).await["__typename"], "OrderNotFoundError");
    for (change, field) in [
        (json!({ "amount": { "amountMinor": "0", "currency": "EUR" } }), "amount.amountMinor"),
        (json!({ "amount": { "amountMinor": "1", "currency": "USD" } }), "amount.currency"),
        (json!({ "reason": "" }), "reason"),
        (json!({ "idempotencyKey": "ä" }), "idempotencyKey"),
    ] {
        let mut wrong = input(&order, 1, "d");
        wrong["input"].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        assert_eq!(error(wrong).await["field"], field);
    }
    *shop.payments.is_away.lock().unwrap() = true;
    assert_eq!(error(input(&order, 300, "e")).await["__typename"], "PaymentsUnavailableError");
    let refused = shop.ask(&customer(), REFUND, input(&order, 1, "f")).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(shop.payments.refunds.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_orders_are_paid_is_asked_at_once_and_costs_nothing_else_while_payments_is_away() {
    let shop = Shop::seeded().await;
    let answer = shop.ask(&administrator(), ORDER, json!({ "id": order_id(1) })).await;
    let paid = json!({ "status": "CAPTURED", "amountCaptured": { "amountMinor": "700", "currency": "EUR" },
        "amountRefunded": { "amountMinor": "0" }, "amountRefundable": { "amountMinor": "700" } });
    assert_eq!(answer["data"]["order"]["payment"], paid, "{answer}");
    let answer = shop.ask(&administrator(), LIST, json!({})).await;
    assert_eq!(answer["data"]["orders"]["edges"].as_array().unwrap().len(), 50);
    assert_eq!(*shop.payments.asked.lock().unwrap(), [1, 50]);
    // One that payments can't read is no fault of the others'.
    let node = |answer: &Value, at: usize| answer["data"]["orders"]["edges"][at]["node"].clone();
    let spoilt = OrderId::parse_global(node(&answer, 7)["id"].as_str().unwrap()).unwrap();
    shop.payments.unreadable.lock().unwrap().push(spoilt);
    let answer = shop.ask(&administrator(), LIST, json!({})).await;
    assert_eq!(
        (&node(&answer, 7)["payment"], &node(&answer, 8)["payment"]["status"]),
        (&Value::Null, &json!("CAPTURED"))
    );
    assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    *shop.payments.is_away.lock().unwrap() = true;
    let answer = shop.ask(&administrator(), ORDER, json!({ "id": order_id(1) })).await;
    assert_eq!(answer["data"]["order"], json!({ "id": order_id(1), "payment": null }));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
    assert_eq!(answer["errors"][0]["path"], json!(["order", "payment"]));
}

/// As payments tells of a refund.
pub fn told(order: &str, by: Uuid, minor: i64) -> PaymentRefunded {
    let (order, euro) = (OrderId::from_uuid(uuid(order)), wire::money::Money::new(minor, wire::money::Currency::EUR));
    PaymentRefunded {
        payment_id: payment_id(order),
        order_id: order.uuid().into(),
        customer_id: kit::seed::user_id(2).into(),
        refund_id: by.into(),
        amount: euro,
        amount_refunded: euro,
        ledger_transaction_id: Uuid::now_v7().into(),
    }
}

pub async fn tell<E: Event>(bus: &Arc<dyn Bus>, event: &E) {
    let stamp = Stamp { id: Uuid::now_v7(), time: chrono::Utc::now() };
    let message = Envelope::event(event, stamp).unwrap().to_message().unwrap();
    // The same message again is passed over.
    bus.publish(&E::topic(), &[message.clone(), message]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_payments_gives_back_the_order_says_once() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 2)]).await;
    let paid = busy.until(&id, "PAID").await;
    let refunded = async |minor: &str| {
        let is_so = async || Some(busy.order(&id).await).filter(|order| order["refunded"]["amountMinor"] == minor);
        wait_for("a refund to be noted", is_so).await
    };
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(7), 200)).await;
    let noted = refunded("200").await;
    assert_eq!(
        (&noted["status"], noted["version"].as_i64()),
        (&json!("PAID"), paid["version"].as_i64().map(|v| v + 1))
    );
    // Its sagas' own it hears of by their replies; of other payments' its price knows nothing.
    let own = refund_id(OrderId::from_uuid(uuid(&id)), 3).uuid();
    tell(&busy.others.bus, &told(&id, own, 50)).await;
    let other = PaymentRefunded { payment_id: Uuid::now_v7().into(), ..told(&id, Uuid::from_u128(8), 50) };
    tell(&busy.others.bus, &other).await;
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(10), 100)).await;
    refunded("300").await;
    // More than its price no order has given back.
    tell(&busy.others.bus, &told(&id, Uuid::from_u128(9), 1_000)).await;
    refunded("600").await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let noted = "SELECT count(*) FROM event WHERE type = 'refund-noted' AND stream_id::text = $1";
    assert_eq!(client.query_one(noted, &[&uuid(&id).to_string()]).await.unwrap().get::<_, i64>(0), 3);
    let listed = async || {
        let list = "{ orders(first: 1) { edges { node { id status refunded { amountMinor } } } } }";
        let answer = busy.shop.ask(&customer(), list, json!({})).await;
        let node = answer["data"]["orders"]["edges"][0]["node"].clone();
        (node == json!({ "id": id, "status": "PAID", "refunded": { "amountMinor": "600" } })).then_some(())
    };
    wait_for("the list to say so", listed).await;
}

/// As payments tells of a refund that a bank couldn't take.
pub fn failed(order: &str, by: Uuid, minor: i64) -> PaymentRefundFailed {
    let PaymentRefunded { payment_id, order_id, customer_id, refund_id, amount, .. } = told(order, by, minor);
    let amount_refunded = wire::money::Money::new(0, amount.currency);
    let ledger_transaction_id = Uuid::now_v7().into();
    PaymentRefundFailed { payment_id, order_id, customer_id, refund_id, amount, amount_refunded, ledger_transaction_id }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_again_the_order_says_no_more() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 2)]).await;
    busy.until(&id, "PAID").await;
    let refunded = async |minor: &str| {
        let is_so = async || Some(busy.order(&id).await).filter(|order| order["refunded"]["amountMinor"] == minor);
        wait_for("a refund to be noted", is_so).await
    };
    let bus = &busy.others.bus;
    tell(bus, &told(&id, Uuid::from_u128(7), 200)).await;
    tell(bus, &told(&id, Uuid::from_u128(8), 100)).await;
    refunded("300").await;
    // Of other payments' its price knows nothing, nor of what it never said was given back.
    let other = PaymentRefundFailed { payment_id: Uuid::now_v7().into(), ..failed(&id, Uuid::from_u128(7), 200) };
    tell(bus, &other).await;
    tell(bus, &failed(&id, Uuid::from_u128(9), 50)).await;
    tell(bus, &failed(&id, Uuid::from_u128(7), 200)).await;
    assert_eq!(refunded("100").await["status"], "PAID");
}

/// By another refund; and when that comes again, the order says so too.
#[tokio::test(flavor = "multi_thread")]
async fn what_payments_refuses_once_is_made_good() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_stubborn", &[(3, 2)]).await;
    busy.until(&id, "PAID").await;
    let cancel = "mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } } }";
    busy.shop.ask(&customer(), cancel, json!({ "id": id })).await;
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let order = OrderId::from_uuid(uuid(&id));
    let key = order.uuid().to_string();
    let refused = async || {
        let state = client.query_one("SELECT state FROM saga WHERE id::text = $1", &[&key]).await.unwrap();
        state.get::<_, String>(0).contains("\"refund_attempt\":1").then_some(())
    };
    wait_for("the refusal", refused).await;
    assert_eq!(busy.order(&id).await["refunded"]["amountMinor"], "0");
    // Nobody waits minutes for a test.
    client.execute("UPDATE saga SET deadline = now() WHERE id::text = $1", &[&key]).await.unwrap();
    busy.until_settled().await;
    let given = busy.order(&id).await;
    assert_eq!((&given["status"], &given["refunded"]["amountMinor"]), (&json!("CANCELLED"), &json!("600")));
    let second = refund_id(order, 1).uuid();
    let by = "SELECT data::jsonb ->> 'refund_id' FROM event WHERE type = 'refunded' AND stream_id::text = $1";
    assert_eq!(client.query_one(by, &[&key]).await.unwrap().get::<_, String>(0), second.to_string());

    tell(&busy.others.bus, &failed(&id, second, 600)).await;
    let again = async || Some(busy.order(&id).await).filter(|order| order["refunded"]["amountMinor"] == "0");
    assert_eq!(wait_for("the money to be ours again", again).await["status"], "CANCELLED");
    let told = "SELECT count(*) FROM event WHERE type = 'refund-failed' AND stream_id::text = $1";
    assert_eq!(client.query_one(told, &[&key]).await.unwrap().get::<_, i64>(0), 1);
}
