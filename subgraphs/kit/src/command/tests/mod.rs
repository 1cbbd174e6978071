//! Commands from one domain's database to another's and back.

mod later;
mod once;
mod refused;
pub(crate) mod shop;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use uuid::Uuid;
use wire::{
    Domain,
    commands::stock::{ReleaseStock, ReleaseStockDone, ReserveStock, ReserveStockRefusal, StockCommand},
    id::{OrderId, ReservationId},
};

use self::shop::{Service, Shop, effect, quick};
use super::{CommandConsumer, CommandError, CommandHandler, Request, Sender, send};
use crate::consumer::HandlerError;

/// Stock that has none of anything.
struct Empty;

impl CommandHandler for Empty {
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
                    effect(connection, &format!("reserve {}", reserve.reservation_id.uuid())).await?;
                    let code = ReserveStockRefusal::OutOfStock;
                    request.refuse::<ReserveStock>(connection, code, "sold out").await?;
                }
                StockCommand::Release(release) => {
                    effect(connection, &format!("release {}", release.reservation_id.uuid())).await?;
                    request.done::<ReleaseStock>(connection, ReleaseStockDone {}).await?;
                }
                StockCommand::Commit(_) => return Err(HandlerError::poison("nothing to commit")),
            }
            Ok(())
        })
    }
}

fn release(number: u128) -> ReleaseStock {
    ReleaseStock { reservation_id: ReservationId::from(Uuid::from_u128(number)), order_id: order() }
}

fn reserve(number: u128) -> ReserveStock {
    let (reservation_id, expires_at) = (ReservationId::from(Uuid::from_u128(number)), chrono::Utc::now());
    ReserveStock { reservation_id, order_id: order(), lines: Vec::new(), expires_at }
}

fn order() -> OrderId {
    OrderId::from(Uuid::from_u128(1))
}

/// From orders, in a transaction of its own.
async fn send_from<C: wire::command::Command>(service: &Service, sender: &Sender, command: &C) -> Uuid {
    service.database().unit(async |connection| send(connection, sender, command).await).await.unwrap()
}
