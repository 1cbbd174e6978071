//! A connection that hears notifications.
//!
//! Its holder asks for it again when it has ended: what was said meanwhile is lost, so that everybody who is woken by
//! notifications must also look by himself now and then.

use std::future::poll_fn;

use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, Connection, NoTls, Notification, Socket, tls::TlsStream};

use super::{Database, DatabaseError, transport::Target};

/// A connection of its own that listens.
pub(crate) struct Listening {
    /// For statements on the same connection.
    pub client: Client,
    task: JoinHandle<()>,
}

impl Listening {
    /// Waits until the connection has ended.
    pub(crate) async fn ended(&mut self) {
        // It ends by returning; a panic of the callback is an end as well. Who asks again is told again.
        if !self.task.is_finished() {
            drop((&mut self.task).await);
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Database {
    /// Opens a connection that calls `heard` with each notification on `channel`.
    pub(crate) async fn listen(
        &self,
        channel: &'static str,
        heard: impl Fn(&Notification) + Send + 'static,
    ) -> Result<Listening, DatabaseError> {
        let refused = |error: tokio_postgres::Error| DatabaseError::Connect(error.into());
        let Target { config, tls } = Target::parse(&self.url)?;
        let connecting = async {
            match tls {
                Some(tls) => config.connect(tls).await.map(|(client, connection)| attend(client, connection, heard)),
                None => config.connect(NoTls).await.map(|(client, connection)| attend(client, connection, heard)),
            }
        };
        let connecting = tokio::time::timeout(self.acquire_timeout, connecting);
        let listening =
            connecting.await.map_err(|_| DatabaseError::PoolExhausted(self.acquire_timeout))?.map_err(refused)?;
        // The server, too, holds what a client that is gone had locked until it notices.
        let alive = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 4";
        listening.client.batch_execute(&format!("{alive}; LISTEN {channel}")).await?;
        Ok(listening)
    }
}

fn attend<S>(
    client: Client,
    mut connection: Connection<Socket, S>,
    heard: impl Fn(&Notification) + Send + 'static,
) -> Listening
where
    S: TlsStream + Unpin + Send + 'static,
{
    let task = tokio::spawn(async move {
        // Ends with the connection, or with an error of it: the same to whoever waits for it.
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(notification) = message {
                heard(&notification);
            }
        }
    });
    Listening { client, task }
}
