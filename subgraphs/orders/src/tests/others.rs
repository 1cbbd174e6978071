//! Stock and payments as their contracts say, in a few rows, over a real bus: who pays with `tok_declined` doesn't, to who pays with
//! `tok_silent` nobody ever answers, of who pays with `tok_stubborn` the first refund is refused, who pays with `tok_disputed`
//! has his bank take all but one euro back, and of product 500 there is nothing.

use std::sync::Arc;

use diesel::{OptionalExtension as _, QueryableByName, sql_query, sql_types::Text, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::future::BoxFuture;
use kit::command::{CommandHandler, Request};
use kit::log_bus::LogBusConfig;
use kit::testing::TestDatabase;
use kit::{CommandConsumer, HandlerError, LogBus, Workers};
use uuid::Uuid;
use wire::Domain;
use wire::bus::Bus;
use wire::commands::payments::{
    AuthorisePayment, AuthorisePaymentDone, AuthorisePaymentRefusal, CapturePayment, CapturePaymentDone,
    CapturePaymentRefusal, PaymentCommand, RefundPayment, RefundPaymentDone, RefundPaymentRefusal, VoidPayment,
    VoidPaymentDone, VoidPaymentRefusal,
};
use wire::commands::stock::{
    CommitStock, CommitStockDone, CommitStockRefusal, ReleaseStock, ReleaseStockDone, ReleaseStockRefusal,
    ReserveStock, ReserveStockDone, ReserveStockRefusal, StockCommand,
};
use wire::money::Money;

use super::product_id;

const TABLE: &str = "CREATE TABLE thing (kind text, id uuid, status text NOT NULL, PRIMARY KEY (kind, id))";
const FIND: &str = "SELECT status FROM thing WHERE kind = $1 AND id = $2 FOR UPDATE";
const SET: &str = "INSERT INTO thing VALUES ($1, $2, $3) ON CONFLICT (kind, id) DO UPDATE SET status = excluded.status";

/// The others, at work.
pub struct Others {
    pub bus: Arc<dyn Bus>,
    pub database: TestDatabase,
    _bus: TestDatabase,
    _workers: Vec<kit::worker::Running>,
}

impl Others {
    pub async fn at_work() -> Self {
        let (database, kept) = tokio::join!(TestDatabase::create("orders", crate::MIGRATIONS), TestDatabase::bus());
        database.database().bulk_connection().await.unwrap().batch_execute(TABLE).await.unwrap();
        let bus = LogBus::open(kept.database().clone(), LogBusConfig::default()).await.unwrap();
        let bus: Arc<dyn Bus> = Arc::new(bus);
        let own = database.database();
        let stock = CommandConsumer::new(own.clone(), Arc::clone(&bus), Domain::Stock, Stock);
        let payments = CommandConsumer::new(own.clone(), Arc::clone(&bus), Domain::Payments, Payments);
        // One relay for both, of one outbox.
        let workers = Workers::of(Domain::Stock, own, &bus).with(stock).with(payments).start();
        Self { bus, database, _bus: kept, _workers: vec![workers] }
    }

    /// The status of what was kept for an order.
    pub async fn thing(&self, kind: &str, order: Uuid) -> Option<String> {
        let mut connection = self.database.database().connection().await.unwrap();
        find(&mut connection, kind, order).await.unwrap()
    }

    /// Has it decided whose the money is that an order's payer has had taken back: `won` or `lost`.
    pub async fn decide_dispute(&self, order: Uuid, outcome: &str) {
        let mut connection = self.database.database().connection().await.unwrap();
        set(&mut connection, "dispute", order, outcome).await.unwrap();
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    status: String,
}

async fn find(connection: &mut AsyncPgConnection, kind: &str, id: Uuid) -> diesel::QueryResult<Option<String>> {
    let find = sql_query(FIND).bind::<Text, _>(kind).bind::<SqlUuid, _>(id);
    Ok(find.get_result::<Found>(connection).await.optional()?.map(|found| found.status))
}

async fn set(connection: &mut AsyncPgConnection, kind: &str, id: Uuid, status: &str) -> diesel::QueryResult<()> {
    let set = sql_query(SET).bind::<Text, _>(kind).bind::<SqlUuid, _>(id).bind::<Text, _>(status);
    set.execute(connection).await?;
    Ok(())
}

struct Stock;

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
                StockCommand::Reserve(asked) => {
                    let id = asked.reservation_id.uuid();
                    let sold_out = product_id(500);
                    let sold_out = asked.lines.iter().any(|line| line.product_id.to_string() == sold_out.to_string());
                    match find(connection, "stock", id).await?.as_deref() {
                        None if sold_out => {
                            let code = ReserveStockRefusal::OutOfStock;
                            request.refuse::<ReserveStock>(connection, code, "sold out").await?;
                        }
                        None | Some("reserved") => {
                            set(connection, "stock", id, "reserved").await?;
                            let done = ReserveStockDone { expires_at: asked.expires_at };
                            request.done::<ReserveStock>(connection, done).await?;
                        }
                        Some(_) => {
                            let code = ReserveStockRefusal::ReservationClosed;
                            request.refuse::<ReserveStock>(connection, code, "over").await?;
                        }
                    }
                }
                StockCommand::Release(asked) => {
                    let id = asked.reservation_id.uuid();
                    if find(connection, "stock", id).await?.as_deref() == Some("committed") {
                        let code = ReleaseStockRefusal::AlreadyCommitted;
                        request.refuse::<ReleaseStock>(connection, code, "sold").await?;
                    } else {
                        set(connection, "stock", id, "released").await?;
                        request.done::<ReleaseStock>(connection, ReleaseStockDone {}).await?;
                    }
                }
                StockCommand::Commit(asked) => {
                    let id = asked.reservation_id.uuid();
                    match find(connection, "stock", id).await?.as_deref() {
                        Some("reserved" | "committed") => {
                            set(connection, "stock", id, "committed").await?;
                            request.done::<CommitStock>(connection, CommitStockDone {}).await?;
                        }
                        _ => {
                            let code = CommitStockRefusal::ReservationClosed;
                            request.refuse::<CommitStock>(connection, code, "over").await?;
                        }
                    }
                }
            }
            Ok(())
        })
    }
}

