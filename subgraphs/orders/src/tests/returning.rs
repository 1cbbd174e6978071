//! What the staff does with a paid order, and what comes back of it.

use serde_json::{Value, json};
use wire::identity::Identity;

use super::buying::{Busy, uuid};
use super::{administrator, customer, product_id, user_id};

const ERRORS: &str = "errors { __typename ... on OrderTransitionError { status } \
    ... on OrderVersionConflictError { currentVersion } ... on InvalidParcelError { field } \
    ... on InvalidOrderLineError { message productId } }";

/// Does it to an order that is read as being at `version`.
pub async fn act(busy: &Busy, identity: &Identity, name: &str, id: &str, version: i64, rest: Value) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let mutation = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ order {{ status version }} {ERRORS} }} }}"
    );
    let mut input = rest;
    input["id"] = json!(id);
    input["expectedVersion"] = json!(version);
    let answer = busy.shop.ask(identity, &mutation, json!({ "input": input })).await;
    if answer["errors"].is_null() { answer["data"][name].clone() } else { answer }
}

pub fn status(answer: &Value) -> &str {
    answer["order"]["status"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

pub fn refusal(answer: &Value) -> &str {
    assert!(answer["order"].is_null(), "{answer}");
    answer["errors"][0]["__typename"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_goes_out_and_comes_back() {
    let busy = Busy::open().await;
    let id = busy.place("a", "tok_visa", &[(3, 2), (7, 1)]).await;
    let none = json!({});
    let early = act(&busy, &administrator(), "packOrder", &id, 1, none.clone()).await;
    assert!(matches!(refusal(&early), "OrderTransitionError" | "OrderVersionConflictError"));
    busy.until(&id, "PAID").await;

    for name in ["packOrder", "shipOrder", "deliverOrder", "receiveReturn"] {
        let answer = act(&busy, &customer(), name, &id, 3, none.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
        let answer = act(&busy, &Identity::anonymous(), name, &id, 3, none.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    }
    let stale = act(&busy, &administrator(), "packOrder", &id, 2, none.clone()).await;
    assert_eq!((refusal(&stale), &stale["errors"][0]["currentVersion"]), ("OrderVersionConflictError", &json!(3)));
    assert_eq!(status(&act(&busy, &administrator(), "packOrder", &id, 3, none.clone()).await), "PACKED");
    let again = act(&busy, &administrator(), "packOrder", &id, 4, none.clone()).await;
    assert_eq!((refusal(&again), &again["errors"][0]["status"]), ("OrderTransitionError", &json!("PACKED")));
    for carrier in ["x".repeat(65), String::new(), "two\nlines".to_owned(), "\u{200b}".to_owned()] {
        let refused = act(&busy, &administrator(), "shipOrder", &id, 4, json!({ "carrier": carrier })).await;
        assert_eq!(refusal(&refused), "InvalidParcelError", "{refused}");
        assert_eq!(refused["errors"][0]["field"], "carrier", "{refused}");
    }
    let parcel = json!({ "carrier": "DHL", "trackingNumber": "JD01" });
    assert_eq!(status(&act(&busy, &administrator(), "shipOrder", &id, 4, parcel).await), "SHIPPED");
    busy.until_settled().await;
    let order = busy.order(&id).await;
    assert_eq!((&order["carrier"], &order["trackingNumber"]), (&json!("DHL"), &json!("JD01")));
    let cancel = "mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } errors { __typename } } }";
    let late = busy.shop.ask(&customer(), cancel, json!({ "id": id })).await;
    assert_eq!(late["data"]["cancelOrder"]["errors"][0]["__typename"], "OrderNotCancellableError");
    assert_eq!(status(&act(&busy, &administrator(), "deliverOrder", &id, 5, none.clone()).await), "DELIVERED");

    let back = |product: u64, quantity: i32| json!({ "lines": [{ "productId": product_id(product).to_string(), "quantity": quantity }] });
    for (product, quantity) in [(3, 3), (3, 0), (4, 1)] {
        let refused = act(&busy, &customer(), "requestReturn", &id, 6, back(product, quantity)).await;
        assert_eq!(refusal(&refused), "InvalidOrderLineError", "{refused}");
    }
    let other = act(&busy, &Identity::user(user_id(3)), "requestReturn", &id, 6, back(3, 1)).await;
    assert_eq!(refusal(&other), "OrderNotFoundError", "{other}");
    assert_eq!(status(&act(&busy, &customer(), "requestReturn", &id, 6, back(3, 2)).await), "RETURN_REQUESTED");
    let more = act(&busy, &administrator(), "receiveReturn", &id, 7, back(7, 1)).await;
    assert_eq!(refusal(&more), "InvalidOrderLineError", "only what was announced");
    assert_eq!(status(&act(&busy, &administrator(), "receiveReturn", &id, 7, back(3, 1)).await), "RETURNED");
    let refunded = busy.until(&id, "REFUNDED").await;
    assert_eq!(refunded["refunded"]["amountMinor"], "300", "one of two pieces came back");
    assert_eq!(busy.others.thing("payment", uuid(&id)).await.as_deref(), Some("refunded"));

    let history = "{ orderHistory(first: 9) { edges { node { status } } } }";
    let answer = busy.shop.ask(&customer(), history, json!({})).await;
    let edges = answer["data"]["orderHistory"]["edges"].as_array().unwrap();
    let statuses: Vec<&str> = edges.iter().map(|edge| edge["node"]["status"].as_str().unwrap()).collect();
    assert_eq!(
        statuses,
        ["REFUNDED", "RETURNED", "RETURN_REQUESTED", "DELIVERED", "SHIPPED", "PACKED", "PAID", "RESERVED", "PLACED"]
    );
    let of_other = "query ($id: ID!) { orderHistory(customerId: $id) { edges { node { status } } } }";
    let answer = busy.shop.ask(&customer(), of_other, json!({ "id": user_id(3) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}
