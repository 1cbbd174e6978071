//! What can be bought, as stock tells: for lists of what is on stock. Nothing else here depends on it.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{GlobalId, Handler, HandlerError};
use wire::bus::Delivery;
use wire::event::Envelope;
use wire::events::stock::StockLevelChanged;

use crate::ProductId;
use crate::store::ProductStore;

/// Follows the levels of stock. Levels of one product come in their order; the last one counts, however often it comes.
pub struct FollowStock(pub Arc<dyn ProductStore>);

impl Handler for FollowStock {
    fn handle<'a>(
        &'a self,
        _connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let Some(level) = envelope.read::<StockLevelChanged>().map_err(HandlerError::poison)? else {
                return Ok(());
            };
            let product = ProductId::from_uuid(level.product_id.uuid());
            let item = level.variant_id.map_or(product.uuid(), |variant| variant.uuid());
            let is_available = level.withdrawn != Some(true) && level.on_hand > level.reserved;
            self.0.availability_set(product, item, is_available).await.map_err(HandlerError::transient)
        })
    }
}
