//! PostgreSQL as a store of products.

use std::sync::Arc;

use futures::future::BoxFuture;
use kit::testing::TestDatabase;
use wire::bus::Message;

use crate::store::behaviour::Stage;
use crate::store::{PostgresProducts, ProductStore, StoreError};

struct Postgres(TestDatabase);

impl Stage for Postgres {
    fn store(&self) -> Arc<dyn ProductStore> {
        Arc::new(PostgresProducts::new(self.0.database().clone()))
    }

    fn told(&self) -> BoxFuture<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(async move {
            let client = self.0.database().bulk_connection().await?;
            let rows = client.query("SELECT key, envelope FROM outbox ORDER BY position", &[]).await;
            let rows = rows.map_err(|error| StoreError::Refused(error.into()))?;
            let message = |key: &str, text: &str| Message { key: key.into(), text: text.into() };
            Ok(rows.iter().map(|row| message(row.get(0), row.get(1))).collect())
        })
    }
}

crate::store_behaviour_tests!(async || Postgres(TestDatabase::create("products", crate::MIGRATIONS).await));
