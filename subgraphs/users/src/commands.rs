//! What other domains ask of this one: to block a user, to forget one.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{CommandHandler, HandlerError, command::Request};
use wire::commands::users::{BlockUser, BlockUserDone, BlockUserRefusal, EraseUser, EraseUserDone, UserCommand};

use crate::{
    domain::Author,
    store::{user_block_in_txn, user_erase_in_txn},
};

/// Handles the commands of users.
pub struct UserCommands;

impl CommandHandler for UserCommands {
    type Commands = UserCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: UserCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            match command {
                UserCommand::Erase(command) => erase(connection, request, &command).await,
                UserCommand::Block(command) => block(connection, request, &command).await,
            }
        })
    }
}

/// Never refused: by when this is asked, those who may refuse have been.
async fn erase(connection: &mut AsyncPgConnection, request: &Request, command: &EraseUser) -> Result<(), HandlerError> {
    user_erase_in_txn(connection, &Author::asking(request), command.user_id.into()).await?;
    Ok(request.done::<EraseUser>(connection, EraseUserDone {}).await?)
}

async fn block(connection: &mut AsyncPgConnection, request: &Request, command: &BlockUser) -> Result<(), HandlerError> {
    let author = Author::asking(request);
    let blocked = user_block_in_txn(connection, &author, command.user_id.into(), &command.reason).await?;
    match blocked {
        Some(_) => request.done::<BlockUser>(connection, BlockUserDone {}).await?,
        None => {
            let text = format!("there is no user {}", command.user_id);
            request.refuse::<BlockUser>(connection, BlockUserRefusal::UnknownUser, text).await?;
        }
    }
    Ok(())
}
