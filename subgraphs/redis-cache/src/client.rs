//! The connection: made and made again in the background, never waited for longer than a moment.

use std::{sync::Arc, time::Duration};

use fred::{
    clients::{Client, WithOptions},
    interfaces::ClientLike as _,
    types::{
        Builder,
        config::{Options, ReconnectPolicy, UnresponsiveConfig},
    },
};
use tokio_util::task::AbortOnDropHandle;

use crate::{error::RedisError, script::Scripts, target};

/// How long to connect, handshakes included, and how long an answer may be missing until the connection is taken for dead.
/// Beyond it the server is away or the way to it is.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How often connections are looked at for missing answers.
const UNRESPONSIVE_INTERVAL: Duration = Duration::from_millis(500);
/// How long to wait between attempts to connect, in milliseconds: doubled up to a second, since a server that is back should
/// be used again soon and one that isn't shouldn't be in the log all the time.
const RECONNECT_MS: (u32, u32) = (50, 1_000);
/// How long a call may take: callers give up long before, so this only bounds what is left behind.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(1);
/// Calls that wait to be written: more than a process has readers.
const QUEUE_MAX: usize = 8_192;
/// How long to say good-bye.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A cache in Redis; cheap to clone. Connects again by itself; ends when the last clone is dropped.
#[derive(Clone)]
pub struct RedisCache {
    client: Client,
    scripts: Arc<Scripts>,
    /// Drives the connection.
    _driver: Arc<AbortOnDropHandle<()>>,
}

impl RedisCache {
    /// Begins to connect, and waits a moment for it: a server that isn't there yet is used when it is.
    ///
    /// # Errors
    /// The URL isn't understood, or TLS can't be set up.
    pub async fn connect(url: &str) -> Result<Self, RedisError> {
        let client = build(url)?;
        let driver = AbortOnDropHandle::new(tokio::spawn(drive(client.clone())));
        match tokio::time::timeout(CONNECT_TIMEOUT, connected(&client)).await {
            Ok(()) => {}
            Err(_) => tracing::warn!("Redis can't be reached yet; it is used when it can"),
        }
        Ok(Self { client, scripts: Arc::new(Scripts::new()), _driver: Arc::new(driver) })
    }

    /// Closes the connection, for all clones.
    pub async fn close(&self) {
        let closed = tokio::time::timeout(CLOSE_TIMEOUT, self.client.quit()).await;
        tracing::debug!(graceful = matches!(closed, Ok(Ok(()))), "closed the connection to Redis");
    }

    /// The client for calls: whoever asks while there is no connection has no use for an answer later.
    pub(crate) fn at_once(&self) -> WithOptions<Client> {
        self.client.with_options(&Options { fail_fast: true, timeout: Some(COMMAND_TIMEOUT), ..Options::default() })
    }

    pub(crate) fn scripts(&self) -> &Scripts {
        &self.scripts
    }
}

impl std::fmt::Debug for RedisCache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("RedisCache").field("connected", &self.client.is_connected()).finish_non_exhaustive()
    }
}

fn build(url: &str) -> Result<Client, RedisError> {
    let mut config = target::parse(url)?;
    // The first connection is made like every later one.
    config.fail_fast = false;
    let mut builder = Builder::from_config(config);
    builder.with_connection_config(|connection| {
        connection.connection_timeout = CONNECT_TIMEOUT;
        connection.internal_command_timeout = CONNECT_TIMEOUT;
        // What was under way when a connection broke is told as failed, not said again: callers have given it up.
        connection.max_command_attempts = 1;
        connection.max_command_buffer_len = QUEUE_MAX;
        connection.reconnect_on_auth_error = true;
        connection.tcp.nodelay = Some(true);
        connection.unresponsive =
            UnresponsiveConfig { max_timeout: Some(CONNECT_TIMEOUT), interval: UNRESPONSIVE_INTERVAL };
    });
    builder.with_performance_config(|performance| performance.default_command_timeout = COMMAND_TIMEOUT);
    let (first, longest) = RECONNECT_MS;
    builder.set_policy(ReconnectPolicy::new_exponential(0, first, longest, 2));
    builder.build().map_err(RedisError::Client)
}

/// Drives the connection as long as the process wants one. The client's own task ends by itself when it takes an error for
/// final, as a refused password, which may be right tomorrow.
async fn drive(client: Client) {
    loop {
        let ended = AbortOnDropHandle::new(client.connect()).await;
        match ended {
            Ok(Ok(())) => return,
            Ok(Err(error)) => tracing::warn!(%error, "the connection to Redis ended"),
            Err(error) => tracing::warn!(%error, "the connection to Redis ended"),
        }
        tokio::time::sleep(CONNECT_TIMEOUT).await;
    }
}

async fn connected(client: &Client) {
    while client.wait_for_connect().await.is_err() {
        tokio::time::sleep(Duration::from_millis(u64::from(RECONNECT_MS.0))).await;
    }
}
