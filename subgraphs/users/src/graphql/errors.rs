//! The domain's refusals, as members of the mutations' error unions.

use async_graphql::SimpleObject;

use crate::domain::{ADDRESSES_MAX, InvalidField};

/// A field of a profile that can't be as given.
#[derive(SimpleObject, Debug)]
pub struct InvalidProfileError {
    /// Why, for a person to read.
    pub message: String,
    /// The input's field.
    pub field: String,
}

/// Another user has the email address.
#[derive(SimpleObject, Debug)]
pub struct EmailTakenError {
    /// Why, for a person to read.
    pub message: String,
}

/// There is no such user.
#[derive(SimpleObject, Debug)]
pub struct UserNotFoundError {
    /// Why, for a person to read.
    pub message: String,
}

/// A field of an address that can't be as given.
#[derive(SimpleObject, Debug)]
pub struct InvalidAddressError {
    /// Why, for a person to read.
    pub message: String,
    /// The input's field.
    pub field: String,
}

/// The user has the most addresses already.
#[derive(SimpleObject, Debug)]
pub struct TooManyAddressesError {
    /// Why, for a person to read.
    pub message: String,
    /// The most addresses a user can have.
    pub addresses_max: i32,
}

/// The caller has no such address.
#[derive(SimpleObject, Debug)]
pub struct AddressNotFoundError {
    /// Why, for a person to read.
    pub message: String,
}

/// What the caller has read was changed meanwhile.
#[derive(SimpleObject, Debug)]
pub struct UserVersionConflictError {
    /// Why, for a person to read.
    pub message: String,
    /// The version now; read again before changing it.
    pub version: i32,
}

/// A field of the preferences that can't be as given.
#[derive(SimpleObject, Debug)]
pub struct InvalidNotificationPreferencesError {
    /// Why, for a person to read.
    pub message: String,
    /// The input's field.
    pub field: String,
}

/// A deletion that can't be asked for so.
#[derive(SimpleObject, Debug)]
pub struct InvalidAccountDeletionError {
    /// Why, for a person to read.
    pub message: String,
    /// The input's field.
    pub field: String,
}

impl From<InvalidField> for InvalidProfileError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: invalid.message, field: invalid.field.to_owned() }
    }
}

impl From<InvalidField> for InvalidAddressError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: invalid.message, field: invalid.field.to_owned() }
    }
}

impl From<InvalidField> for InvalidNotificationPreferencesError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: invalid.message, field: invalid.field.to_owned() }
    }
}

impl From<InvalidField> for InvalidAccountDeletionError {
    fn from(invalid: InvalidField) -> Self {
        Self { message: invalid.message, field: invalid.field.to_owned() }
    }
}

impl UserVersionConflictError {
    pub(super) fn new(version: i32) -> Self {
        Self { message: "It was changed meanwhile".to_owned(), version }
    }
}

impl EmailTakenError {
    pub(super) fn new() -> Self {
        Self { message: "Another user has this email address".to_owned() }
    }
}

impl UserNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such user".to_owned() }
    }
}

impl TooManyAddressesError {
    pub(super) fn new() -> Self {
        Self {
            message: format!("A user can have {ADDRESSES_MAX} addresses"),
            addresses_max: i32::try_from(ADDRESSES_MAX).unwrap_or(i32::MAX),
        }
    }
}

impl AddressNotFoundError {
    pub(super) fn new() -> Self {
        Self { message: "There is no such address".to_owned() }
    }
}
