//! What a domain does with jobs of one kind.

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;

use super::{JobError, JobLimits, Leased};

/// Does the jobs of one kind.
pub trait JobHandler: Send + Sync + 'static {
    /// What a job says. One that can't be read as this is given up.
    type Payload: DeserializeOwned + Send + 'static;
    /// By which jobs name their handler. Must never change while there are some.
    const KIND: &'static str;

    /// The kind's bounds.
    fn limits(&self) -> JobLimits {
        JobLimits::default()
    }

    /// Does a job, from the start or from [`Leased::resume`]. What it writes by [`Leased::finish`] happens once; what it does
    /// elsewhere may happen several times and needs [`Leased::key`]. If it succeeds without having called `finish` the job ends
    /// without any effect. Dropped at any point when the lease is lost. A panic gives the job up.
    ///
    /// # Errors
    /// [`JobError`]: whether to try again.
    fn run<'a>(&'a self, job: &'a Leased, payload: Self::Payload) -> BoxFuture<'a, Result<(), JobError>>;

    /// Writes what follows from giving a job up, in the transaction that does so: an answer to whoever waits for it. Not called
    /// for payloads that can't be read. Does nothing unless implemented.
    ///
    /// # Errors
    /// Any: the job stays open, and is given up again later.
    fn gave_up<'a>(
        &'a self,
        _connection: &'a mut AsyncPgConnection,
        _job: &'a Leased,
        _payload: Self::Payload,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A [`JobHandler`] whose payload's type is forgotten.
pub(super) trait AnyHandler: Send + Sync {
    fn kind(&self) -> &'static str;
    fn limits(&self) -> JobLimits;
    fn run<'a>(&'a self, job: &'a Leased) -> BoxFuture<'a, Result<(), JobError>>;
    fn gave_up<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        job: &'a Leased,
    ) -> BoxFuture<'a, Result<(), JobError>>;
}

impl<H: JobHandler> AnyHandler for H {
    fn kind(&self) -> &'static str {
        H::KIND
    }

    fn limits(&self) -> JobLimits {
        JobHandler::limits(self)
    }

    fn run<'a>(&'a self, job: &'a Leased) -> BoxFuture<'a, Result<(), JobError>> {
        match serde_json::from_str(job.payload()) {
            Ok(payload) => JobHandler::run(self, job, payload),
            Err(error) => Box::pin(async { Err(JobError::permanent(error)) }),
        }
    }

    fn gave_up<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        job: &'a Leased,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        match serde_json::from_str(job.payload()) {
            Ok(payload) => JobHandler::gave_up(self, connection, job, payload),
            Err(_) => Box::pin(async { Ok(()) }),
        }
    }
}
