//! Carts: one a customer, changed by whoever has read it last, and placed as they are.

use futures::future::join_all;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::placing::{PLACE, request};
use super::{Shop, customer, product_id, user_id};

const CART: &str = "{ cart { id version lines { quantity product { id } } } }";

async fn change(shop: &Shop, name: &str, input: Value) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let mutation = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ cart {{ id version lines {{ quantity }} }} \
         errors {{ __typename ... on OrderVersionConflictError {{ currentVersion }} }} }} }}"
    );
    shop.ask(&customer(), &mutation, json!({ "input": input })).await["data"][name].clone()
}

fn line(product: u64, quantity: i32) -> Value {
    json!({ "productId": product_id(product).to_string(), "quantity": quantity })
}

fn from_cart(key: &str) -> Value {
    let mut input = request(key, &[]);
    input["input"]["lines"] = Value::Null;
    input
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_becomes_an_order_and_the_next_one_is_another() {
    let shop = Shop::seeded().await;
    assert_eq!(shop.ask(&customer(), CART, json!({})).await, json!({ "data": { "cart": null } }));
    let empty = shop.ask(&customer(), PLACE, from_cart("k")).await;
    assert_eq!(empty["data"]["placeOrder"]["errors"][0]["field"], "lines");
    change(&shop, "addToCart", line(3, 1)).await;
    change(&shop, "addToCart", line(3, 2)).await;
    change(&shop, "addToCart", line(4, 1)).await;
    change(&shop, "changeCartLine", line(4, 5)).await;
    change(&shop, "addToCart", line(7, 1)).await;
    let removed = change(&shop, "removeFromCart", json!({ "productId": product_id(7).to_string() })).await;
    assert_eq!(removed["cart"]["lines"], json!([{ "quantity": 3 }, { "quantity": 5 }]));
    let cart = shop.ask(&customer(), CART, json!({})).await["data"]["cart"].clone();
    assert_eq!(cart["lines"][1], json!({ "quantity": 5, "product": { "id": product_id(4).to_string() } }));
    let stranger = shop.ask(&Identity::user(user_id(3)), CART, json!({})).await;
    assert_eq!(stranger, json!({ "data": { "cart": null } }));

    let placed = shop.ask(&customer(), PLACE, from_cart("k")).await["data"]["placeOrder"]["order"].clone();
    assert_eq!(placed["id"], cart["id"]);
    assert_eq!(placed["total"]["amountMinor"], (3 * 300 + 5 * 400).to_string());
    let again = shop.ask(&customer(), PLACE, from_cart("k")).await;
    assert_eq!(again["data"]["placeOrder"]["order"], placed);
    assert_eq!(shop.ask(&customer(), CART, json!({})).await, json!({ "data": { "cart": null } }));
    let next = change(&shop, "addToCart", line(3, 1)).await;
    assert_ne!(next["cart"]["id"], cart["id"]);
    let cart_is_no_order =
        shop.ask(&customer(), "query ($id: ID!) { order(id: $id) { id } }", json!({ "id": next["cart"]["id"] })).await;
    assert_eq!(cart_is_no_order, json!({ "data": { "order": null } }));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_read_an_older_cart_changes_nothing() {
    let shop = Shop::seeded().await;
    let first = change(&shop, "addToCart", line(3, 1)).await;
    let version = first["cart"]["version"].as_i64().unwrap();
    let mut stale = line(3, 9);
    stale["expectedVersion"] = json!(version - 1);
    let refused = change(&shop, "changeCartLine", stale.clone()).await;
    let error = &refused["errors"][0];
    assert_eq!(
        (&error["__typename"], &error["currentVersion"]),
        (&json!("OrderVersionConflictError"), &json!(version))
    );
    stale["expectedVersion"] = json!(version);
    assert_eq!(change(&shop, "changeCartLine", stale).await["cart"]["lines"], json!([{ "quantity": 9 }]));
    for (name, input, expected) in [
        ("addToCart", line(3, 0), "InvalidOrderLineError"),
        ("addToCart", line(3, -5), "InvalidOrderLineError"),
        ("addToCart", line(3, 992), "InvalidOrderLineError"),
        ("addToCart", line(3, i32::MAX), "InvalidOrderLineError"),
        ("changeCartLine", line(3, 1_001), "InvalidOrderLineError"),
        ("addToCart", line(2_000, 1), "UnknownProductError"),
        ("removeFromCart", json!({ "productId": product_id(9).to_string() }), "InvalidOrderLineError"),
    ] {
        let refused = change(&shop, name, input.clone()).await;
        assert_eq!(refused["errors"][0]["__typename"], expected, "{name} {input}");
    }
    assert_eq!(shop.ask(&customer(), CART, json!({})).await["data"]["cart"]["lines"][0]["quantity"], 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_at_once_fill_one_cart() {
    let shop = Shop::seeded().await;
    let answers = join_all((0..20).map(|_| change(&shop, "addToCart", line(3, 1)))).await;
    assert!(answers.iter().all(|answer| answer["cart"]["id"] == answers[0]["cart"]["id"]), "{answers:?}");
    assert_eq!(shop.ask(&customer(), CART, json!({})).await["data"]["cart"]["lines"][0]["quantity"], 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_parallel_requests_place_one_cart() {
    let shop = Shop::seeded().await;
    change(&shop, "addToCart", line(3, 2)).await;
    let caller = customer();
    let answers = join_all((0..20).map(|_| shop.ask(&caller, PLACE, from_cart("k")))).await;
    assert_eq!(answers[0]["data"]["placeOrder"]["errors"], json!([]), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(shop.orders().await, 73);
}
