//! `createPayment`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::idempotency::{BodyHash, IdempotencyError};
use kit::{Caller, Error, GlobalId as _, Money, MoneyInput, Result, describe, request_data};
use uuid::Uuid;
use wire::commands::payments::AuthorisePayment;

use super::super::errors::{
    InvalidPaymentError, OrdersUnavailableError, PaymentIdempotencyConflictError, PaymentRefusedError,
};
use super::super::payment::Payment;
use super::super::shown::given;
use super::super::written;
use crate::counter::{Asking, Counter, CounterError};
use crate::orders::OrdersError;
use crate::{OrderId, UserId};

/// The mutation.
#[derive(Default)]
pub struct CreatePayment;

/// The mutation.
#[Object]
impl CreatePayment {
    /// Takes an amount from a customer's means of payment, beside what an order took itself when it was placed: for administrators, who
    /// know what was agreed upon. The same key with the same input gives the same reply for a day and takes nothing twice, whichever
    /// administrator sends it. A payment whose bank takes long is answered as `REQUESTED`; one that is declined is a payment too.
    async fn create_payment(
        &self,
        context: &Context<'_>,
        input: CreatePaymentInput,
    ) -> Result<Option<CreatePaymentPayload>> {
        create_payment(context, input).await.map(Some)
    }
}

async fn create_payment(context: &Context<'_>, input: CreatePaymentInput) -> Result<CreatePaymentPayload> {
    let caller = Caller::from_context(context)?;
    caller.require_administrator()?;
    let administrator: UserId = caller.require_user()?;
    let order = AuthorisePayment {
        // Only a new key makes use of it.
        payment_id: Uuid::now_v7().into(),
        order_id: input.order_id.uuid().into(),
        customer_id: input.customer_id.uuid().into(),
        amount: given(Money::from(input.amount))?,
        method_token: input.method_token,
    };
    let body = (order.order_id, order.customer_id, order.amount, &order.method_token);
    let body = BodyHash::of_json(&body).map_err(Error::internal)?;
    let actor = administrator.to_global();
    let asking = Asking { scope: "createPayment", key: &input.idempotency_key, body, actor: &actor };
    let counter = request_data::<Counter>(context)?;
    match counter.pay(asking, &order).await {
        Ok(story) => {
            written(context, &story).await?;
            Ok(CreatePaymentPayload { payment: Payment::of(story), errors: Vec::new() })
        }
        Err(error) => Ok(CreatePaymentPayload { payment: None, errors: vec![refusal(error)?] }),
    }
}

/// The domain's refusals; anything else is our fault, not the customer's.
fn refusal(error: CounterError) -> Result<CreatePaymentError> {
    Ok(match error {
        CounterError::Refused { code, text } => {
            let field = if code == "INVALID_AMOUNT" { "amount" } else { "methodToken" };
            CreatePaymentError::Invalid(InvalidPaymentError::new(field, text))
        }
        CounterError::NotPayable(reason) => CreatePaymentError::Refused(reason.into()),
        CounterError::Orders(OrdersError::Unavailable(cause)) => {
            tracing::warn!(cause = %describe(&*cause), "orders doesn't say whose an order is, and nothing is taken for it");
            CreatePaymentError::Unavailable(OrdersUnavailableError::new())
        }
        CounterError::Key(error @ IdempotencyError::Key) => {
            CreatePaymentError::Invalid(InvalidPaymentError::new("idempotencyKey", error.to_string()))
        }
        CounterError::Key(IdempotencyError::KeyReused) => {
            CreatePaymentError::IdempotencyConflict(PaymentIdempotencyConflictError::reused())
        }
        CounterError::Key(IdempotencyError::InProgress) => {
            CreatePaymentError::IdempotencyConflict(PaymentIdempotencyConflictError::in_progress())
        }
        error => return Err(Error::internal(error)),
    })
}

/// A payment to be made.
#[derive(InputObject)]
pub struct CreatePaymentInput {
    /// What it pays for: an order that was placed.
    order_id: OrderId,
    /// Whose order it is, and who pays. Nobody who is erased.
    customer_id: UserId,
    /// How much: above zero, in EUR or USD.
    amount: MoneyInput,
    /// The provider's token of the means of payment.
    method_token: String,
    /// Chosen by the caller, 1 to 255 bytes, new for each payment: a request that is sent again under its key takes nothing twice.
    idempotency_key: String,
}

/// What `createPayment` did.
#[derive(SimpleObject)]
pub struct CreatePaymentPayload {
    /// The payment as it stood when the key was first replied to; null when the request was refused.
    payment: Option<Payment>,
    /// Why it was refused.
    errors: Vec<CreatePaymentError>,
}

/// Why no payment was made.
#[derive(Union)]
pub enum CreatePaymentError {
    /// The request breaks a rule.
    Invalid(InvalidPaymentError),
    /// It isn't the customer's order, or nothing is taken from them.
    Refused(PaymentRefusedError),
    /// The key belongs to another payment.
    IdempotencyConflict(PaymentIdempotencyConflictError),
    /// Orders doesn't answer.
    Unavailable(OrdersUnavailableError),
}
