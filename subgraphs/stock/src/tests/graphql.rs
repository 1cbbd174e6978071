//! The subgraph as its callers meet it: fields for everybody, books for administrators.

use kit::GlobalId;
use serde_json::{Value, json};
use wire::identity::Identity;

use super::{Warehouse, line, product, reservation, variant};
use crate::domain::ItemKey;

const STOCK: &str = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
    ... on Product { id stock inStock } ... on ProductVariant { id stock inStock } } }";
const BOOKS: &str = "query ($representations: [_Any!]!, $first: Int, $after: String) { \
    _entities(representations: $representations) { ... on Product { stockItems { onHand reserved available version \
    variant { id } movements(first: $first, after: $after) { edges { node { number kind onHandChange reservedChange \
    onHand reserved cause orderId reason actor } } pageInfo { endCursor hasNextPage } } } } } }";
pub(super) const RESTOCK: &str = "mutation ($input: RestockInput!) { restock(input: $input) { product { id stock } \
    errors { __typename ... on InvalidProductError { field message } ... on DeliveryConflictError { quantity } } } }";
const ADJUST: &str = "mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { \
    item { onHand reserved version product { stock } } errors { __typename \
    ... on StockVersionConflictError { currentVersion } ... on StockReservedError { reserved } } } }";

pub(super) fn id(item: ItemKey) -> String {
    item.product_id.to_global()
}

fn representation(item: ItemKey) -> Value {
    match item.variant_id {
        Some(variant) => json!({ "__typename": "ProductVariant", "id": variant.to_global() }),
        None => json!({ "__typename": "Product", "id": id(item) }),
    }
}

