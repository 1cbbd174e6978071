//! Deliveries to users' own programs.

use chrono::{DateTime, Utc};
use diesel_async::AsyncPgConnection;
use futures::future::BoxFuture;
use kit::job::{JobError, RunAt};
use serde::Serialize;
use uuid::Uuid;
use wire::{
    events::notifications::BounceReason,
    id::{NotificationId, OrderId, UserId, WebhookId},
};

use super::{
    Errand, PLAN, Ways,
    handing_over::{Attempt, Outcome, Way},
};
use crate::{
    domain::{
        Kind, Notice,
        notice::{Facts, derived_id},
        retry::Schedule,
    },
    store::{self, DeliveryState, Ending, NotificationRow, StoreError, Told, Verdict, WebhookRow},
    texts,
    webhook::{CallError, SigningKey},
};

/// What a call says when its webhook is there no more.
const GONE: &str = "it answered that it is gone";

/// The way.
pub(super) struct Webhook;

impl Way for Webhook {
    const KIND: &'static str = "notifications.webhook";
    const SCHEDULE: Schedule = Schedule::WEBHOOK;

    fn hand_over<'a>(&'a self, ways: &'a Ways, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Outcome, JobError>> {
        Box::pin(call(ways, attempt))
    }

    fn conclude<'a>(
        &'a self,
        connection: &'a mut AsyncPgConnection,
        told: &'a Told,
        outcome: Outcome,
        now: DateTime<Utc>,
    ) -> BoxFuture<'a, Result<Outcome, StoreError>> {
        Box::pin(account(connection, told, outcome, now))
    }
}

/// The body, of the form that the specification proposes.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: DateTime<Utc>,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'a> {
    notification_id: NotificationId,
    user_id: UserId,
    about: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    title: String,
    text: String,
    facts: Facts,
}

async fn call(ways: &Ways, attempt: Attempt<'_>) -> Result<Outcome, JobError> {
    let told = attempt.told;
    let Some(webhook) = load(attempt).await? else {
        return Ok(Outcome::Ended(Ending::Dropped("there is no such webhook")));
    };
    if webhook.disabled_at.is_some() {
        return Ok(Outcome::Ended(Ending::Dropped("the webhook is switched off")));
    }
    let Some(item) = told.items.first() else { return Ok(Outcome::Ended(Ending::Dropped("there is nothing to tell"))) };
    let (body, key) = (body(item)?, SigningKey::from_bytes(webhook.secret));
    attempt.begin().await?;
    let called = ways.webhooks.call(&webhook.url, &key, told.id, ways.clock.now(), body).await;
    // Who is called twice knows it by the id: doubt costs nothing.
    Ok(match called {
        Ok(()) => Outcome::Ended(Ending::Sent),
        Err(CallError::Gone) => Outcome::Ended(Ending::Bounced(BounceReason::UnknownAddress, GONE.to_owned())),
        Err(error) => Outcome::Failed { reason: error.to_string(), state: DeliveryState::Pending },
    })
}

async fn load(attempt: Attempt<'_>) -> Result<Option<WebhookRow>, JobError> {
    let Some(id) = attempt.told.webhook_id else { return Ok(None) };
    let mut connection = attempt.database.connection().await?;
    Ok(store::webhook_load(&mut connection, id).await?)
}

fn body(item: &NotificationRow) -> Result<Vec<u8>, JobError> {
    let (kind, facts) = (item.kind()?, item.facts()?);
    let text = texts::text(kind, item.language(), &facts).map_err(JobError::permanent)?;
    let data = Data {
        notification_id: item.id.into(),
        user_id: item.user_id.into(),
        about: &item.about,
        order_id: item.order_id.map(OrderId::from),
        title: text.title,
        text: text.paragraphs.join("\n"),
        facts,
    };
    let body = Body { kind: kind.webhook_type(), timestamp: item.occurred_at, data };
    serde_json::to_vec(&body).map_err(JobError::permanent)
}

/// Keeps account of a webhook's failures; one that is switched off by this one is told to its user.
async fn account(
    connection: &mut AsyncPgConnection,
    told: &Told,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<Outcome, StoreError> {
    let Some(id) = told.webhook_id else { return Ok(outcome) };
    let verdict = match &outcome {
        Outcome::Ended(Ending::Sent) => {
            store::webhook_succeeded_in_txn(connection, id).await?;
            return Ok(outcome);
        }
        Outcome::Ended(Ending::Bounced(BounceReason::UnknownAddress, _)) => Verdict::Gone,
        Outcome::Failed { .. } => Verdict::ByTime,
        Outcome::Ended(_) | Outcome::Postponed(_) => return Ok(outcome),
    };
    let Some(disabled) = store::webhook_failed_in_txn(connection, id, verdict, now).await? else { return Ok(outcome) };
    let notice = disabled_notice(&disabled, now);
    if store::insert_in_txn(connection, &notice).await? {
        Errand::about(notice.id()).enqueue(connection, PLAN, RunAt::Now).await?;
    }
    Ok(match outcome {
        Outcome::Failed { reason, .. } => Outcome::Ended(Ending::Bounced(BounceReason::GivenUp, reason)),
        outcome => outcome,
    })
}

/// What its user is told. The event has no id yet, so it gets one of the webhook's and the moment's: once each time.
fn disabled_notice(webhook: &WebhookRow, now: DateTime<Utc>) -> Notice {
    // The way to it may hold a secret; who it is doesn't.
    let host = url::Url::parse(&webhook.url).ok().and_then(|url| url.host_str().map(str::to_owned));
    Notice {
        event_id: event_id(webhook.id, now),
        user_id: webhook.user_id,
        kind: Kind::WebhookDisabled,
        about: WebhookId::from(webhook.id).to_string(),
        order_id: None,
        facts: host.into_iter().map(|host| ("url".to_owned(), host)).collect(),
        occurred_at: now,
    }
}

fn event_id(webhook: Uuid, now: DateTime<Utc>) -> Uuid {
    derived_id(webhook, &format!("disabled {}", now.timestamp_micros()))
}
