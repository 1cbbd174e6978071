//! Which clock a user lives by.

use super::rules::InvalidField;

/// A time zone, by its name in the IANA database as it is written there. Its rules are other services' business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(String);

impl TimeZone {
    /// That of nobody in particular.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned())
    }

    /// The one called so.
    pub fn named(name: &str) -> Result<Self, InvalidField> {
        // It is also found by names in other letters, which would be stored as they are.
        let is_known = jiff::tz::TimeZone::get(name).is_ok_and(|zone| zone.iana_name() == Some(name));
        let known = is_known.then(|| Self(name.to_owned()));
        known.ok_or_else(|| InvalidField::new("timeZone", "timeZone must be a name such as Europe/Berlin"))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_zones_are_those_of_the_database() {
        for name in ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"] {
            assert_eq!(TimeZone::named(name).unwrap().name(), name);
        }
        assert_eq!(TimeZone::named("UTC").unwrap(), TimeZone::utc());
        for name in ["", "europe/berlin", "Europe/Nowhere", "+02:00", "../etc/passwd", " UTC"] {
            assert!(TimeZone::named(name).is_err(), "{name}");
        }
    }
}
