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
        Self { consumer: Consumer::new(database, bus, topic, group, Handling { domain, handler }) }
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
            match H::Commands::read(&envelope) {
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

async fn refuse(
    connection: &mut AsyncPgConnection,
    request: &Request,
    refusal: &Refusal<'_>,
) -> Result<(), HandlerError> {
    tracing::warn!(command = %request.id, sender = %request.sender, reason = refusal.text, "a command is refused unread");
    Ok(request.refuse_unread(connection, refusal).await?)
}
