//! Changing a user's profile.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error as DieselError},
};
use diesel_async::RunQueryDsl;
use kit::database::DatabaseError;

use super::UserStore;
use crate::{
    domain::{ProfileChange, User, UserId},
    schema::users,
};

/// The unique index that keeps emails apart.
const EMAIL_INDEX: &str = "users_email_key";

/// What became of a change.
#[derive(Debug)]
pub enum ProfileUpdate {
    /// The user as it is now.
    Updated(User),
    /// There is no such user.
    NotFound,
    /// Another user has the email.
    EmailTaken,
}

impl UserStore {
    pub(crate) async fn profile_update(
        &self,
        id: UserId,
        change: &ProfileChange,
    ) -> Result<ProfileUpdate, DatabaseError> {
        let mut connection = self.database.connection().await?;
        let updated = diesel::update(users::table.find(id))
            .set(change)
            .returning(User::as_returning())
            .get_result(&mut connection)
            .await
            .optional();
        match updated {
            Ok(Some(user)) => Ok(ProfileUpdate::Updated(user)),
            Ok(None) => Ok(ProfileUpdate::NotFound),
            Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, information))
                if information.constraint_name() == Some(EMAIL_INDEX) =>
            {
                Ok(ProfileUpdate::EmailTaken)
            }
            Err(error) => Err(error.into()),
        }
    }
}
