//! What the seed leaves behind, and the contract.

use kit::seed::{Seed, SeedSize};
use serde_json::json;

use super::{Warehouse, line, product, reservation};

#[test]
fn the_contract_needs_no_database_and_never_varies() {
    let sdl = crate::sdl();
    assert_eq!(sdl, crate::sdl());
    for part in [
        r#"type Product @key(fields: "id") {"#,
        r#"type ProductVariant @key(fields: "id") {"#,
        "type InvalidProductError @shareable {",
        "union RestockError = InvalidProductError | ProductNotFoundError | DeliveryConflictError",
    ] {
        assert!(sdl.contains(part), "{part} in:\n{sdl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_books_are_right_from_the_start_and_seeded_once() {
    let warehouse = Warehouse::empty().await;
    let seed = Seed { size: SeedSize::Small, progress: &|_| {} };
    assert_eq!(crate::seed(warehouse.database(), seed).await.unwrap(), 60);
    assert_eq!(crate::seed(warehouse.database(), seed).await.unwrap(), 0);
    let found = warehouse.reconciled().await;
    assert_eq!((found.items, found.reserved), (60, 0));
    assert_eq!(warehouse.level(product(1)).await, (343, 0));
    warehouse.reserve(&reservation(1, &[line(product(1), 343)])).await;
    warehouse.reconciled().await;
    let query = "query ($representations: [_Any!]!) { _entities(representations: $representations) { \
        ... on Product { stock inStock } } }";
    let of = |number| json!({ "__typename": "Product", "id": product(number).product_id.to_string() });
    let answer = warehouse.ask_as_anyone(query, json!({ "representations": [of(1), of(2), of(3)] })).await;
    let expected =
        json!([{ "stock": 0, "inStock": false }, { "stock": 0, "inStock": false }, { "stock": 94, "inStock": true }]);
    assert_eq!(answer["data"]["_entities"], expected, "{answer}");
}
