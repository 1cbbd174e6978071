//! Users and addresses, and what they may be: pure rules, no I/O.

mod address;
mod profile;
mod rules;
mod user;

pub use address::{ADDRESSES_MAX, Address, AddressDraft, AddressTexts};
pub use profile::ProfileChange;
pub use rules::InvalidField;
pub use user::{AddressId, User, UserId};
