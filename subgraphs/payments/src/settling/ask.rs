//! Asking everything that is unanswered about one payment.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kit::event_store::load;
use kit::job::{Leased, Progress};
use kit::{Database, JobError};
use wire::events::payments::VoidReason;
use wire::id::PaymentId;

use crate::desk::{self, method_token};
use crate::domain::outcome::Outcome;
use crate::domain::{Payment, Step, Terms};
use crate::provider::{Authorisation, Authorise, Capture, PaymentProvider, ProviderError, Refund, Refunding, Void};

/// How old a question may be to be asked again under its key alone. Stripe forgets keys after 24 hours; an hour is left for a job
/// that waits its turn.
const KEY_AGE_MAX: TimeDelta = TimeDelta::hours(23);
/// Questions that one job asks: a payment has an authorisation, a capture, a void and a hundred refunds at most.
const STEPS_MAX: usize = 110;

/// Asks each question once, and writes each answer down under the job. One without an answer keeps nobody from asking the others.
///
/// # Errors
/// [`JobError`]: what has no answer is asked by another attempt.
pub async fn ask_all(
    database: &Database,
    provider: &Arc<dyn PaymentProvider>,
    job: &Leased,
    payment_id: PaymentId,
) -> Result<(), JobError> {
    let (mut asked, mut failure) = (Vec::<Step>::new(), None::<JobError>);
    while asked.len() < STEPS_MAX {
        let mut connection = database.connection().await?;
        let payment = load::<Payment>(&mut connection, payment_id.uuid()).await.map_err(JobError::transient)?;
        let steps = payment.state().steps();
        let Some(step) = steps.iter().find(|step| !asked.contains(*step)) else { return ended(&steps, failure) };
        asked.push(step.clone());
        let token = method_token(&mut connection, payment_id).await?;
        drop(connection);
        let outcome = match ask(&**provider, payment_id, step.clone(), token).await {
            Ok(outcome) => outcome,
            Err(error) => {
                failure = Some(graver(failure, failed(error)));
                continue;
            }
        };
        let outcome = &outcome;
        job.step(&Progress::default(), async |connection| {
            desk::record(connection, payment_id, outcome.clone()).await.map_err(JobError::from)
        })
        .await?;
    }
    Err(JobError::transient("more questions than a payment can have"))
}

/// Everything was asked; these have no answer, or one that doesn't fit the payment.
fn ended(unanswered: &[Step], failure: Option<JobError>) -> Result<(), JobError> {
    match failure {
        Some(failure) => Err(failure),
        None if unanswered.is_empty() => Ok(()),
        None => Err(JobError::transient("the provider's answer changes nothing")),
    }
}

/// Of two failures the one by which the job is tried again, if there is one.
fn graver(known: Option<JobError>, new: JobError) -> JobError {
    match known {
        Some(known @ JobError::Transient(_)) => known,
        _ => new,
    }
}

/// Something that the provider won't ever understand isn't asked again and again.
pub(super) fn failed(error: ProviderError) -> JobError {
    if error.is_passing() { JobError::transient(error) } else { JobError::permanent(error) }
}

async fn ask(
    provider: &dyn PaymentProvider,
    payment_id: PaymentId,
    step: Step,
    token: Option<String>,
) -> Result<Outcome, ProviderError> {
    match step {
        Step::Authorise(terms) => authorise(provider, payment_id, terms, token).await,
        // The provider itself knows whether something is captured already, or gone: no key is needed for that.
        Step::Capture { reference, amount, .. } => {
            let key = format!("capture:{}", payment_id.uuid());
            Ok(match provider.capture(&key, &reference, amount).await? {
                Capture::Captured { amount, fee } => Outcome::Captured { amount, fee },
                Capture::Refused => Outcome::CaptureRefused,
                Capture::Gone => Outcome::Voided(VoidReason::Expired),
            })
        }
        Step::Void { reference } => {
            let key = format!("void:{}", payment_id.uuid());
            Ok(match provider.void(&key, &reference).await? {
                Void::Voided => Outcome::Voided(VoidReason::Cancelled),
                Void::Captured { amount, fee } => Outcome::Captured { amount, fee },
            })
        }
        Step::Refund { reference, refund_id, amount, requested_at } => {
            let known =
                if is_forgotten(requested_at) { provider.find_refund(&reference, refund_id).await? } else { None };
            let key = format!("refund:{}", refund_id.uuid());
            let refunding = match known {
                Some(refunding) => refunding,
                None => provider.refund(&key, &reference, &Refund { refund_id, amount }).await?,
            };
            Ok(match refunding {
                Refunding::Refunded => Outcome::Refunded(refund_id),
                Refunding::Refused => Outcome::RefundRefused(refund_id),
            })
        }
    }
}

async fn authorise(
    provider: &dyn PaymentProvider,
    payment_id: PaymentId,
    terms: Terms,
    token: Option<String>,
) -> Result<Outcome, ProviderError> {
    let known = if is_forgotten(terms.requested_at) { provider.find_payment(payment_id).await? } else { None };
    let authorisation = match (known, token) {
        (Some(authorisation), _) => authorisation,
        (None, Some(method_token)) => {
            let Terms { order_id, amount, .. } = terms;
            let key = format!("authorise:{}", payment_id.uuid());
            provider.authorise(&key, &Authorise { payment_id, order_id, amount, method_token }).await?
        }
        // Another job had the answer written down since we looked: the next look sees it.
        (None, None) => return Err(ProviderError::Unfinished),
    };
    Ok(match authorisation {
        Authorisation::Authorised { reference, expires_at } => Outcome::Authorised { reference, expires_at },
        Authorisation::Declined(reason) => Outcome::Declined(reason),
    })
}

fn is_forgotten(asked_at: DateTime<Utc>) -> bool {
    Utc::now().signed_duration_since(asked_at) > KEY_AGE_MAX
}
