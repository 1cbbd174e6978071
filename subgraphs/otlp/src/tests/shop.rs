//! Three services: products tells of a new one, stock hears it and has a job done, which asks notifications.

use std::sync::Arc;

use async_graphql::{Context, EmptySubscription, Object, Schema};
use axum::Json;
use chrono::Utc;
use diesel_async::AsyncPgConnection;
use diesel_migrations::{EmbeddedMigrations, embed_migrations};
use futures::future::BoxFuture;
use kit::{
    Access, Consumer, Database, Error, Group, Handler, HandlerError, InternalClient, JobError, JobHandler, JobRunner,
    LogBus, Root, Subgraph, SubgraphBuilder,
    internal::{ClientConfig, InternalConfig, Problem, serve},
    job::{JobConfig, Leased, NewJob, RunAt, enqueue},
    log_bus::LogBusConfig,
    outbox::{self, Relay},
    testing::{TestDatabase, TestIdentity},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;
use wire::{
    Domain,
    bus::{Bus, Delivery},
    event::{Envelope, Event as _, Stamp},
    events::products::ProductWithdrawn,
};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations/users");

/// The services, and what they do in the background.
pub struct Shop {
    pub products: Subgraph,
    stop: CancellationToken,
    running: JoinSet<()>,
    _databases: [TestDatabase; 3],
}

impl Shop {
    pub async fn open(access: Access) -> Self {
        let databases = [
            TestDatabase::create("products", MIGRATIONS).await,
            TestDatabase::create("stock", MIGRATIONS).await,
            TestDatabase::bus().await,
        ];
        let [products, stock, bus] = databases.each_ref().map(|test| test.database().clone());
        let bus = LogBus::open(bus, LogBusConfig::default()).await.unwrap();
        let bus: Arc<dyn Bus> = Arc::new(bus);
        let (stop, mut running) = (CancellationToken::new(), JoinSet::new());
        running.spawn(Relay::new(products.clone(), Arc::clone(&bus)).run(stop.clone()));
        let group = Group::of(Domain::Stock, "catalogue");
        let consumer = Consumer::new(stock.clone(), bus, ProductWithdrawn::topic(), group, Hearing);
        running.spawn(consumer.run(stop.clone()));
        running.spawn(JobRunner::new(stock, JobConfig::default()).handler(Asking(notifications())).run(stop.clone()));
        let schema = Schema::build(Root(Query), Mutation, EmptySubscription).data(products);
        Self {
            products: SubgraphBuilder::new("products", schema, access).build(),
            stop,
            running,
            _databases: databases,
        }
    }

    pub async fn close(self) {
        self.stop.cancel();
        self.running.join_all().await;
    }
}

struct Query;

#[Object]
impl Query {
    async fn products(&self) -> i32 {
        0
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn withdraw(&self, context: &Context<'_>) -> Result<bool, Error> {
        let database: &Database = kit::request_data(context)?;
        database
            .unit(async |connection| {
                let event = ProductWithdrawn { product_id: Uuid::now_v7().into() };
                let envelope = Envelope::event(&event, Stamp { id: Uuid::now_v7(), time: Utc::now() }).unwrap();
                let envelope = Envelope { traceparent: kit::trace::traceparent(), ..envelope };
                outbox::append(connection, &ProductWithdrawn::topic(), &[envelope.to_message().unwrap()]).await
            })
            .await
            .map_err(Error::internal)?;
        Ok(true)
    }
}

struct Hearing;

impl Handler for Hearing {
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let job = NewJob { kind: Asking::KIND, key: &delivery.message.key, payload: (), run_at: RunAt::Now };
            enqueue(connection, &job).await?;
            Ok(())
        })
    }
}

struct Asking(InternalClient);

impl JobHandler for Asking {
    type Payload = ();
    const KIND: &'static str = "asking";

    fn run<'a>(&'a self, _: &'a Leased, (): ()) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let told: bool = self.0.get(&["told"]).send().await.map_err(JobError::permanent)?;
            assert!(told);
            Ok(())
        })
    }
}

/// Whether anybody has been told.
#[utoipa::path(get, path = "/told", responses((status = 200, body = bool)))]
async fn told() -> Result<Json<bool>, Problem> {
    Ok(Json(true))
}

fn notifications() -> InternalClient {
    let keys = TestIdentity::new("stock");
    let routes = OpenApiRouter::new().routes(routes!(told));
    let api = serve("notifications", keys.access(), &["stock"], InternalConfig::default(), routes);
    InternalClient::in_process(api.router, "stock", keys.into_service_signer(), ClientConfig::default())
}
