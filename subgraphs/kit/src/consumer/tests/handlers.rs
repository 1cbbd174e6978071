//! A handler that writes down what it handles, and behaves as each test wants.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use diesel::{
    sql_query,
    sql_types::{Integer, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::future::BoxFuture;
use serde::Deserialize;
use uuid::Uuid;
use wire::bus::Delivery;

use super::super::{Handler, HandlerError};

/// What a handler does before it writes its effect, and after.
pub(super) type Behaviour = Arc<
    dyn for<'a> Fn(&'a mut AsyncPgConnection, &'a str, i32) -> BoxFuture<'a, Result<(), HandlerError>> + Send + Sync,
>;

#[derive(Clone)]
pub(super) struct Recording {
    before: Behaviour,
    after: Behaviour,
    /// The one type that it wants; everything, if none.
    wanted: Option<&'static str>,
    /// How often it was called.
    pub calls: Arc<AtomicU32>,
}

impl Recording {
    pub(super) fn plain() -> Self {
        let nothing: Behaviour = Arc::new(|_, _, _| Box::pin(async { Ok(()) }));
        Self { before: Arc::clone(&nothing), after: nothing, wanted: None, calls: Arc::default() }
    }

    pub(super) fn before(before: Behaviour) -> Self {
        Self { before, ..Self::plain() }
    }

    /// Does something when all was written, and could still be taken back.
    pub(super) fn after(after: Behaviour) -> Self {
        Self { after, ..Self::plain() }
    }

    /// The same, for one type alone.
    pub(super) fn of_type(self, type_name: &'static str) -> Self {
        Self { wanted: Some(type_name), ..self }
    }
}

#[derive(Deserialize)]
struct Event {
    id: Uuid,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    value: i32,
}

impl Handler for Recording {
    fn wants(&self, type_name: &str) -> bool {
        self.wanted.is_none_or(|wanted| wanted == type_name)
    }

    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            self.calls.fetch_add(1, Ordering::SeqCst);
            let key = &*delivery.message.key;
            let Event { id, data: Data { value } } =
                serde_json::from_str(&delivery.message.text).map_err(HandlerError::poison)?;
            (self.before)(connection, key, value).await?;
            sql_query("INSERT INTO effect (key, value, event) VALUES ($1, $2, $3)")
                .bind::<Text, _>(key)
                .bind::<Integer, _>(value)
                .bind::<SqlUuid, _>(id)
                .execute(connection)
                .await?;
            (self.after)(connection, key, value).await
        })
    }
}
