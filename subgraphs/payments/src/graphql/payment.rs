//! `type Payment` as clients see it.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use chrono::{DateTime, Utc};
use kit::{Caller, GlobalId as _, Money, Result, count_rows, leave_out, request_data};

use super::history::PaymentHistoryEntry;
use super::ledger::LedgerTransaction;
use super::loaders::Loaders;
use super::order::{Order, User};
use super::shown::{shown, with_currency};
use crate::domain::{self, RefundState, Stage, Terms};
use crate::story::Story;
use crate::{OrderId, PaymentId, RefundId, UserId};

/// A payment. Whoever makes one of these has checked that the caller may read it.
pub struct Payment {
    story: Arc<Story>,
    terms: Terms,
    status: domain::PaymentStatus,
}

impl Payment {
    /// `None` for what nobody asked for.
    pub fn of(story: Arc<Story>) -> Option<Self> {
        let (terms, status) = (story.payment.terms.clone()?, story.payment.status()?);
        Some(Self { story, terms, status })
    }

    /// One of a list; one that can't be read is left out of it.
    pub(super) fn of_list(context: &Context<'_>, story: Result<Arc<Story>>) -> Option<Self> {
        match story {
            Ok(story) => Self::of(story),
            Err(error) => {
                leave_out(context, error);
                None
            }
        }
    }

    fn of_its_currency(&self, minor: i64) -> Result<Money> {
        with_currency(minor, self.terms.amount.currency)
    }
}

/// A payment for an order: its customer's, and visible to administrators.
#[Object]
impl Payment {
    /// Its global id.
    async fn id(&self) -> PaymentId {
        PaymentId::from_uuid(self.story.id)
    }

    /// What it pays for; null where orders has no such order, or the caller may not read it.
    async fn order(&self) -> Option<Order> {
        Some(Order { id: OrderId::from_uuid(self.terms.order_id.uuid()) })
    }

    /// Who pays; null where users has no account of theirs.
    async fn customer(&self) -> Option<User> {
        Some(User { id: UserId::from_uuid(self.terms.customer_id.uuid()) })
    }

    /// Where it stands.
    async fn status(&self) -> PaymentStatus {
        self.status.into()
    }

    /// How much was asked for.
    async fn amount(&self) -> Result<Money> {
        shown(self.terms.amount)
    }

    /// How much was taken.
    async fn amount_captured(&self) -> Result<Money> {
        self.of_its_currency(self.story.payment.captured_minor())
    }

    /// How much was given back.
    async fn amount_refunded(&self) -> Result<Money> {
        self.of_its_currency(self.story.payment.refunded_minor())
    }

    /// How much the payer's bank has taken back and not given again.
    async fn amount_disputed(&self) -> Result<Money> {
        self.of_its_currency(self.story.payment.disputed_minor())
    }

    /// How much can still be given back.
    async fn amount_refundable(&self) -> Result<Money> {
        self.of_its_currency(self.story.payment.refundable_minor())
    }

    /// When it was asked for.
    async fn requested_at(&self) -> DateTime<Utc> {
        self.terms.requested_at
    }

    /// Until when what is kept can be taken, if the provider says.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        match &self.story.payment.stage {
            Stage::Authorised { expires_at, .. } => *expires_at,
            _ => None,
        }
    }

    /// What was given back, or is to be: at most 100.
    async fn refunds(&self, context: &Context<'_>) -> Result<Vec<PaymentRefund>> {
        let refunds = &self.story.payment.refunds;
        count_rows(context, refunds.len())?;
        refunds.iter().map(PaymentRefund::of).collect()
    }

    /// What has happened to it, in its order: some 300 events at most.
    async fn history(&self, context: &Context<'_>) -> Result<Vec<PaymentHistoryEntry>> {
        count_rows(context, self.story.events.len())?;
        self.story.events.iter().map(|(event, at)| PaymentHistoryEntry::of(event, *at)).collect()
    }

    /// How the money that moved was booked, in its order. For administrators.
    async fn ledger(&self, context: &Context<'_>) -> Result<Option<Vec<LedgerTransaction>>> {
        Caller::from_context(context)?.require_administrator()?;
        let id = PaymentId::from_uuid(self.story.id);
        let booked = request_data::<Loaders>(context)?.transactions.load(id).await?;
        let booked: Vec<_> = booked.iter().flat_map(|booked| booked.iter()).collect();
        count_rows(context, booked.len())?;
        booked.into_iter().map(LedgerTransaction::of).collect::<Result<_>>().map(Some)
    }
}

/// One giving back of a payment, in whole or in part.
#[derive(SimpleObject)]
pub struct PaymentRefund {
    /// Its global id.
    id: RefundId,
    /// How much.
    amount: Money,
    /// Why, in the words of who wanted it, if he said so.
    reason: Option<String>,
    /// How far it has come.
    status: RefundStatus,
    /// When it was asked for.
    requested_at: DateTime<Utc>,
}

impl PaymentRefund {
    pub(super) fn of((id, refund): (&wire::id::RefundId, &domain::Refund)) -> Result<Self> {
        let status = match refund.state {
            RefundState::Requested => RefundStatus::Requested,
            RefundState::Refunded { .. } => RefundStatus::Refunded,
            RefundState::Refused => RefundStatus::Refused,
        };
        let (id, requested_at) = (RefundId::from_uuid(id.uuid()), refund.requested_at);
        let (amount, reason) = (shown(refund.amount)?, refund.reason.clone());
        Ok(Self { id, amount, reason, status, requested_at })
    }
}

/// How far a refund has come.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
pub enum RefundStatus {
    /// The provider hasn't answered yet.
    Requested,
    /// The money was given back.
    Refunded,
    /// The provider refused it.
    Refused,
}

/// Where a payment stands.
#[derive(Clone, Copy, Enum, Eq, PartialEq)]
#[graphql(remote = "domain::PaymentStatus")]
pub enum PaymentStatus {
    /// The provider hasn't answered yet.
    Requested,
    /// The bank keeps the amount.
    Authorised,
    /// The money was taken.
    Captured,
    /// A part of it was given back.
    PartiallyRefunded,
    /// All of it was given back.
    Refunded,
    /// The payer's bank took money back, for now or for good.
    Disputed,
    /// Nobody paid.
    Declined,
    /// It was let go of.
    Voided,
}
