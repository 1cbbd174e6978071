//! Money that is to be given back while the payer's bank has it: what the bank hasn't is given back at once, the rest when it is won.

use kit::testing::wait_for;
use serde_json::{Value, json};

use super::buying::{Busy, uuid};
use super::customer;
use super::owing::came_back;

/// Waits until the order says so of it.
async fn refunded(busy: &Busy, id: &str, minor: &str) -> Value {
    let is_so = async || Some(busy.order(id).await).filter(|order| order["refunded"]["amountMinor"] == minor);
    wait_for("what is given back", is_so).await
}

/// It is decided whose the rest is, which the saga has asked for.
async fn decide(busy: &Busy, id: &str, outcome: &str) {
    let client = busy.shop.database.database().bulk_connection().await.unwrap();
    let key = uuid(id).to_string();
    let waits = "SELECT count(*) FROM saga WHERE id::text = $1 AND status = 'active' \
        AND state LIKE '%\"refund_attempt\":1%'";
    assert_eq!(client.query_one(waits, &[&key]).await.unwrap().get::<_, i64>(0), 1);
    busy.others.decide_dispute(uuid(id), outcome).await;
    // Nobody waits minutes for a test.
    let wake = "UPDATE saga SET deadline = now() WHERE id::text = $1 AND status = 'active'";
    client.execute(wake, &[&key]).await.unwrap();
    busy.until_settled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_order_is_refunded_when_its_dispute_is_won() {
    let busy = Busy::open().await;
    for (outcome, all) in [("won", "600"), ("lost", "100")] {
        let id = busy.place(outcome, "tok_disputed", &[(3, 2)]).await;
        busy.until(&id, "PAID").await;
        let cancel = "mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } } }";
        busy.shop.ask(&customer(), cancel, json!({ "id": id })).await;
        assert_eq!(refunded(&busy, &id, "100").await["status"], "CANCELLED");
        decide(&busy, &id, outcome).await;
        let order = busy.order(&id).await;
        assert_eq!((&order["status"], &order["refunded"]["amountMinor"]), (&json!("CANCELLED"), &json!(all)));
    }
}

/// Until then it is no more than come back.
#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_refunded_when_its_dispute_is_decided() {
    for (outcome, all) in [("won", "300"), ("lost", "100")] {
        let busy = Busy::open().await;
        let id = came_back(&busy, "tok_disputed").await;
        assert_eq!(refunded(&busy, &id, "100").await["status"], "RETURNED");
        decide(&busy, &id, outcome).await;
        assert_eq!(busy.until(&id, "REFUNDED").await["refunded"]["amountMinor"], all);
    }
}
