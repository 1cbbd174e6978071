//! Stock that does what it is asked, but for the faults that an order's number says.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use wire::commands::stock::{
    CommitStock, CommitStockDone, CommitStockRefusal, ReleaseStock, ReleaseStockDone, ReleaseStockRefusal,
    ReserveStock, ReserveStockDone, ReserveStockRefusal, StockCommand,
};

use super::{
    things::{set, status},
    world::Fault,
};
use crate::{
    command::{CommandHandler, Request},
    consumer::HandlerError,
};

pub(super) struct Stock;

impl CommandHandler for Stock {
    type Commands = StockCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: StockCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            match command {
                StockCommand::Reserve(reserve) => {
                    let id = reserve.reservation_id.uuid();
                    if Fault::of(id) == Fault::OutOfStock {
                        let code = ReserveStockRefusal::OutOfStock;
                        return Ok(request.refuse::<ReserveStock>(connection, code, "none left").await?);
                    }
                    if status(connection, id).await? == "closed" {
                        let code = ReserveStockRefusal::ReservationClosed;
                        return Ok(request.refuse::<ReserveStock>(connection, code, "it is over").await?);
                    }
                    set(connection, id, "reserved").await?;
                    let done = ReserveStockDone { expires_at: reserve.expires_at };
                    Ok(request.done::<ReserveStock>(connection, done).await?)
                }
                StockCommand::Release(release) => {
                    let id = release.reservation_id.uuid();
                    if status(connection, id).await? == "committed" {
                        let code = ReleaseStockRefusal::AlreadyCommitted;
                        return Ok(request.refuse::<ReleaseStock>(connection, code, "sold").await?);
                    }
                    set(connection, id, "closed").await?;
                    Ok(request.done::<ReleaseStock>(connection, ReleaseStockDone {}).await?)
                }
                StockCommand::Commit(commit) => {
                    let id = commit.reservation_id.uuid();
                    if Fault::of(id) == Fault::CommitRefused || status(connection, id).await? != "reserved" {
                        set(connection, id, "closed").await?;
                        let code = CommitStockRefusal::ReservationClosed;
                        return Ok(request.refuse::<CommitStock>(connection, code, "expired").await?);
                    }
                    set(connection, id, "committed").await?;
                    Ok(request.done::<CommitStock>(connection, CommitStockDone {}).await?)
                }
            }
        })
    }
}
