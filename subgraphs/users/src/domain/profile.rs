//! A change of a user's profile.

use chrono::{DateTime, Utc};
use diesel::prelude::AsChangeset;
use wire::events::users::ProfileField;

use super::{
    User,
    rules::{self, InvalidField},
};

/// A checked change; `None` keeps what is.
#[derive(Debug, Clone, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = crate::schema::users)]
pub struct ProfileChange {
    name: Option<String>,
    email: Option<String>,
    locale: Option<String>,
    updated_at: DateTime<Utc>,
}

impl ProfileChange {
    /// Checks every given field and reports all that don't fit.
    pub fn new(
        name: Option<&str>,
        email: Option<&str>,
        locale: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Self, Vec<InvalidField>> {
        let mut invalid = Vec::new();
        let mut keep = |checked: Option<Result<String, InvalidField>>| match checked {
            Some(Ok(text)) => Some(text),
            Some(Err(error)) => {
                invalid.push(error);
                None
            }
            None => None,
        };
        let change = Self {
            name: keep(name.map(|name| rules::line("name", name, 100))),
            email: keep(email.map(|email| rules::email("email", email))),
            locale: keep(locale.map(|locale| rules::locale("locale", locale))),
            updated_at: now,
        };
        if invalid.is_empty() { Ok(change) } else { Err(invalid) }
    }

    /// Which fields of `user` it would give another value.
    #[must_use]
    pub fn fields(&self, user: &User) -> Vec<ProfileField> {
        [
            (&self.name, &user.name, ProfileField::Name),
            (&self.email, &user.email, ProfileField::Email),
            (&self.locale, &user.locale, ProfileField::Locale),
        ]
        .into_iter()
        .filter(|(to, from, _)| to.as_ref().is_some_and(|to| to != *from))
        .map(|(_, _, field)| field)
        .collect()
    }
}
