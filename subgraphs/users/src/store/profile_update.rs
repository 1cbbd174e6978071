//! Changing a user's profile.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use wire::events::users::{ProfileField, UserProfileChanged};

use super::{
    StoreError, UserStore,
    record::{Line, tell},
    user_lock::living_user_lock,
};
use crate::{
    domain::{Action, Author, ProfileChange, User, UserId},
    schema::users,
};

/// The unique index that keeps emails apart.
const EMAIL_INDEX: &str = "users_email_key";

/// What became of a change.
#[derive(Debug)]
pub enum ProfileUpdate {
    /// The user as it is now.
    Updated(User),
    /// There is no such user, or no longer.
    NotFound,
    /// Another user has the email.
    EmailTaken,
    /// It was changed since that version was read; the version now.
    Stale(i32),
}

impl UserStore {
    /// Changes a profile that is still of `version`, if one is given. What stays the same is told nobody.
    pub(crate) async fn profile_update(
        &self,
        author: &Author,
        id: UserId,
        version: Option<i32>,
        change: &ProfileChange,
    ) -> Result<ProfileUpdate, StoreError> {
        let updated =
            self.database.unit(async |connection| update(connection, author, id, version, change).await).await;
        match updated {
            Err(StoreError::Statement(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information)))
                if information.constraint_name() == Some(EMAIL_INDEX) =>
            {
                Ok(ProfileUpdate::EmailTaken)
            }
            updated => updated,
        }
    }
}

async fn update(
    connection: &mut AsyncPgConnection,
    author: &Author,
    id: UserId,
    version: Option<i32>,
    change: &ProfileChange,
) -> Result<ProfileUpdate, StoreError> {
    let Some(user) = living_user_lock(connection, id).await? else { return Ok(ProfileUpdate::NotFound) };
    if version.is_some_and(|version| version != user.version) {
        return Ok(ProfileUpdate::Stale(user.version));
    }
    let fields = change.fields(&user);
    if fields.is_empty() {
        return Ok(ProfileUpdate::Updated(user));
    }
    let user = diesel::update(users::table.find(id))
        .set(change)
        .returning(User::as_returning())
        .get_result(connection)
        .await?;
    let names: Vec<&str> = fields.iter().map(field_name).collect();
    let line = Line { fields: &names, ..Line::new(id, Action::ProfileChanged) };
    tell(connection, author, line, &UserProfileChanged { user_id: id.into(), fields: fields.clone() }).await?;
    Ok(ProfileUpdate::Updated(user))
}

/// As the graph calls it.
fn field_name(field: &ProfileField) -> &str {
    match field {
        ProfileField::Name => "name",
        ProfileField::Email => "email",
        ProfileField::Locale => "locale",
        ProfileField::Other(name) => name,
    }
}