fn representations(items: &[ItemKey]) -> Value {
    json!({ "representations": items.iter().copied().map(representation).collect::<Vec<_>>() })
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_can_be_bought_by_one_statement() {
    let warehouse = Warehouse::with(&[5, 0]).await;
    for number in 1..=2 {
        warehouse.stocked(variant(3, number), 4).await;
    }
    warehouse.reserve(&reservation(1, &[line(product(1), 2), line(variant(3, 1), 4)])).await;
    let asked = [product(1), product(2), product(3), product(9)];
    let before = warehouse.database().statements_executed();
    let answer = warehouse.ask_as_anyone(STOCK, representations(&asked)).await;
    assert_eq!(warehouse.database().statements_executed() - before, 1);
    let found: Vec<_> =
        answer["data"]["_entities"].as_array().unwrap().iter().map(|found| found["stock"].clone()).collect();
    assert_eq!(found, [3, 0, 4, 0], "{answer}");
    let answer = warehouse.ask_as_anyone(STOCK, representations(&[variant(3, 1), variant(3, 2), variant(8, 1)])).await;
    let found: Vec<_> =
        answer["data"]["_entities"].as_array().unwrap().iter().map(|found| found["inStock"].clone()).collect();
    assert_eq!(found, [false, true, false], "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_see_and_write_the_books() {
    let warehouse = Warehouse::with(&[5]).await;
    let customer = Identity::user(kit::id::encode("User", kit::seed::user_id(kit::seed::CUSTOMER)));
    let restock = json!({ "input": { "id": id(product(1)), "quantity": 1 } });
    let adjust = json!({ "input": { "id": id(product(1)), "expectedVersion": 2, "change": 1, "reason": "LOST" } });
    for (query, variables) in [
        (BOOKS, representations(&[product(1)])),
        ("{ stockReconciliation { clean } }", json!({})),
        (RESTOCK, restock),
        (ADJUST, adjust),
    ] {
        for (identity, code) in [
            (Identity::anonymous(), "UNAUTHENTICATED"),
            (customer.clone(), "FORBIDDEN"),
            (Identity::service("orders"), "FORBIDDEN"),
        ] {
            let answer = warehouse.ask(&identity, query, variables.clone()).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{query}: {answer}");
        }
    }
    assert_eq!(warehouse.level(product(1)).await, (5, 0));
    let answer = warehouse.ask_as_administrator("{ stockReconciliation { clean onHand } }", json!({})).await;
    assert_eq!(answer["data"]["stockReconciliation"], json!({ "clean": true, "onHand": "5" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_booked_once_a_key() {
    let warehouse = Warehouse::with(&[5]).await;
    let restock = async |input: Value| warehouse.ask_as_administrator(RESTOCK, json!({ "input": input })).await;
    let of = |number| id(product(number));
    let answer = restock(json!({ "id": of(1), "quantity": 3 })).await;
    assert_eq!(answer["data"]["restock"], json!({ "product": { "id": of(1), "stock": 8 }, "errors": [] }));
    for _ in 0..2 {
        let answer = restock(json!({ "id": of(1), "quantity": 2, "idempotencyKey": "DN-7" })).await;
        assert_eq!(answer["data"]["restock"]["product"]["stock"], 10, "{answer}");
    }
    let answer = restock(json!({ "id": of(1), "quantity": 3, "idempotencyKey": "DN-7" })).await;
    let expected = json!([{ "__typename": "DeliveryConflictError", "quantity": 2 }]);
    assert_eq!(answer["data"]["restock"]["errors"], expected);
    for (input, kind) in [
        (json!({ "id": of(9), "quantity": 1 }), "ProductNotFoundError"),
        (json!({ "id": of(1), "quantity": 0 }), "InvalidProductError"),
        (json!({ "id": of(1), "quantity": -1 }), "InvalidProductError"),
        (json!({ "id": of(1), "quantity": i32::MAX }), "InvalidProductError"),
        (json!({ "id": of(1), "quantity": 1_000_000_000 }), "InvalidProductError"),
        (json!({ "id": of(1), "quantity": 1, "idempotencyKey": "" }), "InvalidProductError"),
        (
            json!({ "id": of(1), "quantity": 1, "variantId": variant(1, 1).variant_id.unwrap().to_global() }),
            "ProductNotFoundError",
        ),
    ] {
        let answer = restock(input.clone()).await;
        assert_eq!(answer["data"]["restock"]["errors"][0]["__typename"], kind, "{input}: {answer}");
        assert_eq!(answer["data"]["restock"]["product"], Value::Null);
    }
    assert_eq!(warehouse.level(product(1)).await, (10, 0));
    // Two in one operation: the second shows what it made, not what was read for the first.
    let twice = "mutation ($input: RestockInput!) { one: restock(input: $input) { product { stock } } \
        two: restock(input: $input) { product { stock } } }";
    let input = json!({ "input": { "id": of(1), "quantity": 1 } });
    let answer = warehouse.ask_as_administrator(twice, input).await;
    assert_eq!(
        (&answer["data"]["one"]["product"]["stock"], &answer["data"]["two"]["product"]["stock"]),
        (&json!(11), &json!(12))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn books_are_put_right_by_who_has_read_them() {
    let warehouse = Warehouse::with(&[5]).await;
    warehouse.reserve(&reservation(1, &[line(product(1), 2)])).await;
    let adjust = async |version: i32, change: i32| {
        let input = json!({ "id": id(product(1)), "expectedVersion": version, "change": change, "reason": "DAMAGED" });
        warehouse.ask_as_administrator(ADJUST, json!({ "input": input })).await["data"]["adjustStock"].clone()
    };
    let expected =
        json!({ "item": { "onHand": 4, "reserved": 2, "version": 3, "product": { "stock": 2 } }, "errors": [] });
    assert_eq!(adjust(2, -1).await, expected);
    let expected =
        json!({ "item": null, "errors": [{ "__typename": "StockVersionConflictError", "currentVersion": 3 }] });
    assert_eq!(adjust(2, -1).await, expected);
    let expected = json!({ "item": null, "errors": [{ "__typename": "StockReservedError", "reserved": 2 }] });
    assert_eq!(adjust(3, -3).await, expected);
    for change in [0, i32::MIN, i32::MAX] {
        assert_eq!(adjust(3, change).await["errors"][0]["__typename"], "InvalidProductError", "{change}");
    }
    warehouse.reconciled().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_is_read_page_by_page() {
    let warehouse = Warehouse::with(&[5]).await;
    for number in 1..=3 {
        warehouse.reserve(&reservation(number, &[line(product(1), 1)])).await;
    }
    let mut variables = representations(&[product(1)]);
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    for _ in 0..4 {
        variables["first"] = json!(3);
        variables["after"] = after;
        let answer = warehouse.ask_as_administrator(BOOKS, variables.clone()).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        let item = &answer["data"]["_entities"][0]["stockItems"][0];
        assert_eq!((&item["onHand"], &item["reserved"], &item["variant"]), (&json!(5), &json!(3), &Value::Null));
        let page = &item["movements"];
        for edge in page["edges"].as_array().unwrap() {
            seen.push((edge["node"]["number"].as_i64().unwrap(), edge["node"]["kind"].as_str().unwrap().to_owned()));
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let seen: Vec<_> = seen.iter().map(|(number, kind)| (*number, kind.as_str())).collect();
    assert_eq!(seen, [(4, "RESERVED"), (3, "RESERVED"), (2, "RESERVED"), (1, "RECEIVED")]);
}
