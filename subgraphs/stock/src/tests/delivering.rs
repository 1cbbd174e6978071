//! Deliveries of what is sold no more, or in another form.

use kit::GlobalId as _;
use serde_json::json;

use super::graphql::{RESTOCK, id};
use super::{Warehouse, product, variant};
use crate::domain::ItemKey;
use crate::store::{Cause, product_withdraw, variant_open, variant_withdraw};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_sold_is_not_delivered() {
    let warehouse = Warehouse::with(&[5]).await;
    let restock = async |item: ItemKey, key: &str| {
        let variant = item.variant_id.map(|variant| variant.to_global());
        let input = json!({ "id": id(item), "variantId": variant, "quantity": 2, "idempotencyKey": key });
        let answer = warehouse.ask_as_administrator(RESTOCK, json!({ "input": input })).await;
        answer["data"]["restock"]["errors"][0]["__typename"].as_str().map(str::to_owned)
    };
    assert_eq!(restock(product(1), "DN-1").await, None);
    let (cause, of_one) = (Cause::default(), variant(1, 1));
    let open = async |item: ItemKey| {
        let opened = warehouse.database().unit(async |connection| variant_open(connection, &cause, &item).await);
        opened.await.unwrap();
    };
    open(of_one).await;
    open(variant(2, 1)).await;
    // Product 2 came with its variant, and never had an item of its own.
    for bare in [product(1), product(2)] {
        assert_eq!(restock(bare, "DN-2").await.as_deref(), Some("StockVariantRequiredError"), "{bare:?}");
    }
    assert_eq!(restock(of_one, "DN-2").await, None);
    assert_eq!(restock(product(1), "DN-1").await, None, "what was booked before is");
    let withdrawn = warehouse.database().unit(async |connection| variant_withdraw(connection, &cause, &of_one).await);
    withdrawn.await.unwrap();
    assert_eq!(restock(of_one, "DN-3").await.as_deref(), Some("StockItemWithdrawnError"));
    assert_eq!(restock(product(1), "DN-3").await, None, "it is sold as it is again");
    let of = product(1).product_id;
    let withdrawn = warehouse.database().unit(async |connection| product_withdraw(connection, &cause, of).await);
    withdrawn.await.unwrap();
    for item in [product(1), of_one] {
        assert_eq!(restock(item, "DN-4").await.as_deref(), Some("StockItemWithdrawnError"), "{item:?}");
    }
    assert_eq!((warehouse.level(product(1)).await, warehouse.level(of_one).await), ((9, 0), (2, 0)));
    warehouse.reconciled().await;
}
