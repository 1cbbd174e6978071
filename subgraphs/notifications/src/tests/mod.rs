//! The service as users, other services and the world outside meet it, on a real PostgreSQL.

mod access;
mod asking;
mod contract;
mod crashes;
mod erasure;
mod guard;
mod inbox;
mod mail_server;
mod mailers;
mod mails;
mod migrating;
mod once;
mod preferences;
mod pushing;
mod receiver;
mod webhooks;

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use kit::{
    GlobalId, Handler as _, Reads, Subgraph,
    job::JobConfig,
    testing::{TestDatabase, TestIdentity, wait_for},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use wire::{
    bus::{Delivery, Place},
    event::{Envelope, Event, Stamp},
    events::orders::OrderPlaced,
    id::{OrderId, UserId},
    identity::Identity,
    money::{Currency, Money},
};

use self::mail_server::MailServer;
use crate::{
    Clock, Ways,
    contacts::{Contacts, ContactsError},
    delivery::runner,
    domain::{Contact, webhook_url::Reach},
    intake::Intake,
    mail::{Composer, Encryption, InDoubt, MailConfig, Smtp, SmtpConfig},
    webhook::{WebhookCaller, WebhookConfig, guard::SystemLookup},
};

/// Looks often. Leases don't end on a machine that is slow: where one is to, a test ends it.
const JOBS: JobConfig = JobConfig {
    lease_ms: 60_000,
    poll_ms: 20,
    looks_apart_ms: 1,
    stop_grace_ms: 10_000,
    remember_seconds: 3_600,
    remember_failed_seconds: 3_600,
};

/// What users wish, as a test says.
#[derive(Default)]
struct Book {
    users: Mutex<BTreeMap<Uuid, Value>>,
    is_away: AtomicBool,
}

impl Book {
    fn write(&self, user: Uuid, wishes: Value) {
        self.users.lock().unwrap().insert(user, wishes);
    }
}

impl Contacts for Book {
    fn contact(&self, user_id: UserId) -> BoxFuture<'_, Result<Option<Contact>, ContactsError>> {
        Box::pin(async move {
            // A question takes its time: something to be killed in.
            tokio::task::yield_now().await;
            if self.is_away.load(Ordering::Relaxed) {
                return Err(ContactsError::new("the users' service is away"));
            }
            let wishes = self.users.lock().unwrap().get(&user_id.uuid()).cloned();
            Ok(wishes.map(|wishes| serde_json::from_value(wishes).unwrap()))
        })
    }
}

/// The whole service, with a mail server and nobody to push.
struct House {
    database: TestDatabase,
    /// Looks at the database from outside.
    client: kit::seed::Client,
    identity: TestIdentity,
    subgraph: Subgraph,
    book: Arc<Book>,
    mail: MailServer,
    now: Arc<Mutex<Option<DateTime<Utc>>>>,
    ways: Ways,
}

impl House {
    async fn open() -> Self {
        let database = TestDatabase::create(crate::NAME, crate::MIGRATIONS).await;
        let client = database.database().bulk_connection().await.unwrap();
        let identity = TestIdentity::new("orders");
        let reads = Reads::new(crate::NAME, database.database().clone(), None);
        let subgraph = crate::subgraph(&reads, Reach::Anywhere, identity.access());
        let (book, mail, now) = (Arc::new(Book::default()), MailServer::start().await, Arc::new(Mutex::new(None)));
        let of_test = Arc::clone(&now);
        let ways = Ways {
            contacts: Arc::clone(&book) as Arc<dyn Contacts>,
            composer: Composer::new(&MailConfig {
                preferences_url: Some("https://shop.example/settings".parse().unwrap()),
                ..MailConfig::default()
            })
            .unwrap(),
            mailer: Arc::new(Smtp::new(smtp(&mail))),
            in_doubt: InDoubt::SendAgain,
            webhooks: WebhookCaller::new(
                WebhookConfig { private_addresses: true, timeout_ms: 2_000 },
                Arc::new(SystemLookup),
            )
            .unwrap(),
            push: None,
            clock: Clock::by(move || of_test.lock().unwrap().unwrap_or_else(Utc::now)),
        };
        Self { database, client, identity, subgraph, book, mail, now, ways }
    }

    /// A user who wants to be told by these ways of everything.
    fn user(&self, number: u64, channels: &[&str]) -> Uuid {
        self.user_with(number, channels, json!({}))
    }

