//! What happens to payments. Keyed by payment.
//!
//! Where money moved, the event names the ledger transaction that booked it, so that each can be held against the other.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{ChargebackId, LedgerTransactionId, OrderId, PaymentId, RefundId, UserId};
use crate::money::Money;
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the payments domain tells.
    pub enum PaymentEvent {
        Authorised(PaymentAuthorised),
        Declined(PaymentDeclined),
        Captured(PaymentCaptured),
        Voided(PaymentVoided),
        Refunded(PaymentRefunded),
        RefundFailed(PaymentRefundFailed),
        ChargebackOpened(PaymentChargebackOpened),
        ChargebackClosed(PaymentChargebackClosed),
        Changed(PaymentChanged),
    }
}

/// The payer's bank keeps an amount for us; no money has moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentAuthorised {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// How much can be captured.
    pub amount: Money,
    /// Until when, if the provider says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

/// The payer's bank, or the provider, won't pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentDeclined {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// How much was asked for.
    pub amount: Money,
    /// Why.
    pub reason: DeclineReason,
}

/// Money was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentCaptured {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// How much, this time.
    pub amount: Money,
    /// How much altogether.
    pub amount_captured: Money,
    /// What the provider keeps of it, if it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

/// What was authorised won't be captured; no money has moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentVoided {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// Why.
    pub reason: VoidReason,
}

/// Money was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentRefunded {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// By which refund.
    pub refund_id: RefundId,
    /// How much, this time.
    pub amount: Money,
    /// How much altogether: at most what was captured.
    pub amount_refunded: Money,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

/// What was given back came again: the payer's bank couldn't take it. It is ours until it is given back another time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentRefundFailed {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// By which refund.
    pub refund_id: RefundId,
    /// How much came again.
    pub amount: Money,
    /// How much is given back of the payment altogether, without that.
    pub amount_refunded: Money,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

/// The payer's bank took money back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentChargebackOpened {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// By which chargeback.
    pub chargeback_id: ChargebackId,
    /// How much.
    pub amount: Money,
    /// What the provider charges for it, if it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fee: Option<Money>,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

/// It is decided whose the money is that was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentChargebackClosed {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// Which chargeback.
    pub chargeback_id: ChargebackId,
    /// How it ended.
    pub outcome: ChargebackOutcome,
    /// How it was booked that the money came again; none if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger_transaction_id: Option<LedgerTransactionId>,
}

/// A payment isn't any more what it was, in what none of the others tells: the provider is to be asked something, or has refused.
/// What it is now is told by the payments' service alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentChanged {
    /// Which payment.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
}

open_enum! {
    /// Why nobody pays.
    pub enum DeclineReason {
        /// There is too little on the payer's account.
        InsufficientFunds = "INSUFFICIENT_FUNDS",
        /// The means of payment is of the past, or was never one.
        InvalidMethod = "INVALID_METHOD",
        /// It looks like somebody else's means of payment.
        SuspectedFraud = "SUSPECTED_FRAUD",
        /// The bank doesn't say why.
        Unspecified = "UNSPECIFIED",
    }
}

open_enum! {
    /// Why an amount is kept no longer.
    pub enum VoidReason {
        /// The order came to nothing.
        Cancelled = "CANCELLED",
        /// It wasn't captured in time.
        Expired = "EXPIRED",
    }
}

open_enum! {
    /// How a chargeback ended.
    pub enum ChargebackOutcome {
        /// We have the money again.
        Won = "WON",
        /// The payer keeps it.
        Lost = "LOST",
    }
}

event!(PaymentAuthorised, Payments, "authorised", 1, payment_id);
event!(PaymentDeclined, Payments, "declined", 1, payment_id);
event!(PaymentCaptured, Payments, "captured", 1, payment_id);
event!(PaymentVoided, Payments, "voided", 1, payment_id);
event!(PaymentRefunded, Payments, "refunded", 1, payment_id);
event!(PaymentRefundFailed, Payments, "refund-failed", 1, payment_id);
event!(PaymentChargebackOpened, Payments, "chargeback-opened", 1, payment_id);
event!(PaymentChargebackClosed, Payments, "chargeback-closed", 1, payment_id);
event!(PaymentChanged, Payments, "changed", 1, payment_id);
