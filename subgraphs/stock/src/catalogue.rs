//! What there is to stock: items are opened and withdrawn as the catalogue tells.
//!
//! So a product that was just added can't be reserved for the moment that its event takes; it is refused as unknown. One that gets its
//! first variant is sold by its variants from then on, and as it is again when the last of them is removed.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{GlobalId, Handler, HandlerError};
use wire::bus::Delivery as Message;
use wire::event::Envelope;
use wire::events::products::{ProductAdded, ProductEvent};

use crate::ProductId;
use crate::domain::ItemKey;
use crate::store::{
    Cause, Delivery, Received, StoreError, item_open, product_withdraw, receive, variant_open, variant_withdraw,
};

/// Follows the events of products.
#[derive(Clone, Copy, Debug, Default)]
pub struct FollowCatalogue;

impl Handler for FollowCatalogue {
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        message: &'a Message,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&message.message.text).map_err(HandlerError::poison)?;
            match ProductEvent::read(&envelope).map_err(HandlerError::poison)? {
                Some(event) => Ok(follow(connection, &envelope, event).await?),
                None => Ok(()),
            }
        })
    }
}

async fn follow(
    connection: &mut AsyncPgConnection,
    envelope: &Envelope,
    event: ProductEvent,
) -> Result<(), StoreError> {
    let cause = Cause::message(envelope);
    match event {
        ProductEvent::Added(added) => open(connection, envelope, &added).await,
        ProductEvent::VariantAdded(added) => {
            let item = ItemKey::of_wire(added.product_id, Some(added.variant.variant_id));
            variant_open(connection, &cause, &item).await
        }
        ProductEvent::VariantRemoved(removed) => {
            let item = ItemKey::of_wire(removed.product_id, Some(removed.variant_id));
            variant_withdraw(connection, &cause, &item).await
        }
        ProductEvent::Withdrawn(withdrawn) => {
            product_withdraw(connection, &cause, ProductId::from_uuid(withdrawn.product_id.uuid())).await
        }
        ProductEvent::Changed(_)
        | ProductEvent::PriceChanged(_)
        | ProductEvent::PagePublished(_)
        | ProductEvent::PageWithdrawn(_) => Ok(()),
    }
}

/// Opens a product's items: one of its own if it is sold as it is, else one for each variant.
async fn open(connection: &mut AsyncPgConnection, envelope: &Envelope, added: &ProductAdded) -> Result<(), StoreError> {
    for variant in &added.variants {
        item_open(connection, &ItemKey::of_wire(added.product_id, Some(variant.variant_id))).await?;
    }
    if !added.variants.is_empty() {
        return Ok(());
    }
    let item = ItemKey::of_wire(added.product_id, None);
    item_open(connection, &item).await?;
    let Some(quantity) = added.initial_stock.and_then(|pieces| i32::try_from(pieces.get()).ok()) else {
        return Ok(());
    };
    let delivery = Delivery { item, quantity, cause: format!("event:{}", envelope.id) };
    match receive(connection, &Cause::message(envelope), &delivery).await? {
        Received::Booked(_) => {}
        refused => tracing::warn!(product = %added.product_id, ?refused, "initial stock isn't booked"),
    }
    Ok(())
}
