//! What others are told of a payment's events, in the words of [`wire::events::payments`].

use chrono::Utc;
use diesel_async::AsyncPgConnection;
use kit::command::{Sender, send_as};
use kit::event_store::Metadata;
use uuid::Uuid;
use wire::Domain;
use wire::commands::users::BlockUser;
use wire::event::{Envelope, EnvelopeError, Event, Stamp};
use wire::events::payments::{
    ChargebackOutcome, PaymentAuthorised, PaymentCaptured, PaymentChanged, PaymentChargebackClosed,
    PaymentChargebackOpened, PaymentDeclined, PaymentRefundFailed, PaymentRefunded, PaymentVoided,
};
use wire::events::users::BlockReason;
use wire::money::Money;

use super::DeskError;
use crate::domain::{Payment, PaymentEvent, RefundState, Terms};

/// Names the space of commands' ids; chosen once at random.
const COMMAND_NAMESPACE: Uuid = Uuid::from_u128(0x0e67_d4b1_52fa_4c0d_9a38_f61b_7720_e5c4);

/// What is told of `event`, which has just made `payment`; `None` if it is nobody's business but ours.
pub(super) fn envelope(
    id: Uuid,
    payment: &Payment,
    event: &PaymentEvent,
    metadata: &Metadata,
) -> Result<Option<Envelope>, EnvelopeError> {
    // What was closed before anybody asked for it is of no order.
    let Some(terms) = &payment.terms else { return Ok(None) };
    let envelope = told(id, payment, terms, event)?;
    Ok(envelope.map(|envelope| Envelope {
        correlation_id: metadata.correlation_id.clone(),
        causation_id: metadata.causation_id.clone(),
        actor: metadata.actor.clone(),
        traceparent: kit::trace::here(metadata.traceparent.as_ref()),
        ..envelope
    }))
}

fn told(id: Uuid, payment: &Payment, terms: &Terms, event: &PaymentEvent) -> Result<Option<Envelope>, EnvelopeError> {
    let (payment_id, order_id, customer_id) = (id.into(), terms.order_id, terms.customer_id);
    match event {
        PaymentEvent::Authorised(authorised) => {
            let (amount, expires_at) = (terms.amount, authorised.expires_at);
            of(&PaymentAuthorised { payment_id, order_id, customer_id, amount, expires_at })
        }
        PaymentEvent::Declined(declined) => {
            let (amount, reason) = (terms.amount, declined.reason.clone());
            of(&PaymentDeclined { payment_id, order_id, customer_id, amount, reason })
        }
        PaymentEvent::Captured(captured) => of(&PaymentCaptured {
            payment_id,
            order_id,
            customer_id,
            amount: captured.amount,
            // There is one capture a payment.
            amount_captured: captured.amount,
            fee: captured.fee,
            ledger_transaction_id: captured.ledger_transaction_id.into(),
        }),
        PaymentEvent::Voided(voided) => {
            of(&PaymentVoided { payment_id, order_id, customer_id, reason: voided.reason.clone() })
        }
        PaymentEvent::Refunded(refunded) => of(&PaymentRefunded {
            payment_id,
            order_id,
            customer_id,
            refund_id: refunded.refund_id,
            amount: refunded.amount,
            amount_refunded: Money::new(refunded_by(payment, refunded.refund_id), refunded.amount.currency),
            ledger_transaction_id: refunded.ledger_transaction_id.into(),
        }),
        PaymentEvent::RefundFailed(failed) => of(&PaymentRefundFailed {
            payment_id,
            order_id,
            customer_id,
            refund_id: failed.refund_id,
            amount: failed.amount,
            amount_refunded: Money::new(payment.refunded_minor(), failed.amount.currency),
            ledger_transaction_id: failed.ledger_transaction_id.into(),
        }),
        PaymentEvent::DisputeOpened(opened) => of(&PaymentChargebackOpened {
            payment_id,
            order_id,
            customer_id,
            chargeback_id: opened.chargeback_id,
            amount: opened.amount,
            fee: opened.fee,
            ledger_transaction_id: opened.ledger_transaction_id.into(),
        }),
        PaymentEvent::DisputeClosed(closed) => of(&PaymentChargebackClosed {
            payment_id,
            order_id,
            customer_id,
            chargeback_id: closed.chargeback_id,
            outcome: closed.outcome.clone(),
            ledger_transaction_id: (closed.outcome == ChargebackOutcome::Won)
                .then(|| closed.ledger_transaction_id.into()),
        }),
        PaymentEvent::Requested(_)
        | PaymentEvent::CaptureRequested(_)
        | PaymentEvent::CaptureRefused(_)
        | PaymentEvent::VoidRequested(_)
        | PaymentEvent::RefundRequested(_)
        | PaymentEvent::RefundRefused(_) => of(&PaymentChanged { payment_id, order_id, customer_id }),
    }
}

/// Who has taken money back for good orders no more.
pub(super) async fn block_who_lost(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    payment: &Payment,
    event: &PaymentEvent,
) -> Result<(), DeskError> {
    let (PaymentEvent::DisputeClosed(closed), Some(terms)) = (event, &payment.terms) else { return Ok(()) };
    if closed.outcome != ChargebackOutcome::Lost {
        return Ok(());
    }
    let block = BlockUser {
        user_id: terms.customer_id,
        reason: BlockReason::Chargeback,
        payment_id: Some(id.into()),
        order_id: Some(terms.order_id),
    };
    let command_id = Uuid::new_v5(&COMMAND_NAMESPACE, closed.chargeback_id.uuid().as_bytes());
    send_as(connection, command_id, &Sender::of(Domain::Payments), &block).await?;
    Ok(())
}

/// How much had been given back when a refund was.
fn refunded_by(payment: &Payment, refund_id: wire::id::RefundId) -> i64 {
    match payment.refunds.get(&refund_id).map(|refund| refund.state) {
        Some(RefundState::Refunded { total_minor, .. }) => total_minor,
        _ => payment.refunded_minor(),
    }
}

fn of<E: Event>(event: &E) -> Result<Option<Envelope>, EnvelopeError> {
    Envelope::event(event, Stamp { id: Uuid::now_v7(), time: Utc::now() }).map(Some)
}
