//! Writing the catalogue: who may, what is refused, and that no change overwrites another.

use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Catalogue, product};

const CREATE: &str = "mutation ($input: CreateProductInput!) { createProduct(input: $input) { \
    product { id sku name version weight } errors { __typename \
    ... on InvalidProductError { message field } ... on SkuTakenError { message sku } } } }";
const UPDATE: &str = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { \
    product { name category version } errors { __typename \
    ... on ProductVersionConflictError { message currentVersion } } } }";
const PRICE: &str = "mutation ($input: ChangePriceInput!) { changePrice(input: $input) { \
    product { version price { amountMinor currency } } errors { __typename } } }";

fn teapot() -> Value {
    json!({ "sku": "POT-1", "name": "Teapot", "price": { "amountMinor": "1999", "currency": "EUR" },
        "category": "Kitchen", "weight": 900, "stock": 3, "attributes": [{ "name": "Colour", "value": "blue" }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_write() {
    let catalogue = Catalogue::seeded().await;
    let customer = Identity::user(kit::id::encode("User", kit::seed::user_id(kit::seed::CUSTOMER)));
    for (query, input) in [
        (CREATE, teapot()),
        (UPDATE, json!({ "id": product(1), "expectedVersion": 1, "name": "Mine" })),
        (PRICE, json!({ "id": product(1), "expectedVersion": 1, "price": { "amountMinor": "0", "currency": "EUR" } })),
    ] {
        for (identity, code) in [
            (Identity::anonymous(), "UNAUTHENTICATED"),
            (customer.clone(), "FORBIDDEN"),
            (Identity::service("orders"), "FORBIDDEN"),
        ] {
            let answer = catalogue.ask(&identity, query, json!({ "input": input })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{query}");
            let data: Vec<&Value> = answer["data"].as_object().unwrap().values().collect();
            assert_eq!(data, [&Value::Null], "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn creates_a_product_once() {
    let catalogue = Catalogue::seeded().await;
    let answer = catalogue.ask_as_administrator(CREATE, json!({ "input": teapot() })).await;
    let created = &answer["data"]["createProduct"];
    assert_eq!(created["errors"], json!([]), "{answer}");
    assert_eq!(created["product"]["version"], 1);
    assert_eq!(created["product"]["weight"], 900);
    let answer = catalogue.ask_as_administrator(CREATE, json!({ "input": teapot() })).await;
    let refused = &answer["data"]["createProduct"];
    assert_eq!(refused["product"], Value::Null);
    assert_eq!(refused["errors"][0]["__typename"], "SkuTakenError");
    assert_eq!(refused["errors"][0]["sku"], "POT-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_everything_that_breaks_a_rule() {
    let catalogue = Catalogue::seeded().await;
    let input = json!({ "sku": "no spaces", "name": " ", "description": "x".repeat(5_001),
        "price": { "amountMinor": "-1", "currency": "EUR" }, "category": "", "weight": -1, "stock": -1,
        "attributes": [{ "name": "", "value": "v" }] });
    let answer = catalogue.ask_as_administrator(CREATE, json!({ "input": input })).await;
    let errors = answer["data"]["createProduct"]["errors"].as_array().unwrap();
    let fields: Vec<_> = errors.iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["sku", "name", "description", "price", "category", "attributes", "weight", "stock"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_version_overwrites_nothing() {
    let catalogue = Catalogue::seeded().await;
    let change =
        |version: i32, name: &str| json!({ "input": { "id": product(1), "expectedVersion": version, "name": name } });
    let answer = catalogue.ask_as_administrator(UPDATE, change(1, "First")).await;
    assert_eq!(answer["data"]["updateProduct"]["product"]["version"], 2);
    let answer = catalogue.ask_as_administrator(UPDATE, change(1, "Second")).await;
    let refused = &answer["data"]["updateProduct"];
    assert_eq!(refused["product"], Value::Null);
    assert_eq!(refused["errors"][0]["__typename"], "ProductVersionConflictError");
    assert_eq!(refused["errors"][0]["currentVersion"], 2);
    let answer = catalogue.ask_as_administrator(UPDATE, change(2, "Second")).await;
    assert_eq!(answer["data"]["updateProduct"]["product"]["name"], "Second");
    let unknown = json!({ "input": { "id": product(999_999), "expectedVersion": 1, "name": "x" } });
    let answer = catalogue.ask_as_administrator(UPDATE, unknown).await;
    assert_eq!(answer["data"]["updateProduct"]["errors"][0]["__typename"], "ProductNotFoundError");
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_prices() {
    let catalogue = Catalogue::seeded().await;
    let price = |minor: &str| {
        json!({ "input": { "id": product(1), "expectedVersion": 1,
        "price": { "amountMinor": minor, "currency": "USD" } } })
    };
    let answer = catalogue.ask_as_administrator(PRICE, price("-5")).await;
    assert_eq!(answer["data"]["changePrice"]["errors"][0]["__typename"], "InvalidProductError");
    let answer = catalogue.ask_as_administrator(PRICE, price("4200")).await;
    let expected = json!({ "version": 2, "price": { "amountMinor": "4200", "currency": "USD" } });
    assert_eq!(answer["data"]["changePrice"]["product"], expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_price_is_in_a_currency_that_there_is() {
    let catalogue = Catalogue::seeded().await;
    let create = async |currency: &str, sku: &str| {
        let mut input = teapot();
        input["sku"] = json!(sku);
        input["price"]["currency"] = json!(currency);
        catalogue.ask_as_administrator(CREATE, json!({ "input": input })).await["data"]["createProduct"]["errors"]
            .clone()
    };
    assert_eq!(create("USD", "POT-1").await, json!([]));
    assert_eq!(create("XTS", "POT-2").await, json!([]), "what is taken is for orders to say");
    let message = "price must be in a currency of ISO 4217; ZZZ is none";
    let refused = json!([{ "__typename": "InvalidProductError", "message": message, "field": "price" }]);
    assert_eq!(create("ZZZ", "POT-3").await, refused);
    let price = json!({ "amountMinor": "4200", "currency": "ZZZ" });
    let input = json!({ "input": { "id": product(1), "expectedVersion": 1, "price": price } });
    let answer = catalogue.ask_as_administrator(PRICE, input).await;
    assert_eq!(answer["data"]["changePrice"]["errors"], json!([{ "__typename": "InvalidProductError" }]));
}
