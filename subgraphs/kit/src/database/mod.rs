//! A service's own PostgreSQL database: a bounded pool over diesel-async, its
//! migrations, units of work, and a count of what it executes.
//!
//! A service reads and writes its own database only. Nothing here may wait
//! without a bound for a connection, nor show a database URL: it holds a
//! password.

mod cached;
mod config;
mod connect;
mod failure;
mod health;
mod listen;
mod migrate;
mod replicas;
mod statements;
mod storable;
#[cfg(test)]
mod tests;
mod transport;
mod unit;
mod wake;

use std::{sync::Arc, time::Duration};

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, PoolableConnection as _, RecyclingMethod,
        bb8::{Pool, PooledConnection},
    },
};
use futures::FutureExt as _;

pub use cached::{Cached, cached};
pub use config::DatabaseConfig;
pub(crate) use connect::connect as connect_raw;
pub use failure::is_missing;
pub(crate) use failure::{Cause, Failed};
pub use health::{DatabaseHealth, PoolHealth, ReplicaHealth};
pub(crate) use listen::Listening;
pub use replicas::{Freshness, Lsn, REPLICAS_MAX, ReadConnection, ReadCounts, ReadWork, ReplicaConfig};
pub use statements::StatementCount;
pub use storable::{storable, storable_time};
pub use unit::Work;
pub(crate) use wake::{hear_of_jobs, wake_after_commit, wake_jobs_after_commit, wake_on_commit};

use crate::metrics::{PoolTimes, ServiceMetrics};

/// How long [`Database::unconnected`] lets a mistaken use wait.
const UNCONNECTED_TIMEOUT: Duration = Duration::from_millis(100);

/// A connection taken from the pool; goes back when dropped.
pub type Connection = PooledConnection<'static, AsyncPgConnection>;

