//! What other domains ask: see [`wire::commands::payments`].

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::command::Request;
use kit::{CommandHandler, HandlerError};
use wire::commands::payments::PaymentCommand;
use wire::commands::users::{EraseUser, EraseUserDone, EraseUserRefusal};

use crate::desk::{self, DeskError, Erasure, Order};

/// Takes commands; answers at once what needs no provider.
#[derive(Clone, Copy, Debug, Default)]
pub struct PaymentCommands;

impl CommandHandler for PaymentCommands {
    type Commands = PaymentCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: PaymentCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            match command {
                PaymentCommand::Authorise(order) => take(connection, request, &order).await?,
                PaymentCommand::Capture(order) => take(connection, request, &order).await?,
                PaymentCommand::Void(order) => take(connection, request, &order).await?,
                PaymentCommand::Refund(order) => take(connection, request, &order).await?,
                PaymentCommand::EraseUser(erase) => erase_user(connection, request, &erase).await?,
            }
            Ok(())
        })
    }
}

async fn take<O: Order>(connection: &mut AsyncPgConnection, request: &Request, order: &O) -> Result<(), DeskError> {
    desk::take(connection, order, &request.metadata(), Some(request)).await?;
    Ok(())
}

async fn erase_user(
    connection: &mut AsyncPgConnection,
    request: &Request,
    command: &EraseUser,
) -> Result<(), DeskError> {
    match desk::erase(connection, command.user_id).await? {
        Erasure::Erased => request.done::<EraseUser>(connection, EraseUserDone {}).await?,
        Erasure::OpenPayments => {
            let (code, text) = (EraseUserRefusal::OpenPayments, "there are payments under way or in dispute");
            request.refuse::<EraseUser>(connection, code, text).await?;
        }
    }
    Ok(())
}
