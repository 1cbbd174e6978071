//! What can happen to a payment, as it is stored. Never changed and never deleted, so nothing in it is personal: ids and amounts.
//!
//! These are this service's own; what others are told of them is made in [`crate::desk`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use wire::events::payments::{ChargebackOutcome, DeclineReason, VoidReason};
use wire::id::{ChargebackId, OrderId, RefundId, UserId};
use wire::money::Money;

kit::stored_events! {
    /// What can happen to a payment.
    pub enum PaymentEvent {
        Requested(Requested),
        Authorised(Authorised),
        Declined(Declined),
        CaptureRequested(CaptureRequested),
        Captured(Captured),
        CaptureRefused(CaptureRefused),
        VoidRequested(VoidRequested),
        Voided(Voided),
        RefundRequested(RefundRequested),
        Refunded(Refunded),
        RefundRefused(RefundRefused),
        RefundFailed(RefundFailed),
        DisputeOpened(DisputeOpened),
        DisputeClosed(DisputeClosed),
    }
}

/// Makes data of version 1.
macro_rules! event_data {
    ($($(#[$meta:meta])* $name:ident, $stored:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        impl kit::event_store::EventData for $name {
            const NAME: &'static str = $stored;
            const VERSION: u16 = 1;
        }
    )*};
}

event_data! {
    /// Somebody wants it paid; the provider is to be asked.
    Requested, "requested" {
        /// Of which order.
        order_id: OrderId,
        /// Whose order it is.
        customer_id: UserId,
        /// How much.
        amount: Money,
        /// Tells the means of payment from others, without telling which it is.
        method: Uuid,
        /// Whether it is to be captured as soon as it is authorised.
        #[serde(default)]
        captures_at_once: bool,
        /// When. The provider knows an idempotency key for a day from here.
        at: DateTime<Utc>,
    }

    /// The bank keeps the amount.
    Authorised, "authorised" {
        /// The provider's name of the payment.
        reference: String,
        /// Until when, if the provider says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<DateTime<Utc>>,
    }

    /// Nobody pays. The end.
    Declined, "declined" {
        /// Why.
        reason: DeclineReason,
    }

    /// The amount, or a part of it, is to be taken. There is one capture a payment: what it leaves is let go of.
    CaptureRequested, "capture-requested" {
        /// How much.
        amount: Money,
        /// When.
        at: DateTime<Utc>,
    }

    /// It was taken.
    Captured, "captured" {
        /// How much.
        amount: Money,
        /// What the provider keeps of it, if it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fee: Option<Money>,
        /// How it was booked.
        ledger_transaction_id: Uuid,
    }

    /// It can't be taken.
    CaptureRefused, "capture-refused" {
        /// How much.
        amount: Money,
    }

    /// What is kept, or may be on its way of being so, is to be let go of.
    VoidRequested, "void-requested" {
        /// When.
        at: DateTime<Utc>,
    }

    /// Nothing is kept, and nothing ever will be. The end.
    Voided, "voided" {
        /// Why.
        reason: VoidReason,
    }

    /// Money is to be given back.
    RefundRequested, "refund-requested" {
        /// By which refund.
        refund_id: RefundId,
        /// How much.
        amount: Money,
        /// Why, in the words of who wanted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// When.
        at: DateTime<Utc>,
    }

    /// It was given back.
    Refunded, "refunded" {
        /// By which refund.
        refund_id: RefundId,
        /// How much.
        amount: Money,
        /// How it was booked.
        ledger_transaction_id: Uuid,
    }

    /// It can't be given back.
    RefundRefused, "refund-refused" {
        /// By which refund.
        refund_id: RefundId,
    }

    /// It was given back, and came again: the payer's bank couldn't take it.
    RefundFailed, "refund-failed" {
        /// By which refund.
        refund_id: RefundId,
        /// How much.
        amount: Money,
        /// How it was booked.
        ledger_transaction_id: Uuid,
    }

    /// The payer's bank took money back.
    DisputeOpened, "dispute-opened" {
        /// By which chargeback.
        chargeback_id: ChargebackId,
        /// The provider's name of it.
        reference: String,
        /// How much.
        amount: Money,
        /// What the provider charges for it, if it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fee: Option<Money>,
        /// How it was booked.
        ledger_transaction_id: Uuid,
    }

    /// It is decided whose the money is.
    DisputeClosed, "dispute-closed" {
        /// Which chargeback.
        chargeback_id: ChargebackId,
        /// How much it was about.
        amount: Money,
        /// How it ended.
        outcome: ChargebackOutcome,
        /// How it was booked: that the money came again, or that it won't.
        ledger_transaction_id: Uuid,
    }
}
