//! How far the deletion of accounts is.

use std::collections::HashMap;

use chrono::Utc;
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::database::{Freshness, ReadConnection};
use uuid::Uuid;

use super::{StoreError, UserStore};
use crate::{
    domain::{Author, Deletion, DeletionStatus, UserId},
    schema::account_deletions,
};

/// What is known of a deletion now.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    pub status: DeletionStatus,
    /// Which domain is to answer, and how often it was asked.
    pub waiting_for: Option<&'a str>,
    pub asked: i32,
    /// Which domain refused, and its code; `None` keeps what was.
    pub refusal: Option<(&'a str, &'a str)>,
}

impl UserStore {
    /// The newest deletion of each of these users. Who has none is missing.
    pub(crate) async fn deletion_list_by_users(
        &self,
        ids: &[UserId],
        freshness: Freshness,
    ) -> Result<HashMap<UserId, Deletion>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let newest_first =
                (account_deletions::user_id, account_deletions::requested_at.desc(), account_deletions::id.desc());
            let newest = account_deletions::table
                .filter(account_deletions::user_id.eq_any(ids))
                .distinct_on(account_deletions::user_id)
                .order(newest_first)
                .select(Deletion::as_select())
                .load(&mut **connection);
            Ok::<_, StoreError>(newest.await?)
        };
        let newest: Vec<Deletion> = self.database.read(freshness, read).await?;
        Ok(newest.into_iter().map(|deletion| (deletion.user_id, deletion)).collect())
    }
}

/// A deletion of this user that isn't over, or that is over for good.
pub async fn deletion_standing(connection: &mut AsyncPgConnection, user: UserId) -> QueryResult<Option<Deletion>> {
    account_deletions::table
        .filter(account_deletions::user_id.eq(user))
        .filter(account_deletions::status.ne(DeletionStatus::Refused.as_str()))
        .order((account_deletions::requested_at.desc(), account_deletions::id.desc()))
        .select(Deletion::as_select())
        .first(connection)
        .await
        .optional()
}

/// Writes a new deletion down.
pub async fn deletion_insert(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    user: UserId,
    author: &Author,
    reason: Option<&str>,
) -> QueryResult<()> {
    diesel::insert_into(account_deletions::table)
        .values((
            account_deletions::id.eq(id),
            account_deletions::user_id.eq(user),
            account_deletions::status.eq(DeletionStatus::Asking.as_str()),
            account_deletions::requested_by.eq(&author.actor),
            account_deletions::reason.eq(reason),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes down how far a deletion is now.
pub async fn deletion_progress(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    progress: Progress<'_>,
) -> QueryResult<()> {
    let common = (
        account_deletions::status.eq(progress.status.as_str()),
        account_deletions::waiting_for.eq(progress.waiting_for),
        account_deletions::asked.eq(progress.asked),
        account_deletions::updated_at.eq(Utc::now()),
    );
    let refusal = progress
        .refusal
        .map(|(domain, code)| (account_deletions::refused_by.eq(domain), account_deletions::refusal_code.eq(code)));
    let updated = diesel::update(account_deletions::table.find(id)).set((common, refusal)).execute(connection).await?;
    if updated == 1 { Ok(()) } else { Err(diesel::result::Error::NotFound) }
}
