//! `EraseUser`: forgetting a user, as asked by the users' service. Never refused: nothing that is told is owed.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{
    HandlerError,
    command::{CommandHandler, Request},
};
use wire::commands::{
    notifications::NotificationCommand,
    users::{EraseUser, EraseUserDone},
};

use crate::store;

/// Handles what notifications are asked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Erasure;

impl CommandHandler for Erasure {
    type Commands = NotificationCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: NotificationCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let NotificationCommand::EraseUser(EraseUser { user_id }) = command;
            store::erase_in_txn(connection, user_id.uuid()).await?;
            Ok(request.done::<EraseUser>(connection, EraseUserDone {}).await?)
        })
    }
}
