//! The job that heeds a provider's webhook.
//!
//! A webhook says that something has happened, and is believed no further: webhooks come twice, late and in any order, so how
//! things stand is asked of the provider, and what differs from what we know is written down.

use std::sync::Arc;

use futures::future::BoxFuture;
use kit::event_store::load;
use kit::job::{JobLimits, Leased, Progress};
use kit::{Database, JobError, JobHandler};
use serde::{Deserialize, Serialize};
use wire::events::payments::VoidReason;

use super::ask::failed;
use super::{ask_all, handler};
use crate::desk;
use crate::domain::outcome::Outcome;
use crate::domain::{Payment, Refund, RefundState};
use crate::provider::{PaymentProvider, Refunding, Standing, StandingState};

/// What a webhook is about, by the provider's names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A payment.
    Payment(String),
    /// The refunds of a payment, one of them at least.
    Refunds(String),
    /// A dispute.
    Dispute(String),
}

/// Something that has happened at the provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Heed {
    /// To what.
    pub subject: Subject,
}

/// Looks what it was.
pub struct HeedHandler {
    database: Database,
    provider: Arc<dyn PaymentProvider>,
}

impl HeedHandler {
    /// Asks `provider`, about the payments in `database`.
    #[must_use]
    pub fn new(database: Database, provider: Arc<dyn PaymentProvider>) -> Self {
        Self { database, provider }
    }

    async fn heed(&self, job: &Leased, subject: Subject) -> Result<(), JobError> {
        let found = match subject {
            Subject::Payment(reference) => {
                let standing = self.provider.payment(&reference).await.map_err(failed)?;
                standing.map(|standing| (standing.payment_id, outcome_of(standing.state)))
            }
            Subject::Refunds(reference) => return self.heed_refunds(job, &reference).await,
            Subject::Dispute(reference) => {
                let disputed = self.provider.dispute(&reference).await.map_err(failed)?;
                disputed.map(|(payment_id, disputed)| (payment_id, Some(Outcome::Disputed(disputed))))
            }
        };
        // What isn't ours is somebody else's who has the same account.
        let Some((payment_id, outcome)) = found else { return Ok(()) };
        // What we have asked for ourselves is told by its own answer.
        let asked = ask_all(&self.database, &self.provider, job, payment_id).await;
        if asked.is_err() && !matches!(outcome, Some(Outcome::Disputed(_))) {
            return asked;
        }
        // A bank doesn't wait for our questions.
        let Some(outcome) = &outcome else { return Ok(()) };
        job.step(&Progress::default(), async |connection| {
            desk::record(connection, payment_id, outcome.clone()).await.map_err(JobError::from)
        })
        .await?;
        asked
    }
}

impl HeedHandler {
    /// A refund that a bank couldn't take fails days after it was made.
    async fn heed_refunds(&self, job: &Leased, reference: &str) -> Result<(), JobError> {
        let Some(Standing { payment_id, .. }) = self.provider.payment(reference).await.map_err(failed)? else {
            return Ok(());
        };
        // One refund that has no answer keeps nobody from hearing that another one has failed.
        let asked = ask_all(&self.database, &self.provider, job, payment_id).await;
        let mut connection = self.database.connection().await?;
        let payment = load::<Payment>(&mut connection, payment_id.uuid()).await.map_err(JobError::transient)?;
        drop(connection);
        let is_made = |refund: &Refund| matches!(refund.state, RefundState::Refunded { .. });
        let made = payment.state().refunds.iter().filter(|(_, refund)| is_made(refund));
        for refund_id in made.map(|(id, _)| *id) {
            let standing = self.provider.find_refund(reference, refund_id).await.map_err(failed)?;
            if standing == Some(Refunding::Refused) {
                job.step(&Progress::default(), async |connection| {
                    desk::record(connection, payment_id, Outcome::RefundFailed(refund_id)).await.map_err(JobError::from)
                })
                .await?;
            }
        }
        asked
    }
}

impl JobHandler for HeedHandler {
    type Payload = Heed;
    const KIND: &'static str = "payments.heed";

    fn limits(&self) -> JobLimits {
        handler::limits()
    }

    fn run<'a>(&'a self, job: &'a Leased, payload: Heed) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.heed(job, payload.subject))
    }
}

/// What we mayn't have asked for: an authorisation that has run out, or what somebody did at the provider by hand.
fn outcome_of(state: StandingState) -> Option<Outcome> {
    match state {
        StandingState::Gone => Some(Outcome::Voided(VoidReason::Expired)),
        StandingState::Captured { amount, fee } => Some(Outcome::Captured { amount, fee }),
        StandingState::Open | StandingState::Kept => None,
    }
}
