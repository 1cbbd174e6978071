//! Asking the payments service under `/internal/v1/payments`, in the process or over TCP.

use std::time::Duration;

use futures::future::BoxFuture;
use kit::internal::{CallError, InternalClient, codes};
use kit::{CurrencyCode, GlobalId as _, Money};
use serde::{Deserialize, Serialize};
use wire::codes::NOT_FOUND;
use wire::id::{PaymentId, RefundId};

use super::{ORDERS_MAX, PaymentState, PaymentStates, Payments, PaymentsError, RefundError, RefundState};
use crate::OrderId;
use crate::domain::Refund;
use crate::domain::saga::payment_id;

/// How long a list of orders waits for how they are paid: the rest of it is ready, and worth more than this.
const STATES_WITHIN: Duration = Duration::from_secs(2);

/// The payments service.
#[derive(Clone, Debug)]
pub struct PaymentsService {
    client: InternalClient,
}

/// A payment, as the service tells of it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    id: PaymentId,
    status: String,
    currency: String,
    captured_minor: i64,
    refunded_minor: i64,
    refundable_minor: i64,
}

#[derive(Deserialize)]
struct ToldList {
    payments: Vec<Told>,
    #[serde(default)]
    unreadable: Vec<PaymentId>,
}

/// A refund, as the service wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Wanted<'a> {
    refund_id: RefundId,
    amount_minor: i64,
    currency: String,
    reason: &'a str,
}

#[derive(Deserialize)]
struct Taken {
    status: String,
}

impl PaymentsService {
    /// By a client of the payments service, which must let `orders` call.
    #[must_use]
    pub fn new(client: InternalClient) -> Self {
        Self { client }
    }

    async fn ask_states(&self, orders: &[OrderId]) -> Result<PaymentStates, PaymentsError> {
        if orders.is_empty() {
            return Ok(PaymentStates::default());
        }
        let ids: Vec<String> = orders.iter().take(ORDERS_MAX).map(|order| payment_id(*order).to_string()).collect();
        let call = self.client.get(&["payments"]).query(&[("ids", &ids.join(","))]).within(STATES_WITHIN);
        let told: ToldList = call.send().await.map_err(no_answer)?;
        let known = told.payments.into_iter().map(state).collect::<Result<_, _>>()?;
        Ok(PaymentStates { known, unreadable: told.unreadable.into_iter().map(order_of).collect() })
    }

    async fn ask_refund(&self, refund: &Refund) -> Result<RefundState, RefundError> {
        let (payment, refund_id) = (payment_id(refund.order_id).to_string(), RefundId::from(refund.id));
        let wanted = Wanted {
            refund_id,
            amount_minor: refund.amount.amount_minor.0,
            currency: refund.amount.currency.to_string(),
            reason: &refund.reason,
        };
        let call = self.client.post(&["payments", &payment, "refunds"]).key(&refund_id.to_string()).json(&wanted);
        let taken: Taken = call.send().await.map_err(refusal)?;
        match &*taken.status {
            "refunded" => Ok(RefundState::Refunded),
            "requested" => Ok(RefundState::Requested),
            other => Err(PaymentsError::Fault(format!("a refund that is {other}").into()).into()),
        }
    }
}

impl Payments for PaymentsService {
    fn states<'a>(&'a self, orders: &'a [OrderId]) -> BoxFuture<'a, Result<PaymentStates, PaymentsError>> {
        Box::pin(self.ask_states(orders))
    }

    fn refund<'a>(&'a self, refund: &'a Refund) -> BoxFuture<'a, Result<RefundState, RefundError>> {
        Box::pin(self.ask_refund(refund))
    }
}

fn state(told: Told) -> Result<PaymentState, PaymentsError> {
    let currency: CurrencyCode =
        told.currency.parse().map_err(|_| PaymentsError::Fault("a currency is not a code".into()))?;
    Ok(PaymentState {
        order_id: order_of(told.id),
        status: told.status.replace('-', "_").to_uppercase(),
        captured: Money::new(told.captured_minor, currency),
        refunded: Money::new(told.refunded_minor, currency),
        refundable: Money::new(told.refundable_minor, currency),
    })
}

/// An order's payment has the order's id.
fn order_of(payment: PaymentId) -> OrderId {
    OrderId::from_uuid(payment.uuid())
}

fn no_answer(error: CallError) -> PaymentsError {
    if error.is_transient() || error.is_of_another() {
        PaymentsError::Unavailable(error.into())
    } else {
        PaymentsError::Fault(error.into())
    }
}

fn refusal(error: CallError) -> RefundError {
    let problem = match error {
        error if error.is_of_another() => return no_answer(error).into(),
        CallError::Problem(problem) => problem,
        error => return no_answer(error).into(),
    };
    match &*problem.code {
        NOT_FOUND => RefundError::Refused { code: "NOT_PAID".to_owned(), text: "Nothing was paid".to_owned() },
        "NOT_CAPTURED" | "INVALID_AMOUNT" | "NOTHING_LEFT" | "CHARGED_BACK" | "DECLINED" => {
            RefundError::Refused { code: problem.code, text: problem.detail }
        }
        "REFUND_CONFLICT" | codes::IDEMPOTENCY_KEY_REUSED => RefundError::Conflict,
        _ => no_answer(CallError::Problem(problem)).into(),
    }
}
