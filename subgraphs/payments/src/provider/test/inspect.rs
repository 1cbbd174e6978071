//! Looking into the provider's books.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use kit::database::DatabaseError;
use uuid::Uuid;
use wire::events::payments::{ChargebackOutcome, DeclineReason};
use wire::id::{PaymentId, RefundId};
use wire::money::Money;

use super::TestProvider;
use super::calls::fee_of;
use super::schema::{dispute, payment, refund};
use crate::domain::outcome::Disputed;
use crate::provider::{Authorisation, ProviderError, Refunding, Standing, StandingState};

/// What a dispute costs, in minor units.
const DISPUTE_FEE_MINOR: i64 = 2_000;

/// What the provider has done to a payer, in all payments that were asked for by one id of ours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charged {
    /// Authorisations that keep or kept an amount.
    pub authorisations: usize,
    /// Captures.
    pub captures: usize,
    /// What was captured, in minor units.
    pub captured_minor: i64,
    /// Refunds.
    pub refunds: usize,
    /// What was given back, in minor units.
    pub refunded_minor: i64,
}

impl TestProvider {
    /// What it has done to the payer of a payment.
    ///
    /// # Errors
    /// The database fails.
    pub async fn charged(&self, payment_id: PaymentId) -> Result<Charged, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let of_payment = payment::payment_id.eq(payment_id.uuid());
        let payments: Vec<(String, i64)> = payment::table
            .filter(of_payment)
            .select((payment::state, payment::captured_minor))
            .load(&mut connection)
            .await?;
        let references = payment::table.filter(of_payment).select(payment::reference);
        let refunds: Vec<i64> = refund::table
            .filter(refund::payment.eq_any(references))
            .filter(refund::has_failed.eq(false))
            .select(refund::amount_minor)
            .load(&mut connection)
            .await?;
        Ok(Charged {
            authorisations: payments.iter().filter(|(state, _)| state != "declined").count(),
            captures: payments.iter().filter(|(state, _)| state == "captured").count(),
            captured_minor: payments.iter().map(|(_, minor)| minor).sum(),
            refunds: refunds.len(),
            refunded_minor: refunds.iter().sum(),
        })
    }

    /// The provider's name of the payment that was asked for by this id, if it was.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reference(&self, payment_id: PaymentId) -> Result<Option<String>, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let found = payment::table.filter(payment::payment_id.eq(payment_id.uuid())).select(payment::reference);
        Ok(found.first(&mut connection).await.optional()?)
    }
}

pub(super) async fn find_payment(
    provider: &TestProvider,
    payment_id: PaymentId,
) -> Result<Option<Authorisation>, ProviderError> {
    provider.before().await?;
    let mut connection = provider.database.connection().await?;
    let found: Option<(String, Option<String>)> = payment::table
        .filter(payment::payment_id.eq(payment_id.uuid()))
        .select((payment::reference, payment::reason))
        .first(&mut connection)
        .await
        .optional()?;
    Ok(found.map(|(reference, reason)| match reason {
        Some(reason) => Authorisation::Declined(reason.try_into().unwrap_or(DeclineReason::Unspecified)),
        None => Authorisation::Authorised { reference, expires_at: None },
    }))
}

pub(super) async fn find_refund(
    provider: &TestProvider,
    refund_id: RefundId,
) -> Result<Option<Refunding>, ProviderError> {
    provider.before().await?;
    let mut connection = provider.database.connection().await?;
    let found = refund::table.filter(refund::refund_id.eq(refund_id.uuid())).select(refund::has_failed);
    let found: Option<bool> = found.first(&mut connection).await.optional()?;
    Ok(found.map(|has_failed| if has_failed { Refunding::Refused } else { Refunding::Refunded }))
}

pub(super) async fn payment(provider: &TestProvider, reference: &str) -> Result<Option<Standing>, ProviderError> {
    provider.before().await?;
    let standing = standing(provider, reference).await?;
    Ok(standing.map(|(payment_id, state)| Standing { payment_id: payment_id.into(), state }))
}

pub(super) async fn standing(
    provider: &TestProvider,
    reference: &str,
) -> Result<Option<(Uuid, StandingState)>, ProviderError> {
    let mut connection = provider.database.connection().await?;
    let found: Option<(Uuid, String, String, i64)> = payment::table
        .find(reference)
        .select((payment::payment_id, payment::state, payment::currency, payment::captured_minor))
        .first(&mut connection)
        .await
        .optional()?;
    let Some((payment_id, state, currency, captured_minor)) = found else { return Ok(None) };
    let state = match &*state {
        "kept" => StandingState::Kept,
        "captured" => {
            let amount = money(captured_minor, &currency)?;
            StandingState::Captured { amount, fee: Some(fee_of(amount)) }
        }
        _ => StandingState::Gone,
    };
    Ok(Some((payment_id, state)))
}

pub(super) async fn dispute(
    provider: &TestProvider,
    reference: &str,
) -> Result<Option<(PaymentId, Disputed)>, ProviderError> {
    provider.before().await?;
    let mut connection = provider.database.connection().await?;
    let found: Option<(Uuid, String, i64, Option<String>)> = dispute::table
        .inner_join(payment::table.on(payment::reference.eq(dispute::payment)))
        .filter(dispute::reference.eq(reference))
        .select((payment::payment_id, payment::currency, dispute::amount_minor, dispute::outcome))
        .first(&mut connection)
        .await
        .optional()?;
    let Some((payment_id, currency, amount_minor, outcome)) = found else { return Ok(None) };
    let amount = money(amount_minor, &currency)?;
    let disputed = Disputed {
        reference: reference.to_owned(),
        amount,
        fee: Some(Money::new(DISPUTE_FEE_MINOR, amount.currency)),
        outcome: outcome.and_then(|outcome| ChargebackOutcome::try_from(outcome).ok()),
    };
    Ok(Some((payment_id.into(), disputed)))
}

fn money(minor: i64, currency: &str) -> Result<Money, ProviderError> {
    match currency.parse() {
        Ok(currency) => Ok(Money::new(minor, currency)),
        Err(_) => Err(ProviderError::Unreadable("a currency".to_owned())),
    }
}
