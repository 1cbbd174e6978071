//! Reading: on a replica that will do, elsewhere when it doesn't serve the read, and on the primary in the end.

use std::{
    future::Future,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

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
    /// A connection to read on: to a replica that will do, in turn, else to the primary. Whoever can say its read twice
    /// had better use [`Database::read`], which goes on elsewhere when the connection breaks.
    ///
    /// # Errors
    /// [`DatabaseError::PoolExhausted`] and [`DatabaseError::Connect`] of the primary.
    pub async fn read_connection(&self, freshness: Freshness) -> Result<ReadConnection, DatabaseError> {
        if let Some(replicas) = &self.replicas {
            for replica in replicas.fit(freshness) {
                match replica.connection().await {
                    Some(connection) => {
                        replicas.counts.replica.fetch_add(1, Ordering::Relaxed);
                        return Ok(ReadConnection::new(connection, None));
                    }
                    None => replicas.counts.failed_over.fetch_add(1, Ordering::Relaxed),
                };
            }
        }
        self.primary_connection().await
    }

    /// Reads on a replica that will do, else on the primary. A read that fails on a replica, or takes longer than
    /// `read_timeout_ms` there, is done again: on another one if the connection broke, in the end on the primary. So a
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
                let Some(connection) = replica.connection().await else {
                    replicas.counts.failed_over.fetch_add(1, Ordering::Relaxed);
                    continue;
                };
                replicas.counts.replica.fetch_add(1, Ordering::Relaxed);
                let mut connection = ReadConnection::new(connection, None);
                match tokio::time::timeout(bound, work(&mut connection)).await {
                    Ok(Ok(read)) => return Ok(read),
                    // The next one may do.
                    Ok(Err(_)) if connection.is_broken() => {
                        replicas.counts.failed_over.fetch_add(1, Ordering::Relaxed);
                        replica.lost("a connection broke");
                    }
                    // What else is wrong is wrong there too.
                    outcome => {
                        replicas.counts.failed_over.fetch_add(1, Ordering::Relaxed);
                        if outcome.is_err() {
                            connection.give_up();
                        }
                        break;
                    }
                }
            }
        }
        let mut connection = self.primary_connection().await?;
        work(&mut connection).await
    }

    async fn primary_connection(&self) -> Result<ReadConnection, DatabaseError> {
        let Some(replicas) = &self.replicas else {
            return Ok(ReadConnection::new(self.connection().await?, None));
        };
        replicas.counts.primary.fetch_add(1, Ordering::Relaxed);
        let place = tokio::time::timeout(self.acquire_timeout, Arc::clone(&replicas.places).acquire_owned()).await;
        let place = place.map_err(|_| DatabaseError::PoolExhausted(self.acquire_timeout))?;
        Ok(ReadConnection::new(self.connection().await?, place.ok()))
    }
}
