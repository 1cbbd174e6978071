//! How much one call may ask for.

use std::time::{Duration, Instant};

use kit::seed::CUSTOMER;
use serde_json::{Value, json};

use super::{Shop, administrator, customer, order_id, user_id};

/// Asks for the entities of `users` users.
async fn of_users(shop: &Shop, users: u64, selection: &str) -> Value {
    let query = format!(
        "query ($representations: [_Any!]!) {{ _entities(representations: $representations) {{ \
         ... on User {{ {selection} }} }} }}"
    );
    let representations: Vec<Value> =
        (1..=users).map(|number| json!({ "__typename": "User", "id": user_id(number) })).collect();
    shop.ask(&administrator(), &query, json!({ "representations": representations })).await
}

/// Pages of a hundred orders, each below the customer of the other.
fn nest(levels: usize) -> String {
    format!("{} id {}", "orders(first: 100) { edges { node { customer { ".repeat(levels), "} } } }".repeat(levels))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_pages_of_pages_are_refused_at_once() {
    let shop = Shop::seeded().await;
    for levels in [3, 4, 7] {
        let start = Instant::now();
        let answer = of_users(&shop, 1, &nest(levels)).await;
        assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
        assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TOO_COMPLEX");
        assert_eq!(answer.get("data"), None);
    }
    let root = "{ orders(first: 100) { edges { node { customer { orders(last: 100) { edges { node { customer { \
                orders { edges { node { id } } } } } } } } } } } }";
    let answer = shop.ask(&administrator(), root, json!({})).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "OPERATION_TOO_COMPLEX");
}

#[tokio::test(flavor = "multi_thread")]
async fn ordinary_pages_pass() {
    let shop = Shop::seeded().await;
    let lines = "lines { quantity unitPrice { amountMinor currency } product { id } }";
    let orders = |length: u32| {
        format!(
            "orders(first: {length}) {{ pageInfo {{ endCursor }} edges {{ cursor node {{ id number status placedAt \
             total {{ amountMinor currency }} {lines} }} }} }}"
        )
    };
    for (users, selection) in [
        (1, nest(2)),
        (1, orders(100)),
        (50, orders(5)),
        // The router's largest batch.
        (5_000, "orders(first: 5) { edges { node { id number } } }".to_owned()),
    ] {
        let answer = of_users(&shop, users, &selection).await;
        assert_eq!(answer["errors"], Value::Null, "{users} x {selection}");
        let found = answer["data"]["_entities"].as_array().unwrap();
        assert_eq!(found.len() as u64, users);
        assert_eq!(found[0]["orders"]["edges"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_below_pages_count_as_they_are() {
    let shop = Shop::seeded().await;
    let client = shop.database.database().bulk_connection().await.unwrap();
    let lengthen = "INSERT INTO order_list.line (order_id, position, product_id, quantity, unit_price_minor) \
                    SELECT id, position, gen_random_uuid(), 1, 1 FROM order_list.entry, generate_series(10, 99) AS position";
    assert_eq!(client.execute(lengthen, &[]).await.unwrap(), 72 * 90);
    let lines = "orders(first: 5) { edges { node { lines { quantity product { id } } } } }";
    let users = 24_usize;
    let answer = of_users(&shop, users as u64, lines).await;
    assert_eq!(answer["errors"], Value::Null);
    // 24 x 3 x 3 x 3 orders of more than 90 lines each are more than 50,000 rows.
    let nested = "orders(first: 9) { edges { node { customer { orders(first: 9) { edges { node { customer { \
         orders(first: 9) { edges { node { lines { quantity } } } } } } } } } } } }";
    let answer = of_users(&shop, users as u64, nested).await;
    let errors = answer["errors"].as_array().unwrap();
    assert!(!errors.is_empty() && errors.len() < users * 27, "{}", errors.len());
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "OPERATION_TOO_COMPLEX"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_of_another_type_is_refused_in_plain_words() {
    let shop = Shop::seeded().await;
    let place = "mutation ($id: ID!) { placeOrder(input: { idempotencyKey: \"k\", paymentMethod: \"tok_visa\", \
                 lines: [{ productId: $id, quantity: 1 }] }) { order { id } } }";
    for (query, type_name) in [("query ($id: ID!) { order(id: $id) { id } }", "Order"), (place, "Product")] {
        for id in [user_id(CUSTOMER), "7".to_owned(), String::new()] {
            let answer = shop.ask(&customer(), query, json!({ "id": id })).await;
            let error = &answer["errors"][0];
            assert_eq!(error["message"], format!("Not an id of {type_name}"));
            assert_eq!(error["extensions"], json!({ "code": "INVALID_ID" }));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_mutation_leaves_the_others_alone() {
    let shop = Shop::seeded().await;
    let query = "mutation ($own: ID!, $other: ID!) { \
                 a: cancelOrder(input: { id: $other }) { order { id } errors { __typename } } \
                 b: cancelOrder(input: { id: $own }) { order { id } errors { __typename } } }";
    let variables = json!({ "own": order_id(CUSTOMER), "other": order_id(3) });
    let answer = shop.ask(&customer(), query, variables).await;
    // As of one that there isn't: whether there is one is nobody else's business.
    let missing = json!({ "order": null, "errors": [{ "__typename": "OrderNotFoundError" }] });
    assert_eq!((&answer["data"]["a"], &answer["errors"]), (&missing, &Value::Null), "{answer}");
    assert!(answer["data"]["b"].is_object(), "{answer}");
}
