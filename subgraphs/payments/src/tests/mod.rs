//! Payments on a real database with a provider that fails as it is told: whatever happens, one charge, and a ledger at zero.

mod asking;
mod commands;
mod crashes;
mod disputes;
mod faults;
mod graphql;
mod internal;
mod keeping;
mod migrating;
mod paying;
mod provider;
mod reading;
mod refunds;
mod unreadable;
mod webhooks;

use std::sync::Arc;

use kit::Database;
use kit::command::Request;
use kit::event_store::{Metadata, load};
use kit::job::JobConfig;
use kit::projection::Projector;
use kit::testing::{TestDatabase, wait_for};
use kit::worker::Running;
use kit::{JobRunner, Workers};
use serde_json::Value;
use uuid::Uuid;
use wire::Domain;
use wire::command::Command;
use wire::commands::payments::{AuthorisePayment, CapturePayment, RefundPayment, VoidPayment};
use wire::id::{OrderId, PaymentId, RefundId, UserId};
use wire::money::{Currency, Money};

use crate::desk::{self, DeskError, Order};
use crate::domain::{Payment, PaymentStatus};
use crate::ledger;
use crate::projection::PaymentList;
use crate::provider::PaymentProvider;
use crate::provider::test::{GOOD, TestProvider};
use crate::settling::{HeedHandler, SettleHandler};
use crate::webhook::{Secret, Webhooks};

/// A payments service without a bus: what it would publish stays in its outbox.
struct Till {
    test: TestDatabase,
    provider: TestProvider,
    webhooks: Webhooks,
    secret: Secret,
}

impl Till {
    async fn open() -> Self {
        let test = TestDatabase::create("payments", crate::MIGRATIONS).await;
        let provider = TestProvider::open(test.database().clone()).await.unwrap();
        let secret = Secret::new("whsec_test");
        let webhooks = Webhooks::new(test.database().clone(), vec![secret.clone()]);
        Self { test, provider, webhooks, secret }
    }

    fn database(&self) -> &Database {
        self.test.database()
    }

    /// Jobs and the read model.
    fn run(&self) -> Running {
        self.run_with(JobConfig::default())
    }

    fn run_with(&self, config: JobConfig) -> Running {
        self.run_all(config, Arc::new(self.provider.clone()))
    }

    /// With another provider than its own.
    fn run_by(&self, provider: Arc<dyn PaymentProvider>) -> Running {
        self.run_all(JobConfig::default(), provider)
    }

    fn run_all(&self, config: JobConfig, provider: Arc<dyn PaymentProvider>) -> Running {
        let runner = JobRunner::new(self.database().clone(), config)
            .handler(SettleHandler::new(self.database().clone(), Arc::clone(&provider)))
            .handler(HeedHandler::new(self.database().clone(), provider));
        let list = Projector::new(self.database().clone(), Arc::new(PaymentList)).unwrap();
        Workers::new("payments").with(list).with(runner).start()
    }

    /// Takes a command as if it had come from orders; gives its id.
    async fn ask<O: Order>(&self, order: &O) -> Uuid {
        let request = request::<O>();
        self.take(order, &request).await.unwrap();
        request.id
    }

    async fn take<O: Order>(&self, order: &O, request: &Request) -> Result<(), DeskError> {
        let unit = async |connection: &mut diesel_async::AsyncPgConnection| {
            desk::take(connection, order, &Metadata::default(), Some(request)).await.map(drop)
        };
        self.database().unit(unit).await
    }

    /// What was answered, once it was: `{"done": …}` or `{"refused": …}`.
    async fn reply(&self, command: Uuid) -> Value {
        wait_for("a reply", async || self.replies(command).await.pop()).await
    }

    async fn replies(&self, command: Uuid) -> Vec<Value> {
        let envelopes = self.outbox("orders/replies").await;
        let cause = Value::from(command.to_string());
        let replies = envelopes.into_iter().filter(|envelope| envelope["causationid"] == cause);
        replies.map(|mut envelope| envelope["data"].take()).collect()
    }

