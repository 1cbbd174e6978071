//! Scalars that several subgraphs define, and so must define alike.
//!
//! A scalar here never rounds and never guesses. Nor does it say in `is_valid` what it can't read: async-graphql would refuse the whole
//! call for it, with whatever else was asked for, and as invalid by the schema, which says nothing of how a scalar is written. So the field
//! alone is refused that it is given to.

mod big_int;
mod country_code;
mod currency_code;
mod iso_4217;
mod letter_code;

use async_graphql::{InputType, InputValueError};

use crate::error::{Error, refused_input};

pub use big_int::BigInt;
pub use country_code::{CountryCode, InvalidCountryCode};
pub use currency_code::{CurrencyCode, InvalidCurrencyCode};

/// Of a value that isn't written as one of this scalar is; `rule` says how it would be.
fn refused<T: InputType>(rule: &str) -> InputValueError<T> {
    refused_input(&Error::BadUserInput(format!("Not a {}: {rule}", T::type_name())))
}
