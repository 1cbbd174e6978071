//! How a user can be told something, and wants to be: what the users' service says of it.
//!
//! Names and categories that this build doesn't know are passed over, so that the other service may be newer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use wire::events::notifications::Channel;

use super::{QuietHours, Zone};

/// Channels and categories that are looked at: real users have a dozen of both.
const PREFERENCES_MAX: usize = 64;

/// What a user can decide about apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
#[graphql(name = "NotificationCategory")]
pub enum Category {
    /// What became of orders.
    Orders,
    /// What became of money.
    Payments,
    /// What became of the account.
    Account,
}

impl Category {
    /// The name under which it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "ORDERS",
            Self::Payments => "PAYMENTS",
            Self::Account => "ACCOUNT",
        }
    }

    /// The name under which the users' service knows it.
    const fn preference(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Account => "account",
        }
    }
}

/// A language that there are texts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// What everybody gets who reads none of the others.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its ISO 639-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language of a locale such as `de-AT`; English for others.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|known| known.code().eq_ignore_ascii_case(language)).unwrap_or_default()
    }
}

/// Whether mails are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Digest {
    /// A mail each.
    #[default]
    None,
    /// One mail a day.
    Daily,
}

/// How a user can be told something, and wants to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Told")]
pub struct Contact {
    /// Where mail goes.
    pub email: String,
    /// How the user is called.
    pub name: String,
    /// Which language mail is in.
    pub language: Language,
    /// Where the user's clock stands.
    pub zone: Zone,
    /// When mail and push have to wait.
    pub quiet_hours: Option<QuietHours>,
    /// Whether mails are gathered.
    pub digest: Digest,
    channels: BTreeMap<String, Vec<Channel>>,
}

impl Contact {
    /// Whether the user wants to be told of this by that way.
    #[must_use]
    pub fn wants(&self, category: Category, channel: &Channel) -> bool {
        self.channels.get(category.preference()).is_some_and(|channels| channels.contains(channel))
    }
}

/// The form in which the users' service says it.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    email: String,
    name: String,
    locale: String,
    time_zone: String,
    #[serde(default)]
    channels: BTreeMap<String, Vec<Channel>>,
    #[serde(default)]
    quiet_hours: Option<FromTo>,
    #[serde(default)]
    digest: String,
}

#[derive(Deserialize, Serialize)]
struct FromTo {
    from: String,
    to: String,
}

impl From<Told> for Contact {
    fn from(told: Told) -> Self {
        let quiet_hours = told.quiet_hours.and_then(|FromTo { from, to }| QuietHours::parse(&from, &to));
        let channels = told.channels.into_iter().take(PREFERENCES_MAX);
        Self {
            email: told.email,
            name: told.name,
            language: Language::of_locale(&told.locale),
            zone: Zone::named(&told.time_zone),
            quiet_hours,
            digest: if told.digest == "DAILY" { Digest::Daily } else { Digest::None },
            channels: channels
                .map(|(category, channels)| (category, channels.into_iter().take(PREFERENCES_MAX).collect()))
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_users_service_says() {
        let contact: Contact = serde_json::from_str(
            r#"{"userId":"x","email":"a@example.org","name":"A","locale":"de-AT","timeZone":"Europe/Vienna",
            "channels":{"orders":["IN_APP","EMAIL"],"payments":[],"birthdays":["EMAIL","PIGEON"]},
            "quietHours":{"from":"22:00","to":"07:00"},"digest":"DAILY","more":1}"#,
        )
        .unwrap();
        assert_eq!((contact.language, contact.digest), (Language::German, Digest::Daily));
        assert_eq!(contact.quiet_hours, QuietHours::parse("22:00", "07:00"));
        assert!(contact.wants(Category::Orders, &Channel::Email));
        assert!(!contact.wants(Category::Orders, &Channel::Push));
        assert!(!contact.wants(Category::Payments, &Channel::Email));
        assert!(!contact.wants(Category::Account, &Channel::InApp));
    }

    #[test]
    fn what_nobody_knows_falls_back() {
        let contact: Contact = serde_json::from_str(
            r#"{"email":"","name":"","locale":"tlh","timeZone":"Moon/Base","quietHours":{"from":"25:00","to":"x"},"digest":"HOURLY"}"#,
        )
        .unwrap();
        assert_eq!((contact.language, contact.digest, contact.quiet_hours), (Language::English, Digest::None, None));
        assert_eq!(contact.zone, Zone::named("UTC"));
    }
}
