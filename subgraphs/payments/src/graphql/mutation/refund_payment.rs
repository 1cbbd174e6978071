//! `refundPayment`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::idempotency::{BodyHash, IdempotencyError};
use kit::{Caller, Error, GlobalId as _, Money, MoneyInput, Result, request_data};
use uuid::Uuid;
use wire::commands::payments;

use super::super::errors::{
    InvalidPaymentError, PaymentIdempotencyConflictError, PaymentNotFoundError, RefundRefusedError,
};
use super::super::payment::{Payment, PaymentRefund};
use super::super::shown::given;
use super::super::written;
use crate::counter::{Asking, Counter, CounterError};
use crate::domain::RefundState;
use crate::{PaymentId, UserId};

/// The mutation.
#[derive(Default)]
pub struct RefundPayment;

/// The mutation.
#[Object]
impl RefundPayment {
    /// Gives back what was taken, or a part of it. For administrators. The same key with the same input gives the same reply for a
    /// day and gives nothing back twice, whichever administrator sends it.
    async fn refund_payment(
        &self,
        context: &Context<'_>,
        input: RefundPaymentInput,
    ) -> Result<Option<RefundPaymentPayload>> {
        refund_payment(context, input).await.map(Some)
    }
}

async fn refund_payment(context: &Context<'_>, input: RefundPaymentInput) -> Result<RefundPaymentPayload> {
    let caller = Caller::from_context(context)?;
    caller.require_administrator()?;
    let administrator: UserId = caller.require_user()?;
    let order = payments::RefundPayment {
        payment_id: input.payment_id.uuid().into(),
        // Only a new key makes use of it.
        refund_id: Uuid::now_v7().into(),
        amount: given(Money::from(input.amount))?,
        or_what_is_left: None,
        instead_of: None,
        reason: None,
    };
    let body = BodyHash::of_json(&(order.payment_id, order.amount)).map_err(Error::internal)?;
    let actor = administrator.to_global();
    let asking = Asking { scope: "refundPayment", key: &input.idempotency_key, body, actor: &actor };
    match request_data::<Counter>(context)?.give_back(asking, &order).await {
        Err(error) => Ok(RefundPaymentPayload::refused(refusal(error)?)),
        Ok((story, refund_id)) => {
            written(context, &story).await?;
            let refund = story.payment.refunds.get_key_value(&refund_id);
            if refund.is_some_and(|(_, refund)| refund.state == RefundState::Refused) {
                let error = RefundRefusedError::new("DECLINED".to_owned(), "The provider refused the refund");
                return Ok(RefundPaymentPayload::refused(RefundPaymentError::Refused(error)));
            }
            let refund = refund.map(PaymentRefund::of).transpose()?;
            Ok(RefundPaymentPayload { refund, payment: Payment::of(story), errors: Vec::new() })
        }
    }
}

/// The domain's refusals; anything else is our fault.
fn refusal(error: CounterError) -> Result<RefundPaymentError> {
    Ok(match error {
        CounterError::Refused { code, .. } if code == "UNKNOWN_PAYMENT" => {
            RefundPaymentError::NotFound(PaymentNotFoundError::new())
        }
        CounterError::Refused { code, text } => RefundPaymentError::Refused(RefundRefusedError::new(code, text)),
        CounterError::Key(error @ IdempotencyError::Key) => {
            RefundPaymentError::Invalid(InvalidPaymentError::new("idempotencyKey", error.to_string()))
        }
        CounterError::Key(IdempotencyError::KeyReused) => {
            RefundPaymentError::IdempotencyConflict(PaymentIdempotencyConflictError::reused())
        }
        CounterError::Key(IdempotencyError::InProgress) => {
            RefundPaymentError::IdempotencyConflict(PaymentIdempotencyConflictError::in_progress())
        }
        error => return Err(Error::internal(error)),
    })
}

/// What is to be given back.
#[derive(InputObject)]
pub struct RefundPaymentInput {
    /// Of which payment.
    payment_id: PaymentId,
    /// How much: above zero, at most what was taken and not given back.
    amount: MoneyInput,
    /// Chosen by the caller, 1 to 255 bytes, new for each refund.
    idempotency_key: String,
}

/// What `refundPayment` did.
#[derive(SimpleObject)]
pub struct RefundPaymentPayload {
    /// The refund; null when it was refused.
    refund: Option<PaymentRefund>,
    /// The payment as it stood when the key was first replied to; null when the refund was refused.
    payment: Option<Payment>,
    /// Why it was refused.
    errors: Vec<RefundPaymentError>,
}

impl RefundPaymentPayload {
    fn refused(error: RefundPaymentError) -> Self {
        Self { refund: None, payment: None, errors: vec![error] }
    }
}

/// Why nothing was given back.
#[derive(Union)]
pub enum RefundPaymentError {
    /// There is no such payment.
    NotFound(PaymentNotFoundError),
    /// The request breaks a rule.
    Invalid(InvalidPaymentError),
    /// It can't be given back, or not so much of it.
    Refused(RefundRefusedError),
    /// The key belongs to another refund.
    IdempotencyConflict(PaymentIdempotencyConflictError),
}
