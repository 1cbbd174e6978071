//! A request that is stored, and answered when there is an answer.

use diesel::{QueryableByName, sql_query, sql_types::Text};
use diesel_async::RunQueryDsl as _;
use wire::{command::Reply, topic::Purpose};

use super::*;

/// Keeps what it was asked.
struct Patient;

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    text: String,
}

impl CommandHandler for Patient {
    type Commands = StockCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        _: StockCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let text = serde_json::to_string(request).map_err(HandlerError::poison)?;
            Ok(effect(connection, &text).await?)
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_request_is_answered_later_and_counts_once() {
    let shop = Shop::open().await;
    let (orders, stock) = (shop.service(Domain::Orders).await, shop.service(Domain::Stock).await);
    let sender = Sender { traceparent: Some("00-1-2-01".to_owned()), ..Sender::of(Domain::Orders) };
    let id = send_from(&orders, &sender, &release(1)).await;
    let sending = orders.start(|workers, _, _| workers);
    let handling = stock.start(|workers, database, bus| {
        workers.with(CommandConsumer::new(database, bus, Domain::Stock, Patient).with_config(quick()))
    });
    let stored = stock.wait_for_effects(1).await;
    let request: Request = serde_json::from_str(&stored[0]).unwrap();
    assert_eq!((request.id, request.sender, request.handler), (id, Domain::Orders, Domain::Stock));
    assert_eq!(request.traceparent.as_deref(), Some("00-1-2-01"));
    // A job that isn't sure whether it has ended answers again.
    for _ in 0..2 {
        let answering = stock.database().unit(async |connection| {
            let select = sql_query("SELECT text FROM effect");
            let stored: Stored = select.get_result(connection).await.map_err(crate::database::DatabaseError::from)?;
            let request: Request = serde_json::from_str(&stored.text).unwrap();
            request.done::<ReleaseStock>(connection, ReleaseStockDone {}).await
        });
        answering.await.unwrap();
    }
    let replies = shop.wait_for_messages(Domain::Orders, Purpose::Replies, 2).await;
    sending.stop().await;
    handling.stop().await;
    assert_eq!(replies[0].id, replies[1].id);
    assert_eq!(replies[0].causation_id, Some(id.to_string()));
    assert_eq!(replies[0].traceparent.as_deref(), Some("00-1-2-01"));
    assert_eq!(replies[0].read::<Reply<ReleaseStock>>().unwrap(), Some(Reply::Done(ReleaseStockDone {})));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_another_command_is_none() {
    let shop = Shop::open().await;
    let stock = shop.service(Domain::Stock).await;
    let request = Request {
        id: Uuid::now_v7(),
        type_name: "supergraph.stock.release-stock.v1".to_owned(),
        handler: Domain::Stock,
        sender: Domain::Orders,
        correlation: "saga".to_owned(),
        actor: None,
        traceparent: None,
    };
    let mut connection = stock.database().connection().await.unwrap();
    let code = ReserveStockRefusal::OutOfStock;
    let mistaken = request.refuse::<ReserveStock>(&mut connection, code, "").await;
    assert!(matches!(mistaken, Err(CommandError::Mismatch { .. })), "{mistaken:?}");
    drop(connection);
    assert_eq!(stock.outbox_waiting().await, 0);
}
