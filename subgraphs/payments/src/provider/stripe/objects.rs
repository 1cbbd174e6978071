//! Stripe's objects, as far as they are read. Fields that aren't named here are ignored.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde::Deserialize;
use serde_json::Value;
use wire::events::payments::{ChargebackOutcome, DeclineReason};
use wire::id::PaymentId;
use wire::money::{Currency, Money};

use crate::domain::outcome::Disputed;
use crate::provider::{Authorisation, ProviderError, Standing, StandingState};

/// <https://docs.stripe.com/api/payment_intents/object>
#[derive(Debug, Deserialize)]
pub(super) struct PaymentIntent {
    pub id: String,
    pub status: String,
    #[serde(default)]
    amount_received: i64,
    currency: String,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    /// Expanded, if we asked for that.
    #[serde(default)]
    latest_charge: Value,
    #[serde(default)]
    last_payment_error: Option<ErrorObject>,
}

/// <https://docs.stripe.com/api/refunds/object>
#[derive(Debug, Deserialize)]
pub(super) struct Refund {
    pub id: String,
    pub status: String,
    #[serde(default)]
    pub metadata: BTreeMap<String, String>,
}

/// <https://docs.stripe.com/api/disputes/object>
#[derive(Debug, Deserialize)]
pub(super) struct Dispute {
    id: String,
    amount: i64,
    currency: String,
    status: String,
    pub payment_intent: Option<String>,
    #[serde(default)]
    balance_transactions: Vec<BalanceTransaction>,
}

#[derive(Debug, Deserialize)]
struct BalanceTransaction {
    fee: i64,
    currency: String,
}

/// A page of objects.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub data: Vec<T>,
    #[serde(default)]
    pub has_more: bool,
}

/// <https://docs.stripe.com/api/errors>
#[derive(Debug, Deserialize)]
pub(super) struct ErrorBody {
    pub error: ErrorObject,
}

#[derive(Debug, Deserialize)]
pub(super) struct ErrorObject {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    decline_code: Option<String>,
    /// Which parameter it is about.
    #[serde(default)]
    param: Option<String>,
    #[serde(default)]
    pub message: Option<String>,
}

impl PaymentIntent {
    /// What became of its authorisation.
    pub(super) fn authorisation(self) -> Result<Authorisation, ProviderError> {
        match self.status.as_str() {
            "requires_capture" | "succeeded" => {
                let capture_before = self.latest_charge.pointer("/payment_method_details/card/capture_before");
                let expires_at = capture_before.and_then(Value::as_i64).and_then(|at| DateTime::from_timestamp(at, 0));
                Ok(Authorisation::Authorised { reference: self.id, expires_at })
            }
            "processing" => Err(ProviderError::Unfinished),
            // Whoever would have to do something (log in at the bank) isn't there.
            _ => {
                Ok(Authorisation::Declined(self.last_payment_error.map_or(DeclineReason::Unspecified, |e| e.reason())))
            }
        }
    }

    /// How it stands; `None` if it isn't ours.
    pub(super) fn standing(&self) -> Result<Option<Standing>, ProviderError> {
        let Some(payment_id) = self.payment_id() else { return Ok(None) };
        let state = match self.status.as_str() {
            "requires_capture" => StandingState::Kept,
            "succeeded" => {
                let (amount, fee) = self.received()?;
                StandingState::Captured { amount, fee }
            }
            "canceled" => StandingState::Gone,
            _ => StandingState::Open,
        };
        Ok(Some(Standing { payment_id, state }))
    }

    /// How much was taken, and what Stripe keeps of it, if that is in the same currency and known already.
    pub(super) fn received(&self) -> Result<(Money, Option<Money>), ProviderError> {
        let amount = money(self.amount_received, &self.currency)?;
        let transaction = self.latest_charge.get("balance_transaction").filter(|transaction| transaction.is_object());
        let transaction = transaction.and_then(|found| BalanceTransaction::deserialize(found).ok());
        let fee = transaction.and_then(|transaction| transaction.fee_in(amount.currency));
        Ok((amount, fee))
    }

    fn payment_id(&self) -> Option<PaymentId> {
        self.metadata.get("payment_id").and_then(|id| PaymentId::parse(id))
    }
}

impl Dispute {
    /// How it stands, told in our words.
    pub(super) fn disputed(self) -> Result<Option<Disputed>, ProviderError> {
        let outcome = match self.status.as_str() {
            // Inquiries that took no money.
            "warning_needs_response" | "warning_under_review" | "warning_closed" | "prevented" => return Ok(None),
            "won" => Some(ChargebackOutcome::Won),
            "lost" => Some(ChargebackOutcome::Lost),
            _ => None,
        };
        let amount = money(self.amount, &self.currency)?;
        let fee = self.balance_transactions.iter().find_map(|transaction| transaction.fee_in(amount.currency));
        Ok(Some(Disputed { reference: self.id, amount, fee, outcome }))
    }
}

impl BalanceTransaction {
    fn fee_in(&self, currency: Currency) -> Option<Money> {
        let is_same = self.currency.eq_ignore_ascii_case(currency.as_str());
        (is_same && self.fee > 0).then(|| Money::new(self.fee, currency))
    }
}

impl ErrorObject {
    /// Whether a refund was refused for good: there isn't so much left, or the bank has taken it back. All else that is wrong (the
    /// account's balance, its rights, our own request) passes, or is mended, and the refund can still be made.
    /// <https://docs.stripe.com/error-codes>
    pub(super) fn ends_refund(&self) -> bool {
        match self.code.as_deref() {
            Some(code) => matches!(
                code,
                "charge_already_refunded"
                    | "charge_disputed"
                    | "refund_disputed_payment"
                    | "amount_too_large"
                    | "amount_too_small"
            ),
            // More than is left of the charge has no code.
            None => self.param.as_deref() == Some("amount"),
        }
    }

    /// <https://docs.stripe.com/declines/codes>
    pub(super) fn reason(&self) -> DeclineReason {
        match self.decline_code.as_deref().or(self.code.as_deref()) {
            Some("insufficient_funds" | "withdrawal_count_limit_exceeded" | "card_velocity_exceeded") => {
                DeclineReason::InsufficientFunds
            }
            Some(
                "expired_card"
                | "incorrect_number"
                | "invalid_number"
                | "incorrect_cvc"
                | "invalid_cvc"
                | "invalid_account"
                | "card_not_supported"
                | "resource_missing"
                | "payment_method_unactivated",
            ) => DeclineReason::InvalidMethod,
            Some("fraudulent" | "stolen_card" | "lost_card" | "merchant_blacklist" | "pickup_card") => {
                DeclineReason::SuspectedFraud
            }
            _ => DeclineReason::Unspecified,
        }
    }
}

/// Stripe writes currencies in lower case.
fn money(minor: i64, currency: &str) -> Result<Money, ProviderError> {
    match currency.to_ascii_uppercase().parse() {
        Ok(currency) => Ok(Money::new(minor, currency)),
        Err(_) => Err(ProviderError::Unreadable("a currency".to_owned())),
    }
}
