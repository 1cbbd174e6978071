//! Whose order it is, on every way to it.

use kit::seed::CUSTOMER;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Shop, administrator, customer, order_id, user_id};

const ORDER: &str = "query ($id: ID!) { order(id: $id) { id number customer { id } } }";
const ENTITIES: &str = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
    ... on Order { id number } ... on User { id orders(first: 2) { edges { node { id customer { id } } } } } } }";

fn code(answer: &Value, index: usize) -> &str {
    answer["errors"][index]["extensions"]["code"].as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_its_customers_and_administrators() {
    let shop = Shop::seeded().await;
    for identity in [customer(), administrator()] {
        let answer = shop.ask(&identity, ORDER, json!({ "id": order_id(CUSTOMER) })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        assert_eq!(answer["data"]["order"]["customer"]["id"], user_id(CUSTOMER));
        assert_eq!(answer["data"]["order"]["number"], "SG-00000002");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strangers_order_is_as_if_there_were_none() {
    let shop = Shop::seeded().await;
    let ways = "query ($id: ID!, $r: [_Any!]!) { order(id: $id) { id number } \
                _entities(representations: $r) { ... on Order { id } } }";
    let stranger = Identity::user(user_id(3));
    let answers = async |identity: &Identity| {
        let mut answers = Vec::new();
        for id in [order_id(CUSTOMER), order_id(999_999)] {
            let representations = json!([{ "__typename": "Order", "id": id }]);
            answers.push(shop.ask(identity, ways, json!({ "id": id, "r": representations })).await);
        }
        answers
    };
    let nothing = json!({ "order": null, "_entities": [null] });
    assert_eq!(answers(&stranger).await, vec![json!({ "data": nothing }); 2]);
    for (identity, expected) in
        [(Identity::anonymous(), "UNAUTHENTICATED"), (Identity::service("payments"), "FORBIDDEN")]
    {
        for answer in answers(&identity).await {
            assert_eq!(answer["data"], nothing);
            assert_eq!([code(&answer, 0), code(&answer, 1)], [expected; 2], "{answer}");
        }
    }
    for mutation in [
        "makeInvoice(input: { orderId: $id })",
        "cancelOrder(input: { id: $id })",
        "requestReturn(input: { id: $id, lines: [] })",
    ] {
        let mutation = format!("mutation ($id: ID!) {{ it: {mutation} {{ order {{ id }} errors {{ __typename }} }} }}");
        let mut answers = Vec::new();
        for id in [order_id(CUSTOMER), order_id(999_999)] {
            answers.push(shop.ask(&stranger, &mutation, json!({ "id": id })).await);
        }
        assert_eq!(answers[0]["data"]["it"]["errors"][0]["__typename"], "OrderNotFoundError", "{answers:?}");
        assert_eq!(answers[0], answers[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn entities_of_others_are_null_and_leave_ones_own_alone() {
    let shop = Shop::seeded().await;
    let representations = json!([
        { "__typename": "Order", "id": order_id(3) },
        { "__typename": "Order", "id": order_id(CUSTOMER) },
        { "__typename": "User", "id": user_id(3) },
        { "__typename": "User", "id": user_id(CUSTOMER) },
        { "__typename": "Order", "id": user_id(CUSTOMER) },
        { "__typename": "Order", "id": order_id(999_999) },
    ]);
    let answer = shop.ask(&customer(), ENTITIES, json!({ "representations": representations })).await;
    let found = &answer["data"]["_entities"];
    assert_eq!(found[0], Value::Null, "{answer}");
    assert_eq!(found[1]["id"], order_id(CUSTOMER));
    assert_eq!(found[2], json!({ "id": user_id(3), "orders": null }));
    assert_eq!(found[3]["orders"]["edges"].as_array().unwrap().len(), 2);
    assert_eq!(found[4], Value::Null);
    assert_eq!(found[5], Value::Null);
    let mut errors: Vec<(String, &str)> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| (error["path"].to_string(), error["extensions"]["code"].as_str().unwrap()))
        .collect();
    errors.sort();
    assert_eq!(
        errors,
        [(r#"["_entities",2,"orders"]"#.to_owned(), "FORBIDDEN"), (r#"["_entities",4]"#.to_owned(), "INVALID_ID"),]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_show_ones_own_orders_only() {
    let shop = Shop::seeded().await;
    let list = "query ($filter: OrderFilter) { orders(filter: $filter, first: 100) { \
                edges { node { status customer { id } } } } }";
    let customers = |answer: &Value| {
        let edges = answer["data"]["orders"]["edges"].as_array().unwrap();
        edges.iter().map(|edge| edge["node"]["customer"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let own = shop.ask(&customer(), list, json!({})).await;
    assert_eq!(customers(&own), vec![user_id(CUSTOMER); 3]);
    let all = shop.ask(&administrator(), list, json!({})).await;
    assert_eq!(customers(&all).len(), 72);
    let of_three = shop.ask(&administrator(), list, json!({ "filter": { "customerId": user_id(3) } })).await;
    assert_eq!(customers(&of_three), vec![user_id(3); 3]);
    let placed = shop.ask(&administrator(), list, json!({ "filter": { "status": "PLACED" } })).await;
    let placed = placed["data"]["orders"]["edges"].as_array().unwrap();
    assert!(!placed.is_empty() && placed.iter().all(|edge| edge["node"]["status"] == "PLACED"));

    let of_other = shop.ask(&customer(), list, json!({ "filter": { "customerId": user_id(3) } })).await;
    assert_eq!(of_other["data"]["orders"], Value::Null);
    assert_eq!(code(&of_other, 0), "FORBIDDEN");
    let anonymous = shop.ask(&Identity::anonymous(), list, json!({})).await;
    assert_eq!(code(&anonymous, 0), "UNAUTHENTICATED");
}