/// Why the database can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// The URL isn't a PostgreSQL URL.
    #[error("the database URL isn't understood")]
    Url(#[source] tokio_postgres::Error),
    /// No connection can be made.
    #[error("the database can't be reached")]
    Connect(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The pool gave no connection in time.
    #[error("no database connection within {0:?}")]
    PoolExhausted(Duration),
    /// A migration failed.
    #[error("a migration failed")]
    Migrate(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Two migrations, of the service and kit perhaps, have one version.
    #[error("the migrations {0} and {1} have the same version")]
    MigrationVersion(String, String),
    /// A statement failed.
    #[error("a statement failed")]
    Statement(#[from] diesel::result::Error),
    /// A message that no bus would take.
    #[error("a message can't be sent")]
    Message(#[from] wire::bus::BusError),
    /// Something that can't be a job.
    #[error("a job can't be wanted")]
    Job(#[from] crate::job::NewJobError),
    /// A statement of a bulk load failed.
    #[error("a bulk statement failed")]
    Bulk(#[from] tokio_postgres::Error),
}

impl DatabaseError {
    /// Whether it is about what was to be written, and so will be the same the next time.
    pub(crate) fn is_of_content(&self) -> bool {
        matches!(self, Self::Message(wire::bus::BusError::TooLong { .. }) | Self::Job(_))
    }
}

/// A service's database; cheap to clone.
#[derive(Clone)]
pub struct Database {
    pool: Pool<AsyncPgConnection>,
    url: Arc<str>,
    pool_size_max: u32,
    acquire_timeout: Duration,
    statements: StatementCount,
    replicas: Option<Arc<replicas::Replicas>>,
    metrics: ServiceMetrics,
    times: PoolTimes,
}

impl Database {
    /// Opens a pool and proves with one connection that the database answers.
    ///
    /// # Errors
    /// [`DatabaseError::Url`] or [`DatabaseError::Connect`].
    pub async fn connect(url: &str, config: DatabaseConfig) -> Result<Self, DatabaseError> {
        Self::connect_with_replicas(url, &[], config).await
    }

    /// Also opens pools to the primary's replicas, which needn't be there yet.
    ///
    /// # Errors
    /// Those of [`Database::connect`], and of replicas' URLs.
    pub async fn connect_with_replicas(
        url: &str,
        replicas: &[String],
        config: DatabaseConfig,
    ) -> Result<Self, DatabaseError> {
        let acquire_timeout = Duration::from_millis(config.acquire_timeout_ms);
        let probe = tokio::time::timeout(acquire_timeout, connect::establish(url)).await;
        drop(probe.map_err(|_| DatabaseError::PoolExhausted(acquire_timeout))??);

        let statements = StatementCount::default();
        let pool = Pool::builder()
            .max_size(config.pool_size_max)
            .min_idle(Some(0))
            .connection_timeout(acquire_timeout)
            .build(primary_manager(url, &statements))
            .await
            .map_err(|error| DatabaseError::Connect(error.into()))?;
        let url = Arc::from(url);
        let replicas = replicas::Replicas::open(&url, replicas, &config, &statements)?;
        let metrics = ServiceMetrics::default();
        let times = metrics.pool("");
        Ok(Self {
            pool,
            url,
            pool_size_max: config.pool_size_max,
            acquire_timeout,
            statements,
            replicas,
            metrics,
            times,
        })
    }

    /// A database that leads nowhere, for a subgraph that only prints its
    /// contract: every use fails.
    #[must_use]
    pub fn unconnected() -> Self {
        let (url, statements) = ("postgres://nowhere.invalid", StatementCount::default());
        // Without idle and life times the pool spawns nothing: no runtime is needed.
        let pool = Pool::builder()
            .min_idle(Some(0))
            .idle_timeout(None)
            .max_lifetime(None)
            .connection_timeout(UNCONNECTED_TIMEOUT)
            .retry_connection(false)
            .build_unchecked(primary_manager(url, &statements));
        let metrics = ServiceMetrics::default();
        let times = metrics.pool("");
        Self {
            pool,
            url: url.into(),
            pool_size_max: 0,
            acquire_timeout: UNCONNECTED_TIMEOUT,
            statements,
            replicas: None,
            metrics,
            times,
        }
    }

    /// A connection of the pool.
    ///
    /// # Errors
    /// [`DatabaseError::PoolExhausted`] when none comes free in time,
    /// [`DatabaseError::Connect`] when a new one can't be made.
    pub async fn connection(&self) -> Result<Connection, DatabaseError> {
        let _waiting = self.times.waiting();
        self.pool.get_owned().await.map_err(|error| match error {
            diesel_async::pooled_connection::bb8::RunError::User(error) => DatabaseError::Connect(error.into()),
            diesel_async::pooled_connection::bb8::RunError::TimedOut => {
                DatabaseError::PoolExhausted(self.acquire_timeout)
            }
        })
    }

    /// The same, counting for a service.
    pub(crate) fn measured(self, metrics: ServiceMetrics, for_what: &str) -> Self {
        let times = metrics.pool(for_what);
        Self { metrics, times, ..self }
    }

    /// The metrics of the service whose it is.
    #[must_use]
    pub fn metrics(&self) -> &ServiceMetrics {
        &self.metrics
    }

    /// How many statements the pool has executed since it was opened: queries
    /// and commands, and also the BEGIN and COMMIT of transactions; not what
    /// connections run when they are set up.
    #[must_use]
    pub fn statements_executed(&self) -> u64 {
        self.statements.get()
    }

    /// A connection outside of the pool, for COPY and other bulk work that
    /// diesel doesn't speak. Its task ends with the client.
    ///
    /// # Errors
    /// [`DatabaseError::Connect`].
    pub async fn bulk_connection(&self) -> Result<tokio_postgres::Client, DatabaseError> {
        connect_raw(&self.url).await
    }

    /// Whether the database answers a statement now, within the time that
    /// one may wait for a connection.
    pub async fn is_ready(&self) -> bool {
        use diesel_async::SimpleAsyncConnection as _;
        let asking = async {
            match self.connection().await {
                Ok(mut connection) => connection.batch_execute("SELECT 1").await.is_ok(),
                Err(_) => false,
            }
        };
        tokio::time::timeout(self.acquire_timeout, asking).await.unwrap_or(false)
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Database").field("pool", &self.pool.state()).finish_non_exhaustive()
    }
}

fn primary_manager(url: &str, statements: &StatementCount) -> AsyncDieselConnectionManager<AsyncPgConnection> {
    let statements = statements.clone();
    manager(url, move |url| {
        let (url, statements) = (url.to_owned(), statements.clone());
        async move {
            use diesel_async::AsyncConnection as _;
            let mut connection = connect::establish(&url).await?;
            connection.set_instrumentation(statements);
            Ok(connection)
        }
    })
}

/// A pool's manager, whose connections `establish` makes.
fn manager<F, Fut>(url: &str, establish: F) -> AsyncDieselConnectionManager<AsyncPgConnection>
where
    F: Fn(&str) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<AsyncPgConnection, DatabaseError>> + Send + 'static,
{
    let mut config = ManagerConfig::default();
    // Not a round trip a checkout: a connection's own task knows when the
    // server has closed it, as a restart does, and the pool takes another.
    config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|connection: &mut AsyncPgConnection| {
        let broken = connection.is_broken();
        async move { if broken { Err(diesel::result::Error::BrokenTransactionManager) } else { Ok(()) } }.boxed()
    }));
    config.custom_setup = Box::new(move |url| {
        let established = establish(url);
        async move { established.await.map_err(|error| diesel::ConnectionError::BadConnection(describe(&error))) }
            .boxed()
    });
    AsyncDieselConnectionManager::new_with_config(url, config)
}

/// An error with all its causes in one line: for logs.
#[must_use]
pub fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
