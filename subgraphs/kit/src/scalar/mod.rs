//! Scalars that several subgraphs define, and so must define alike.
//!
//! A scalar here never rounds and never guesses.

mod big_int;
mod country_code;
mod currency_code;
mod letter_code;

pub use big_int::BigInt;
pub use country_code::{CountryCode, InvalidCountryCode};
pub use currency_code::{CurrencyCode, InvalidCurrencyCode};
