//! A payment as other services see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use wire::id::PaymentId;

use crate::domain::RefundState;
use crate::story::Story;

/// How a payment stands. Amounts are in the currency's minor unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentView {
    /// Its global id.
    pub id: String,
    /// Its order's.
    pub order_id: String,
    /// `requested`, `authorised`, `captured`, `partially-refunded`, `refunded`, `disputed`, `declined` or `voided`.
    pub status: String,
    /// The currency of all amounts, as ISO 4217 has it.
    pub currency: String,
    /// How much was asked for.
    pub amount_minor: i64,
    /// How much was taken.
    pub captured_minor: i64,
    /// How much was given back.
    pub refunded_minor: i64,
    /// How much can still be given back.
    pub refundable_minor: i64,
    /// When it was asked for.
    pub requested_at: DateTime<Utc>,
    /// Each giving back.
    pub refunds: Vec<RefundView>,
}

/// Several payments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PaymentList {
    /// Those that there are, in the order in which they were asked for.
    pub payments: Vec<PaymentView>,
    /// The global ids of those of which nothing can be said, since what is stored of them can't be read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unreadable: Vec<String>,
}

/// One giving back of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundView {
    /// Its global id.
    pub id: String,
    /// How much, in the payment's currency.
    pub amount_minor: i64,
    /// `requested`, `refunded` or `refused`.
    pub status: String,
}

/// What is to be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RefundBody {
    /// The refund's global id: new, or the same as before with the same amount.
    pub refund_id: String,
    /// How much, in the currency's minor unit: above zero.
    pub amount_minor: i64,
    /// The payment's currency.
    pub currency: String,
    /// Why, in words: 1 to 200 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl PaymentView {
    /// Of a payment that somebody asked for.
    pub(super) fn of(story: &Story) -> Option<Self> {
        let (payment, terms) = (&story.payment, story.payment.terms.as_ref()?);
        let refunds = payment.refunds.iter().map(|(id, refund)| {
            let status = match refund.state {
                RefundState::Requested => "requested",
                RefundState::Refunded { .. } => "refunded",
                RefundState::Refused => "refused",
            };
            RefundView { id: id.to_string(), amount_minor: refund.amount.amount_minor, status: status.to_owned() }
        });
        Some(Self {
            id: PaymentId::from(story.id).to_string(),
            order_id: terms.order_id.to_string(),
            status: payment.status()?.as_str().to_owned(),
            currency: terms.amount.currency.to_string(),
            amount_minor: terms.amount.amount_minor,
            captured_minor: payment.captured_minor(),
            refunded_minor: payment.refunded_minor(),
            refundable_minor: payment.refundable_minor(),
            requested_at: terms.requested_at,
            refunds: refunds.collect(),
        })
    }
}
