//! The catalogue on a real server of MongoDB's wire protocol.

mod away;
mod behaviour;
mod full;
mod killed;
mod seeding;
mod server;
mod telling;

use std::sync::Arc;

use ::products::store::behaviour::Stage;
use ::products::store::{ProductStore, StoreError};
use futures::future::BoxFuture;
use wire::bus::Message;

use crate::{MongoCatalogue, relay};

/// An empty catalogue.
struct Mongo(MongoCatalogue);

impl Mongo {
    async fn fresh() -> Self {
        Self(server::catalogue(server::shared().await).await)
    }
}

impl Stage for Mongo {
    fn store(&self) -> Arc<dyn ProductStore> {
        Arc::new(self.0.clone())
    }

    fn told(&self) -> BoxFuture<'_, Result<Vec<Message>, StoreError>> {
        Box::pin(relay::peek(&self.0))
    }
}
