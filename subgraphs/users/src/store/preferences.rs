//! Reading and changing of what users want to be told.

use std::collections::HashMap;

use chrono::{NaiveTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kit::{
    GlobalId as _,
    database::{Freshness, ReadConnection},
};
use wire::events::users::UserPreferencesChanged;

use super::{
    StoreError, UserStore,
    record::{Line, tell},
    user_lock::living_user_lock,
};
use crate::{
    domain::{Action, Author, Channel, Digest, Preferences, PreferencesChange, QuietHours, TimeZone, UserId},
    schema::notification_preferences,
};

/// What became of a change.
#[derive(Debug)]
pub enum PreferencesUpdate {
    /// The preferences as they are now.
    Updated(Preferences),
    /// There is no such user, or no longer.
    UserNotFound,
    /// They were changed since that version was read; the version now.
    Stale(i32),
}

/// A row of preferences.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = notification_preferences, check_for_backend(diesel::pg::Pg), treat_none_as_null = true)]
pub(super) struct PreferencesRow {
    user_id: UserId,
    version: i32,
    time_zone: String,
    orders: Vec<String>,
    payments: Vec<String>,
    account: Vec<String>,
    quiet_from: Option<NaiveTime>,
    quiet_to: Option<NaiveTime>,
    digest: String,
}

impl UserStore {
    /// What these users want. Who never said is missing.
    pub(crate) async fn preferences_list_by_users(
        &self,
        ids: &[UserId],
        freshness: Freshness,
    ) -> Result<HashMap<UserId, Preferences>, StoreError> {
        let read = async |connection: &mut ReadConnection| {
            let of_users = notification_preferences::table.filter(notification_preferences::user_id.eq_any(ids));
            Ok::<_, StoreError>(of_users.select(PreferencesRow::as_select()).load(&mut **connection).await?)
        };
        let rows: Vec<PreferencesRow> = self.database.read(freshness, read).await?;
        rows.into_iter().map(|row| Ok((row.user_id, row.read()?))).collect()
    }

    /// Changes preferences that are still of `version`, if one is given. What stays the same is told nobody.
    pub(crate) async fn preferences_update(
        &self,
        author: &Author,
        user: UserId,
        version: Option<i32>,
        change: &PreferencesChange,
    ) -> Result<PreferencesUpdate, StoreError> {
        self.database.unit(async |connection| update(connection, author, user, version, change).await).await
    }
}

async fn update(
    connection: &mut AsyncPgConnection,
    author: &Author,
    user: UserId,
    version: Option<i32>,
    change: &PreferencesChange,
) -> Result<PreferencesUpdate, StoreError> {
    if living_user_lock(connection, user).await?.is_none() {
        return Ok(PreferencesUpdate::UserNotFound);
    }
    let found = notification_preferences::table.find(user).select(PreferencesRow::as_select());
    let before = found.get_result(connection).await.optional()?.map(PreferencesRow::read).transpose()?;
    let before = before.unwrap_or_default();
    if version.is_some_and(|version| version != before.version) {
        return Ok(PreferencesUpdate::Stale(before.version));
    }
    let (mut after, fields) = change.clone().apply(&before);
    if fields.is_empty() {
        return Ok(PreferencesUpdate::Updated(before));
    }
    after.version = before.version.saturating_add(1);
    let row = PreferencesRow::of(user, &after);
    diesel::insert_into(notification_preferences::table)
        .values(&row)
        .on_conflict(notification_preferences::user_id)
        .do_update()
        .set((&row, notification_preferences::updated_at.eq(Utc::now())))
        .execute(connection)
        .await?;
    let line = Line { fields: &fields, ..Line::new(user, Action::PreferencesChanged) };
    tell(connection, author, line, &UserPreferencesChanged { user_id: user.into() }).await?;
    Ok(PreferencesUpdate::Updated(after))
}

impl PreferencesRow {
    fn of(user_id: UserId, preferences: &Preferences) -> Self {
        let names = |channels: &[Channel]| channels.iter().map(|channel| channel.as_str().to_owned()).collect();
        Self {
            user_id,
            version: preferences.version,
            time_zone: preferences.time_zone.name().to_owned(),
            orders: names(&preferences.orders),
            payments: names(&preferences.payments),
            account: names(&preferences.account),
            quiet_from: preferences.quiet_hours.map(|hours| hours.from),
            quiet_to: preferences.quiet_hours.map(|hours| hours.to),
            digest: preferences.digest.as_str().to_owned(),
        }
    }

    /// Ways that this build doesn't know are left out: later code has written them.
    pub(super) fn read(self) -> Result<Preferences, StoreError> {
        let user = self.user_id.uuid();
        let corrupt = |column| StoreError::Corrupt { user, column };
        let channels = |names: Vec<String>| names.iter().filter_map(|name| Channel::parse(name)).collect();
        Ok(Preferences {
            time_zone: TimeZone::named(&self.time_zone).map_err(|_| corrupt("time_zone"))?,
            orders: channels(self.orders),
            payments: channels(self.payments),
            account: channels(self.account),
            quiet_hours: self.quiet_from.zip(self.quiet_to).map(|(from, to)| QuietHours { from, to }),
            digest: Digest::parse(&self.digest).ok_or_else(|| corrupt("digest"))?,
            version: self.version,
        })
    }
}
