//! What stock does when it is asked: commands in, answers out, each with its effect in one transaction.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::HandlerError;
use kit::command::{CommandHandler, Request};
use wire::commands::stock::StockCommand;

use crate::store::{Cause, commit, release, reserve};

/// Handles the commands of [`StockCommand`].
#[derive(Clone, Copy, Debug, Default)]
pub struct StockDesk;

impl CommandHandler for StockDesk {
    type Commands = StockCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: StockCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let cause = Cause::request(request);
            match command {
                StockCommand::Reserve(command) => {
                    let reply = reserve(connection, &cause, &command).await?;
                    request.answer(connection, &reply).await?;
                }
                StockCommand::Release(command) => {
                    let reply = release(connection, &cause, &command).await?;
                    request.answer(connection, &reply).await?;
                }
                StockCommand::Commit(command) => {
                    let reply = commit(connection, &cause, &command).await?;
                    request.answer(connection, &reply).await?;
                }
            }
            Ok(())
        })
    }
}
