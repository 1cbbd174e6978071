//! Where and how one user is told things: all of it in one statement, since it is asked for each message.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{StoreError, UserStore, preferences::PreferencesRow};
use crate::{
    domain::{Preferences, User, UserId},
    schema::{notification_preferences, users},
};

impl UserStore {
    /// A user and what they want; `None` for who doesn't exist, or no longer.
    pub(crate) async fn user_contact(&self, id: UserId) -> Result<Option<(User, Preferences)>, StoreError> {
        let mut connection = self.database.connection().await?;
        let found: Option<(User, Option<PreferencesRow>)> = users::table
            .find(id)
            .filter(users::erased_at.is_null())
            .left_join(notification_preferences::table)
            .select((User::as_select(), Option::<PreferencesRow>::as_select()))
            .get_result(&mut connection)
            .await
            .optional()?;
        let Some((user, row)) = found else { return Ok(None) };
        let preferences = row.map(PreferencesRow::read).transpose()?.unwrap_or_default();
        Ok(Some((user, preferences)))
    }
}
