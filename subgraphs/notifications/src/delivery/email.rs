//! Deliveries by mail.

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
    mail::{Form, InDoubt, Letter, MailError},
    store::{DeliveryState, Ending},
};

/// The way.
pub(crate) struct Email;

impl Way for Email {
    const KIND: &'static str = "notifications.email";
    const SCHEDULE: Schedule = Schedule::MAIL;

    fn hand_over<'a>(&'a self, ways: &'a Ways, attempt: Attempt<'a>) -> BoxFuture<'a, Result<Outcome, JobError>> {
        Box::pin(mail(ways, attempt))
    }
}

async fn mail(ways: &Ways, attempt: Attempt<'_>) -> Result<Outcome, JobError> {
    let told = attempt.told;
    let contact = match ways.contacts.contact(told.user_id.into()).await {
        Ok(Some(contact)) => contact,
        Ok(None) => return Ok(Outcome::Ended(Ending::Dropped("there is no such user"))),
        Err(error) => return Ok(Outcome::Failed { reason: describe(&error), state: told.state }),
    };
    if told.state == DeliveryState::Sending && ways.in_doubt == InDoubt::GiveUp {
        let reason = "nobody knows whether it was sent".to_owned();
        return Ok(Outcome::Ended(Ending::Bounced(BounceReason::GivenUp, reason)));
    }
    let items = wanted(&told.items, &contact, &Channel::Email)?;
    if items.is_empty() {
        return Ok(Outcome::Ended(Ending::Dropped("it isn't wanted any more")));
    }
    let now = ways.clock.now();
    let at = not_before(&contact, now);
    if at > now {
        return Ok(Outcome::Postponed(at));
    }
    let items = items.into_iter().map(|item| Ok((item.kind()?, item.facts()?))).collect::<Result<_, JobError>>()?;
    let form = if told.is_digest { Form::Digest } else { Form::Single };
    let letter = Letter { id: told.id, written_at: told.created_at, form, items };
    let mail = match ways.composer.compose(&letter, &contact) {
        Ok(mail) => mail,
        Err(error) if error.is_of_recipient() => {
            return Ok(Outcome::Ended(Ending::Bounced(BounceReason::UnknownAddress, error.to_string())));
        }
        Err(error) => return Err(JobError::permanent(error)),
    };
    Ok(match ways.mailer.send(&mail, Box::pin(async move { attempt.begin().await })).await {
        Ok(()) => Outcome::Ended(Ending::Sent),
        Err(MailError::Refused { reason, text }) => Outcome::Ended(Ending::Bounced(reason, text)),
        Err(MailError::NotSent(reason)) => Outcome::Failed { reason, state: DeliveryState::Pending },
        Err(MailError::InDoubt(reason)) => Outcome::Failed { reason, state: DeliveryState::Sending },
        Err(MailError::Unnoted(error)) => return Err(error),
    })
}