struct Payments;

impl CommandHandler for Payments {
    type Commands = PaymentCommand;

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        request: &'a Request,
        command: PaymentCommand,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            match command {
                PaymentCommand::Authorise(asked) => authorise(connection, request, asked).await?,
                PaymentCommand::Capture(asked) => {
                    let id = asked.payment_id.uuid();
                    if find(connection, "payment", id).await?.as_deref() == Some("authorised") {
                        set(connection, "payment", id, "captured").await?;
                        let ledger_transaction_id = Uuid::now_v7().into();
                        let done = CapturePaymentDone { amount_captured: asked.amount, ledger_transaction_id };
                        request.done::<CapturePayment>(connection, done).await?;
                    } else {
                        let code = CapturePaymentRefusal::NotAuthorised;
                        request.refuse::<CapturePayment>(connection, code, "not authorised").await?;
                    }
                }
                PaymentCommand::Void(asked) => {
                    let id = asked.payment_id.uuid();
                    if matches!(find(connection, "payment", id).await?.as_deref(), Some("captured" | "refunded")) {
                        let code = VoidPaymentRefusal::AlreadyCaptured;
                        request.refuse::<VoidPayment>(connection, code, "captured").await?;
                    } else {
                        set(connection, "payment", id, "voided").await?;
                        request.done::<VoidPayment>(connection, VoidPaymentDone {}).await?;
                    }
                }
                PaymentCommand::Refund(asked) => {
                    let id = asked.payment_id.uuid();
                    if let Some(dispute) = find(connection, "dispute", id).await? {
                        return refund_disputed(connection, request, &asked, &dispute).await;
                    }
                    if is_refused(connection, &asked).await? {
                        let code = RefundPaymentRefusal::Declined;
                        request.refuse::<RefundPayment>(connection, code, "refused").await?;
                        return Ok(());
                    }
                    if matches!(find(connection, "payment", id).await?.as_deref(), Some("captured" | "refunded")) {
                        set(connection, "payment", id, "refunded").await?;
                        let ledger_transaction_id = Uuid::now_v7().into();
                        let done = RefundPaymentDone {
                            amount_refunded: asked.amount,
                            amount: None,
                            is_rest_open: None,
                            ledger_transaction_id,
                        };
                        request.done::<RefundPayment>(connection, done).await?;
                    } else {
                        let code = RefundPaymentRefusal::UnknownPayment;
                        request.refuse::<RefundPayment>(connection, code, "unknown").await?;
                    }
                }
                PaymentCommand::EraseUser(_) => return Err(HandlerError::poison("nobody asks that here")),
            }
            Ok(())
        })
    }
}

