//! The indexes that the catalogue can't do without: uniqueness among them. They are made before its first use, by who uses it first: a
//! process must start while there is no server, since other services work in it, too.

use ::products::store::StoreError;
use mongodb::IndexModel;
use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;

use crate::MongoCatalogue;
use crate::error::failed;

impl MongoCatalogue {
    /// Makes the indexes, unless this process has made them. One use of the catalogue does so at a time, and the others wait for it; all
    /// of them no longer than for a server. Each further use tries again.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] while there is no server; [`StoreError::Refused`] when it doesn't make them.
    pub async fn prepare(&self) -> Result<(), StoreError> {
        if self.indexed.initialized() {
            return Ok(());
        }
        let making = self.indexed.get_or_try_init(|| self.make_indexes());
        match tokio::time::timeout(self.server_timeout, making).await {
            Ok(made) => made.copied(),
            Err(late) => Err(StoreError::Unavailable(late.into())),
        }
    }

    /// One index an order, each ending in the id; unique ones for what is told apart by it.
    async fn make_indexes(&self) -> Result<(), StoreError> {
        let products = [
            unique(doc! { "skus": 1 }),
            index(doc! { "name_folded": 1, "_id": 1 }),
            index(doc! { "price.currency": 1, "price.minor": 1, "_id": 1 }),
            index(doc! { "created_at": -1, "_id": -1 }),
            index(doc! { "category": 1, "name_folded": 1, "_id": 1 }),
            index(doc! { "variants.id": 1 }),
            index(doc! { "pending.id": 1 }),
        ];
        let pages =
            [unique(doc! { "slug": 1 }), index(doc! { "status": 1, "slug": 1 }), index(doc! { "pending.id": 1 })];
        self.bare::<Document>("products").create_indexes(products).await.map_err(failed)?;
        self.bare::<Document>("pages").create_indexes(pages).await.map_err(failed)?;
        Ok(())
    }
}

fn index(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).build()
}

fn unique(keys: Document) -> IndexModel {
    IndexModel::builder().keys(keys).options(IndexOptions::builder().unique(true).build()).build()
}
