//! Opening one connection.

use diesel_async::AsyncPgConnection;
use tokio_postgres::{Config, NoTls};

use super::DatabaseError;

/// A diesel connection; its task ends with it.
pub(super) async fn establish(url: &str) -> Result<AsyncPgConnection, DatabaseError> {
    let config = url.parse::<Config>().map_err(DatabaseError::Url)?;
    let (client, connection) = config.connect(NoTls).await.map_err(|error| DatabaseError::Connect(error.into()))?;
    AsyncPgConnection::try_from_client_and_connection(client, connection)
        .await
        .map_err(|error| DatabaseError::Connect(error.into()))
}

/// A plain connection; its task ends when the client is dropped.
pub(crate) async fn connect(url: &str) -> Result<tokio_postgres::Client, DatabaseError> {
    let config = url.parse::<Config>().map_err(DatabaseError::Url)?;
    let (client, connection) = config.connect(NoTls).await.map_err(|error| DatabaseError::Connect(error.into()))?;
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::warn!(error = %super::describe(&error), "a bulk connection broke");
        }
    });
    Ok(client)
}
