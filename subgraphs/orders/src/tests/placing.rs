//! Placing orders: once a key, at the catalogue's prices, within the rules.

use std::sync::atomic::Ordering;

use futures::future::join_all;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Shop, customer, product_id, user_id};

pub const PLACE: &str = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { \
    order { id number status customer { id } total { amountMinor currency } \
    lines { quantity unitPrice { amountMinor } product { id } } } \
    errors { __typename ... on InvalidOrderError { message field productId } \
    ... on UnknownProductError { message productId } ... on IdempotencyConflictError { message } } } }";

pub fn request(key: &str, lines: &[(u64, i32)]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|&(product, quantity)| json!({ "productId": product_id(product).to_string(), "quantity": quantity }))
        .collect();
    json!({ "input": { "idempotencyKey": key, "lines": lines, "paymentMethod": "tok_visa" } })
}

fn refusal(answer: &Value) -> &str {
    assert_eq!(answer["data"]["placeOrder"]["order"], Value::Null, "{answer}");
    answer["data"]["placeOrder"]["errors"][0]["__typename"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn places_at_the_prices_of_the_moment() {
    let shop = Shop::seeded().await;
    let answer = shop.ask(&customer(), PLACE, request("a", &[(3, 2), (7, 1)])).await;
    let placed = &answer["data"]["placeOrder"];
    assert_eq!(placed["errors"], json!([]), "{answer}");
    let order = &placed["order"];
    assert_eq!(order["number"], "SG-00000073");
    assert_eq!(order["status"], "PLACED");
    assert_eq!(order["customer"]["id"], user_id(2));
    assert_eq!(order["total"], json!({ "amountMinor": "1300", "currency": "EUR" }));
    assert_eq!(order["lines"][0]["unitPrice"]["amountMinor"], "300");
    assert_eq!(order["lines"][1]["product"]["id"], product_id(7).to_string());

    shop.catalogue.surcharge.store(50, Ordering::Relaxed);
    let query = "query ($id: ID!) { order(id: $id) { lines { unitPrice { amountMinor } } } }";
    let answer = shop.ask(&customer(), query, json!({ "id": order["id"] })).await;
    assert_eq!(answer["data"]["order"]["lines"][0]["unitPrice"]["amountMinor"], "300");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_gives_the_same_order_without_asking_for_prices() {
    let shop = Shop::seeded().await;
    let first = shop.ask(&customer(), PLACE, request("a", &[(3, 2)])).await;
    shop.catalogue.surcharge.store(50, Ordering::Relaxed);
    let again = shop.ask(&customer(), PLACE, request("a", &[(3, 2)])).await;
    assert_eq!(first, again);
    assert_eq!(shop.catalogue.asked.load(Ordering::Relaxed), 1);
    assert_eq!(shop.orders().await, 73);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_belongs_to_one_request_of_one_customer() {
    let shop = Shop::seeded().await;
    shop.ask(&customer(), PLACE, request("a", &[(3, 2)])).await;
    for lines in [&[(3, 1)][..], &[(4, 2)], &[(3, 2), (4, 1)]] {
        let answer = shop.ask(&customer(), PLACE, request("a", lines)).await;
        assert_eq!(refusal(&answer), "IdempotencyConflictError");
    }
    let other = shop.ask(&Identity::user(user_id(3)), PLACE, request("a", &[(4, 2)])).await;
    assert_eq!(other["data"]["placeOrder"]["errors"], json!([]));
    assert_eq!(shop.orders().await, 74);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_parallel_requests_place_one_order() {
    let shop = Shop::seeded().await;
    let caller = customer();
    let answers = join_all((0..20).map(|_| shop.ask(&caller, PLACE, request("a", &[(3, 2), (5, 1)])))).await;
    assert_eq!(answers[0]["data"]["placeOrder"]["errors"], json!([]), "{}", answers[0]);
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(shop.orders().await, 73);
    let client = shop.database.database().bulk_connection().await.unwrap();
    let lines = "SELECT json_array_length(data::json -> 'lines') FROM event WHERE type = 'placed' AND position > 72 \
                 ORDER BY position DESC LIMIT 1";
    assert_eq!(client.query_one(lines, &[]).await.unwrap().get::<_, i32>(0), 2);
    let told = "SELECT count(*) FROM outbox WHERE topic = 'orders/events'";
    assert_eq!(client.query_one(told, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_parallel_requests_with_other_lines_one_wins_and_the_rest_conflict() {
    let shop = Shop::seeded().await;
    let caller = customer();
    let answers = join_all((1..=20).map(|quantity| shop.ask(&caller, PLACE, request("a", &[(3, quantity)])))).await;
    let placed = answers.iter().filter(|answer| !answer["data"]["placeOrder"]["order"].is_null()).count();
    assert_eq!(placed, 1);
    let refused = answers.iter().filter(|answer| answer["data"]["placeOrder"]["order"].is_null());
    assert!(refused.into_iter().all(|answer| refusal(answer) == "IdempotencyConflictError"));
    assert_eq!(shop.orders().await, 73);
}

#[tokio::test(flavor = "multi_thread")]
async fn refuses_what_breaks_the_rules() {
    let shop = Shop::seeded().await;
    let many: Vec<(u64, i32)> = (1..=101).map(|number| (number, 1)).collect();
    let mut unpaid = request("a", &[(3, 1)]);
    unpaid["input"]["paymentMethod"] = json!("");
    assert_eq!(refusal(&shop.ask(&customer(), PLACE, unpaid).await), "InvalidOrderError");
    let mut nowhere = request("a", &[(3, 1)]);
    nowhere["input"]["shippingAddress"] =
        json!({ "recipient": "C", "street": " ", "city": "Wien", "postalCode": "1010", "country": "AT" });
    let answer = shop.ask(&customer(), PLACE, nowhere).await;
    assert_eq!(answer["data"]["placeOrder"]["errors"][0]["field"], "shippingAddress.street", "{answer}");
    for (key, lines, expected) in [
        ("a", &[][..], "InvalidOrderError"),
        ("", &[(3, 1)], "InvalidOrderError"),
        ("a", &[(3, 0)], "InvalidOrderError"),
        ("a", &[(3, -1)], "InvalidOrderError"),
        ("a", &[(3, 1_001)], "InvalidOrderError"),
        ("a", &[(3, 600), (3, 600)], "InvalidOrderError"),
        ("a", many.as_slice(), "InvalidOrderError"),
        ("a", &[(3, 1), (2_000, 1)], "UnknownProductError"),
        ("a", &[(3, 1), (100, 1)], "MixedCurrenciesError"),
        ("a", &[(200, 3)], "OrderTooLargeError"),
        ("a", &[(1_000, 1_000)], "OrderTooLargeError"),
        ("a", &[(400, 1)], "OrderCurrencyNotTakenError"),
    ] {
        let answer = shop.ask(&customer(), PLACE, request(key, lines)).await;
        assert_eq!(refusal(&answer), expected, "{lines:?}");
    }
    assert_eq!(shop.orders().await, 72);
}

#[tokio::test(flavor = "multi_thread")]
async fn takes_no_price_and_no_anonymous_caller() {
    let shop = Shop::seeded().await;
    let mut priced = request("a", &[(3, 1)]);
    priced["input"]["lines"][0]["unitPrice"] = json!({ "amountMinor": "1", "currency": "EUR" });
    let answer = shop.ask(&customer(), PLACE, priced).await;
    assert!(answer["errors"].is_array(), "{answer}");
    for identity in [Identity::anonymous(), Identity::service("payments")] {
        let answer = shop.ask(&identity, PLACE, request("a", &[(3, 1)])).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{answer}");
    }
    let answer = shop
        .ask(
            &customer(),
            PLACE,
            json!({ "input": {
                "idempotencyKey": "a", "paymentMethod": "tok_visa", "lines": [{ "productId": "x", "quantity": 1 }],
            } }),
        )
        .await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID_ID", "{answer}");
    assert_eq!(shop.orders().await, 72);
}