    fn user_with(&self, number: u64, channels: &[&str], more: Value) -> Uuid {
        let user = kit::seed::user_id(number);
        let mut wishes = json!({
            "userId": UserId::from(user).to_string(),
            "email": format!("user{number}@example.org"),
            "name": format!("Üser {number}"),
            "locale": "en-GB",
            "timeZone": "Europe/Berlin",
            "channels": { "orders": channels, "payments": channels, "account": channels },
            "quietHours": null,
            "digest": "NONE",
        });
        wishes.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.book.write(user, wishes);
        user
    }

    fn set_clock(&self, now: &str) {
        *self.now.lock().unwrap() = Some(now.parse().unwrap());
    }

    /// Takes one message in, as the consumer does.
    async fn hear(&self, envelope: &Envelope) {
        let place = Place { partition: 0, position: (0, 0) };
        let delivery = Delivery { place, message: envelope.to_message().unwrap() };
        let database = self.database.database();
        database
            .unit(async |connection| Intake.handle(connection, &delivery).await)
            .await
            .unwrap_or_else(|error: kit::HandlerError| panic!("{error:?}"));
    }

    /// Does jobs until none is due, under this house's ways.
    async fn work(&self) {
        let stop = CancellationToken::new();
        let runner = runner(self.database.database().clone(), self.ways.clone(), JOBS);
        let running = tokio::spawn(runner.run(stop.clone()));
        self.wait_until_idle().await;
        stop.cancel();
        running.await.unwrap();
    }

    async fn wait_until_idle(&self) {
        let due =
            "SELECT count(*) FROM job WHERE state IN ('waiting', 'running') AND (state = 'running' OR due_at <= now())";
        wait_for("all jobs that are due", async || (self.count(due).await == 0).then_some(())).await;
    }

    /// Makes all jobs that wait due now.
    async fn hurry(&self) {
        self.execute("UPDATE job SET due_at = now() WHERE state = 'waiting'").await;
    }

    async fn ask(&self, identity: &Identity, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let token = self.identity.token(identity);
        let answer = self.subgraph.execute(body.into(), Some(&token)).await;
        serde_json::from_slice(&answer).unwrap()
    }

    async fn count(&self, statement: &str) -> i64 {
        self.client.query_one(statement, &[]).await.unwrap().get(0)
    }

    async fn execute(&self, statement: &str) {
        self.client.batch_execute(statement).await.unwrap();
    }

    /// One text a row.
    async fn texts(&self, statement: &str) -> Vec<String> {
        self.client.query(statement, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
    }

    /// The events that were told, oldest first: type and data.
    async fn told(&self) -> Vec<(String, Value)> {
        let texts = self.texts("SELECT envelope FROM outbox ORDER BY position").await;
        let told = texts.iter().map(|text| Envelope::parse(text).unwrap());
        told.map(|envelope| {
            let data = serde_json::from_str(envelope.data.as_ref().unwrap().as_str()).unwrap();
            (envelope.type_name.split('.').nth(2).unwrap().to_owned(), data)
        })
        .collect()
    }
}

fn smtp(server: &MailServer) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port: server.port(),
        encryption: Encryption::None,
        step_timeout_ms: 5_000,
        taken_timeout_ms: 1_000,
        ..SmtpConfig::default()
    }
}

/// An event with an id of its own.
fn event<E: Event>(event: &E) -> Envelope {
    Envelope::event(event, Stamp { id: Uuid::now_v7(), time: Utc::now() }).unwrap()
}

fn placed(user: Uuid, number: u64) -> Envelope {
    event(&OrderPlaced {
        order_id: OrderId::from(kit::seed::order_id(number)),
        number: format!("SG-{number:08}"),
        customer_id: user.into(),
        lines: Vec::new(),
        total: Money::new(1_999, Currency::EUR),
    })
}

fn reader(user: Uuid) -> Identity {
    Identity::user(crate::UserId::from_uuid(user).to_global())
}

fn administrator() -> Identity {
    Identity::administrator(crate::UserId::from_uuid(kit::seed::user_id(kit::seed::ADMINISTRATOR)).to_global())
}

/// The inbox of a user, as that user reads it.
async fn inbox(house: &House, user: Uuid) -> Value {
    let query = "query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { unreadNotificationCount \
        notifications(first: 100) { edges { node { id kind category title text readAt order { id } \
        deliveries { channel status } } } } } } }";
    let user_id = crate::UserId::from_uuid(user).to_global();
    let answer = house.ask(&reader(user), query, json!({ "r": [{ "__typename": "User", "id": user_id }] })).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["_entities"][0].clone()
}

fn nodes(inbox: &Value) -> Vec<&Value> {
    inbox["notifications"]["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]).collect()
}
