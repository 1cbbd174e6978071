//! What every change of an account leaves behind, in its own transaction: an event in the outbox and a line of the audit trail.
//!
//! Who calls has locked the user's row, so that events and lines of one account stand in the order of its changes.

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::outbox;
use uuid::Uuid;
use wire::event::{Envelope, Event, Stamp};

use super::StoreError;
use crate::{
    domain::{Action, Author, UserId},
    schema::audit_trail,
};

/// A line of the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// Whose account.
    pub user: UserId,
    pub action: Action,
    /// What else it is about: a global id.
    pub about: Option<&'a str>,
    /// Which fields changed, by name.
    pub fields: &'a [&'a str],
}

impl Line<'_> {
    /// Of an action on the whole account.
    pub const fn new(user: UserId, action: Action) -> Self {
        Self { user, action, about: None, fields: &[] }
    }
}

/// Tells an event and notes who brought it about.
pub async fn tell<E: Event>(
    connection: &mut AsyncPgConnection,
    author: &Author,
    line: Line<'_>,
    event: &E,
) -> Result<(), StoreError> {
    note(connection, author, line).await?;
    let stamp = Stamp { id: Uuid::now_v7(), time: Utc::now() };
    let envelope = Envelope {
        actor: Some(author.actor.clone()),
        correlation_id: author.correlation.clone(),
        causation_id: author.cause.clone(),
        traceparent: kit::trace::here(author.traceparent.as_ref()),
        ..Envelope::event(event, stamp)?
    };
    outbox::append(connection, &E::topic(), &[envelope.to_message()?]).await?;
    Ok(())
}

/// Notes what others aren't told.
pub async fn note(connection: &mut AsyncPgConnection, author: &Author, line: Line<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit_trail::table)
        .values((
            audit_trail::user_id.eq(line.user),
            audit_trail::actor.eq(&author.actor),
            audit_trail::origin.eq(&author.origin),
            audit_trail::action.eq(line.action.as_str()),
            audit_trail::about.eq(line.about),
            audit_trail::fields.eq(line.fields),
        ))
        .execute(connection)
        .await?;
    Ok(())
}
