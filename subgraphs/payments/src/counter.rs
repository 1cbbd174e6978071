//! Where people pay and have money given back: under an idempotency key, and answered when the provider has answered,
//! if that doesn't take long.
//!
//! ```text
//! a new key: whose is the order? → [ key · events · job ] in one transaction → wait for the job
//!     → [ key of the reply · how far the payment is ] → reply
//! ```
//!
//! The reply says how the payment stood when it was first given, so the same key gets the same reply for a day, whatever happens
//! to the payment meanwhile.

use std::sync::Arc;
use std::time::Duration;

use kit::event_store::{Metadata, load};
use kit::idempotency::{self, BodyHash, IdempotencyError};
use kit::{Database, database::DatabaseError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use uuid::Uuid;
use wire::commands::payments::{AuthorisePayment, RefundPayment};
use wire::id::PaymentId;

use crate::desk::{self, DeskError};
use crate::domain::decide::Answer;
use crate::domain::{Payment, RefundState};
use crate::orders::{NotPayable, Orders, OrdersError, check_payable};
use crate::story::{Story, StoryError, stories};

/// How long a person waits for a bank: most answer within two seconds, and clients give up after some ten.
const SETTLED_WITHIN: Duration = Duration::from_secs(8);
/// Connections that people at the counter have at once, of a pool of 16: who waits for a bank looks again and again, and jobs, without
/// which he waits in vain, need some too.
const CONNECTIONS_MAX: usize = 4;
/// Between two looks whether it has: the first wait, and the longest.
const LOOKS_APART: (Duration, Duration) = (Duration::from_millis(50), Duration::from_millis(500));

/// Takes what people want.
#[derive(Clone)]
pub struct Counter {
    database: Database,
    orders: Arc<dyn Orders>,
    connections: Arc<Semaphore>,
}

/// Who wants something, under which key.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The mutation's name. Not who asks: two administrators who send the same mean the same, and it is done once.
    pub scope: &'a str,
    /// The caller's idempotency key.
    pub key: &'a str,
    /// All that must be the same the next time.
    pub body: BodyHash,
    /// The caller's global id.
    pub actor: &'a str,
}

