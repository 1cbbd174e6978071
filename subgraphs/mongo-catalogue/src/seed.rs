//! The demonstration catalogue: the same products as in PostgreSQL.

use ::products::seeded_products;
use ::products::store::StoreError;
use kit::GlobalId;
use kit::seed::Seed;
use mongodb::bson::{Document, doc, serialize_to_document};

use crate::MongoCatalogue;
use crate::documents::ProductDocument;
use crate::error::{failed, refused};

/// Documents of one command: a few hundred kilobytes.
const DOCUMENTS_AT_ONCE: usize = 500;

/// Fills an empty catalogue; one that holds products stays as it is. Gives the number of products loaded.
///
/// # Errors
/// [`StoreError`]; then some may be loaded, which have to be dropped before the next try.
pub async fn seed(catalogue: &MongoCatalogue, seed: Seed<'_>) -> Result<u64, StoreError> {
    if catalogue.products().await?.find_one(doc! {}).await.map_err(failed)?.is_some() {
        return Ok(0);
    }
    let collection = catalogue.collection::<Document>("products").await?;
    let mut loaded = 0;
    let mut batch = Vec::with_capacity(DOCUMENTS_AT_ONCE);
    for (product, is_on_stock) in seeded_products(seed.size) {
        let mut document = serialize_to_document(&ProductDocument::from(&product)).map_err(refused)?;
        let on_stock = is_on_stock.then(|| product.id.uuid().to_string());
        document.insert("in_stock", on_stock.into_iter().collect::<Vec<_>>());
        document.insert("pending", Vec::<Document>::new());
        batch.push(document);
        loaded += 1;
        if batch.len() == DOCUMENTS_AT_ONCE {
            collection.insert_many(std::mem::take(&mut batch)).await.map_err(failed)?;
            (seed.progress)(loaded);
        }
    }
    if !batch.is_empty() {
        collection.insert_many(batch).await.map_err(failed)?;
    }
    (seed.progress)(loaded);
    Ok(loaded)
}
