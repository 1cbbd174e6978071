//! Reads that go on elsewhere when a replica doesn't serve them.

use std::{future::Future, sync::atomic::Ordering, time::Duration};

use diesel_async::pooled_connection::PoolableConnection as _;

use super::{Freshness, ReadConnection};
use crate::database::{Database, DatabaseError};

/// An async closure whose future can be sent: the language can't say so of [`AsyncFn`] alone.
pub trait ReadWork<C, R>: AsyncFn(C) -> R + Fn(C) -> <Self as ReadWork<C, R>>::Future {
    /// What it returns.
    type Future: Future<Output = R>;
}

impl<W, C, F, R> ReadWork<C, R> for W
where
    W: AsyncFn(C) -> R + Fn(C) -> F,
    F: Future<Output = R>,
{
    type Future = F;
}

impl Database {
    /// Reads on a replica that will do, else on the primary. A read that fails on a replica, or takes longer than
    /// `read_timeout_ms` there, is done again: on the next one if the connection broke, on the primary in any case. So a
    /// replica that dies costs no read, and one that cancels it to go on replaying neither. What can't be done twice doesn't
    /// belong here: `work` must only read.
    ///
    /// # Errors
    /// Those of `work` on the primary, and those of having a connection to it.
    pub async fn read<R, E, W>(&self, freshness: Freshness, work: W) -> Result<R, E>
    where
        for<'r> W: AsyncFn(&'r mut ReadConnection) -> Result<R, E>
            + ReadWork<&'r mut ReadConnection, Result<R, E>, Future: Send>
            + Sync,
        R: Send,
        E: From<DatabaseError> + Send,
    {
        if let Some(replicas) = &self.replicas {
            let bound = Duration::from_millis(replicas.config.read_timeout_ms);
            for replica in replicas.fit(freshness) {
                let mut connection = match replica.connection().await {
                    Ok(connection) => ReadConnection::new(connection, None),
                    Err(reason) => {
                        replicas.failed_over(replica, &reason);
                        continue;
                    }
                };
                replicas.counts.replica.fetch_add(1, Ordering::Relaxed);
                match tokio::time::timeout(bound, work(&mut connection)).await {
                    Ok(Ok(read)) => return Ok(read),
                    Ok(Err(error)) if crate::mutant("13") => return Err(error),
                    Ok(Err(_)) if connection.is_broken() => replicas.failed_over(replica, "a connection broke"),
                    Ok(Err(_)) => {
                        replicas.counts.failed_over.fetch_add(1, Ordering::Relaxed);
                        break;
                    }
                    Err(_) => replicas.failed_over(replica, "a read took too long"),
                }
            }
        }
        let mut connection = self.primary_connection().await?;
        work(&mut connection).await
    }
}
