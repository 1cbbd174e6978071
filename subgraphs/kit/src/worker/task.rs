//! What can be a worker.

use std::future::Future;

use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use crate::{CommandConsumer, Consumer, outbox::Relay, projection::Projector};

/// Why a run of a worker ended when nobody had told it to.
pub type WorkerError = Box<dyn std::error::Error + Send + Sync>;

/// Something that runs until it is told to stop, and can be started again.
pub trait Worker: Send + Sync + 'static {
    /// What it is called, in log, status and metrics: fixed, and of no person.
    fn name(&self) -> String;

    /// One run, as if there had been none before. Ends soon after `stop`: what it has begun it may finish, within a bound.
    ///
    /// # Errors
    /// Whatever it can't wait out itself: it is started again. One that ends well before it is told to stop has nothing left to
    /// do, and isn't.
    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>>;
}

impl Worker for Relay {
    fn name(&self) -> String {
        "relay".to_owned()
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async {
            self.afresh().run(stop).await;
            Ok(())
        })
    }
}

impl Worker for Consumer {
    fn name(&self) -> String {
        format!("{} of {}", self.group(), self.topic())
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async {
            self.clone().run(stop).await;
            Ok(())
        })
    }
}

impl Worker for CommandConsumer {
    fn name(&self) -> String {
        self.consumer.name()
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Worker::run(&self.consumer, stop)
    }
}

impl Worker for Projector {
    fn name(&self) -> String {
        format!("projection {}", self.projection_name())
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        Box::pin(async {
            self.clone().run(stop).await;
            Ok(())
        })
    }
}

/// A worker that is a function.
pub(super) struct Task<F> {
    name: String,
    run: F,
}

impl<F> Task<F> {
    pub(super) fn new(name: &str, run: F) -> Self {
        Self { name: name.to_owned(), run }
    }
}

impl<F, Run, E> Worker for Task<F>
where
    F: Fn(CancellationToken) -> Run + Send + Sync + 'static,
    Run: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<WorkerError>,
{
    fn name(&self) -> String {
        self.name.clone()
    }

    fn run(&self, stop: CancellationToken) -> BoxFuture<'_, Result<(), WorkerError>> {
        let run = (self.run)(stop);
        Box::pin(async { run.await.map_err(Into::into) })
    }
}
