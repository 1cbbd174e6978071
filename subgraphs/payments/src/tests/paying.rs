//! Who has money taken and given back by hand, and what it is taken for.

use std::sync::Mutex;

use futures::future::BoxFuture;
use kit::seed::{self, CUSTOMER};
use serde_json::json;
use wire::identity::Identity;

use super::graphql::{REFUND, Shop, administrator, order_id, payment_id, user_id};
use super::*;
use crate::orders::{Customer, Orders, OrdersError};
use crate::provider::test::Charged;

/// An order that there isn't, one of another customer, and one of a customer who was erased; all others are the seeded customer's.
const UNKNOWN: u64 = 900;
const ANOTHERS: u64 = 901;
const OF_NOBODY: u64 = 902;

/// What orders would say.
#[derive(Default)]
pub struct TestOrders {
    asked: Mutex<usize>,
    is_away: Mutex<bool>,
    /// Whether the seeded customer was erased.
    has_erased: Mutex<bool>,
}

impl Orders for TestOrders {
    fn customer(&self, order_id: OrderId) -> BoxFuture<'_, Result<Option<Customer>, OrdersError>> {
        Box::pin(async move {
            *self.asked.lock().unwrap() += 1;
            if *self.is_away.lock().unwrap() {
                return Err(OrdersError::Unavailable("away".into()));
            }
            let is = |number| order_id.uuid() == seed::order_id(number);
            let number = if is(ANOTHERS) { 3 } else { CUSTOMER };
            let is_erased = is(OF_NOBODY) || *self.has_erased.lock().unwrap();
            Ok((!is(UNKNOWN)).then(|| Customer { id: seed::user_id(number).into(), is_erased }))
        })
    }
}

fn another_administrator() -> Identity {
    Identity::administrator(user_id(3))
}

fn euro(minor: i64) -> Value {
    json!({ "amountMinor": minor.to_string(), "currency": "EUR" })
}

/// One who takes over from another, and sends once more what may have gone out already.
#[tokio::test(flavor = "multi_thread")]
async fn two_administrators_with_one_key_take_and_give_back_once() {
    let shop = Shop::open().await;
    let pay = async |caller: &Identity, minor: i64| {
        let mut answer = shop.create(caller, &order_id(1), euro(minor), ("key", GOOD)).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["createPayment"].take()
    };
    let first = pay(&administrator(), 5_000).await;
    assert_eq!(first["payment"]["status"], "CAPTURED", "{first}");
    assert_eq!(pay(&another_administrator(), 5_000).await, first);
    let other = pay(&another_administrator(), 5_001).await;
    assert_eq!(other["errors"][0]["__typename"], "PaymentIdempotencyConflictError", "{other}");

    let refund = async |caller: &Identity, minor: i64| {
        let input = json!({ "paymentId": first["payment"]["id"], "amount": euro(minor), "idempotencyKey": "refund" });
        let mut answer = shop.ask(caller, REFUND, json!({ "input": input })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"]["refundPayment"].take()
    };
    let given = refund(&administrator(), 1_000).await;
    assert_eq!(given["refund"]["status"], "REFUNDED", "{given}");
    assert_eq!(refund(&another_administrator(), 1_000).await, given);
    let other = refund(&another_administrator(), 1_001).await;
    assert_eq!(other["errors"][0]["__typename"], "PaymentIdempotencyConflictError", "{other}");

    let once = Charged { authorisations: 1, captures: 1, captured_minor: 5_000, refunds: 1, refunded_minor: 1_000 };
    assert_eq!(shop.till.provider.charged(payment_id(&first)).await.unwrap(), once);
    shop.till.check_books().await;
}

/// Neither for an order that isn't there, nor of a customer whose order it isn't, who would be told of it.
#[tokio::test(flavor = "multi_thread")]
async fn money_is_taken_for_a_customers_own_order_alone() {
    let shop = Shop::open().await;
    for (order, code) in [(UNKNOWN, "UNKNOWN_ORDER"), (ANOTHERS, "OTHER_CUSTOMER"), (OF_NOBODY, "CUSTOMER_ERASED")] {
        let refused = shop.pay(&order_id(order), 500, "key").await;
        assert_eq!(refused["payment"], Value::Null, "{refused}");
        assert_eq!(refused["errors"][0]["__typename"], "PaymentRefusedError", "{refused}");
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    }
    let events = "SELECT count(*) FROM event";
    let client = shop.till.database().bulk_connection().await.unwrap();
    assert_eq!(client.query_one(events, &[]).await.unwrap().get::<_, i64>(0), 0, "nothing has happened");
    assert!(shop.till.outbox("payments/events").await.is_empty());
    // A refusal leaves the key free.
    assert_eq!(shop.pay(&order_id(1), 500, "key").await["payment"]["status"], "CAPTURED");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_an_answer_of_orders_nothing_is_taken_and_the_same_may_be_sent_again() {
    let shop = Shop::open().await;
    *shop.orders.is_away.lock().unwrap() = true;
    let refused = shop.pay(&order_id(1), 500, "key").await;
    assert_eq!(refused["payment"], Value::Null, "{refused}");
    assert_eq!(refused["errors"][0]["__typename"], "OrdersUnavailableError", "{refused}");
    // What nobody can pay is refused without asking.
    let asked = *shop.orders.asked.lock().unwrap();
    assert_eq!(shop.pay(&order_id(1), 0, "key").await["errors"][0]["field"], "amount");
    assert_eq!(*shop.orders.asked.lock().unwrap(), asked);
    *shop.orders.is_away.lock().unwrap() = false;
    let paid = shop.pay(&order_id(1), 500, "key").await;
    assert_eq!(paid["payment"]["status"], "CAPTURED", "{paid}");
    // What was taken is told once more, whether orders is there or what it says by then.
    *shop.orders.has_erased.lock().unwrap() = true;
    assert_eq!(shop.pay(&order_id(1), 500, "key").await, paid);
    *shop.orders.is_away.lock().unwrap() = true;
    assert_eq!(shop.pay(&order_id(1), 500, "key").await, paid);
    shop.till.check_books().await;
}