/// Why something isn't taken. Nothing was changed, and the key is free.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// By the rules of payments: a code, and in words.
    #[error("refused: {code}: {text}")]
    Refused {
        /// As in [`wire::commands::payments`].
        code: String,
        /// Why.
        text: &'static str,
    },
    /// Nothing is taken of this customer for this order.
    #[error(transparent)]
    NotPayable(#[from] NotPayable),
    /// Nobody says whose the order is.
    #[error(transparent)]
    Orders(#[from] OrdersError),
    /// The key, or what it was used for. What isn't the caller's fault among them is internal.
    #[error("the idempotency key")]
    Key(#[from] IdempotencyError),
    /// It can't be written. Internal.
    #[error("the desk")]
    Desk(#[from] DeskError),
    /// It can't be shown. Internal.
    #[error("the payment's story")]
    Story(#[from] StoryError),
    /// The database fails. Internal.
    #[error("the payments database")]
    Database(#[from] DatabaseError),
    /// A reply that was kept can't be read. Internal.
    #[error("a reply of before")]
    Reply(#[from] serde_json::Error),
}

impl From<diesel::result::Error> for CounterError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error.into())
    }
}

impl Counter {
    /// A counter on a migrated database, which asks `orders` whose an order is. Somebody must run [`crate::workers`] for it.
    #[must_use]
    pub fn new(database: Database, orders: Arc<dyn Orders>) -> Self {
        Self { database, orders, connections: Arc::new(Semaphore::new(CONNECTIONS_MAX)) }
    }

    /// Has a payment authorised and captured at once; its id in `order` is taken for a new key, and the one of the first time
    /// for a known one.
    ///
    /// # Errors
    /// [`CounterError`].
    pub async fn pay(&self, asking: Asking<'_>, order: &AuthorisePayment) -> Result<Arc<Story>, CounterError> {
        // What was taken once gets its reply, whatever orders says by now.
        if self.is_new(asking).await? {
            self.check(order).await?;
        }
        let metadata = asking.metadata();
        let payment_id: PaymentId = self
            .once(asking, "", async |connection| match desk::purchase(connection, order, &metadata).await? {
                Some(Answer::Refused(code, text)) => Err(CounterError::Refused { code: code.to_string(), text }),
                Some(Answer::Done(_)) | None => Ok(order.payment_id),
            })
            .await?;
        self.wait(payment_id, |payment| payment.next_step().is_none()).await?;
        self.as_first_told(asking, payment_id).await
    }

    /// Has money given back; the refund's id in `order` is taken for a new key, and the one of the first time for a known one.
    /// Gives it too.
    ///
    /// # Errors
    /// [`CounterError`].
    pub async fn give_back(
        &self,
        asking: Asking<'_>,
        order: &RefundPayment,
    ) -> Result<(Arc<Story>, wire::id::RefundId), CounterError> {
        let metadata = asking.metadata();
        let refund_id = self
            .once(asking, "", async |connection| match desk::take(connection, order, &metadata, None).await? {
                Some(Answer::Refused(code, text)) => Err(CounterError::Refused { code: code.to_string(), text }),
                Some(Answer::Done(_)) | None => Ok(order.refund_id),
            })
            .await?;
        let is_settled = |payment: &Payment| {
            payment.refunds.get(&refund_id).is_none_or(|refund| refund.state != RefundState::Requested)
        };
        self.wait(order.payment_id, is_settled).await?;
        Ok((self.as_first_told(asking, order.payment_id).await?, refund_id))
    }

    /// Whether nothing stands under the key.
    async fn is_new(&self, asking: Asking<'_>) -> Result<bool, CounterError> {
        let _turn = self.connections.acquire().await;
        let mut connection = self.database.connection().await?;
        let known = idempotency::find(&mut connection, asking.scope, asking.key, &asking.body).await?;
        Ok(known.is_none())
    }

    /// What can't be paid by anybody is refused first; then orders is asked, on no connection.
    async fn check(&self, order: &AuthorisePayment) -> Result<(), CounterError> {
        if let Some((code, text)) = desk::refusal(order) {
            return Err(CounterError::Refused { code: code.to_string(), text });
        }
        check_payable(&*self.orders, order.order_id, order.customer_id).await??;
        Ok(())
    }

    /// The payment as it stood when the key was first replied to.
    async fn as_first_told(&self, asking: Asking<'_>, payment_id: PaymentId) -> Result<Arc<Story>, CounterError> {
        let id = payment_id.uuid();
        let version: u32 = self
            .once(asking, ":told", async |connection| {
                Ok(load::<Payment>(connection, id).await.map_err(DeskError::from)?.version())
            })
            .await?;
        let turn = self.connections.acquire().await;
        let mut connection = self.database.connection().await?;
        let story = stories(&mut connection, &[id]).await?.remove(&id).transpose()?;
        drop((connection, turn));
        let story = story.ok_or(CounterError::Database(diesel::result::Error::NotFound.into()))?;
        let version = usize::try_from(version).unwrap_or(usize::MAX);
        Ok(Arc::new(if version < story.version() { story.until(version) } else { story }))
    }

    /// Waits until a payment is as it should be, or no longer.
    async fn wait(
        &self,
        payment_id: PaymentId,
        is_settled: impl Fn(&Payment) -> bool + Send + Sync,
    ) -> Result<(), CounterError> {
        let (mut apart, longest) = LOOKS_APART;
        let waiting = async {
            loop {
                let turn = self.connections.acquire().await;
                let mut connection = self.database.connection().await?;
                let payment = load::<Payment>(&mut connection, payment_id.uuid()).await.map_err(DeskError::from)?;
                drop((connection, turn));
                if is_settled(payment.state()) {
                    return Ok(());
                }
                tokio::time::sleep(apart).await;
                apart = (apart * 3 / 2).min(longest);
            }
        };
        // Whoever waits no longer is told how it stands.
        tokio::time::timeout(SETTLED_WITHIN, waiting).await.unwrap_or(Ok(()))
    }

    async fn once<T, F>(&self, asking: Asking<'_>, part: &str, effect: F) -> Result<T, CounterError>
    where
        for<'c> F: AsyncFn(&'c mut diesel_async::AsyncPgConnection) -> Result<T, CounterError>
            + kit::database::Work<&'c mut diesel_async::AsyncPgConnection, Result<T, CounterError>, Running: Send>
            + Send
            + Sync,
        T: Serialize + DeserializeOwned + Send,
    {
        let (scope, effect) = (format!("{}{part}", asking.scope), &effect);
        let Asking { key, body, .. } = asking;
        // Never closed.
        let _turn = self.connections.acquire().await;
        let reply = self
            .database
            .unit(async |connection| {
                idempotency::once(connection, &scope, key, &body, async |connection| effect(connection).await).await
            })
            .await?;
        Ok(serde_json::from_str(&reply.json)?)
    }
}

impl Asking<'_> {
    fn metadata(&self) -> Metadata {
        Metadata {
            correlation_id: Some(Uuid::now_v7().to_string()),
            actor: Some(self.actor.to_owned()),
            ..Metadata::default()
        }
    }
}
