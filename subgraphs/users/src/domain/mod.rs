//! Users, addresses, what users want to be told, and how they are forgotten: pure rules, no I/O.

mod address;
mod audit;
mod deletion;
pub mod erasure;
mod preferences;
mod preferences_change;
mod profile;
mod rules;
mod time_zone;
pub mod tombstone;
mod user;

pub use address::{ADDRESSES_MAX, Address, AddressDraft, AddressTexts};
pub use audit::{Action, AuditEntry, Author};
pub use deletion::{Deletion, DeletionStatus, reason};
pub use preferences::{Channel, Digest, Preferences, QuietHours};
pub use preferences_change::{PreferencesChange, PreferencesTexts};
pub use profile::ProfileChange;
pub use rules::InvalidField;
pub use time_zone::TimeZone;
pub use user::{AddressId, User, UserId};
