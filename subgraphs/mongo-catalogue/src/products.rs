//! Products in MongoDB: each write is one update of one document.

use std::sync::Arc;

use ::products::ProductId;
use ::products::VariantId;
use ::products::domain::{Product, ProductFilter, ProductOrder, ProductPosition};
use ::products::store::{Answer, ItemLevel, ProductStore, Saved, StoreError};
use futures::TryStreamExt as _;
use futures::future::BoxFuture;
use kit::database::Freshness;
use kit::{GlobalId, PageRequest};
use mongodb::bson::{Document, doc, serialize_to_document};
use wire::bus::Message;

use crate::documents::{ProductDocument, pending};
use crate::error::{failed, is_duplicate, refused};
use crate::{MongoCatalogue, list};

/// Messages that may wait in one document, each of a kilobyte mostly, while the bus is away: a document has 16 MB at most, and one that
/// somebody goes on changing must not come near.
pub(crate) const PENDING_MAX: usize = 1_000;

impl ProductStore for MongoCatalogue {
    fn is_ready(&self) -> BoxFuture<'_, bool> {
        Box::pin(self.is_ready_within(self.server_timeout))
    }

    /// All reads are of the primary.
    fn reading(&self, _: Freshness) -> Arc<dyn ProductStore> {
        Arc::new(self.clone())
    }

    fn product_list_by_id<'a>(&'a self, ids: &'a [ProductId]) -> Answer<'a, Vec<Product>> {
        let ids: Vec<String> = ids.iter().map(|id| id.uuid().to_string()).collect();
        Box::pin(self.find(doc! { "_id": { "$in": ids } }))
    }

    fn product_list_by_sku<'a>(&'a self, skus: &'a [String]) -> Answer<'a, Vec<Product>> {
        // By all SKUs, of which there is an index; a product isn't found by its variants'.
        let wanted = doc! { "skus": { "$in": skus.to_vec() }, "sku": { "$in": skus.to_vec() } };
        Box::pin(self.find(wanted))
    }

    fn product_list_by_variant<'a>(&'a self, ids: &'a [VariantId]) -> Answer<'a, Vec<Product>> {
        let ids: Vec<String> = ids.iter().map(|id| id.uuid().to_string()).collect();
        Box::pin(self.find(doc! { "variants.id": { "$in": ids } }))
    }

    fn product_list<'a>(
        &'a self,
        filter: &'a ProductFilter,
        order: ProductOrder,
        page: &'a PageRequest<ProductPosition>,
    ) -> Answer<'a, Vec<Product>> {
        Box::pin(async move {
            let products = self.products().await?;
            let query = products.find(list::filter(filter, order, page)?);
            let query = query.sort(list::sort(order, page.direction)).limit(page.rows_max());
            let found: Vec<ProductDocument> = query.await.map_err(failed)?.try_collect().await.map_err(failed)?;
            found.into_iter().map(Product::try_from).collect()
        })
    }

    fn product_insert<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, bool> {
        Box::pin(async move {
            let mut document = fields(product)?;
            document.insert("in_stock", Vec::<String>::new());
            document.insert("pending", waiting(messages)?);
            match self.collection::<Document>("products").await?.insert_one(document).await {
                Ok(_) => {
                    self.woken.notify_one();
                    Ok(true)
                }
                Err(error) if is_duplicate(&error) => Ok(false),
                Err(error) => Err(failed(error)),
            }
        })
    }

    fn product_save<'a>(&'a self, product: &'a Product, messages: &'a [Message]) -> Answer<'a, Saved> {
        Box::pin(async move { self.save("products", fields(product)?, product.version, messages).await })
    }

    fn level_set(&self, level: ItemLevel) -> Answer<'_, ()> {
        Box::pin(self.note_level(level))
    }
}

impl MongoCatalogue {
    async fn find(&self, query: Document) -> Result<Vec<Product>, StoreError> {
        let found = self.products().await?.find(query).await.map_err(failed)?;
        let found: Vec<ProductDocument> = found.try_collect().await.map_err(failed)?;
        found.into_iter().map(Product::try_from).collect()
    }

    /// Sets the fields of a document that has the version before, and room for what is to be told of it, and appends that, in one update.
    pub(crate) async fn save(
        &self,
        collection: &str,
        mut fields: Document,
        version: i32,
        messages: &[Message],
    ) -> Result<Saved, StoreError> {
        let id = fields.remove("_id").ok_or(StoreError::Corrupt("id"))?;
        let before = version.saturating_sub(1);
        let mut query = doc! { "_id": id.clone(), "version": before };
        let mut update = doc! { "$set": fields };
        if !messages.is_empty() {
            let room = PENDING_MAX.saturating_sub(messages.len());
            query.insert(format!("pending.{room}"), doc! { "$exists": false });
            update.insert("$push", doc! { "pending": { "$each": waiting(messages)? } });
        }
        let collection = self.collection::<Document>(collection).await?;
        match collection.update_one(query, update).await {
            Ok(updated) if updated.matched_count == 1 => {
                self.woken.notify_one();
                return Ok(Saved::Done);
            }
            Ok(_) => {}
            Err(error) if is_duplicate(&error) => return Ok(Saved::Taken),
            Err(error) => return Err(failed(error)),
        }
        let found = collection.find_one(doc! { "_id": id }).projection(doc! { "version": 1 });
        let Some(found) = found.await.map_err(failed)? else { return Ok(Saved::Missing) };
        match found.get_i32("version").map_err(|_| StoreError::Corrupt("version"))? {
            // Versions never go back, so it was this one before, too.
            found if found == before => Err(StoreError::PendingFull(PENDING_MAX)),
            found => Ok(Saved::VersionConflict(found)),
        }
    }
}

/// All but what is on stock and what waits to be told, which are never set.
fn fields(product: &Product) -> Result<Document, StoreError> {
    serialize_to_document(&ProductDocument::from(product)).map_err(refused)
}

/// Messages as the value of a document's field.
pub(crate) fn waiting(messages: &[Message]) -> Result<Vec<Document>, StoreError> {
    let waiting = pending(messages)?;
    let document = |pending| serialize_to_document(pending).map_err(refused);
    waiting.iter().map(document).collect()
}
