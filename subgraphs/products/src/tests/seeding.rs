//! What the seed leaves behind, and the contract.

use kit::seed::{Seed, SeedSize};
use serde_json::json;

use super::{Catalogue, product};

#[test]
fn the_contract_needs_no_database_and_never_varies() {
    let sdl = crate::sdl();
    assert_eq!(sdl, crate::sdl());
    for part in [
        r#"type Product @key(fields: "id") @key(fields: "sku") {"#,
        "type Money @shareable {",
        "type PageInfo @shareable {",
        "union CreateProductError = InvalidProductError | SkuTakenError",
    ] {
        assert!(sdl.contains(part), "{part} in:\n{sdl}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_seed_changes_nothing() {
    let catalogue = Catalogue::seeded().await;
    let seed = Seed { size: SeedSize::Small, progress: &|_| {} };
    assert_eq!(crate::seed(catalogue.database.database(), seed).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seeded_product_is_readable_by_anyone() {
    let catalogue = Catalogue::seeded().await;
    let query = "query ($id: ID!) { product(id: $id) { id sku name price { amountMinor currency } weight \
                 version attributes { name value } } }";
    let answer = catalogue.ask_as_anyone(query, json!({ "id": product(10) })).await;
    assert_eq!(answer["errors"], json!(null));
    let found = &answer["data"]["product"];
    assert_eq!(found["id"], product(10));
    assert_eq!(found["price"]["currency"], "USD");
    assert_eq!(found["version"], 1);
    assert_eq!(found["attributes"][0]["name"], "Material");
}
