//! Opening one connection.

use diesel_async::AsyncPgConnection;
use tokio_postgres::{Client, Connection, NoTls, Socket, tls::TlsStream};

use super::{Database, DatabaseError, transport::Target};

impl Database {
    /// A connection beside the pool, for what must not wait until others give one back: for the few who keep it. It isn't made
    /// again, and its statements aren't counted.
    pub(crate) async fn connection_apart(&self) -> Result<AsyncPgConnection, DatabaseError> {
        establish(&self.url).await
    }
}

/// A diesel connection; its task ends with it.
pub(super) async fn establish(url: &str) -> Result<AsyncPgConnection, DatabaseError> {
    let refused = |error: tokio_postgres::Error| DatabaseError::Connect(error.into());
    let Target { config, tls } = Target::parse(url)?;
    let established = match tls {
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
        None => {
            let (client, connection) = config.connect(NoTls).await.map_err(refused)?;
            AsyncPgConnection::try_from_client_and_connection(client, connection).await
        }
    };
    established.map_err(|error| DatabaseError::Connect(error.into()))
}

/// A plain client; its task ends when the client is dropped.
pub(crate) async fn connect(url: &str) -> Result<Client, DatabaseError> {
    let refused = |error: tokio_postgres::Error| DatabaseError::Connect(error.into());
    let Target { config, tls } = Target::parse(url)?;
    match tls {
        Some(tls) => {
            let (client, connection) = config.connect(tls).await.map_err(refused)?;
            Ok(attend(client, connection))
        }
        None => {
            let (client, connection) = config.connect(NoTls).await.map_err(refused)?;
            Ok(attend(client, connection))
        }
    }
}

fn attend<S>(client: Client, connection: Connection<Socket, S>) -> Client
where
    S: TlsStream + Unpin + Send + 'static,
{
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = %super::describe(&error), "a bulk connection broke");
        }
    });
    client
}
