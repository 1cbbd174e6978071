//! No N+1: how many statements an answer takes doesn't grow with its size.

use serde_json::{Value, json};

use super::{Shop, administrator, user_id};

/// Gives each of `users` six more orders of two lines each.
async fn place_six_orders_each(shop: &Shop, users: std::ops::RangeInclusive<u64>) {
    let users: Vec<String> = users.map(|number| kit::seed::user_id(number).to_string()).collect();
    let statement = format!(
        "INSERT INTO order_list.entry (id, number, customer_id, status, currency, total_minor, refunded_minor, placed_at, version) \
         SELECT gen_random_uuid(), 1000 + n, customer, 'PAID', 'EUR', 300, 0, \
         '2030-01-01'::timestamptz + n * '1 minute'::interval, 3 \
         FROM unnest('{{{}}}'::uuid[]) AS customer, generate_series(1, 6) AS n; \
         INSERT INTO order_list.line (order_id, position, product_id, quantity, unit_price_minor) \
         SELECT id, position, gen_random_uuid(), position + 1, 100 FROM order_list.entry, generate_series(0, 1) AS position \
         WHERE number > 1000",
        users.join(",")
    );
    shop.database.database().bulk_connection().await.unwrap().batch_execute(&statement).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_many_users_with_their_lines_take_two_statements() {
    let shop = Shop::seeded().await;
    place_six_orders_each(&shop, 1..=50).await;
    // Ten of these sixty have no orders; they must not cost a statement either.
    let users: Vec<Value> = (1..=60).map(|number| json!({ "__typename": "User", "id": user_id(number) })).collect();
    let query = "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { \
                 orders(first: 5) { edges { node { id total { amountMinor currency } \
                 lines { quantity unitPrice { amountMinor currency } product { id } } } } } } } }";
    let (answer, statements) = shop.count(&administrator(), query, json!({ "representations": users.clone() })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    // One of them is the administrator, whose own list must have what was just written: one look.
    assert_eq!(statements, 2 + 1);
    let found = answer["data"]["_entities"].as_array().unwrap();
    assert_eq!(found.len(), 60);
    for (index, user) in found.iter().enumerate() {
        let edges = user["orders"]["edges"].as_array().unwrap();
        assert_eq!(edges.len(), if index < 50 { 5 } else { 0 });
        for edge in edges {
            let lines = edge["node"]["lines"].as_array().unwrap();
            let minor = |money: &Value| money["amountMinor"].as_str().unwrap().parse::<i64>().unwrap();
            let sum: i64 =
                lines.iter().map(|line| line["quantity"].as_i64().unwrap() * minor(&line["unitPrice"])).sum();
            assert_eq!(sum, minor(&edge["node"]["total"]));
        }
    }
    let aliased = "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { \
                   two: orders(first: 2) { edges { node { id } } } one: orders(last: 1) { edges { node { id } } } } } }";
    let (answer, statements) = shop.count(&administrator(), aliased, json!({ "representations": users })).await;
    assert_eq!(statements, 2 + 1);
    let first = &answer["data"]["_entities"][0];
    assert_eq!(first["two"]["edges"].as_array().unwrap().len(), 2);
    assert_eq!(first["one"]["edges"].as_array().unwrap().len(), 1);
    assert_ne!(first["one"]["edges"][0], first["two"]["edges"][0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_orders_with_lines_takes_two_statements() {
    let shop = Shop::seeded().await;
    let query = "{ orders(first: 50) { edges { node { id customer { id } lines { product { id } } } } } }";
    let (answer, statements) = shop.count(&administrator(), query, json!({})).await;
    assert_eq!(answer["data"]["orders"]["edges"].as_array().unwrap().len(), 50);
    assert_eq!(statements, 2);
}
