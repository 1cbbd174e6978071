//! `updateProfile`.

use async_graphql::{Context, InputObject, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, target};
use crate::{
    domain::{ProfileChange, UserId},
    graphql::{
        author::author,
        errors::{EmailTakenError, InvalidProfileError, UserNotFoundError, UserVersionConflictError},
        user::UserObject,
    },
    store::{ProfileUpdate, UserStore},
};

#[derive(Default)]
pub struct UpdateProfile;

/// What to change; what isn't given stays.
#[derive(InputObject)]
pub struct UpdateProfileInput {
    /// The user to change; the caller when not given. Others than the caller
    /// are for administrators.
    user_id: Option<UserId>,
    /// The version that was read; others have changed it when it is another one by now.
    version: Option<i32>,
    /// The user's name, 1 to 100 characters.
    name: Option<String>,
    /// The user's email address.
    email: Option<String>,
    /// The user's language, as a BCP 47 tag.
    locale: Option<String>,
}

/// The outcome of `updateProfile`.
#[derive(SimpleObject)]
pub struct UpdateProfilePayload {
    /// The user as it is now; null when there are errors.
    user: Option<UserObject>,
    /// Why nothing was changed.
    errors: Vec<UpdateProfileError>,
}

/// Why a profile wasn't changed.
#[derive(Union)]
pub enum UpdateProfileError {
    InvalidProfile(InvalidProfileError),
    EmailTaken(EmailTakenError),
    UserNotFound(UserNotFoundError),
    VersionConflict(UserVersionConflictError),
}

#[Object]
impl UpdateProfile {
    /// Changes a user's profile.
    async fn update_profile(
        &self,
        context: &Context<'_>,
        input: UpdateProfileInput,
    ) -> Result<Option<UpdateProfilePayload>> {
        update_profile(context, input).await.map(Some)
    }
}

async fn update_profile(context: &Context<'_>, input: UpdateProfileInput) -> Result<UpdateProfilePayload> {
    let id = target(context, input.user_id)?;
    let change =
        ProfileChange::new(input.name.as_deref(), input.email.as_deref(), input.locale.as_deref(), chrono::Utc::now());
    let change = match change {
        Ok(change) => change,
        Err(invalid) => {
            let errors = invalid.into_iter().map(InvalidProfileError::from);
            return Ok(refused(errors.map(UpdateProfileError::InvalidProfile).collect()));
        }
    };
    let store = request_data::<UserStore>(context)?;
    let updated = store.profile_update(&author(context)?, id, input.version, &change).await?;
    forget(context, id).await?;
    Ok(match updated {
        ProfileUpdate::Updated(user) => UpdateProfilePayload { user: Some(user.into()), errors: Vec::new() },
        ProfileUpdate::NotFound => refused(vec![UpdateProfileError::UserNotFound(UserNotFoundError::new())]),
        ProfileUpdate::EmailTaken => refused(vec![UpdateProfileError::EmailTaken(EmailTakenError::new())]),
        ProfileUpdate::Stale(version) => {
            refused(vec![UpdateProfileError::VersionConflict(UserVersionConflictError::new(version))])
        }
    })
}

fn refused(errors: Vec<UpdateProfileError>) -> UpdateProfilePayload {
    UpdateProfilePayload { user: None, errors }
}
