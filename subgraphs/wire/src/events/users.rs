//! What happens to accounts. Keyed by user.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::event;
use crate::id::{AddressId, UserId};
use crate::open_enum::open_enum;

crate::dispatch! {
    /// What the users domain tells.
    pub enum UserEvent {
        Registered(UserRegistered),
        ProfileChanged(UserProfileChanged),
        PreferencesChanged(UserPreferencesChanged),
        AddressAdded(UserAddressAdded),
        AddressChanged(UserAddressChanged),
        AddressRemoved(UserAddressRemoved),
        Blocked(UserBlocked),
        Unblocked(UserUnblocked),
        ErasureRequested(UserErasureRequested),
        ErasureRefused(UserErasureRefused),
        Erased(UserErased),
    }
}

/// There is a new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserRegistered {
    /// Whose.
    pub user_id: UserId,
}

/// A profile has other values now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserProfileChanged {
    /// Whose.
    pub user_id: UserId,
    /// Which of its fields; what they hold is told by the users' service alone.
    pub fields: Vec<ProfileField>,
}

/// A user wants to be told of other things, or by other ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserPreferencesChanged {
    /// Whose.
    pub user_id: UserId,
}

/// A user has one more address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserAddressAdded {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub address_id: AddressId,
}

/// An address has other values now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserAddressChanged {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub address_id: AddressId,
}

/// A user has one address less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserAddressRemoved {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub address_id: AddressId,
}

/// A user can't order any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserBlocked {
    /// Who.
    pub user_id: UserId,
    /// Why.
    pub reason: BlockReason,
}

/// A user can order again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserUnblocked {
    /// Who.
    pub user_id: UserId,
}

/// A user is to be forgotten; every domain has been asked to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserErasureRequested {
    /// Who.
    pub user_id: UserId,
}

/// A user can't be forgotten yet, since a domain refused to; the account stands as before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserErasureRefused {
    /// Who.
    pub user_id: UserId,
    /// Which domain refused.
    pub domain: String,
}

/// A user is forgotten: all domains have said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UserErased {
    /// Who it was.
    pub user_id: UserId,
}

open_enum! {
    /// A field of a profile.
    pub enum ProfileField {
        /// How the user is called.
        Name = "NAME",
        /// Where mail goes.
        Email = "EMAIL",
        /// Which language mail is in.
        Locale = "LOCALE",
    }
}

open_enum! {
    /// Why a user is blocked.
    pub enum BlockReason {
        /// The payer's bank took a payment back.
        Chargeback = "CHARGEBACK",
        /// An administrator said so.
        Administrator = "ADMINISTRATOR",
    }
}

event!(UserRegistered, Users, "registered", 1, user_id);
event!(UserProfileChanged, Users, "profile-changed", 1, user_id);
event!(UserPreferencesChanged, Users, "preferences-changed", 1, user_id);
event!(UserAddressAdded, Users, "address-added", 1, user_id);
event!(UserAddressChanged, Users, "address-changed", 1, user_id);
event!(UserAddressRemoved, Users, "address-removed", 1, user_id);
event!(UserBlocked, Users, "blocked", 1, user_id);
event!(UserUnblocked, Users, "unblocked", 1, user_id);
event!(UserErasureRequested, Users, "erasure-requested", 1, user_id);
event!(UserErasureRefused, Users, "erasure-refused", 1, user_id);
event!(UserErased, Users, "erased", 1, user_id);
