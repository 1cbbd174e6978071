//! `CountryCode`: two letters of ISO 3166-1.

use super::letter_code::letter_code;

letter_code! {
    /// An ISO 3166-1 alpha-2 code: two upper-case letters, kept as two bytes.
    /// Whether the country exists is for the domain to say.
    CountryCode, "CountryCode", 2,
    /// The text isn't two upper-case letters.
    InvalidCountryCode, "a country code is two upper-case letters (ISO 3166-1)",
    /// A country by its ISO 3166-1 alpha-2 code, such as `DE`.
}
