//! What can be bought, as stock tells: for lists of what is on stock. Nothing else here depends on it.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{GlobalId, Handler, HandlerError};
use wire::bus::Delivery;
use wire::event::{Envelope, Payload as _};
use wire::events::stock::StockLevelChanged;

use crate::ProductId;
use crate::store::{ItemLevel, ProductStore};

/// Follows the levels of stock. However often one comes, and however late, the level of an item's last movement counts. While the store
/// is away levels wait.
pub struct FollowStock(pub Arc<dyn ProductStore>);

impl Handler for FollowStock {
    fn wants(&self, type_name: &str) -> bool {
        StockLevelChanged::is_named(type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let Some(level) = envelope.read::<StockLevelChanged>().map_err(HandlerError::poison)? else {
                return Ok(());
            };
            let sequence = envelope.sequence.map(i64::try_from).transpose().map_err(HandlerError::poison)?;
            let product = ProductId::from_uuid(level.product_id.uuid());
            let item = level.variant_id.map_or(product.uuid(), |variant| variant.uuid());
            let is_available = level.withdrawn != Some(true) && level.on_hand > level.reserved;
            let level = ItemLevel { product, item, is_available, sequence };
            Ok(self.0.level_set_in_txn(connection, level).await?)
        })
    }
}
