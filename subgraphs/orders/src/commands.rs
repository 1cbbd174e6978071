//! What is asked of orders: to call one off, and to forget a customer. Orders ask the former themselves when a customer is blocked.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::command::{CommandHandler, Request};
use kit::{GlobalId as _, HandlerError};
use wire::commands::orders::{CancelOrder, CancelOrderDone, CancelOrderRefusal, OrderCommand};
use wire::commands::users::{EraseUser, EraseUserDone, EraseUserRefusal};

use crate::domain::OrderStatus;
use crate::domain::order::Command;
use crate::store::{Actor, ChangeError, Erasure, StoreError, change_in_txn, customer_erase};
use crate::{OrderId, UserId};

/// Handles them. Asked again, each answers as before.
#[derive(Clone, Copy, Debug, Default)]
pub struct OrderCommands;

impl CommandHandler for OrderCommands {
    type Commands = OrderCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: OrderCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            match command {
                OrderCommand::Cancel(cancel) => cancel_order(connection, request, cancel).await,
                OrderCommand::EraseUser(erase) => erase_user(connection, request, erase).await,
            }
        })
    }
}

async fn cancel_order(
    connection: &mut AsyncPgConnection,
    request: &Request,
    cancel: CancelOrder,
) -> Result<(), HandlerError> {
    let (id, command) = (OrderId::from_uuid(cancel.order_id.uuid()), Command::Cancel(cancel.reason));
    // Refusals are decided before anything is written.
    let refusal = match change_in_txn(connection, id, None, &command, &Actor(request.metadata())).await {
        Ok(_) | Err(ChangeError::Refused { status: OrderStatus::Cancelled, .. }) => None,
        Err(ChangeError::Refused { status, .. }) => {
            Some((CancelOrderRefusal::AlreadyShipped, format!("order {id} is {status}")))
        }
        Err(ChangeError::NotFound) => Some((CancelOrderRefusal::UnknownOrder, format!("there is no order {id}"))),
        // It isn't called off yet, but will be: the saga has kept that, and hears it when it is retried.
        Err(ChangeError::Store(StoreError::Stuck)) => {
            tracing::warn!(order = %id, "an order is to be cancelled, and its saga is stuck");
            None
        }
        Err(stale @ ChangeError::Stale(_)) => return Err(HandlerError::transient(stale)),
        Err(ChangeError::Store(error)) => return Err(error.into()),
    };
    match refusal {
        None => request.done::<CancelOrder>(connection, CancelOrderDone {}).await?,
        Some((code, text)) => request.refuse::<CancelOrder>(connection, code, text).await?,
    }
    Ok(())
}

async fn erase_user(
    connection: &mut AsyncPgConnection,
    request: &Request,
    erase: EraseUser,
) -> Result<(), HandlerError> {
    match customer_erase(connection, UserId::from_uuid(erase.user_id.uuid())).await? {
        Erasure::Done => request.done::<EraseUser>(connection, EraseUserDone {}).await?,
        Erasure::OrdersUnderWay(number) => {
            let text = format!("{number} orders are under way");
            request.refuse::<EraseUser>(connection, EraseUserRefusal::OpenOrders, text).await?;
        }
    }
    Ok(())
}
