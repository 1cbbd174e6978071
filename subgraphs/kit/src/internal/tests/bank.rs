//! A service that is asked: it has accounts, and may be slow, or fail.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use diesel::{sql_query, sql_types};
use diesel_async::RunQueryDsl as _;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use serde::{Deserialize, Serialize};
use tokio::{net::TcpListener, task::JoinHandle};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use wire::identity::{Identity, Issuer, Signer, TrustedKey, Verifier};

use crate::{
    Access, Database, SdlAccess,
    internal::{CallingService, Deadline, InternalApi, InternalConfig, Keyed, KeyedReply, Problem, serve},
    testing::TestDatabase,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Books {
    database: Database,
    /// How often a handler was called.
    pub calls: Arc<AtomicU32>,
    /// How long each takes, in milliseconds.
    pub takes_ms: Arc<AtomicU64>,
    /// How many of the next calls fail.
    pub fails: Arc<AtomicU32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct Account {
    pub id: String,
    pub balance: i64,
    /// Who asked.
    pub asked_by: String,
    /// Whether the caller still waits.
    pub is_waited_for: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(super) struct Deposit {
    pub amount: i64,
}

/// An account.
#[utoipa::path(
    get,
    path = "/accounts/{id}",
    params(("id" = String, Path)),
    responses((status = 200, body = Account))
)]
async fn account(
    State(books): State<Books>,
    Path(id): Path<String>,
    caller: CallingService,
    deadline: Deadline,
) -> Result<Json<Account>, Problem> {
    books.enter().await?;
    let client = books.database.bulk_connection().await?;
    let row = client.query_opt("SELECT balance FROM account WHERE id = $1", &[&id]).await.map_err(Problem::internal)?;
    let balance = row.ok_or_else(|| Problem::not_found("No such account"))?.get(0);
    let is_waited_for = !deadline.left().is_zero();
    Ok(Json(Account { id, balance, asked_by: caller.name().to_owned(), is_waited_for }))
}

/// Puts money into an account.
#[utoipa::path(
    post,
    path = "/accounts/{id}/deposits",
    params(("id" = String, Path)),
    request_body = Deposit,
    responses((status = 200, body = Account))
)]
async fn deposit(
    State(books): State<Books>,
    Path(id): Path<String>,
    call: Keyed<Deposit>,
) -> Result<KeyedReply<Account>, Problem> {
    books.enter().await?;
    let (amount, asked_by) = (call.body.amount, call.caller.name().to_owned());
    call.once(&books.database, async |connection| {
        if amount <= 0 {
            return Err(Problem::refused("AMOUNT_NOT_POSITIVE", "Deposits are positive"));
        }
        #[derive(diesel::QueryableByName)]
        struct Row {
            #[diesel(sql_type = sql_types::BigInt)]
            balance: i64,
        }
        let add = sql_query("UPDATE account SET balance = balance + $1 WHERE id = $2 RETURNING balance");
        let rows: Vec<Row> =
            add.bind::<sql_types::BigInt, _>(amount).bind::<sql_types::Text, _>(&id).load(connection).await?;
        let Row { balance } = rows.into_iter().next().ok_or_else(|| Problem::not_found("No such account"))?;
        Ok(Account { id: id.clone(), balance, asked_by: asked_by.clone(), is_waited_for: true })
    })
    .await
}

/// Tells what nobody should be told.
#[utoipa::path(get, path = "/secret", responses((status = 200)))]
async fn secret() -> (StatusCode, &'static str) {
    (StatusCode::BAD_REQUEST, "the password is 1234")
}

/// Fails with a cause.
#[utoipa::path(get, path = "/fault", responses((status = 200)))]
async fn fault() -> Result<(), Problem> {
    Err(Problem::internal("the password is 1234"))
}

impl Books {
    async fn enter(&self) -> Result<(), Problem> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(AtomicU64::load(&self.takes_ms, Ordering::SeqCst))).await;
        let count_down = |fails: u32| fails.checked_sub(1);
        match self.fails.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count_down) {
            Ok(_) => Err(Problem::unavailable("as it was told")),
            Err(_) => Ok(()),
        }
    }

    pub(super) fn calls(&self) -> u32 {
        AtomicU32::load(&self.calls, Ordering::SeqCst)
    }
}

/// The service with its database, its keys and its routes.
pub(super) struct Bank {
    pub books: Books,
    pub api: InternalApi,
    /// Of the service `orders`.
    pub orders: Arc<Signer>,
    /// Of the service `search`, which may ask nothing.
    pub search: Arc<Signer>,
    /// Of the router.
    pub router: Arc<Signer>,
    test: TestDatabase,
}

impl Bank {
    pub(super) async fn open() -> Self {
        let test = TestDatabase::create("kit", MIGRATIONS).await;
        let table = "CREATE TABLE account (id text PRIMARY KEY, balance bigint NOT NULL); \
            INSERT INTO account VALUES ('a', 100), ('a/b', 200)";
        test.database().bulk_connection().await.unwrap().batch_execute(table).await.unwrap();
        let [orders, search, router] = [0, 1, 2].map(|_| Arc::new(Signer::generate().unwrap()));
        let service = |name: &str| Issuer::Service(name.to_owned());
        let trusted = [(&orders, service("orders")), (&search, service("search")), (&router, Issuer::Router)]
            .map(|(signer, issuer)| TrustedKey { public_key: signer.public_key(), issuer });
        let access = Access { verifier: Some(Arc::new(Verifier::new(trusted.into()))), sdl_open: SdlAccess::Signed };
        let (calls, takes_ms, fails) = Default::default();
        let books = Books { database: test.database().clone(), calls, takes_ms, fails };
        let routes = OpenApiRouter::new()
            .routes(routes!(account))
            .routes(routes!(deposit))
            .routes(routes!(secret))
            .routes(routes!(fault))
            .with_state(books.clone());
        let config = InternalConfig { body_bytes_max: 1_000, deadline_longest_ms: 5_000 };
        let api = serve("bank", access, &["orders"], config, routes);
        Self { books, api, orders, search, router, test }
    }

    pub(super) async fn balance(&self) -> i64 {
        let client = self.test.database().bulk_connection().await.unwrap();
        client.query_one("SELECT balance FROM account WHERE id = 'a'", &[]).await.unwrap().get(0)
    }

    /// The identity header of the service `orders`.
    pub(super) fn token(&self) -> String {
        token(&self.orders, &Identity::service("orders"))
    }

    pub(super) async fn listen(&self) -> Listening {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.api.router.clone();
        Listening { address, task: tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }) }
    }
}

pub(super) fn token(signer: &Signer, identity: &Identity) -> String {
    signer.sign(identity, u64::try_from(chrono::Utc::now().timestamp()).unwrap()).unwrap()
}

/// A server on a socket.
pub(super) struct Listening {
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}
