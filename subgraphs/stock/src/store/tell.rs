//! Events of this domain, into the outbox of the caller's transaction.

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use kit::command::Request;
use kit::outbox;
use uuid::Uuid;
use wire::bus::Message;
use wire::event::{Envelope, Event, Stamp};
use wire::events::stock::StockLevelChanged;
use wire::topic::{Purpose, Topic};

use super::StoreError;
use super::book::Level;

/// What brought a change about, for the events that tell of it and for the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// The id of the message that it was.
    pub message_id: Option<String>,
    /// The matter that it belongs to.
    pub correlation_id: Option<String>,
    /// Who wanted it: a user's global id, or `service:<name>`.
    pub actor: Option<String>,
    /// In which span.
    pub traceparent: Option<String>,
}

impl Cause {
    /// A command.
    #[must_use]
    pub fn request(request: &Request) -> Self {
        Self {
            message_id: Some(request.id.to_string()),
            correlation_id: Some(request.correlation.clone()),
            actor: request.actor.clone(),
            traceparent: request.traceparent.clone(),
        }
    }

    /// A message of another domain's.
    #[must_use]
    pub fn message(envelope: &Envelope) -> Self {
        Self {
            message_id: Some(envelope.id.clone()),
            correlation_id: envelope.correlation_id.clone(),
            actor: envelope.actor.clone(),
            traceparent: envelope.traceparent.clone(),
        }
    }

    /// An administrator.
    #[must_use]
    pub fn user(actor: impl Into<String>) -> Self {
        Self { actor: Some(actor.into()), ..Self::default() }
    }

    /// The clock.
    #[must_use]
    pub fn clock() -> Self {
        Self { actor: Some("service:stock".to_owned()), ..Self::default() }
    }

    pub(super) fn event<E: Event>(&self, event: &E) -> Result<Message, StoreError> {
        Ok(self.envelope(event)?.to_message()?)
    }

    /// How much there is of an item, numbered: whoever hears two of one item knows which is the later.
    fn level(&self, level: &Level) -> Result<Message, StoreError> {
        let envelope = self.envelope(&StockLevelChanged {
            product_id: level.product_id.into(),
            variant_id: level.variant_id.map(Into::into),
            on_hand: level.on_hand.unsigned_abs(),
            reserved: level.reserved.unsigned_abs(),
            withdrawn: level.is_withdrawn.then_some(true),
        })?;
        Ok(envelope.with_sequence(level.sequence()).to_message()?)
    }

    fn envelope<E: Event>(&self, event: &E) -> Result<Envelope, StoreError> {
        let stamp = Stamp { id: Uuid::now_v7(), time: Utc::now() };
        Ok(Envelope {
            causation_id: self.message_id.clone(),
            correlation_id: self.correlation_id.clone(),
            actor: self.actor.clone(),
            traceparent: kit::trace::here(self.traceparent.as_ref()),
            ..Envelope::event(event, stamp)?
        })
    }
}

/// Tells what happened, and what there is now of each item that it happened to. The items are locked by the caller, so that their
/// levels leave in the order in which they came about.
pub(super) async fn tell(
    connection: &mut AsyncPgConnection,
    cause: &Cause,
    mut messages: Vec<Message>,
    levels: &[Level],
) -> Result<(), StoreError> {
    for level in levels {
        messages.push(cause.level(level)?);
    }
    Ok(outbox::append(connection, &Topic::of(wire::Domain::Stock, Purpose::Events), &messages).await?)
}
