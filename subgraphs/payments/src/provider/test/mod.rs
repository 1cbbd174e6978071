//! A provider for `dev` and for tests: it moves no money, and fails as it is told.
//!
//! What it has done is in tables of its own schema, `test_provider`, written by transactions of its own: like a real one it knows
//! what it did whatever becomes of who asked, and can be asked how often it charged. Calls are idempotent by key as Stripe's are.
//! It must never be configured where somebody is to pay.

mod calls;
mod faults;
mod inspect;
mod keys;
mod schema;
mod webhooks;

use diesel_async::SimpleAsyncConnection as _;
use kit::Database;
use kit::database::DatabaseError;
use wire::id::{PaymentId, RefundId};
use wire::money::Money;

use super::{
    Asked, Authorisation, Authorise, Capture, PaymentProvider, ProviderError, Refund, Refunding, Standing, Void,
};
use crate::domain::outcome::Disputed;

pub use faults::Fault;
pub use inspect::Charged;

/// A means of payment that is always good.
pub const GOOD: &str = "pm_card_visa";
/// One without money.
pub const INSUFFICIENT_FUNDS: &str = "pm_card_visa_chargeDeclinedInsufficientFunds";
/// One that was somebody else's.
pub const FRAUDULENT: &str = "pm_card_chargeDeclinedFraudulent";
/// One of the past.
pub const EXPIRED: &str = "pm_card_chargeDeclinedExpiredCard";

/// The tables, made when they are missing: they belong to this provider and to no migration.
const TABLES: &str = include_str!("tables.sql");

/// The provider. Clones, and others on the same database, are one and the same.
#[derive(Clone)]
pub struct TestProvider {
    database: Database,
}

impl TestProvider {
    /// The provider whose books are in `database`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open(database: Database) -> Result<Self, DatabaseError> {
        database
            .unit(async |connection| {
                connection.batch_execute(TABLES).await?;
                Ok::<_, DatabaseError>(())
            })
            .await?;
        Ok(Self { database })
    }
}

impl PaymentProvider for TestProvider {
    fn authorise<'a>(&'a self, key: &'a str, request: &'a Authorise) -> Asked<'a, Authorisation> {
        Box::pin(calls::authorise(self, key, request))
    }

    fn capture<'a>(&'a self, key: &'a str, reference: &'a str, amount: Money) -> Asked<'a, Capture> {
        Box::pin(calls::capture(self, key, reference, amount))
    }

    fn void<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, Void> {
        Box::pin(calls::void(self, key, reference))
    }

    fn refund<'a>(&'a self, key: &'a str, reference: &'a str, request: &'a Refund) -> Asked<'a, Refunding> {
        Box::pin(calls::refund(self, key, reference, request))
    }

    fn find_payment(&self, payment_id: PaymentId) -> Asked<'_, Option<Authorisation>> {
        Box::pin(inspect::find_payment(self, payment_id))
    }

    fn find_refund<'a>(&'a self, _reference: &'a str, refund_id: RefundId) -> Asked<'a, Option<Refunding>> {
        Box::pin(inspect::find_refund(self, refund_id))
    }

    fn payment<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<Standing>> {
        Box::pin(inspect::payment(self, reference))
    }

    fn dispute<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<(PaymentId, Disputed)>> {
        Box::pin(inspect::dispute(self, reference))
    }
}

/// Its books are away.
impl From<DatabaseError> for ProviderError {
    fn from(error: DatabaseError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<diesel::result::Error> for ProviderError {
    fn from(error: diesel::result::Error) -> Self {
        DatabaseError::from(error).into()
    }
}
