//! What is left of an account that was forgotten: a row that others point to, and that names nobody.
//!
//! The columns stay filled, since code of the version before reads them as always filled; the database checks that an erased
//! row has exactly these.

use super::UserId;
use kit::GlobalId as _;

/// What an erased user is called.
pub const NAME: &str = "Erased user";
/// The language of who has none: BCP 47's undetermined.
pub const LOCALE: &str = "und";

/// An address that can't exist (RFC 2606), and that nobody else has.
#[must_use]
pub fn email(id: UserId) -> String {
    format!("{}@erased.invalid", id.uuid())
}
