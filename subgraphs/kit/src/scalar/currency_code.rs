//! `CurrencyCode`: three letters of ISO 4217.

use super::letter_code::letter_code;

letter_code! {
    /// An ISO 4217 code: three upper-case letters, kept as three bytes. What was
    /// stored is read, whatever has become of its currency; whether there is one
    /// [`CurrencyCode::is_current`] tells domains that take new ones.
    CurrencyCode, "CurrencyCode", 3,
    /// The text isn't three upper-case letters.
    InvalidCurrencyCode, "a currency code is three upper-case letters (ISO 4217)",
    /// A currency by its ISO 4217 code, such as `EUR`.
}

impl CurrencyCode {
    /// The euro, which the seeds use.
    pub const EUR: Self = Self(*b"EUR");
}
