//! What payments can be asked. Keyed by payment, whose id the asking saga makes, so that asking again is the same.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::users::EraseUser;
use crate::command::command;
use crate::id::{LedgerTransactionId, OrderId, PaymentId, RefundId, UserId};
use crate::money::Money;
use crate::open_enum::open_enum;

/// The most that can be paid at once, in minor units: the provider takes eight digits. Sums of all that can happen to one payment
/// stay far below what an `i64` holds.
pub const AMOUNT_MINOR_MAX: i64 = 99_999_999;
/// The currencies that are taken: those in which the shop has prices and an account with its provider.
pub const CURRENCIES: [&str; 2] = ["EUR", "USD"];

crate::dispatch! {
    /// What the payments domain is asked.
    pub enum PaymentCommand {
        Authorise(AuthorisePayment),
        Capture(CapturePayment),
        Void(VoidPayment),
        Refund(RefundPayment),
        EraseUser(EraseUser),
    }
}

/// Have the payer's bank keep an amount for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorisePayment {
    /// Which payment: new, or the same as before with the same amount.
    pub payment_id: PaymentId,
    /// Of which order.
    pub order_id: OrderId,
    /// Whose order it is.
    pub customer_id: UserId,
    /// How much: above zero.
    pub amount: Money,
    /// The provider's token of the means of payment; never a number of a card or an account.
    pub method_token: String,
}

/// The amount is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuthorisePaymentDone {
    /// Until when it can be captured, if the provider says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
}

open_enum! {
    /// Why an amount isn't kept.
    pub enum AuthorisePaymentRefusal {
        /// The bank, or the provider, won't pay.
        Declined = "DECLINED",
        /// It isn't above zero, or of a currency that isn't taken.
        InvalidAmount = "INVALID_AMOUNT",
        /// The payment is of another amount, order or means.
        PaymentConflict = "PAYMENT_CONFLICT",
        /// The payment is over.
        PaymentClosed = "PAYMENT_CLOSED",
    }
}

/// Take an amount that is kept, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapturePayment {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// How much: above zero, at most what is authorised.
    pub amount: Money,
}

/// The money is ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CapturePaymentDone {
    /// How much was taken of the payment altogether.
    pub amount_captured: Money,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

open_enum! {
    /// Why an amount isn't taken.
    pub enum CapturePaymentRefusal {
        /// There is no such payment.
        UnknownPayment = "UNKNOWN_PAYMENT",
        /// It was never authorised, or is no longer.
        NotAuthorised = "NOT_AUTHORISED",
        /// It isn't above zero, more than is kept, or of another currency.
        InvalidAmount = "INVALID_AMOUNT",
        /// The provider refused it.
        Declined = "DECLINED",
    }
}

/// Let go of an amount that is kept. A payment that was never authorised is closed, so that it can't be later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VoidPayment {
    /// Of which payment.
    pub payment_id: PaymentId,
}

/// Nothing is kept, now or earlier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VoidPaymentDone {}

open_enum! {
    /// Why an amount is still kept.
    pub enum VoidPaymentRefusal {
        /// It was taken already: what remains is to give it back.
        AlreadyCaptured = "ALREADY_CAPTURED",
    }
}

/// Give back what was taken, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundPayment {
    /// Of which payment.
    pub payment_id: PaymentId,
    /// By which refund: new, or the same as before with the same amount.
    pub refund_id: RefundId,
    /// How much: above zero, at most what was taken and not given back.
    pub amount: Money,
    /// Whether all that is left is given back where that is less than the amount, rather than nothing. What the payer's bank has may be
    /// left: where it has all, there is no answer before it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub or_what_is_left: Option<bool>,
    /// Which refund, refused or of a part only, this one is in the place of: what it gave back, and others since, counts towards the amount,
    /// so that nothing is left where that is all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instead_of: Option<RefundId>,
    /// Why, in the words of who wants it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The money was given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RefundPaymentDone {
    /// How much was given back of the payment altogether.
    pub amount_refunded: Money,
    /// How much this time: what was asked for, where it isn't said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Whether the rest of what was asked for may still be had, by another refund: the payer's bank had taken it back, and it isn't decided
    /// that it stays so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_rest_open: Option<bool>,
    /// How it was booked.
    pub ledger_transaction_id: LedgerTransactionId,
}

open_enum! {
    /// Why nothing is given back.
    pub enum RefundPaymentRefusal {
        /// There is no such payment.
        UnknownPayment = "UNKNOWN_PAYMENT",
        /// Nothing was taken.
        NotCaptured = "NOT_CAPTURED",
        /// It isn't above zero, more than is left, or of another currency.
        InvalidAmount = "INVALID_AMOUNT",
        /// All of it was given back already, of the payment or of the amount.
        NothingLeft = "NOTHING_LEFT",
        /// The refund is of another amount.
        RefundConflict = "REFUND_CONFLICT",
        /// The payer's bank has taken it back already: for good, where what is left was asked for.
        ChargedBack = "CHARGED_BACK",
        /// The provider refused it.
        Declined = "DECLINED",
    }
}

command! {
    AuthorisePayment: Payments, "authorise-payment", 1;
    to [Payments] under payment_id;
    answers AuthorisePaymentDone | AuthorisePaymentRefusal;
}

command! {
    CapturePayment: Payments, "capture-payment", 1;
    to [Payments] under payment_id;
    answers CapturePaymentDone | CapturePaymentRefusal;
}

command! {
    VoidPayment: Payments, "void-payment", 1;
    to [Payments] under payment_id;
    answers VoidPaymentDone | VoidPaymentRefusal;
}

command! {
    RefundPayment: Payments, "refund-payment", 1;
    to [Payments] under payment_id;
    answers RefundPaymentDone | RefundPaymentRefusal;
}
