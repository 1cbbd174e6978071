//! What a saga does to its order, in the transaction of its step.

use diesel_async::AsyncPgConnection;
use kit::GlobalId as _;
use kit::event_store::load;

use super::StoreError;
use super::record::{Actor, record};
use crate::domain::Order;
use crate::domain::order::{Command, Refusal};
use crate::domain::saga::{self, Effect};
use crate::{OrderId, invoicing};

/// Does it.
///
/// # Errors
/// [`StoreError`]; [`StoreError::RefundAhead`]; [`StoreError::Corrupt`] if the order doesn't allow it, which can't be as long as whoever
/// cancels or ships an order tells its saga.
pub async fn apply_effect(
    connection: &mut AsyncPgConnection,
    id: OrderId,
    effect: Effect,
    actor: &Actor,
) -> Result<(), StoreError> {
    let order = load::<Order>(connection, id.uuid()).await?;
    let command = match effect {
        Effect::Reserved => Command::Reserve(saga::reservation_id(id).uuid()),
        Effect::Paid => Command::Pay(saga::payment_id(id).uuid()),
        Effect::Cancel(reason) => Command::Cancel(reason),
        Effect::Refunded { attempt, amount_minor } => Command::Refund {
            payment_id: saga::payment_id(id).uuid(),
            refund_id: saga::refund_id(id, attempt).uuid(),
            amount_minor,
        },
        Effect::RefundedInPart { attempt, amount_minor } => {
            if amount_minor > order.state().refundable_minor() {
                return Err(StoreError::RefundAhead);
            }
            let (payment_id, refund_id) = (saga::payment_id(id).uuid(), saga::refund_id(id, attempt).uuid());
            Command::NoteRefund { payment_id, refund_id, amount_minor }
        }
        Effect::RestockDue => Command::NoteRestock,
    };
    let is_paid = matches!(command, Command::Pay(_));
    let events = order.state().decide(command).map_err(refused)?;
    if is_paid {
        invoicing::want(connection, id).await?;
    }
    record(connection, order, events, actor).await?;
    Ok(())
}

fn refused(refusal: Refusal) -> StoreError {
    match refusal {
        Refusal::RefundTooLarge => StoreError::RefundAhead,
        _ => StoreError::Corrupt("status"),
    }
}
