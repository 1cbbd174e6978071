//! Deliveries to users' devices.

use futures::future::BoxFuture;
use kit::{database::describe, job::JobError};
use wire::events::notifications::{BounceReason, Channel};

use super::{
    Ways,
    handing_over::{Attempt, Outcome, Way},
    plan::wanted,
};
use crate::{
    domain::{plan::not_before, retry::Schedule},
    push::{PushError, PushMessage},
    store::{DeliveryState, Ending},
    texts,
};

/// The way.
pub(super) struct PushWay;

impl Way for PushWay {
    const KIND: &'static str = "notifications.push";
    const SCHEDULE: Schedule = Schedule::MAIL;

    fn hand_over<'a>(&'a self, ways: &'a Ways, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Outcome, JobError>> {
        Box::pin(push(ways, attempt))
    }
}

async fn push(ways: &Ways, attempt: Attempt<'_>) -> Result<Outcome, JobError> {
    let told = attempt.told;
    let Some(sender) = &ways.push else { return Ok(Outcome::Ended(Ending::Dropped("nobody pushes any more"))) };
    let contact = match ways.contacts.contact(told.user_id.into()).await {
        Ok(Some(contact)) => contact,
        Ok(None) => return Ok(Outcome::Ended(Ending::Dropped("there is no such user"))),
        Err(error) => return Ok(Outcome::Failed { reason: describe(&error), state: told.state }),
    };
    let items = wanted(&told.items, &contact, &Channel::Push)?;
    let Some(item) = items.first() else { return Ok(Outcome::Ended(Ending::Dropped("it isn't wanted any more"))) };
    let now = ways.clock.now();
    let at = not_before(&contact, now);
    if at > now {
        return Ok(Outcome::Postponed(at));
    }
    let text = texts::text(item.kind()?, contact.language, &item.facts()?).map_err(JobError::permanent)?;
    let message = PushMessage {
        id: told.id,
        user_id: told.user_id.into(),
        notification_id: item.id.into(),
        title: text.title,
        body: text.paragraphs.join("\n"),
        language: contact.language.code(),
    };
    attempt.begin().await?;
    // A gateway that is handed the same id twice shows it once: doubt costs nothing.
    Ok(match sender.push(&message).await {
        Ok(()) => Outcome::Ended(Ending::Sent),
        Err(error @ PushError::NoDevice) => {
            Outcome::Ended(Ending::Bounced(BounceReason::UnknownAddress, error.to_string()))
        }
        Err(PushError::Refused(reason)) => Outcome::Ended(Ending::Bounced(BounceReason::Refused, reason)),
        Err(PushError::Unavailable(reason)) => Outcome::Failed { reason, state: DeliveryState::Pending },
    })
}
