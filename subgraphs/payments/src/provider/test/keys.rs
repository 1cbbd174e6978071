//! Idempotency: what was asked under a key is done once, and answered alike each time; another question under it is refused.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::DatabaseError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::TestProvider;
use super::schema::call;
use crate::provider::ProviderError;

/// What becomes of a call.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// The books are away.
    #[error("the test provider's books")]
    Database(#[from] DatabaseError),
    /// It is answered so.
    #[error("the answer")]
    Provider(#[from] ProviderError),
}

impl From<diesel::result::Error> for CallError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<CallError> for ProviderError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Database(error) => error.into(),
            CallError::Provider(error) => error,
        }
    }
}

impl TestProvider {
    /// What was answered to the key before; `None` for a new key, which is taken. Of two calls at once the second one waits.
    pub(super) async fn known<T: DeserializeOwned>(
        connection: &mut AsyncPgConnection,
        key: &str,
        body: &str,
    ) -> Result<Option<T>, CallError> {
        let new = diesel::insert_into(call::table)
            .values((call::key.eq(key), call::body.eq(body)))
            .on_conflict_do_nothing()
            .execute(connection)
            .await?;
        if new == 1 {
            return Ok(None);
        }
        let (known, answer): (String, Option<String>) =
            call::table.find(key).select((call::body, call::answer)).first(connection).await?;
        if known != body {
            let message = "the key was used with other parameters".to_owned();
            return Err(ProviderError::Rejected { code: "idempotency_error".to_owned(), message }.into());
        }
        let answer = answer.and_then(|answer| serde_json::from_str(&answer).ok());
        answer.map(Some).ok_or_else(|| ProviderError::Unreadable("an answer of before".to_owned()).into())
    }

    /// Remembers an answer.
    pub(super) async fn answered<T: Serialize>(
        connection: &mut AsyncPgConnection,
        key: &str,
        answer: &T,
    ) -> Result<(), CallError> {
        let answer = serde_json::to_string(answer).map_err(|error| ProviderError::Unreadable(error.to_string()))?;
        diesel::update(call::table.find(key)).set(call::answer.eq(answer)).execute(connection).await?;
        Ok(())
    }
}

impl TestProvider {
    /// A whole call: it may be refused before anything is done, it is done once under its key, and its answer may get lost.
    pub(super) async fn call<T, F>(&self, key: &str, body: &str, effect: F) -> Result<T, ProviderError>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<T, CallError>
            + kit::database::Work<&'c mut AsyncPgConnection, Result<T, CallError>, Running: Send>
            + Send
            + Sync,
        T: Serialize + DeserializeOwned + Send + Sync,
    {
        self.before().await?;
        let answer = self
            .database
            .unit(async |connection| {
                if let Some(answer) = Self::known(connection, key, body).await? {
                    return Ok(answer);
                }
                let answer = effect(connection).await?;
                Self::answered(connection, key, &answer).await?;
                Ok::<_, CallError>(answer)
            })
            .await?;
        self.after().await?;
        Ok(answer)
    }
}
