//! What happened, as messages that wait to be told.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wire::bus::Message;
use wire::event::{Envelope, EnvelopeError, Stamp};
use wire::events::products::ProductEvent;

/// The messages of a change: one an event, in order.
///
/// # Errors
/// [`EnvelopeError`] for what makes no message.
pub fn messages(
    events: &[ProductEvent],
    version: i32,
    actor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<Message>, EnvelopeError> {
    let message = |event| {
        let envelope = envelope(event, Stamp { id: Uuid::now_v7(), time: now })?;
        let envelope = envelope.with_sequence(u64::from(version.unsigned_abs()));
        Envelope { actor: actor.map(str::to_owned), traceparent: kit::trace::traceparent(), ..envelope }.to_message()
    };
    events.iter().map(message).collect()
}

fn envelope(event: &ProductEvent, stamp: Stamp) -> Result<Envelope, EnvelopeError> {
    match event {
        ProductEvent::Added(event) => Envelope::event(event, stamp),
        ProductEvent::Changed(event) => Envelope::event(event, stamp),
        ProductEvent::PriceChanged(event) => Envelope::event(event, stamp),
        ProductEvent::VariantAdded(event) => Envelope::event(event, stamp),
        ProductEvent::VariantRemoved(event) => Envelope::event(event, stamp),
        ProductEvent::Withdrawn(event) => Envelope::event(event, stamp),
        ProductEvent::PagePublished(event) => Envelope::event(event, stamp),
        ProductEvent::PageWithdrawn(event) => Envelope::event(event, stamp),
    }
}
