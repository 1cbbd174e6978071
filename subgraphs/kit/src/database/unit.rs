//! A unit of work: one transaction on a connection of the pool.
//!
//! What can't be told from outside is decided here: a transaction that lost against another one is tried again, a bounded
//! number of times; one that a swallowed error has aborted is never taken for committed; and nothing in it waits without a
//! bound.

use std::{error::Error, future::Future, time::Duration};

use diesel_async::{
    AnsiTransactionManager as Transaction, AsyncPgConnection, SimpleAsyncConnection as _, TransactionManager as _,
    pooled_connection::PoolableConnection as _,
};

use super::{
    Database, DatabaseError,
    failure::{Cause, Failed},
    wake,
};
use crate::outage::back_off;

/// How often a unit is tried that others are in the way of: a row that is fought over is free after a few milliseconds.
const TRIES_MAX: u32 = 6;
/// The first wait between two tries, and the longest.
const TRIES_APART: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(100));
/// Begins a transaction with bounds on each statement, locks that it waits for included, and on the time between two of them,
/// for which a process that stands still would keep its locks. Both are longer than anything in a unit should take.
const BEGIN: &str = "BEGIN; SET LOCAL statement_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '60s'";

/// Work in a transaction: an async closure over its connection.
///
/// Implemented for all of them; the trait is there to say that what they do can be sent between threads.
pub trait Work<C, R>: AsyncFn(C) -> R + Fn(C) -> <Self as Work<C, R>>::Running {
    /// The future of the work.
    type Running: Future<Output = R>;
}

impl<F, C, R, Running> Work<C, R> for F
where
    F: AsyncFn(C) -> R + Fn(C) -> Running,
    Running: Future<Output = R>,
{
    type Running = Running;
}

impl Database {
    /// Does `work` in one transaction: all of it is kept, or nothing.
    ///
    /// It is done again from the start, at most six times, when the transaction lost against another one (a serialization
    /// failure or a deadlock): what it does beside the database must bear that. That is seen by the error's chain of sources,
    /// so an error type that wraps [`diesel::result::Error`] must give it as its source (`#[from]`, `#[source]`, not
    /// `transparent`).
    ///
    /// ```no_run
    /// # use kit::{Database, database::DatabaseError};
    /// # use diesel_async::SimpleAsyncConnection as _;
    /// # async fn example(database: &Database) -> Result<(), DatabaseError> {
    /// let table = "carts";
    /// database
    ///     .unit(async |connection| {
    ///         connection.batch_execute(&format!("DELETE FROM {table}")).await?;
    ///         Ok::<_, DatabaseError>(())
    ///     })
    ///     .await
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the work; as [`DatabaseError`] those of the pool and of the transaction. Nothing was kept then, but if the
    /// connection was lost on its commit, of which nobody knows.
    pub async fn unit<T, E, F>(&self, work: F) -> Result<T, E>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<T, E>
            + Work<&'c mut AsyncPgConnection, Result<T, E>, Running: Send>
            + Send
            + Sync,
        T: Send,
        E: From<DatabaseError> + Error + Send + 'static,
    {
        self.try_unit(work).await.map_err(|failed| failed.error)
    }

    /// [`Database::unit`], whose failure tells whose fault it is.
    pub(crate) async fn try_unit<T, E, F>(&self, work: F) -> Result<T, Failed<E>>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<T, E>
            + Work<&'c mut AsyncPgConnection, Result<T, E>, Running: Send>
            + Send
            + Sync,
        T: Send,
        E: From<DatabaseError> + Error + Send + 'static,
    {
        let mut tries = 1;
        loop {
            match self.attempt(&work).await {
                Err(Failed { cause: Cause::Conflict, .. }) if tries < TRIES_MAX => {
                    let (first, longest) = TRIES_APART;
                    tokio::time::sleep(back_off(tries, first, longest)).await;
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Does `work` in one transaction, once.
    async fn attempt<T, E, F>(&self, work: &F) -> Result<T, Failed<E>>
    where
        for<'c> F: AsyncFn(&'c mut AsyncPgConnection) -> Result<T, E>
            + Work<&'c mut AsyncPgConnection, Result<T, E>, Running: Send>
            + Send
            + Sync,
        T: Send,
        E: From<DatabaseError> + Error + Send + 'static,
    {
        wake::noting(async {
            let lost = |error: DatabaseError| Failed { error: E::from(error), cause: Cause::Lost };
            let mut pooled = self.connection().await.map_err(lost)?;
            let connection: &mut AsyncPgConnection = &mut pooled;
            Transaction::begin_transaction_sql(connection, BEGIN).await.map_err(|error| lost(error.into()))?;
            let outcome = match work(connection).await {
                Ok(value) => commit(connection).await.map(|()| value).map_err(|error| E::from(error.into())),
                Err(error) => {
                    roll_back(connection).await;
                    Err(error)
                }
            };
            match outcome {
                Ok(value) => {
                    wake::tell_if_noted(connection).await;
                    Ok(value)
                }
                Err(error) if connection.is_broken() => Err(Failed { error, cause: Cause::Lost }),
                Err(error) => Err(Failed::of_work(error)),
            }
        })
        .await
    }
}

/// Commits, if there is still a transaction: PostgreSQL answers the COMMIT of one that an error has aborted by rolling it back,
/// and calls that a success. Any statement before it finds out. And if no transaction within it was left open, whose end that
/// COMMIT would be instead.
async fn commit(connection: &mut AsyncPgConnection) -> diesel::QueryResult<()> {
    let is_whole = match depth(connection) {
        Some(1) => connection.batch_execute("SELECT").await,
        _ => Err(diesel::result::Error::BrokenTransactionManager),
    };
    if let Err(broken) = is_whole {
        roll_back(connection).await;
        return Err(broken);
    }
    Transaction::commit_transaction(connection).await
}

/// Rolls back, also what was begun within and given up. A connection that can't is broken, and doesn't go back to the pool.
async fn roll_back(connection: &mut AsyncPgConnection) {
    while depth(connection).is_some() && Transaction::rollback_transaction(connection).await.is_ok() {}
}

/// How many transactions, one within the other, are open.
fn depth(connection: &mut AsyncPgConnection) -> Option<u32> {
    Transaction::transaction_manager_status_mut(connection).transaction_depth().ok()?.map(u32::from)
}
