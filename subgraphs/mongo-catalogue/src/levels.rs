//! Levels of stock in MongoDB: which items of a product are on stock, and up to which movement that is known of each.

use ::products::store::{ItemLevel, StoreError};
use kit::GlobalId;
use mongodb::bson::doc;

use crate::MongoCatalogue;
use crate::error::failed;

impl MongoCatalogue {
    /// Notes a level by one update, unless a later one is known. A document of before has no numbers, and takes any.
    pub(crate) async fn note_level(&self, level: ItemLevel) -> Result<(), StoreError> {
        let item = level.item.to_string();
        let operator = if level.is_available { "$addToSet" } else { "$pull" };
        let mut query = doc! { "_id": level.product.uuid().to_string() };
        let mut update = doc! { operator: { "in_stock": &item } };
        if let Some(sequence) = level.sequence {
            let known = format!("stock_sequences.{item}");
            query.insert("$or", vec![doc! { &known: { "$exists": false } }, doc! { &known: { "$lt": sequence } }]);
            update.insert("$set", doc! { known: sequence });
        }
        let products = self.products().await?;
        let updating = async { products.update_one(query, update).await.map_err(failed) };
        // A server that takes the update and says nothing is away, too; the driver would wait for it.
        match tokio::time::timeout(self.answer_timeout(), updating).await {
            Ok(updated) => updated.map(drop),
            Err(late) => Err(StoreError::Unavailable(late.into())),
        }
    }
}
