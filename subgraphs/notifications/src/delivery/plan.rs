//! Deciding how a notification is told: asks what the user wants, and writes inbox, deliveries and their jobs in one transaction.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::{
    Database,
    database::describe,
    job::{JobError, JobHandler, JobLimits, Leased, RunAt},
};
use uuid::Uuid;
use wire::events::notifications::Channel;

use super::{Errand, Ways, email::Email, handing_over::Way as _, push::PushWay, webhook::Webhook};
use crate::{
    domain::{Contact, Language, Plan, Situation, notice::derived_id, plan::Mailing, retry::Schedule},
    store::{self, NewDelivery, NotificationRow, Standing, StoreError},
};

/// The kind of these jobs.
pub const PLAN: &str = "notifications.plan";

/// What is decided.
enum Decision {
    /// To tell by this plan.
    Tell(Plan, Language),
    /// There is nobody to be told.
    Nobody,
    /// To ask again.
    AskAgain(std::time::Duration),
}

/// Decides how notifications are told.
pub(crate) struct Planning {
    database: Database,
    ways: Arc<Ways>,
}

impl Planning {
    pub(crate) fn new(database: Database, ways: Arc<Ways>) -> Self {
        Self { database, ways }
    }

    async fn plan(&self, job: &Leased, errand: Errand) -> Result<(), JobError> {
        let mut connection = self.database.connection().await?;
        let Some(row) = store::unplanned(&mut connection, errand.id).await? else { return Ok(()) };
        let webhooks = store::webhooks_called(&mut connection, row.user_id).await?;
        drop(connection);
        let decision = self.decide(&row, &webhooks, errand).await?;
        let now = self.ways.clock.now();
        job.finish(async |connection| match &decision {
            Decision::Tell(plan, language) => Ok(tell(connection, &row, plan, *language, now).await?),
            Decision::Nobody => Ok(tell(connection, &row, &Plan::default(), Language::default(), now).await?),
            Decision::AskAgain(after) => {
                Ok(errand.after_failure().enqueue(connection, PLAN, RunAt::After(*after)).await?)
            }
        })
        .await
    }

    async fn decide(&self, row: &NotificationRow, webhooks: &[Uuid], errand: Errand) -> Result<Decision, JobError> {
        let kind = row.kind()?;
        Ok(match self.ways.contacts.contact(row.user_id.into()).await {
            Ok(Some(contact)) => {
                let (now, push) = (self.ways.clock.now(), self.ways.pushes());
                let situation = Situation { kind, occurred_at: row.occurred_at, now, webhooks, push };
                Decision::Tell(Plan::of(&contact, &situation), contact.language)
            }
            Ok(None) => Decision::Nobody,
            Err(error) => match Schedule::CONTACT.after(errand.failures.saturating_add(1)) {
                Some(after) => {
                    let error = describe(&error);
                    tracing::debug!(notification = %row.id, error, "how a user is told is asked again");
                    Decision::AskAgain(after)
                }
                // Whoever looks finds it, and nobody is written to who may not want to be.
                None => Decision::Tell(Plan::inbox_only(), Language::default()),
            },
        })
    }
}

impl JobHandler for Planning {
    type Payload = Errand;
    const KIND: &'static str = PLAN;

    /// A minute: one question and one transaction.
    fn limits(&self) -> JobLimits {
        JobLimits { attempt_timeout_ms: 60_000, ..JobLimits::default() }
    }

    fn run<'a>(&'a self, job: &'a Leased, errand: Errand) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(self.plan(job, errand))
    }

    fn gave_up<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        _job: &'a Leased,
        errand: Errand,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let Some(row) = store::unplanned(connection, errand.id).await? else { return Ok(()) };
            Ok(tell(connection, &row, &Plan::inbox_only(), Language::default(), self.ways.clock.now()).await?)
        })
    }
}

/// Writes what a plan says, unless another one has been.
async fn tell(
    connection: &mut AsyncPgConnection,
    row: &NotificationRow,
    plan: &Plan,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if store::lock_in_txn(connection, row.user_id).await? == Standing::Erased {
        return Ok(());
    }
    if !store::plan_in_txn(connection, row, language, plan.inbox.then_some(now)).await? {
        return Ok(());
    }
    match plan.email {
        Some(Mailing::Alone(at)) => {
            let new = of(row, Channel::Email, None);
            deliver(connection, &new, row.id, Due { kind: Email::KIND, at, now }).await?;
        }
        Some(Mailing::Digest(at)) => {
            if let Some(digest) = store::collect_in_txn(connection, row.user_id, row.id).await? {
                Errand::about(digest).enqueue_at(connection, Email::KIND, at, now).await?;
            }
        }
        None => {}
    }
    for webhook in &plan.webhooks {
        // Removed while it was being decided.
        if store::webhook_load(connection, *webhook).await?.is_some() {
            let new = of(row, Channel::Webhook, Some(*webhook));
            deliver(connection, &new, row.id, Due { kind: Webhook::KIND, at: now, now }).await?;
        }
    }
    if let Some(at) = plan.push_at {
        let new = of(row, Channel::Push, None);
        deliver(connection, &new, row.id, Due { kind: PushWay::KIND, at, now }).await?;
    }
    Ok(())
}

/// Which job, and when.
struct Due {
    kind: &'static str,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
}

/// A delivery of a notification. Its id follows from what it is of, so that there is never a second one.
fn of(row: &NotificationRow, channel: Channel, webhook_id: Option<Uuid>) -> NewDelivery {
    let what = webhook_id.map_or_else(|| channel.to_string(), |id| id.to_string());
    NewDelivery { id: derived_id(row.id, &what), user_id: row.user_id, channel, webhook_id }
}

/// Writes a delivery and its job.
async fn deliver(
    connection: &mut AsyncPgConnection,
    new: &NewDelivery,
    notification_id: Uuid,
    Due { kind, at, now }: Due,
) -> Result<(), StoreError> {
    if store::delivery_insert_in_txn(connection, new, notification_id).await? {
        Errand::about(new.id).enqueue_at(connection, kind, at, now).await?;
    }
    Ok(())
}

/// Which of these are still wanted by that way.
pub(crate) fn wanted<'a>(
    items: &'a [NotificationRow],
    contact: &Contact,
    channel: &Channel,
) -> Result<Vec<&'a NotificationRow>, StoreError> {
    let mut wanted = Vec::with_capacity(items.len());
    for item in items {
        if contact.wants(item.kind()?.category(), channel) {
            wanted.push(item);
        }
    }
    Ok(wanted)
}
