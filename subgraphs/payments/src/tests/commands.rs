//! What other domains ask, and what they are answered.

use std::sync::Arc;

use chrono::Utc;
use kit::LogBus;
use kit::log_bus::LogBusConfig;
use wire::bus::Bus;
use wire::commands::payments::PaymentCommand;
use wire::commands::users::EraseUser;
use wire::event::{Envelope, Stamp};
use wire::topic::{Purpose, Topic};

use super::*;
use crate::commands::PaymentCommands;
use crate::provider::test::{Charged, INSUFFICIENT_FUNDS};
use kit::CommandHandler as _;

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_is_kept_taken_and_given_back() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    let first = till.ask(&order).await;
    let reply = till.reply(first).await;
    assert!(reply["done"]["expires_at"].is_string(), "{reply}");
    let again = till.ask(&order).await;
    assert_eq!(till.reply(again).await, reply, "the same again");
    let other = AuthorisePayment { amount: euro(5_001), ..order.clone() };
    let refused = till.reply(till.ask(&other).await).await;
    assert_eq!(refused["refused"]["code"], "PAYMENT_CONFLICT");
    assert_eq!(till.reply(till.ask(&capture(&order, 5_001)).await).await["refused"]["code"], "INVALID_AMOUNT");
    let captured = till.reply(till.ask(&capture(&order, 4_000)).await).await;
    assert_eq!(captured["done"]["amount_captured"]["amount_minor"], 4_000, "{captured}");
    let part = refund(order.payment_id, 1_500);
    let refunded = till.reply(till.ask(&part).await).await;
    assert_eq!(refunded["done"]["amount_refunded"]["amount_minor"], 1_500, "{refunded}");
    assert_eq!(till.reply(till.ask(&part).await).await, refunded);
    let rest = till.reply(till.ask(&refund(order.payment_id, 2_500)).await).await;
    assert_eq!(rest["done"]["amount_refunded"]["amount_minor"], 4_000);
    assert_eq!(till.reply(till.ask(&refund(order.payment_id, 1)).await).await["refused"]["code"], "INVALID_AMOUNT");
    assert_eq!(till.reply(till.ask(&void(order.payment_id)).await).await["refused"]["code"], "ALREADY_CAPTURED");
    let charged = Charged { authorisations: 1, captures: 1, captured_minor: 4_000, refunds: 2, refunded_minor: 4_000 };
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap(), charged);
    assert_eq!(till.told(order.payment_id).await, ["authorised.v1", "captured.v1", "refunded.v1", "refunded.v1"]);
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_payment_moves_nothing() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, INSUFFICIENT_FUNDS);
    assert_eq!(till.reply(till.ask(&order).await).await["refused"]["code"], "DECLINED");
    assert_eq!(till.reply(till.ask(&capture(&order, 5_000)).await).await["refused"]["code"], "NOT_AUTHORISED");
    assert_eq!(till.told(order.payment_id).await, ["declined.v1"]);
    let told = till.outbox("payments/events").await;
    assert_eq!(told.last().unwrap()["data"]["reason"], "INSUFFICIENT_FUNDS");
    assert_eq!(till.provider.charged(order.payment_id).await.unwrap(), Charged::default());
    let client = till.database().bulk_connection().await.unwrap();
    let left = client.query_one("SELECT count(*) FROM payment_under_way", &[]).await.unwrap().get::<_, i64>(0);
    assert_eq!(left, 0, "the means of payment is forgotten");
    till.check_books().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_void_closes_what_it_overtakes() {
    let till = Till::open().await;
    let order = authorise(5_000, GOOD);
    assert!(till.reply(till.ask(&void(order.payment_id)).await).await["done"].is_object());
    assert_eq!(till.reply(till.ask(&order).await).await["refused"]["code"], "PAYMENT_CLOSED");
    // Between the request and the provider's answer: nobody asks it yet.
    let crossed = authorise(7_000, GOOD);
    let (asked, voided) = (till.ask(&crossed).await, till.ask(&void(crossed.payment_id)).await);
    assert_eq!(till.replies(voided).await, Vec::<Value>::new());
    let running = till.run();
    assert!(till.reply(voided).await["done"].is_object());
    assert_eq!(till.reply(asked).await["refused"]["code"], "PAYMENT_CLOSED");
    assert_eq!(till.payment(crossed.payment_id).await.status(), Some(PaymentStatus::Voided));
    assert_eq!(till.provider.charged(crossed.payment_id).await.unwrap().captures, 0);
    assert_eq!(till.told(crossed.payment_id).await, ["authorised.v1", "voided.v1"]);
    till.wait_for_jobs().await;
    till.check_books().await;
    running.stop().await;
}

