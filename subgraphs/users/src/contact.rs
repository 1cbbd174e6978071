//! Where and how a user is told things, for the service that tells them.
//!
//! It holds what is nobody else's business: it must never be shown to anybody but another service of the platform.

use kit::{Database, GlobalId as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{Channel, UserId},
    store::{StoreError, UserStore},
};

/// A user's contact, as `/internal/v1/users/{id}/contact` answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The user's global id.
    pub user_id: String,
    /// Where mail goes.
    pub email: String,
    /// How the user is called.
    pub name: String,
    /// The language, as a BCP 47 tag.
    pub locale: String,
    /// The time zone, by its name in the IANA database.
    pub time_zone: String,
    /// The ways for each category.
    pub channels: Channels,
    /// When not to disturb.
    pub quiet_hours: Option<QuietHours>,
    /// `NONE` or `DAILY`.
    pub digest: String,
}

/// For each category the ways, `IN_APP`, `EMAIL`, `WEBHOOK` or `PUSH`; none: never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Channels {
    /// For what concerns orders.
    pub orders: Vec<String>,
    /// For what concerns payments.
    pub payments: Vec<String>,
    /// For what concerns the account; never empty.
    pub account: Vec<String>,
}

/// Times of the day in the user's time zone, `HH:MM`; over midnight where `to` is before `from`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QuietHours {
    /// When they begin.
    pub from: String,
    /// When they end.
    pub to: String,
}

/// A user's contact; `None` for who doesn't exist, or no longer. Who is being deleted can be told until the end.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn contact(database: &Database, user: UserId) -> Result<Option<Contact>, StoreError> {
    let found = UserStore::new(database.clone()).user_contact(user).await?;
    Ok(found.map(|(user, preferences)| Contact {
        user_id: user.id.to_global(),
        email: user.email,
        name: user.name,
        locale: user.locale,
        time_zone: preferences.time_zone.name().to_owned(),
        channels: Channels {
            orders: names(&preferences.orders),
            payments: names(&preferences.payments),
            account: names(&preferences.account),
        },
        quiet_hours: preferences.quiet_hours.map(|hours| {
            let [from, to] = hours.texts();
            QuietHours { from, to }
        }),
        digest: preferences.digest.as_str().to_owned(),
    }))
}

fn names(channels: &[Channel]) -> Vec<String> {
    channels.iter().map(|channel| channel.as_str().to_owned()).collect()
}
