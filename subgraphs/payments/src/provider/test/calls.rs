//! What is done when it is asked. Each call is one transaction of the provider's own, and its answer may get lost after that.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;
use wire::events::payments::DeclineReason;
use wire::money::Money;

use super::inspect::standing;
use super::keys::CallError;
use super::schema::{payment, refund};
use super::{EXPIRED, FRAUDULENT, Fault, INSUFFICIENT_FUNDS, TestProvider};
use crate::provider::{Authorisation, Authorise, Capture, ProviderError, Refund, Refunding, StandingState, Void};

/// How long an amount is kept: as long as most banks do.
const KEPT: TimeDelta = TimeDelta::days(7);

pub(super) async fn authorise(
    provider: &TestProvider,
    key: &str,
    asked: &Authorise,
) -> Result<Authorisation, ProviderError> {
    let body = json!([asked.payment_id, asked.order_id, asked.amount, asked.method_token]).to_string();
    let reason = match &*asked.method_token {
        INSUFFICIENT_FUNDS => Some(DeclineReason::InsufficientFunds),
        FRAUDULENT => Some(DeclineReason::SuspectedFraud),
        EXPIRED => Some(DeclineReason::InvalidMethod),
        _ => None,
    };
    let (reference, expires_at): (String, Option<DateTime<Utc>>) = provider
        .call(key, &body, async |connection| {
            let reference = format!("pi_{}", Uuid::now_v7().simple());
            let row = (
                payment::reference.eq(&reference),
                payment::payment_id.eq(asked.payment_id.uuid()),
                payment::state.eq(if reason.is_some() { "declined" } else { "kept" }),
                payment::currency.eq(asked.amount.currency.as_str()),
                payment::amount_minor.eq(asked.amount.amount_minor),
                payment::reason.eq(reason.as_ref().map(DeclineReason::as_str)),
            );
            diesel::insert_into(payment::table).values(row).execute(connection).await?;
            let told = if reason.is_some() { "payment_failed" } else { "amount_capturable_updated" };
            TestProvider::tell(connection, &format!("payment_intent.{told}"), &reference).await?;
            let expires_at = (Utc::now() + KEPT).duration_trunc(TimeDelta::seconds(1)).ok();
            Ok((reference, expires_at))
        })
        .await?;
    Ok(match reason {
        Some(reason) => Authorisation::Declined(reason),
        None => Authorisation::Authorised { reference, expires_at },
    })
}

pub(super) async fn capture(
    provider: &TestProvider,
    key: &str,
    reference: &str,
    amount: Money,
) -> Result<Capture, ProviderError> {
    let body = json!([reference, amount]).to_string();
    let is_refused = provider.happens(Fault::Refusal).await?;
    let was_kept: bool = provider
        .call(key, &body, async |connection| {
            if is_refused {
                return Ok(false);
            }
            let kept = payment::table
                .find(reference)
                .filter(payment::state.eq("kept"))
                .filter(payment::amount_minor.ge(amount.amount_minor));
            let set = (payment::state.eq("captured"), payment::captured_minor.eq(amount.amount_minor));
            let captured = diesel::update(kept).set(set).execute(connection).await? == 1;
            if captured {
                TestProvider::tell(connection, "payment_intent.succeeded", reference).await?;
            }
            Ok(captured)
        })
        .await?;
    if was_kept {
        return Ok(Capture::Captured { amount, fee: Some(fee_of(amount)) });
    }
    // Captured by an earlier call, perhaps, whose key is forgotten.
    Ok(match standing(provider, reference).await? {
        Some((_, StandingState::Captured { amount, fee })) => Capture::Captured { amount, fee },
        Some((_, StandingState::Gone)) => Capture::Gone,
        Some((_, StandingState::Kept | StandingState::Open)) | None => Capture::Refused,
    })
}

pub(super) async fn void(provider: &TestProvider, key: &str, reference: &str) -> Result<Void, ProviderError> {
    provider
        .call(key, reference, async |connection| {
            let kept = payment::table.find(reference).filter(payment::state.eq("kept"));
            if diesel::update(kept).set(payment::state.eq("gone")).execute(connection).await? == 1 {
                TestProvider::tell(connection, "payment_intent.canceled", reference).await?;
            }
            Ok(true)
        })
        .await?;
    Ok(match standing(provider, reference).await? {
        Some((_, StandingState::Captured { amount, fee })) => Void::Captured { amount, fee },
        _ => Void::Voided,
    })
}

pub(super) async fn refund(
    provider: &TestProvider,
    key: &str,
    reference: &str,
    asked: &Refund,
) -> Result<Refunding, ProviderError> {
    let body = json!([reference, asked.refund_id, asked.amount]).to_string();
    let is_refused = provider.happens(Fault::Refusal).await?;
    let was_given: bool = provider
        .call(key, &body, async |connection| Ok(!is_refused && give_back(connection, reference, asked).await?))
        .await?;
    Ok(if was_given { Refunding::Refunded } else { Refunding::Refused })
}

/// What Stripe takes of a European card: 1.5 % and 25 minor units, at most everything.
pub(super) fn fee_of(amount: Money) -> Money {
    let fee = amount.amount_minor.saturating_mul(15) / 1_000 + 25;
    Money::new(fee.min(amount.amount_minor), amount.currency)
}

async fn give_back(connection: &mut AsyncPgConnection, reference: &str, asked: &Refund) -> Result<bool, CallError> {
    let captured: Option<i64> = payment::table
        .find(reference)
        .filter(payment::state.eq("captured"))
        .select(payment::captured_minor)
        .for_update()
        .first(connection)
        .await
        .optional()?;
    let given: Vec<i64> = refund::table
        .filter(refund::payment.eq(reference).and(refund::has_failed.eq(false)))
        .select(refund::amount_minor)
        .load(connection)
        .await?;
    let left = captured.unwrap_or_default().saturating_sub(given.into_iter().sum());
    if asked.amount.amount_minor > left {
        return Ok(false);
    }
    let row = (
        refund::reference.eq(format!("re_{}", Uuid::now_v7().simple())),
        refund::refund_id.eq(asked.refund_id.uuid()),
        refund::payment.eq(reference),
        refund::amount_minor.eq(asked.amount.amount_minor),
    );
    diesel::insert_into(refund::table).values(row).execute(connection).await?;
    TestProvider::tell(connection, "charge.refunded", reference).await?;
    Ok(true)
}