async fn erase(till: &Till, user_id: UserId) -> Value {
    let request = request::<EraseUser>();
    let asked = &PaymentCommand::EraseUser(EraseUser { user_id });
    let unit = async |connection: &mut diesel_async::AsyncPgConnection| {
        let handled = PaymentCommands.handle(connection, &request, asked.clone()).await;
        handled.map_err(|error| DeskError::Question(serde::ser::Error::custom(error)))
    };
    till.database().unit(unit).await.unwrap();
    till.reply(request.id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_is_forgotten_once_nothing_is_under_way() {
    let till = Till::open().await;
    let running = till.run();
    let order = authorise(5_000, GOOD);
    till.reply(till.ask(&order).await).await;
    assert_eq!(erase(&till, order.customer_id).await["refused"]["code"], "OPEN_PAYMENTS");
    till.reply(till.ask(&capture(&order, 5_000)).await).await;
    assert!(erase(&till, order.customer_id).await["done"].is_object());
    assert!(erase(&till, UserId::from(Uuid::now_v7())).await["done"].is_object());
    running.stop().await;
}

/// The whole way: bus, consumer, job, provider, relay, bus.
#[tokio::test(flavor = "multi_thread")]
async fn commands_come_and_answers_go_over_the_bus() {
    let till = Till::open().await;
    let buses = TestDatabase::bus().await;
    let bus: Arc<dyn Bus> = Arc::new(LogBus::open(buses.database().clone(), LogBusConfig::default()).await.unwrap());
    let provider: Arc<dyn PaymentProvider> = Arc::new(till.provider.clone());
    let workers = crate::workers(till.database(), &bus, &provider).unwrap();
    let running = crate::with_deliveries(workers, &till.provider, &till.webhooks, &till.secret).start();
    let order = authorise(5_000, GOOD);
    let stamp = || Stamp { id: Uuid::now_v7(), time: Utc::now() };
    let command = Envelope::command(&order, Domain::Orders, Uuid::now_v7(), stamp()).unwrap();
    let messages = [command.to_message().unwrap(), command.to_message().unwrap()];
    bus.publish(&Topic::of(Domain::Payments, Purpose::Commands), &messages).await.unwrap();
    let mut replies = bus.subscribe(&Topic::of(Domain::Orders, Purpose::Replies), "test").await.unwrap();
    let reply = tokio::time::timeout(kit::testing::WAIT_MAX, replies.next(1)).await.unwrap().unwrap();
    let reply = Envelope::parse(&reply[0].message.text).unwrap();
    assert_eq!(reply.causation_id.as_deref(), Some(&*command.id));
    assert_eq!(reply.correlation_id, command.correlation_id);
    let mut events = bus.subscribe(&Topic::of(Domain::Payments, Purpose::Events), "test").await.unwrap();
    let event = tokio::time::timeout(kit::testing::WAIT_MAX, events.next(1)).await.unwrap().unwrap();
    let event = Envelope::parse(&event[0].message.text).unwrap();
    // That it was asked for, by the command that came first.
    assert_eq!((event.subject, event.sequence), (Some(order.payment_id.to_string()), Some(1)));
    running.stop().await;
}
