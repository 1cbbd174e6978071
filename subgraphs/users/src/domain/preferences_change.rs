//! A change of what a user wants to be told.

use super::{
    preferences::{Channel, Digest, Preferences, QuietHours},
    rules::InvalidField,
    time_zone::TimeZone,
};

/// What to change, unchecked; `None` keeps what is.
#[derive(Debug, Default)]
pub struct PreferencesTexts<'a> {
    pub time_zone: Option<&'a str>,
    pub orders: Option<Vec<Channel>>,
    pub payments: Option<Vec<Channel>>,
    pub account: Option<Vec<Channel>>,
    /// `Some(None)` ends them.
    pub quiet_hours: Option<Option<(&'a str, &'a str)>>,
    pub digest: Option<Digest>,
}

/// A checked change.
#[derive(Debug, Default, Clone)]
pub struct PreferencesChange {
    time_zone: Option<TimeZone>,
    orders: Option<Vec<Channel>>,
    payments: Option<Vec<Channel>>,
    account: Option<Vec<Channel>>,
    quiet_hours: Option<Option<QuietHours>>,
    digest: Option<Digest>,
}

impl PreferencesChange {
    /// Checks every given field and reports all that don't fit. Ways that are named twice count once.
    pub fn new(texts: PreferencesTexts<'_>) -> Result<Self, Vec<InvalidField>> {
        let mut invalid = Vec::new();
        let mut change = Self {
            orders: texts.orders.map(each_once),
            payments: texts.payments.map(each_once),
            account: texts.account.map(each_once),
            digest: texts.digest,
            ..Self::default()
        };
        match texts.time_zone.map(TimeZone::named).transpose() {
            Ok(time_zone) => change.time_zone = time_zone,
            Err(error) => invalid.push(error),
        }
        if change.account.as_ref().is_some_and(Vec::is_empty) {
            invalid.push(InvalidField::new("account", "account must name at least one channel"));
        }
        match texts.quiet_hours {
            Some(Some((from, to))) => match QuietHours::new(from, to) {
                Ok(hours) => change.quiet_hours = Some(Some(hours)),
                Err(error) => invalid.push(error),
            },
            Some(None) => change.quiet_hours = Some(None),
            None => {}
        }
        if invalid.is_empty() { Ok(change) } else { Err(invalid) }
    }

    /// What `before` becomes, and which fields of it differ then, by their GraphQL names. The version stays.
    #[must_use]
    pub fn apply(self, before: &Preferences) -> (Preferences, Vec<&'static str>) {
        let after = Preferences {
            time_zone: self.time_zone.unwrap_or_else(|| before.time_zone.clone()),
            orders: self.orders.unwrap_or_else(|| before.orders.clone()),
            payments: self.payments.unwrap_or_else(|| before.payments.clone()),
            account: self.account.unwrap_or_else(|| before.account.clone()),
            quiet_hours: self.quiet_hours.unwrap_or(before.quiet_hours),
            digest: self.digest.unwrap_or(before.digest),
            version: before.version,
        };
        let fields = [
            ("timeZone", after.time_zone != before.time_zone),
            ("orders", after.orders != before.orders),
            ("payments", after.payments != before.payments),
            ("account", after.account != before.account),
            ("quietHours", after.quiet_hours != before.quiet_hours),
            ("digest", after.digest != before.digest),
        ];
        let fields = fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect();
        (after, fields)
    }
}

fn each_once(mut channels: Vec<Channel>) -> Vec<Channel> {
    channels.sort_unstable();
    channels.dedup();
    channels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_all_that_does_not_fit() {
        let texts = PreferencesTexts {
            time_zone: Some("Nowhere"),
            account: Some(vec![]),
            quiet_hours: Some(Some(("22:00", "22:00"))),
            ..PreferencesTexts::default()
        };
        let fields: Vec<_> = PreferencesChange::new(texts).unwrap_err().iter().map(|error| error.field).collect();
        assert_eq!(fields, ["timeZone", "account", "quietHours.to"]);
    }

    #[test]
    fn tells_what_differs_and_nothing_else() {
        let before = Preferences::default();
        let texts = PreferencesTexts {
            orders: Some(vec![Channel::Email, Channel::InApp, Channel::Email]),
            payments: Some(vec![]),
            quiet_hours: Some(None),
            ..PreferencesTexts::default()
        };
        let (after, fields) = PreferencesChange::new(texts).unwrap().apply(&before);
        assert_eq!(fields, ["payments"]);
        assert_eq!(after, Preferences { payments: vec![], ..before });
    }
}
