//! A user's address.

use chrono::{DateTime, Utc};
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kit::CountryCode;
use serde::{Deserialize, Serialize};

use super::{
    rules::{self, InvalidField},
    user::{AddressId, UserId},
};

/// The most addresses a user keeps: a plain list must stay short.
pub const ADDRESSES_MAX: usize = 20;

/// An address, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Serialize, Deserialize)]
#[diesel(table_name = crate::schema::addresses, check_for_backend(diesel::pg::Pg))]
pub struct Address {
    pub id: AddressId,
    pub user_id: UserId,
    pub label: String,
    pub recipient: String,
    pub street: String,
    pub city: String,
    pub postal_code: String,
    pub country: String,
    pub created_at: DateTime<Utc>,
    /// Counts changes, from 1.
    pub version: i32,
}

/// A checked address that isn't stored yet.
#[derive(Debug, Clone, PartialEq, Eq, Insertable, AsChangeset)]
#[diesel(table_name = crate::schema::addresses)]
pub struct AddressDraft {
    label: String,
    recipient: String,
    street: String,
    city: String,
    postal_code: String,
    country: String,
}

/// The texts of an address, unchecked.
#[derive(Debug, Clone, Copy)]
pub struct AddressTexts<'a> {
    pub label: &'a str,
    pub recipient: &'a str,
    pub street: &'a str,
    pub city: &'a str,
    pub postal_code: &'a str,
}

impl AddressDraft {
    /// Checks every field and reports all that don't fit.
    pub fn new(texts: AddressTexts<'_>, country: CountryCode) -> Result<Self, Vec<InvalidField>> {
        let mut invalid = Vec::new();
        let mut keep = |checked: Result<String, InvalidField>| {
            checked.unwrap_or_else(|error| {
                invalid.push(error);
                String::new()
            })
        };
        let draft = Self {
            label: keep(rules::line("label", texts.label, 50)),
            recipient: keep(rules::line("recipient", texts.recipient, 100)),
            street: keep(rules::line("street", texts.street, 200)),
            city: keep(rules::line("city", texts.city, 100)),
            postal_code: keep(rules::line("postalCode", texts.postal_code, 20)),
            country: country.to_string(),
        };
        if invalid.is_empty() { Ok(draft) } else { Err(invalid) }
    }

    /// Which fields of `address` it would give another value, by their GraphQL names.
    #[must_use]
    pub fn fields(&self, address: &Address) -> Vec<&'static str> {
        [
            ("label", &self.label, &address.label),
            ("recipient", &self.recipient, &address.recipient),
            ("street", &self.street, &address.street),
            ("city", &self.city, &address.city),
            ("postalCode", &self.postal_code, &address.postal_code),
            ("country", &self.country, &address.country),
        ]
        .into_iter()
        .filter(|(_, to, from)| to != from)
        .map(|(field, ..)| field)
        .collect()
    }
}
