//! Having an amount kept.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use wire::commands::payments::{AuthorisePayment, AuthorisePaymentDone, AuthorisePaymentRefusal as Refusal};

use super::Decision;
use crate::domain::{Payment, Stage, Terms, amount::is_payable, event::Requested};

/// Names the space of [`Requested::method`]; chosen once at random.
const METHOD_NAMESPACE: Uuid = Uuid::from_u128(0x5d8e_02a7_93b4_4c61_a0f2_7be4_18cd_6639);
/// Bytes of a method's token: the provider's are some thirty, and its ids at most 255.
const METHOD_BYTES_MAX: usize = 255;

/// A request for a payment.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// What is asked for.
    pub command: &'a AuthorisePayment,
    /// Whether it is to be captured as soon as it is authorised.
    pub captures_at_once: bool,
    /// When.
    pub now: DateTime<Utc>,
}

/// What becomes of a request for a payment.
#[must_use]
pub fn authorise(payment: &Payment, request: Request<'_>) -> Decision<AuthorisePayment> {
    let terms = terms_of(request);
    match &payment.terms {
        None if payment.stage == Stage::Voided => closed(),
        None => begin(request, &terms),
        Some(known) if Terms { requested_at: known.requested_at, ..terms } != *known => {
            Decision::refused(Refusal::PaymentConflict, "the payment is of another amount, order or means")
        }
        Some(_) => repeated(payment),
    }
}

fn begin(request: Request<'_>, terms: &Terms) -> Decision<AuthorisePayment> {
    let is_token = |byte: u8| byte.is_ascii_graphic();
    let token = request.command.method_token.as_bytes();
    if !is_payable(terms.amount) {
        return Decision::refused(Refusal::InvalidAmount, "the amount can't be paid");
    }
    if token.is_empty() || token.len() > METHOD_BYTES_MAX || !token.iter().copied().all(is_token) {
        return Decision::refused(Refusal::Declined, "the means of payment is none");
    }
    let Terms { order_id, customer_id, amount, method, captures_at_once, requested_at } = *terms;
    Decision::begin(Requested { order_id, customer_id, amount, method, captures_at_once, at: requested_at })
}

/// What can be said of a payment that was asked for before.
fn repeated(payment: &Payment) -> Decision<AuthorisePayment> {
    match &payment.stage {
        Stage::Unknown | Stage::Requested => Decision::later(),
        Stage::Authorised { .. } if payment.void_requested_at.is_some() => closed(),
        Stage::Authorised { expires_at, .. } => Decision::done(AuthorisePaymentDone { expires_at: *expires_at }),
        Stage::Declined => Decision::refused(Refusal::Declined, "the means of payment was declined"),
        Stage::Voided => closed(),
    }
}

fn closed() -> Decision<AuthorisePayment> {
    Decision::refused(Refusal::PaymentClosed, "the payment is over")
}

fn terms_of(Request { command, captures_at_once, now }: Request<'_>) -> Terms {
    // With the payment's id in it, one means of payment looks different in each payment.
    let mut method = command.payment_id.uuid().as_bytes().to_vec();
    method.extend_from_slice(command.method_token.as_bytes());
    Terms {
        order_id: command.order_id,
        customer_id: command.customer_id,
        amount: command.amount,
        method: Uuid::new_v5(&METHOD_NAMESPACE, &method),
        captures_at_once,
        requested_at: now,
    }
}