    /// What waits to be published, in its order.
    async fn outbox(&self, topic: &str) -> Vec<Value> {
        let client = self.database().bulk_connection().await.unwrap();
        let read = "SELECT envelope FROM outbox WHERE topic = $1 ORDER BY position";
        let rows = client.query(read, &[&topic]).await.unwrap();
        rows.iter().map(|row| serde_json::from_str(row.get(0)).unwrap()).collect()
    }

    /// The types of what is told of a payment, but for that it has changed.
    async fn told(&self, payment: PaymentId) -> Vec<String> {
        let subject = Value::from(payment.to_string());
        let told = self.outbox("payments/events").await.into_iter().filter(|envelope| envelope["subject"] == subject);
        let types = told.map(|envelope| envelope["type"].as_str().unwrap().replace("supergraph.payments.", ""));
        types.filter(|told| told != "changed.v1").collect()
    }

    async fn payment(&self, id: PaymentId) -> Payment {
        let mut connection = self.database().connection().await.unwrap();
        load::<Payment>(&mut connection, id.uuid()).await.unwrap().state().clone()
    }

    async fn wait_for_status(&self, id: PaymentId, status: PaymentStatus) {
        let look = async || (self.payment(id).await.status() == Some(status)).then_some(());
        wait_for(&format!("{status:?}"), look).await;
    }

    /// Authorised and captured.
    async fn captured(&self, minor: i64) -> PaymentId {
        let order = authorise(minor, GOOD);
        self.reply(self.ask(&order).await).await;
        let reply = self.reply(self.ask(&capture(&order, minor)).await).await;
        assert!(reply["done"].is_object(), "{reply}");
        order.payment_id
    }

    /// Nothing lost, nothing doubled, ledger at zero.
    async fn check_books(&self) {
        let mut connection = self.database().connection().await.unwrap();
        assert_eq!(ledger::differences(&mut connection).await.unwrap(), []);
        let balances = ledger::balances(&mut connection).await.unwrap();
        let sum: i64 = balances.iter().map(|(_, _, minor)| minor.parse::<i64>().unwrap()).sum();
        assert_eq!(sum, 0, "{balances:?}");
        let owed = balances.iter().find(|(account, ..)| account == "customer_receivable");
        assert!(owed.is_none_or(|(_, _, minor)| minor == "0"), "{balances:?}");
    }

    /// All jobs of a key's beginning, by their state.
    async fn jobs(&self, state: &str) -> i64 {
        let client = self.database().bulk_connection().await.unwrap();
        client.query_one("SELECT count(*) FROM job WHERE state = $1", &[&state]).await.unwrap().get(0)
    }

    async fn wait_for_jobs(&self) {
        let open = async || self.jobs("waiting").await + self.jobs("running").await;
        wait_for("all jobs to be done", async || (open().await == 0).then_some(())).await;
    }

    /// Delivers the provider's webhooks until there are none.
    async fn deliver(&self) {
        while self.provider.deliver(&self.webhooks, &self.secret).await.unwrap() > 0 {}
        self.wait_for_jobs().await;
    }
}

fn request<C: Command>() -> Request {
    Request {
        id: Uuid::now_v7(),
        type_name: format!("supergraph.{}.{}.v1", C::DOMAIN, C::NAME),
        handler: Domain::Payments,
        sender: Domain::Orders,
        correlation: Uuid::now_v7().to_string(),
        actor: None,
        traceparent: None,
    }
}

fn authorise(minor: i64, token: &str) -> AuthorisePayment {
    AuthorisePayment {
        payment_id: PaymentId::from(Uuid::now_v7()),
        order_id: OrderId::from(Uuid::now_v7()),
        customer_id: UserId::from(Uuid::now_v7()),
        amount: euro(minor),
        method_token: token.to_owned(),
    }
}

fn capture(of: &AuthorisePayment, minor: i64) -> CapturePayment {
    CapturePayment { payment_id: of.payment_id, amount: euro(minor) }
}

fn void(payment_id: PaymentId) -> VoidPayment {
    VoidPayment { payment_id }
}

fn refund(payment_id: PaymentId, minor: i64) -> RefundPayment {
    let refund_id = RefundId::from(Uuid::now_v7());
    RefundPayment { payment_id, refund_id, amount: euro(minor), or_what_is_left: None, instead_of: None, reason: None }
}

fn euro(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}
