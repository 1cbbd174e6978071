//! Of what a user wants to be told, by which ways, and when.

use chrono::NaiveTime;

use super::rules::InvalidField;
use super::time_zone::TimeZone;

/// How times of the day are written.
const TIME: &str = "%H:%M";

/// A way to tell somebody something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    InApp,
    Email,
    Webhook,
    Push,
}

/// Whether news are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    None,
    Daily,
}

/// What a user wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    pub time_zone: TimeZone,
    /// For each category the ways, each once; none: never.
    pub orders: Vec<Channel>,
    pub payments: Vec<Channel>,
    /// Never empty: what concerns the account itself is always told.
    pub account: Vec<Channel>,
    pub quiet_hours: Option<QuietHours>,
    pub digest: Digest,
    /// Counts changes; 0: the user has never said.
    pub version: i32,
}

/// When not to disturb, by the user's own clock; over midnight where `to` is before `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    pub from: NaiveTime,
    pub to: NaiveTime,
}

impl Default for Preferences {
    fn default() -> Self {
        let usual = || vec![Channel::InApp, Channel::Email];
        Self {
            time_zone: TimeZone::utc(),
            orders: usual(),
            payments: usual(),
            account: usual(),
            quiet_hours: None,
            digest: Digest::None,
            version: 0,
        }
    }
}

impl Channel {
    const ALL: [Self; 4] = [Self::InApp, Self::Email, Self::Webhook, Self::Push];

    /// Its name in the database, on the wire and in the graph.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InApp => "IN_APP",
            Self::Email => "EMAIL",
            Self::Webhook => "WEBHOOK",
            Self::Push => "PUSH",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == name)
    }
}

impl Digest {
    /// Its name in the database, on the wire and in the graph.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Daily => "DAILY",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        [Self::None, Self::Daily].into_iter().find(|digest| digest.as_str() == name)
    }
}

impl QuietHours {
    /// From two times of the day, `HH:MM`.
    pub fn new(from: &str, to: &str) -> Result<Self, InvalidField> {
        let (from, to) = (time("quietHours.from", from)?, time("quietHours.to", to)?);
        if from == to {
            return Err(InvalidField::new("quietHours.to", "quietHours must end at another time than they begin"));
        }
        Ok(Self { from, to })
    }

    /// When they begin and end, `HH:MM`.
    #[must_use]
    pub fn texts(self) -> [String; 2] {
        [self.from, self.to].map(|time| time.format(TIME).to_string())
    }
}

fn time(field: &'static str, text: &str) -> Result<NaiveTime, InvalidField> {
    // The parser takes `7:5` too; what is stored reads back as it was given.
    let parsed = NaiveTime::parse_from_str(text, TIME).ok().filter(|time| time.format(TIME).to_string() == text);
    parsed.ok_or_else(|| InvalidField::new(field, format!("{field} must be a time such as 22:00")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_have_two_different_ends() {
        assert_eq!(QuietHours::new("22:00", "07:00").unwrap().texts(), ["22:00", "07:00"]);
        let refused = [("24:00", "07:00"), ("22:00", "7:00"), ("22:00", ""), ("22:00:30", "07:00"), ("22:00", "22:00")];
        for (from, to) in refused {
            assert!(QuietHours::new(from, to).is_err(), "{from} {to}");
        }
    }

    #[test]
    fn names_read_back() {
        assert!(Channel::ALL.into_iter().all(|channel| Channel::parse(channel.as_str()) == Some(channel)));
        assert_eq!(Digest::parse("DAILY"), Some(Digest::Daily));
        assert_eq!((Channel::parse("email"), Digest::parse("")), (None, None));
    }
}
