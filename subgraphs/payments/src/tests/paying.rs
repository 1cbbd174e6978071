//! Who has money taken and given back by hand, and what it is taken for.

use serde_json::json;
use wire::identity::Identity;

use super::graphql::{REFUND, Shop, administrator, order_id, payment_id, user_id};
use super::*;
use crate::provider::test::Charged;

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
