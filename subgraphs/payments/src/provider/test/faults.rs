//! What goes wrong, so many times as somebody has said.
//!
//! They stand in a table, so that another process than the one that fails can switch them.

use std::time::Duration;

use diesel::prelude::*;
use diesel::upsert::excluded;
use diesel_async::RunQueryDsl;
use kit::database::DatabaseError;

use super::TestProvider;
use super::schema::fault;
use crate::provider::ProviderError;

/// How long an answer is kept back that is never to come: longer than any test, and not for ever.
const HANG: Duration = Duration::from_secs(600);

/// Something that goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A call is refused before anything is done.
    Unavailable,
    /// A call is done, and its answer lost.
    TimeOut,
    /// A call is done, and its answer doesn't come while whoever asked lives.
    Hang,
    /// A capture or a refund is refused.
    Refusal,
    /// A delivery of webhooks sends each of them twice.
    DuplicateWebhooks,
    /// A delivery of webhooks begins with the last one.
    OutOfOrderWebhooks,
}

impl Fault {
    /// Its name in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unavailable => "unavailable",
            Self::TimeOut => "time-out",
            Self::Hang => "hang",
            Self::Refusal => "refusal",
            Self::DuplicateWebhooks => "duplicate-webhooks",
            Self::OutOfOrderWebhooks => "out-of-order-webhooks",
        }
    }
}

impl TestProvider {
    /// Has a fault happen the next `times` times.
    ///
    /// # Errors
    /// The database fails.
    pub async fn fail(&self, fault: Fault, times: u16) -> Result<(), DatabaseError> {
        let mut connection = self.database.connection().await?;
        diesel::insert_into(fault::table)
            .values((fault::name.eq(fault.as_str()), fault::remaining.eq(i32::from(times))))
            .on_conflict(fault::name)
            .do_update()
            .set(fault::remaining.eq(excluded(fault::remaining)))
            .execute(&mut connection)
            .await?;
        Ok(())
    }

    /// How often a fault is still to happen.
    ///
    /// # Errors
    /// The database fails.
    pub async fn remaining(&self, fault: Fault) -> Result<u16, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let remaining = fault::table.find(fault.as_str()).select(fault::remaining);
        let remaining: Option<i32> = remaining.first(&mut connection).await.optional()?;
        Ok(remaining.and_then(|remaining| u16::try_from(remaining).ok()).unwrap_or_default())
    }

    /// Whether it is to happen now; if so it is once less.
    pub(super) async fn happens(&self, fault: Fault) -> Result<bool, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let due = fault::table.filter(fault::name.eq(fault.as_str())).filter(fault::remaining.gt(0));
        let changed =
            diesel::update(due).set(fault::remaining.eq(fault::remaining - 1)).execute(&mut connection).await?;
        Ok(changed > 0)
    }

    /// Before a call is done.
    pub(super) async fn before(&self) -> Result<(), ProviderError> {
        match self.happens(Fault::Unavailable).await? {
            true => Err(ProviderError::Unavailable("told to be".to_owned())),
            false => Ok(()),
        }
    }

    /// After a call was done, before it is answered.
    pub(super) async fn after(&self) -> Result<(), ProviderError> {
        if self.happens(Fault::TimeOut).await? {
            return Err(ProviderError::Unavailable("done, and told to say nothing".to_owned()));
        }
        if self.happens(Fault::Hang).await? {
            tokio::time::sleep(HANG).await;
            return Err(ProviderError::Unavailable("done, and told to hang".to_owned()));
        }
        Ok(())
    }
}
