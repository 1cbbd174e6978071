//! Writing events with all that belongs to them, in the caller's transaction.

use diesel_async::AsyncPgConnection;
use kit::event_store::{Aggregate as _, Loaded, Metadata, append};
use kit::job::{self, JobState, NewJob, RunAt};
use kit::{JobHandler as _, outbox};
use uuid::Uuid;
use wire::Domain;
use wire::id::RefundId;
use wire::topic::{Purpose, Topic};

use super::{Asked, DeskError, tell, under_way};
use crate::domain::{Payment, PaymentEvent};
use crate::ledger::{Booking, book};
use crate::settling::{Settle, SettleHandler};

const KIND: &str = SettleHandler::KIND;

/// What is to be written.
pub(super) struct Written<'a> {
    pub events: Vec<PaymentEvent>,
    pub metadata: &'a Metadata,
    /// The means of payment of a new one.
    pub method_token: Option<&'a str>,
}

/// Writes: ledger, what others are told, what is to be done next, and last the events.
pub(super) async fn write(
    connection: &mut AsyncPgConnection,
    loaded: Loaded<Payment>,
    Written { events, metadata, method_token }: Written<'_>,
) -> Result<(), DeskError> {
    if events.is_empty() {
        return Ok(());
    }
    let (id, mut state, mut version) = (loaded.id(), loaded.state().clone(), loaded.version());
    let mut messages = Vec::new();
    for event in &events {
        state.apply(event);
        version = version.saturating_add(1);
        if let Some(booking) = Booking::of(event) {
            book(connection, id, version, &booking).await?;
        }
        if let Some(envelope) = tell::envelope(id, &state, event, metadata)? {
            messages.push(envelope.with_sequence(u64::from(version)).to_message()?);
        }
        tell::block_who_lost(connection, id, &state, event).await?;
        want(connection, id, event).await?;
    }
    outbox::append(connection, &Topic::of(Domain::Payments, Purpose::Events), &messages).await?;
    under_way::keep(connection, id, &state, method_token).await?;
    append(connection, loaded, events, metadata).await?;
    Ok(())
}

/// Has the provider asked for what an event wants. Each has a job of its own, so that what is wanted later gives a job that was given
/// up another chance: any of them asks all that is unanswered.
async fn want(connection: &mut AsyncPgConnection, payment_id: Uuid, event: &PaymentEvent) -> Result<(), DeskError> {
    let key = match event {
        PaymentEvent::Requested(_) => format!("authorise:{payment_id}"),
        PaymentEvent::CaptureRequested(_) => format!("capture:{payment_id}"),
        PaymentEvent::VoidRequested(_) => format!("void:{payment_id}"),
        PaymentEvent::RefundRequested(requested) => refund_key(requested.refund_id),
        _ => return Ok(()),
    };
    let payload = Settle { payment_id: payment_id.into() };
    job::enqueue(connection, &NewJob { kind: KIND, key: &key, payload, run_at: RunAt::Now }).await?;
    Ok(())
}

/// Has a job that was given up try again, when what it should have found out is asked for once more: whoever needs an answer asks
/// until there is one.
pub(super) async fn want_again(connection: &mut AsyncPgConnection, asked: &Asked) -> Result<(), DeskError> {
    let key = match asked {
        Asked::Authorise(order) => format!("authorise:{}", order.payment_id.uuid()),
        Asked::Capture(order) => format!("capture:{}", order.payment_id.uuid()),
        Asked::Void(order) => format!("void:{}", order.payment_id.uuid()),
        Asked::Refund(order) => refund_key(order.refund_id),
    };
    let given_up = job::find(connection, KIND, &key).await?.filter(|job| job.state == JobState::Failed);
    if let Some(job) = given_up {
        job::retry(connection, job.id).await?;
    }
    Ok(())
}

fn refund_key(refund_id: RefundId) -> String {
    format!("refund:{}", refund_id.uuid())
}
