//! Receiving a webhook: believed or not, new or not, and then a job.

use chrono::{DateTime, Utc};
use kit::database::DatabaseError;
use kit::job::{self, NewJob, RunAt};
use kit::{Database, JobHandler as _, inbox};
use uuid::Uuid;

use super::event::Event;
use super::signature::{Secret, SignatureError, verify};
use crate::settling::{Heed, HeedHandler};

/// Names the space of webhooks' ids in the inbox; chosen once at random.
const NAMESPACE: Uuid = Uuid::from_u128(0xe3a9_14c6_6d02_4f7b_8b57_c028_45ef_91da);
/// Who it is that has seen them.
const CONSUMER: &str = "payments.webhooks";
/// Bytes of a webhook that is read: Stripe's are some 5 kB, with a large charge in it 20.
pub const BODY_BYTES_MAX: usize = 256 * 1024;

/// Takes webhooks in.
#[derive(Clone)]
pub struct Webhooks {
    database: Database,
    secrets: Vec<Secret>,
}

/// What became of a webhook that is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It is new, and will be looked into.
    Taken,
    /// It came before.
    Repeated,
    /// It says nothing about payments.
    Ignored,
}

/// Why a webhook isn't taken.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It isn't believed.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It is longer than any.
    #[error("a webhook has at most {BODY_BYTES_MAX} bytes")]
    TooLong,
    /// It is signed, and no event.
    #[error("a signed webhook can't be read")]
    Unreadable(#[source] serde_json::Error),
    /// It can't be kept now; the provider sends it again.
    #[error("the payments database")]
    Database(#[from] DatabaseError),
}

impl Webhooks {
    /// Believes whoever knows one of `secrets`; with none, nobody.
    #[must_use]
    pub fn new(database: Database, secrets: Vec<Secret>) -> Self {
        Self { database, secrets }
    }

    /// Takes in a webhook with its signature's header.
    ///
    /// # Errors
    /// [`WebhookError`]; nothing was kept then.
    pub async fn receive(&self, signature: &str, body: &[u8], now: DateTime<Utc>) -> Result<Received, WebhookError> {
        if body.len() > BODY_BYTES_MAX {
            return Err(WebhookError::TooLong);
        }
        verify(signature, body, &self.secrets, now)?;
        let event: Event = serde_json::from_slice(body).map_err(WebhookError::Unreadable)?;
        let Some(subject) = event.subject() else { return Ok(Received::Ignored) };
        let (id, heed) = (Uuid::new_v5(&NAMESPACE, event.id.as_bytes()), Heed { subject });
        let received = self
            .database
            .unit(async |connection| {
                if !inbox::first_time(connection, CONSUMER, id).await? {
                    return Ok(Received::Repeated);
                }
                let (key, payload) = (id.to_string(), heed.clone());
                let job = NewJob { kind: HeedHandler::KIND, key: &key, payload, run_at: RunAt::Now };
                job::enqueue(connection, &job).await?;
                Ok::<_, DatabaseError>(Received::Taken)
            })
            .await?;
        Ok(received)
    }
}
