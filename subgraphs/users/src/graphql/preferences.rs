//! `NotificationPreferences`.

use async_graphql::{Enum, InputObject, Object, SimpleObject};

use crate::domain::{Channel, Digest, Preferences};

/// A way to tell somebody something.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Channel")]
pub enum NotificationChannel {
    /// The inbox in the shop.
    InApp,
    /// A mail.
    Email,
    /// A call of the user's own program.
    Webhook,
    /// A message on the user's telephone.
    Push,
}

/// Whether news are gathered.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "Digest")]
pub enum NotificationDigest {
    /// Each at once.
    None,
    /// Once a day.
    Daily,
}

/// When not to disturb, by the user's own clock.
#[derive(SimpleObject, Debug)]
pub struct QuietHours {
    /// When they begin, `HH:MM`.
    from: String,
    /// When they end, `HH:MM`; before `from`: on the next day.
    to: String,
}

/// When not to disturb, by the user's own clock.
#[derive(InputObject, Debug)]
pub struct QuietHoursInput {
    /// When they begin, `HH:MM`.
    pub from: String,
    /// When they end, `HH:MM`, not when they begin; before `from`: on the next day.
    pub to: String,
}

/// What a user wants to be told, as the graph shows it.
pub struct PreferencesObject(pub Preferences);

/// Of what a user wants to be told, by which ways, and when.
#[Object(name = "NotificationPreferences")]
impl PreferencesObject {
    /// The user's time zone, by its name in the IANA database.
    async fn time_zone(&self) -> &str {
        self.0.time_zone.name()
    }

    /// The ways for what concerns orders; none: never.
    async fn orders(&self) -> Vec<NotificationChannel> {
        shown(&self.0.orders)
    }

    /// The ways for what concerns payments; none: never.
    async fn payments(&self) -> Vec<NotificationChannel> {
        shown(&self.0.payments)
    }

    /// The ways for what concerns the account; at least one.
    async fn account(&self) -> Vec<NotificationChannel> {
        shown(&self.0.account)
    }

    /// When not to disturb; null: any time will do.
    async fn quiet_hours(&self) -> Option<QuietHours> {
        let [from, to] = self.0.quiet_hours?.texts();
        Some(QuietHours { from, to })
    }

    /// Whether news are gathered.
    async fn digest(&self) -> NotificationDigest {
        self.0.digest.into()
    }

    /// Counts changes, for `updateNotificationPreferences`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

fn shown(channels: &[Channel]) -> Vec<NotificationChannel> {
    channels.iter().map(|channel| (*channel).into()).collect()
}
