//! Who moves the money: a payment service provider, behind one trait.
//!
//! Everything is asked under an idempotency key, since nobody knows of a question without an answer whether it arrived: asked
//! again under its key it has the first one's effect. A provider forgets keys, though, the usual ones after a day; after that what
//! was asked for is looked for by our own id first ([`PaymentProvider::find_payment`], [`PaymentProvider::find_refund`]).

#[cfg(test)]
pub(crate) mod behaviour;
mod error;
pub mod stripe;
pub mod test;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use wire::events::payments::DeclineReason;
use wire::id::{OrderId, PaymentId, RefundId};
use wire::money::Money;

use crate::domain::outcome::Disputed;

pub use error::ProviderError;

/// A payment service provider.
pub trait PaymentProvider: Send + Sync + 'static {
    /// Has the payer's bank keep an amount.
    fn authorise<'a>(&'a self, key: &'a str, request: &'a Authorise) -> Asked<'a, Authorisation>;

    /// Takes an amount that is kept, once; what it leaves is let go of.
    fn capture<'a>(&'a self, key: &'a str, reference: &'a str, amount: Money) -> Asked<'a, Capture>;

    /// Lets go of an amount that is kept.
    fn void<'a>(&'a self, key: &'a str, reference: &'a str) -> Asked<'a, Void>;

    /// Gives money back.
    fn refund<'a>(&'a self, key: &'a str, reference: &'a str, request: &'a Refund) -> Asked<'a, Refunding>;

    /// What became of a payment that was asked for by our id; `None` if that never arrived.
    fn find_payment(&self, payment_id: PaymentId) -> Asked<'_, Option<Authorisation>>;

    /// What became of a refund that was asked for by our id; `None` if that never arrived.
    fn find_refund<'a>(&'a self, reference: &'a str, refund_id: RefundId) -> Asked<'a, Option<Refunding>>;

    /// How a payment stands by the provider's name of it; `None` for one that isn't ours.
    fn payment<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<Standing>>;

    /// How a dispute stands, and which payment it is about; `None` for one that isn't ours.
    fn dispute<'a>(&'a self, reference: &'a str) -> Asked<'a, Option<(PaymentId, Disputed)>>;
}

/// An answer to come.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, ProviderError>>;

/// What is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Authorise {
    /// Our id, by which the provider finds it again.
    pub payment_id: PaymentId,
    /// For people who look at the provider's books.
    pub order_id: OrderId,
    /// How much.
    pub amount: Money,
    /// The provider's token of the means of payment.
    pub method_token: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Authorisation {
    /// It is kept.
    Authorised {
        /// The provider's name of the payment.
        reference: String,
        /// Until when, if it says.
        expires_at: Option<DateTime<Utc>>,
    },
    /// It isn't.
    Declined(DeclineReason),
}

/// What became of taking money.
#[derive(Clone, Debug, PartialEq)]
pub enum Capture {
    /// It was taken.
    Captured {
        /// How much.
        amount: Money,
        /// What the provider keeps of it, if it says yet.
        fee: Option<Money>,
    },
    /// It can't be.
    Refused,
    /// Nothing is kept any more.
    Gone,
}

/// What became of letting go.
#[derive(Clone, Debug, PartialEq)]
pub enum Void {
    /// Nothing is kept.
    Voided,
    /// It was taken before.
    Captured {
        /// How much.
        amount: Money,
        /// What the provider keeps of it, if it says yet.
        fee: Option<Money>,
    },
}

/// What is to be given back.
#[derive(Clone, Debug, PartialEq)]
pub struct Refund {
    /// Our id, by which the provider finds it again.
    pub refund_id: RefundId,
    /// How much.
    pub amount: Money,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refunding {
    /// It was given back.
    Refunded,
    /// It can't be.
    Refused,
}

/// How a payment stands at the provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// Which of ours it is.
    pub payment_id: PaymentId,
    /// Whether anything is still kept, or was taken.
    pub state: StandingState,
}

/// How far it has come.
#[derive(Clone, Debug, PartialEq)]
pub enum StandingState {
    /// The bank is being asked, or nobody has confirmed it.
    Open,
    /// An amount is kept.
    Kept,
    /// Money was taken.
    Captured {
        /// How much.
        amount: Money,
        /// What the provider keeps of it, if it says yet.
        fee: Option<Money>,
    },
    /// Nothing is kept any more.
    Gone,
}
