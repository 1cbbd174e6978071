//! `updateNotificationPreferences`.

use async_graphql::{Context, InputObject, MaybeUndefined, Object, SimpleObject, Union};
use kit::{Result, request_data};

use super::{forget, target};
use crate::{
    domain::{Channel, PreferencesChange, PreferencesTexts, UserId},
    graphql::{
        author::author,
        errors::{InvalidNotificationPreferencesError, UserNotFoundError, UserVersionConflictError},
        preferences::{NotificationChannel, NotificationDigest, PreferencesObject, QuietHoursInput},
    },
    store::{PreferencesUpdate, UserStore},
};

#[derive(Default)]
pub struct UpdateNotificationPreferences;

/// What to change; what isn't given stays.
#[derive(InputObject)]
pub struct UpdateNotificationPreferencesInput {
    /// The user whose they are; the caller when not given. Others than the caller are for administrators.
    user_id: Option<UserId>,
    /// The version that was read; others have changed them when it is another one by now.
    version: Option<i32>,
    /// The time zone, by its name in the IANA database.
    time_zone: Option<String>,
    /// The ways for what concerns orders; none: never.
    orders: Option<Vec<NotificationChannel>>,
    /// The ways for what concerns payments; none: never.
    payments: Option<Vec<NotificationChannel>>,
    /// The ways for what concerns the account; at least one.
    account: Option<Vec<NotificationChannel>>,
    /// When not to disturb; null: any time will do.
    quiet_hours: MaybeUndefined<QuietHoursInput>,
    /// Whether news are gathered.
    digest: Option<NotificationDigest>,
}

/// The outcome of `updateNotificationPreferences`.
#[derive(SimpleObject)]
pub struct UpdateNotificationPreferencesPayload {
    /// The preferences as they are now; null when there are errors.
    preferences: Option<PreferencesObject>,
    /// Why nothing was changed.
    errors: Vec<UpdateNotificationPreferencesError>,
}

/// Why preferences weren't changed.
#[derive(Union)]
pub enum UpdateNotificationPreferencesError {
    Invalid(InvalidNotificationPreferencesError),
    UserNotFound(UserNotFoundError),
    VersionConflict(UserVersionConflictError),
}

#[Object]
impl UpdateNotificationPreferences {
    /// Changes of what a user wants to be told, by which ways, and when.
    async fn update_notification_preferences(
        &self,
        context: &Context<'_>,
        input: UpdateNotificationPreferencesInput,
    ) -> Result<Option<UpdateNotificationPreferencesPayload>> {
        update(context, input).await.map(Some)
    }
}

async fn update(
    context: &Context<'_>,
    input: UpdateNotificationPreferencesInput,
) -> Result<UpdateNotificationPreferencesPayload> {
    let user = target(context, input.user_id)?;
    let change = match change(&input) {
        Ok(change) => change,
        Err(errors) => return Ok(refused(errors)),
    };
    let store = request_data::<UserStore>(context)?;
    let updated = store.preferences_update(&author(context)?, user, input.version, &change).await?;
    forget(context, user).await?;
    Ok(match updated {
        PreferencesUpdate::Updated(preferences) => UpdateNotificationPreferencesPayload {
            preferences: Some(PreferencesObject(preferences)),
            errors: Vec::new(),
        },
        PreferencesUpdate::UserNotFound => {
            refused(vec![UpdateNotificationPreferencesError::UserNotFound(UserNotFoundError::new())])
        }
        PreferencesUpdate::Stale(version) => {
            let error = UserVersionConflictError::new(version);
            refused(vec![UpdateNotificationPreferencesError::VersionConflict(error)])
        }
    })
}

fn change(
    input: &UpdateNotificationPreferencesInput,
) -> Result<PreferencesChange, Vec<UpdateNotificationPreferencesError>> {
    let channels = |given: &Option<Vec<NotificationChannel>>| {
        given.as_ref().map(|given| given.iter().map(|channel| Channel::from(*channel)).collect())
    };
    let quiet_hours = match &input.quiet_hours {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(None),
        MaybeUndefined::Value(hours) => Some(Some((hours.from.as_str(), hours.to.as_str()))),
    };
    PreferencesChange::new(PreferencesTexts {
        time_zone: input.time_zone.as_deref(),
        orders: channels(&input.orders),
        payments: channels(&input.payments),
        account: channels(&input.account),
        quiet_hours,
        digest: input.digest.map(Into::into),
    })
    .map_err(|invalid| {
        let errors = invalid.into_iter().map(InvalidNotificationPreferencesError::from);
        errors.map(UpdateNotificationPreferencesError::Invalid).collect()
    })
}

fn refused(errors: Vec<UpdateNotificationPreferencesError>) -> UpdateNotificationPreferencesPayload {
    UpdateNotificationPreferencesPayload { preferences: None, errors }
}
