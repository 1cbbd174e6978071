//! Products that come in variants: bought by variant, at the variant's price, and by nothing less.

use serde_json::{Value, json};

use super::buying::Busy;
use super::returning::{act, refusal, status};
use super::{Shop, administrator, customer, product_id, variant_id};
use crate::domain::saga::place::PlaceOrder;

const LINES: &str = "lines { quantity unitPrice { amountMinor } product { id } variant { id } name sku }";
const ERRORS: &str = "errors { __typename ... on UnknownVariantError { productId variantId } \
    ... on VariantRequiredError { productId } ... on InvalidOrderLineError { productId variantId } }";

fn line(product: u64, variant: Option<u64>, quantity: i32) -> Value {
    let variant_id = variant.map(|variant| variant_id(product, variant).to_string());
    json!({ "productId": product_id(product).to_string(), "variantId": variant_id, "quantity": quantity })
}

async fn place(shop: &Shop, key: &str, lines: &[Value]) -> Value {
    let mutation = format!(
        "mutation ($input: PlaceOrderInput!) {{ placeOrder(input: $input) {{ order {{ id total {{ amountMinor }} {LINES} }} {} }} }}",
        ERRORS.replace(" ... on InvalidOrderLineError { productId variantId }", "")
    );
    let input = json!({ "idempotencyKey": key, "lines": lines, "paymentMethod": "tok_visa" });
    let answer = shop.ask(&customer(), &mutation, json!({ "input": input })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["placeOrder"].clone()
}

async fn change(shop: &Shop, name: &str, input: Value) -> Value {
    let type_name = format!("{}{}Input", name[..1].to_uppercase(), &name[1..]);
    let mutation = format!(
        "mutation ($input: {type_name}!) {{ {name}(input: $input) {{ \
         cart {{ lines {{ quantity product {{ id }} variant {{ id }} }} }} {ERRORS} }} }}"
    );
    let answer = shop.ask(&customer(), &mutation, json!({ "input": input })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"][name].clone()
}

/// The data of all messages that wait to be published to a topic.
async fn told(shop: &Shop, topic: &str) -> Vec<Value> {
    let client = shop.database.database().bulk_connection().await.unwrap();
    let rows = client.query("SELECT envelope FROM outbox WHERE topic = $1 ORDER BY position", &[&topic]).await.unwrap();
    let data = |text: &str| serde_json::from_str::<Value>(text).unwrap()["data"].clone();
    rows.iter().map(|row| data(row.get(0))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_is_bought_at_its_own_price_and_by_its_own_name() {
    let shop = Shop::seeded().await;
    let lines = [line(300, Some(1), 2), line(3, None, 1), line(300, Some(2), 1), line(300, Some(1), 1)];
    let placed = place(&shop, "a", &lines).await;
    assert_eq!(placed["errors"], json!([]), "{placed}");
    let order = &placed["order"];
    assert_eq!(order["total"]["amountMinor"], (3 * 30_010 + 300 + 30_020).to_string());
    let bought = |product: u64, variant: Option<u64>, quantity: i32, price: &str| {
        // What it was called stays in the order, whatever becomes of the variant.
        let (name, sku) = match variant {
            Some(variant) => (format!("Product {product} – {variant}"), format!("P-{product}-{variant}")),
            None => (format!("Product {product}"), format!("P-{product}")),
        };
        json!({ "quantity": quantity, "unitPrice": { "amountMinor": price }, "product": { "id": product_id(product).to_string() },
            "variant": variant.map(|variant| json!({ "id": variant_id(product, variant).to_string() })), "name": name, "sku": sku })
    };
    let expected = [bought(300, Some(1), 3, "30010"), bought(3, None, 1, "300"), bought(300, Some(2), 1, "30020")];
    assert_eq!(order["lines"], json!(expected));
    // As others are told of it, and stock is asked.
    let event = &told(&shop, "orders/events").await[0]["lines"];
    assert_eq!(event[0]["variant_id"], variant_id(300, 1).to_string(), "{event}");
    assert_eq!((&event[1]["variant_id"], &event[2]["unit_price"]["amount_minor"]), (&Value::Null, &json!(30_020)));
    let reserve = &told(&shop, "stock/commands").await[0]["lines"];
    let asked = |line: &Value| (line["variant_id"].as_str().map(str::to_owned), line["quantity"].as_u64());
    let mut asked: Vec<_> = reserve.as_array().unwrap().iter().map(asked).collect();
    asked.sort();
    let id = |variant| Some(variant_id(300, variant).to_string());
    let mut expected = [(None, Some(1)), (id(1), Some(3)), (id(2), Some(1))];
    expected.sort();
    assert_eq!(asked, expected);
    let client = shop.database.database().bulk_connection().await.unwrap();
    let name =
        "SELECT data::json -> 'lines' -> 2 ->> 'name' FROM event WHERE type = 'placed' ORDER BY position DESC LIMIT 1";
    assert_eq!(client.query_one(name, &[]).await.unwrap().get::<_, String>(0), "Product 300 – 2");
    // What is bought is another order than the same of another variant.
    let other = place(&shop, "a", &[line(300, Some(2), 1)]).await;
    assert_eq!(other["errors"][0]["__typename"], "IdempotencyConflictError");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_less_than_a_variant_of_the_product_is_bought() {
    let shop = Shop::seeded().await;
    let (id, foreign) = (product_id(300).to_string(), variant_id(301, 1).to_string());
    let mut of_another = line(300, None, 1);
    of_another["variantId"] = json!(foreign);
    let unknown = json!({ "__typename": "UnknownVariantError", "productId": id, "variantId": foreign });
    let none = json!({ "__typename": "UnknownVariantError", "productId": product_id(3).to_string(),
        "variantId": variant_id(3, 1).to_string() });
    let required = json!({ "__typename": "VariantRequiredError", "productId": id });
    for (line, error) in [(line(300, None, 1), required), (of_another, unknown), (line(3, Some(1), 1), none)] {
        assert_eq!(place(&shop, "a", std::slice::from_ref(&line)).await["errors"], json!([error]), "{line}");
        for name in ["addToCart", "changeCartLine"] {
            assert_eq!(change(&shop, name, line.clone()).await["errors"], json!([error]), "{name} {line}");
        }
    }
    assert_eq!(shop.orders().await, 72);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cart_has_a_line_a_variant() {
    let shop = Shop::seeded().await;
    for (product, variant) in [(300, Some(1)), (300, Some(2)), (3, None), (300, Some(1))] {
        change(&shop, "addToCart", line(product, variant, 2)).await;
    }
    change(&shop, "changeCartLine", line(300, Some(2), 7)).await;
    let mut of_product = line(300, None, 1);
    of_product.as_object_mut().unwrap().remove("quantity");
    let refused = change(&shop, "removeFromCart", of_product).await;
    let error =
        json!({ "__typename": "InvalidOrderLineError", "productId": product_id(300).to_string(), "variantId": null });
    assert_eq!(refused["errors"], json!([error]));
    let mut first = line(300, Some(1), 1);
    first.as_object_mut().unwrap().remove("quantity");
    let left = change(&shop, "removeFromCart", first).await["cart"]["lines"].clone();
    assert_eq!((&left[0]["quantity"], &left[1]["quantity"], left.as_array().unwrap().len()), (&json!(7), &json!(2), 2));
    assert_eq!(left[0]["variant"]["id"], variant_id(300, 2).to_string());
    assert_eq!(left[1]["variant"], Value::Null);
    let mutation = "mutation { placeOrder(input: { idempotencyKey: \"c\", paymentMethod: \"tok_visa\" }) { order { total { amountMinor } } } }";
    let answer = shop.ask(&customer(), mutation, json!({})).await;
    let total = &answer["data"]["placeOrder"]["order"]["total"]["amountMinor"];
    assert_eq!(*total, (7 * 30_020 + 2 * 300).to_string(), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variant_is_listed_and_comes_back_as_what_it_is() {
    let busy = Busy::open().await;
    let placed = place(&busy.shop, "a", &[line(300, Some(1), 2), line(300, Some(2), 1)]).await;
    let id = placed["order"]["id"].as_str().unwrap().to_owned();
    busy.until(&id, "PAID").await;
    let lists = format!("{{ orders(first: 1) {{ edges {{ node {{ {LINES} }} }} }} }}");
    let answer = busy.shop.ask(&customer(), &lists, json!({})).await;
    assert_eq!(answer["data"]["orders"]["edges"][0]["node"]["lines"], placed["order"]["lines"], "{answer}");
    let parcel = json!({ "carrier": "DHL", "trackingNumber": "JD01" });
    for (name, version, rest) in [("packOrder", 3, json!({})), ("shipOrder", 4, parcel), ("deliverOrder", 5, json!({}))]
    {
        assert_eq!(act(&busy, &administrator(), name, &id, version, rest).await["errors"], json!([]), "{name}");
    }
    let back = |line: Value| json!({ "lines": [line] });
    for wrong in [line(300, None, 1), line(300, Some(2), 2), line(301, Some(1), 1)] {
        let refused = act(&busy, &customer(), "requestReturn", &id, 6, back(wrong)).await;
        assert_eq!(refusal(&refused), "InvalidOrderLineError", "{refused}");
    }
    let asked = act(&busy, &customer(), "requestReturn", &id, 6, back(line(300, Some(2), 1))).await;
    assert_eq!(status(&asked), "RETURN_REQUESTED");
    let came = act(&busy, &administrator(), "receiveReturn", &id, 7, json!({})).await;
    assert_eq!(status(&came), "RETURNED");
    assert_eq!(busy.until(&id, "REFUNDED").await["refunded"]["amountMinor"], "30020");
}

/// Sagas that were begun before there were variants, and those that older code goes on with.
#[test]
fn what_is_bought_is_read_by_older_and_newer_code() {
    let kept = json!({
        "order_id": super::order_id(1), "customer_id": super::user_id(2), "lines": [[product_id(3).to_string(), 2]],
        "amount_minor": 600, "currency": "EUR", "method_token": "", "progress": "Settled", "asked_again": 0,
    });
    let saga: PlaceOrder = serde_json::from_value(kept.clone()).unwrap();
    assert!(saga.variant_lines.is_empty());
    // What older code doesn't know it leaves alone; where nothing has variants there is no word of them.
    let written = serde_json::to_value(&saga).unwrap();
    assert!(kept.as_object().unwrap().iter().all(|(key, value)| written[key] == *value), "{written}");
    assert_eq!(written.get("variant_lines"), None);
}
