//! Migrations: taken back where there is nothing, and where there are rows.

use kit::testing::{migrations_are_reversible, migrations_keep_rows};
use serde_json::json;

use super::{Catalogue, product};

#[tokio::test(flavor = "multi_thread")]
async fn can_be_taken_back() {
    migrations_are_reversible("products_reversed", || crate::MIGRATIONS).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_catalogue_outlasts_the_way_back() {
    let catalogue = Catalogue::seeded().await;
    let update = "mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { errors { __typename } } }";
    let input = json!({ "id": product(1), "expectedVersion": 1, "name": "Renamed" });
    let answer = catalogue.ask_as_administrator(update, json!({ "input": input })).await;
    assert_eq!(answer["data"]["updateProduct"]["errors"], json!([]), "{answer}");
    let filled = migrations_keep_rows(catalogue.database.database(), || crate::MIGRATIONS).await;
    assert!(filled >= 2, "products, and what is to be told of one");
}
