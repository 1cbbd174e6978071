//! Bookings, for administrators.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use kit::{Error, GlobalId as _, Money, Result};

use crate::{LedgerTransactionId, ledger};

/// What was booked at once: entries that sum to zero in each currency.
#[derive(SimpleObject)]
pub struct LedgerTransaction {
    /// Its global id.
    id: LedgerTransactionId,
    /// What for: `captured`, `refunded`, `refund-failed`, `dispute-opened`, `dispute-won` or `dispute-lost`.
    kind: String,
    /// When.
    booked_at: DateTime<Utc>,
    /// Two to five.
    entries: Vec<LedgerEntry>,
}

/// One entry of a booking.
#[derive(SimpleObject)]
pub struct LedgerEntry {
    /// The account's name.
    account: String,
    /// How much: a debit if positive, a credit if negative.
    amount: Money,
}

impl LedgerTransaction {
    pub(super) fn of(booked: &ledger::Transaction) -> Result<Self> {
        let entry = |(account, currency, minor): &(String, String, i64)| {
            let currency = currency.parse().map_err(Error::internal)?;
            Ok(LedgerEntry { account: account.clone(), amount: Money::new(*minor, currency) })
        };
        Ok(Self {
            id: LedgerTransactionId::from_uuid(booked.id),
            kind: booked.kind.clone(),
            booked_at: booked.booked_at,
            entries: booked.entries.iter().map(entry).collect::<Result<_>>()?,
        })
    }
}