/// One refund of a stubborn payment is, however often it is asked for.
async fn is_refused(connection: &mut AsyncPgConnection, asked: &RefundPayment) -> diesel::QueryResult<bool> {
    let (payment, refund) = (asked.payment_id.uuid(), asked.refund_id.uuid());
    if find(connection, "stubborn", payment).await?.as_deref() == Some("will refuse") {
        set(connection, "stubborn", payment, "has refused").await?;
        set(connection, "refused", refund, "for ever").await?;
    }
    Ok(find(connection, "refused", refund).await?.is_some())
}

/// What the bank hasn't is given back at once; of the rest nothing is said while the dispute is open.
async fn refund_disputed(
    connection: &mut AsyncPgConnection,
    request: &Request,
    asked: &RefundPayment,
    dispute: &str,
) -> Result<(), HandlerError> {
    let id = asked.payment_id.uuid();
    let (part_minor, is_rest_open) = match dispute {
        "new" => {
            set(connection, "dispute", id, "open").await?;
            (100, Some(true))
        }
        "won" => {
            set(connection, "payment", id, "refunded").await?;
            (asked.amount.amount_minor - 100, None)
        }
        "lost" => {
            let code = RefundPaymentRefusal::ChargedBack;
            request.refuse::<RefundPayment>(connection, code, "the bank has it").await?;
            return Ok(());
        }
        _ => return Ok(()),
    };
    let amount = Money::new(part_minor, asked.amount.currency);
    let (amount_refunded, ledger_transaction_id) = (amount, Uuid::now_v7().into());
    let done = RefundPaymentDone { amount_refunded, amount: Some(amount), is_rest_open, ledger_transaction_id };
    request.done::<RefundPayment>(connection, done).await?;
    Ok(())
}

async fn authorise(
    connection: &mut AsyncPgConnection,
    request: &Request,
    asked: AuthorisePayment,
) -> Result<(), HandlerError> {
    let id = asked.payment_id.uuid();
    match (find(connection, "payment", id).await?.as_deref(), &*asked.method_token) {
        (None, "tok_silent") => {}
        (None | Some("authorised"), "tok_visa" | "tok_stubborn" | "tok_disputed") => {
            if asked.method_token == "tok_disputed" {
                set(connection, "dispute", id, "new").await?;
            }
            if asked.method_token == "tok_stubborn" {
                set(connection, "stubborn", id, "will refuse").await?;
            }
            set(connection, "payment", id, "authorised").await?;
            let done = AuthorisePaymentDone { expires_at: None };
            request.done::<AuthorisePayment>(connection, done).await?;
        }
        (None, _) => {
            set(connection, "payment", id, "declined").await?;
            let code = AuthorisePaymentRefusal::Declined;
            request.refuse::<AuthorisePayment>(connection, code, "declined").await?;
        }
        (Some(_), _) => {
            let code = AuthorisePaymentRefusal::PaymentClosed;
            request.refuse::<AuthorisePayment>(connection, code, "over").await?;
        }
    }
    Ok(())
}
