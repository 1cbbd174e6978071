//! No N+1: how many statements an answer takes doesn't grow with its size.

use serde_json::{Value, json};

use super::{Shop, administrator, user_id};

#[tokio::test(flavor = "multi_thread")]
async fn orders_of_many_users_with_their_lines_take_two_statements() {
    let shop = Shop::seeded().await;
    // Twenty-six of these fifty have no orders; they must not cost a statement either.
    let users: Vec<Value> = (1..=50).map(|number| json!({ "__typename": "User", "id": user_id(number) })).collect();
    let query = "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { \
                 orders(first: 5) { edges { node { id total { amountMinor currency } \
                 lines { quantity unitPrice { amountMinor currency } product { id } } } } } } } }";
    let (answer, statements) = shop.count(&administrator(), query, json!({ "representations": users.clone() })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    assert_eq!(statements, 2);
    let found = answer["data"]["_entities"].as_array().unwrap();
    assert_eq!(found.len(), 50);
    for (index, user) in found.iter().enumerate() {
        let edges = user["orders"]["edges"].as_array().unwrap();
        assert_eq!(edges.len(), if index < 24 { 3 } else { 0 });
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
    assert_eq!(statements, 2);
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
