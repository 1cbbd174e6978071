//! A demonstration catalogue: deterministic, by COPY, in one transaction.
//!
//! A product's data depends on its number alone, so that other services' seeds can refer to it.

mod invent;
mod words;

use chrono::DateTime;
use kit::Database;
use kit::GlobalId;
use kit::database::DatabaseError;
use kit::seed::{CopyWriter, Seed, SeedSize};

use crate::ProductId;
use crate::domain::{Product, fold_name};
use crate::store::attributes_json;
use invent::invent;

/// How many rows lie between two reports of progress.
const PROGRESS_ROWS: u64 = 500;

/// Fills an empty, migrated database; one that holds products stays as it is. Gives the number of
/// rows loaded.
///
/// # Errors
/// The database fails; then nothing was loaded.
pub async fn seed(database: &Database, seed: Seed<'_>) -> Result<u64, DatabaseError> {
    let mut client = database.bulk_connection().await?;
    let transaction = client.transaction().await?;
    let row = transaction.query_one("SELECT EXISTS (SELECT FROM products)", &[]).await?;
    if row.try_get::<_, bool>(0)? {
        return Ok(0);
    }
    let mut copy = CopyWriter::start(transaction.client(), "products", COLUMNS).await?;
    for number in 1..=seed.size.products() {
        write(&mut copy, number).await?;
        if number % PROGRESS_ROWS == 0 {
            (seed.progress)(number);
        }
    }
    let rows = copy.finish().await?;
    transaction.batch_execute("ANALYZE products").await?;
    transaction.commit().await?;
    (seed.progress)(rows);
    Ok(rows)
}

/// The products of the seed, from number 1, and whether each is on stock: for stores that are filled by other ways.
pub fn seeded_products(size: SeedSize) -> impl Iterator<Item = (Product, bool)> {
    (1..=size.products()).map(|number| {
        let product = invent(number);
        let created_at = DateTime::from_timestamp(product.created_unix_seconds, 0).unwrap_or_default();
        let is_on_stock = product.draft.stock > 0;
        (Product::of_draft(ProductId::from_uuid(kit::seed::product_id(number)), product.draft, created_at), is_on_stock)
    })
}

const COLUMNS: &[&str] = &[
    "id",
    "sku",
    "name",
    "name_folded",
    "description",
    "price_minor",
    "currency",
    "category",
    "attributes",
    "weight_grams",
    "in_stock_items",
    "created_at",
    "updated_at",
];

async fn write(copy: &mut CopyWriter, number: u64) -> Result<(), DatabaseError> {
    let product = invent(number);
    let created_at = DateTime::from_timestamp(product.created_unix_seconds, 0).unwrap_or_default().to_rfc3339();
    let id = kit::seed::product_id(number);
    copy.value(id)
        .value(&product.draft.sku)
        .value(&product.draft.name)
        .value(fold_name(&product.draft.name))
        .value(&product.draft.description)
        .value(product.draft.price.amount_minor.0)
        .value(product.draft.price.currency)
        .value(&product.draft.category)
        .value(attributes_json(&product.draft.attributes))
        .value(product.draft.weight_grams)
        .value(if product.draft.stock > 0 { format!("{{{id}}}") } else { "{}".to_owned() })
        .value(&created_at)
        .value(&created_at);
    copy.end_row().await
}
