//! A domain's consumer of its commands.

use std::sync::Arc;

use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use wire::{
    Domain,
    bus::{Bus, Delivery},
    command::{NEWER_VERSION, Refusal, UNKNOWN_COMMAND},
    event::{Dispatch as _, Envelope, ReadError},
    topic::{Purpose, Topic},
};

use super::{CommandHandler, Request};
use crate::{
    Database,
    consumer::{Consumer, ConsumerConfig, Group, Handler, HandlerError},
    database::describe,
    metrics::ServiceMetrics,
};

/// Consumes `<domain>/commands` as the group `<domain>.commands`. Several, in any processes, share the work.
#[derive(Clone)]
pub struct CommandConsumer {
    pub(crate) consumer: Consumer,
}

impl CommandConsumer {
    /// A consumer with the usual bounds.
    #[must_use]
    pub fn new(database: Database, bus: Arc<dyn Bus>, domain: Domain, handler: impl CommandHandler) -> Self {
        let (topic, group) = (Topic::of(domain, Purpose::Commands), Group::of(domain, "commands"));
        let handling = Handling { domain, handler, metrics: database.metrics().clone() };
        Self { consumer: Consumer::new(database, bus, topic, group, handling) }
    }

    /// The same with other bounds.
    #[must_use]
    pub fn with_config(self, config: ConsumerConfig) -> Self {
        Self { consumer: self.consumer.with_config(config) }
    }

    /// As [`Consumer::run`].
    pub async fn run(self, stop: CancellationToken) {
        self.consumer.run(stop).await;
    }
}

/// From messages to commands.
struct Handling<H> {
    domain: Domain,
    handler: H,
    metrics: ServiceMetrics,
}

impl<H: CommandHandler> Handler for Handling<H> {
    fn handle<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        delivery: &'a Delivery,
    ) -> BoxFuture<'a, Result<(), HandlerError>> {
        Box::pin(async move {
            let envelope = Envelope::parse(&delivery.message.text).map_err(HandlerError::poison)?;
            let request = Request::of(&envelope, self.domain)
                .ok_or_else(|| HandlerError::poison(format!("{} is nobody to answer to", envelope.source)))?;
            let read = H::Commands::read(&envelope);
            self.count(&envelope.type_name, &read);
            match read {
                Ok(Some(command)) => self.handler.handle(connection, &request, command).await,
                Ok(None) => {
                    let text = format!("{} knows no {}", self.domain, envelope.type_name);
                    refuse(connection, &request, &Refusal { code: UNKNOWN_COMMAND, text: &text }).await
                }
                Err(newer @ ReadError::Newer { .. }) => {
                    refuse(connection, &request, &Refusal { code: NEWER_VERSION, text: &describe(&newer) }).await
                }
                Err(unreadable) => Err(HandlerError::poison(unreadable)),
            }
        })
    }
}

impl<H: CommandHandler> Handling<H> {
    /// By its type, if that is known here: others are whatever somebody sends.
    fn count(&self, type_name: &str, read: &Result<Option<H::Commands>, ReadError>) {
        let (name, outcome) = match read {
            Ok(Some(_)) => (type_name, "read"),
            Ok(None) => ("unknown", "unknown"),
            Err(ReadError::Newer { .. }) => ("unknown", "newer"),
            Err(_) => ("unknown", "unreadable"),
        };
        self.metrics.command(name, outcome);
    }
}

async fn refuse(
    connection: &mut AsyncPgConnection,
    request: &Request,
    refusal: &Refusal<'_>,
) -> Result<(), HandlerError> {
    tracing::warn!(command = %request.id, sender = %request.sender, reason = refusal.text, "a command is refused unread");
    Ok(request.refuse_unread(connection, refusal).await?)
}
