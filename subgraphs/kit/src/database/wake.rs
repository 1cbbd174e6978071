//! Waking those who wait for a commit, and being woken.
//!
//! PostgreSQL lets only one transaction at a time commit a notification, and holds the next one up until the first is on the
//! disk: with notifications in them, transactions of a whole server are committed one after the other, at half the rate or
//! less. So a unit of work notifies after its commit, in a transaction that writes nothing. A process that dies in between has
//! told nobody: who is woken must also look by himself now and then.

use std::{cell::Cell, sync::Arc};

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection as _};
use tokio::sync::Notify;

use super::Database;
use crate::outage::Outage;

/// The one channel on which a database's commits are told.
const COMMITTED: &str = "outbox";

tokio::task_local! {
    /// Whether the unit of work that this task is in is to be told of.
    static TELLS: Cell<bool>;
}

/// Wakes those of [`wake_on_commit`] once the transaction that `connection` is in is committed.
pub(crate) async fn wake_after_commit(connection: &mut AsyncPgConnection) -> diesel::QueryResult<()> {
    match TELLS.try_with(|tells| tells.set(true)) {
        Ok(()) => Ok(()),
        // A transaction of the caller's own: PostgreSQL sends what it is told now when it is committed.
        Err(_) => tell(connection).await,
    }
}

/// Within `unit` it is noted whether it is to be told of.
pub(super) async fn noting<T>(unit: impl Future<Output = T>) -> T {
    TELLS.scope(Cell::new(false), unit).await
}

/// Tells of a unit that was committed, if it is to be told of.
pub(super) async fn tell_if_noted(connection: &mut AsyncPgConnection) {
    if TELLS.try_with(Cell::get).unwrap_or(false) {
        // If it fails they look by themselves: the unit is committed all the same.
        drop(tell(connection).await);
    }
}

async fn tell(connection: &mut AsyncPgConnection) -> diesel::QueryResult<()> {
    connection.batch_execute("NOTIFY outbox").await
}

/// Wakes whoever waits for `woken` with each commit that is told of, on a connection of its own that is made again when it is
/// lost. Also wakes when it was made: something may have been told before.
///
/// Never returns; ends when dropped.
pub(crate) async fn wake_on_commit(database: &Database, woken: &Arc<Notify>) {
    let mut outage = Outage::none("listening to commits");
    loop {
        let notify = Arc::clone(woken);
        match database.listen(COMMITTED, move |_| notify.notify_one()).await {
            Ok(mut listening) => {
                outage.ended();
                woken.notify_one();
                listening.ended().await;
            }
            Err(error) => tokio::time::sleep(outage.failed(&error)).await,
        }
    }
}
