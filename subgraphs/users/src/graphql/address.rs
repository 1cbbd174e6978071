//! `Address`.

use async_graphql::{InputObject, Object};
use kit::{CountryCode, Error, Result};

use crate::domain::{Address, AddressDraft, AddressId, AddressTexts, InvalidField};

/// An address, as the graph shows it.
pub struct AddressObject(pub Address);

/// A place to which a user has things sent.
#[Object(name = "Address")]
impl AddressObject {
    /// The address's id.
    async fn id(&self) -> AddressId {
        self.0.id
    }

    /// What the user calls it, such as `Home`.
    async fn label(&self) -> &str {
        &self.0.label
    }

    /// Whose name is on the parcel.
    async fn recipient(&self) -> &str {
        &self.0.recipient
    }

    /// Street and number.
    async fn street(&self) -> &str {
        &self.0.street
    }

    /// The city.
    async fn city(&self) -> &str {
        &self.0.city
    }

    /// The postal code.
    async fn postal_code(&self) -> &str {
        &self.0.postal_code
    }

    /// The country.
    async fn country(&self) -> Result<CountryCode> {
        self.0.country.parse().map_err(Error::internal)
    }

    /// Counts changes, for `updateAddress`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// An address, given.
#[derive(InputObject, Debug)]
pub struct AddressInput {
    /// What the user calls it, 1 to 50 characters.
    pub label: String,
    /// Whose name is on the parcel, 1 to 100 characters.
    pub recipient: String,
    /// Street and number, 1 to 200 characters.
    pub street: String,
    /// The city, 1 to 100 characters.
    pub city: String,
    /// The postal code, 1 to 20 characters.
    pub postal_code: String,
    /// The country.
    pub country: CountryCode,
}

impl AddressInput {
    pub(super) fn draft(&self) -> Result<AddressDraft, Vec<InvalidField>> {
        let texts = AddressTexts {
            label: &self.label,
            recipient: &self.recipient,
            street: &self.street,
            city: &self.city,
            postal_code: &self.postal_code,
        };
        AddressDraft::new(texts, self.country)
    }
}
