//! What shipping one piece of a product costs.
//!
//! | zone | countries | currency | base | each started kilogram |
//! |---|---|---|---|---|
//! | home | DE | EUR / USD | 4.90 / 5.90 | 0.50 / 0.60 |
//! | union | the other members of the European Union | EUR / USD | 9.90 / 11.90 | 1.20 / 1.40 |
//! | Europe | CH, GB, IS, LI, NO | EUR / USD | 14.90 / 17.90 | 2.00 / 2.40 |
//! | overseas | AU, BR, CA, IN, JP, KR, MX, NZ, SG, US | EUR / USD | 24.90 / 29.90 | 6.50 / 7.80 |
//!
//! Half a percent of what the price exceeds 100.00 is added as insurance, rounded up to the minor unit.
//! From a price of 150.00 pieces of up to 20 kg ship free within the home zone.
//! Amounts are in the currency of the price: there is no conversion.

use kit::{CountryCode, Money};
use thiserror::Error;

const GRAMS_A_KILOGRAM: i64 = 1_000;
const INSURANCE_FREE_MINOR: i64 = 10_000;
/// One part in 200 is half a percent.
const INSURANCE_DIVISOR: i64 = 200;
const FREE_FROM_MINOR: i64 = 15_000;
const FREE_UP_TO_GRAMS: i64 = 20_000;

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ShippingError {
    /// No tariff for the country.
    #[error("we do not ship to {0}")]
    CountryNotServed(String),
    /// No tariff in the currency of the price.
    #[error("there is no shipping tariff in {0}")]
    CurrencyNotServed(String),
    /// Price or weight is negative, or so large that the sum overflows.
    #[error("price or weight is out of range")]
    OutOfRange,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Home,
    Union,
    Europe,
    Overseas,
}

fn zone(country: CountryCode) -> Option<Zone> {
    match country.as_str() {
        "DE" => Some(Zone::Home),
        "AT" | "BE" | "BG" | "CY" | "CZ" | "DK" | "EE" | "ES" | "FI" | "FR" | "GR" | "HR" | "HU" | "IE" | "IT"
        | "LT" | "LU" | "LV" | "MT" | "NL" | "PL" | "PT" | "RO" | "SE" | "SI" | "SK" => Some(Zone::Union),
        "CH" | "GB" | "IS" | "LI" | "NO" => Some(Zone::Europe),
        "AU" | "BR" | "CA" | "IN" | "JP" | "KR" | "MX" | "NZ" | "SG" | "US" => Some(Zone::Overseas),
        _ => None,
    }
}

/// Base and rate a kilogram, in minor units.
fn tariff(zone: Zone, currency: &str) -> Option<(i64, i64)> {
    match (currency, zone) {
        ("EUR", Zone::Home) => Some((490, 50)),
        ("EUR", Zone::Union) => Some((990, 120)),
        ("EUR", Zone::Europe) => Some((1_490, 200)),
        ("EUR", Zone::Overseas) => Some((2_490, 650)),
        ("USD", Zone::Home) => Some((590, 60)),
        ("USD", Zone::Union) => Some((1_190, 140)),
        ("USD", Zone::Europe) => Some((1_790, 240)),
        ("USD", Zone::Overseas) => Some((2_990, 780)),
        _ => None,
    }
}

/// What shipping one piece of this price and weight to `country` costs, by the table above.
///
/// # Errors
/// No tariff for the country or currency; a negative or overflowing amount.
pub fn estimate(price: &Money, weight_grams: i32, country: CountryCode) -> Result<Money, ShippingError> {
    let zone = zone(country).ok_or_else(|| ShippingError::CountryNotServed(country.as_str().to_owned()))?;
    let currency = price.currency.as_str();
    let (base, rate) = tariff(zone, currency).ok_or_else(|| ShippingError::CurrencyNotServed(currency.to_owned()))?;
    let (price_minor, grams) = (price.amount_minor.0, i64::from(weight_grams));
    if price_minor < 0 || grams < 0 {
        return Err(ShippingError::OutOfRange);
    }
    let free = zone == Zone::Home && price_minor >= FREE_FROM_MINOR && grams <= FREE_UP_TO_GRAMS;
    let carriage = if free {
        0
    } else {
        // At most 2^31 grams: neither product nor sum can overflow.
        let kilograms = (grams + GRAMS_A_KILOGRAM - 1) / GRAMS_A_KILOGRAM;
        base + rate * kilograms
    };
    let insured = price_minor.saturating_sub(INSURANCE_FREE_MINOR).max(0);
    let insurance = insured / INSURANCE_DIVISOR + i64::from(insured % INSURANCE_DIVISOR != 0);
    let amount = carriage.checked_add(insurance).ok_or(ShippingError::OutOfRange)?;
    Ok(Money::new(amount, price.currency))
}

#[cfg(test)]
mod tests {
    use kit::Money;

    use super::{ShippingError, estimate};

    fn shipped(minor: i64, currency: &str, grams: i32, country: &str) -> Result<i64, ShippingError> {
        let price = Money::new(minor, currency.parse().unwrap());
        estimate(&price, grams, country.parse().unwrap()).map(|money| {
            assert_eq!(money.currency, price.currency);
            money.amount_minor.0
        })
    }

    #[test]
    fn charges_base_and_each_started_kilogram() {
        assert_eq!(shipped(1_000, "EUR", 0, "DE"), Ok(490));
        assert_eq!(shipped(1_000, "EUR", 1, "DE"), Ok(540));
        assert_eq!(shipped(1_000, "EUR", 1_000, "FR"), Ok(990 + 120));
        assert_eq!(shipped(1_000, "EUR", 1_001, "GB"), Ok(1_490 + 2 * 200));
        assert_eq!(shipped(1_000, "USD", 2_500, "US"), Ok(2_990 + 3 * 780));
    }

    #[test]
    fn insures_what_exceeds_a_hundred_rounded_up() {
        assert_eq!(shipped(10_000, "EUR", 0, "FR"), Ok(990));
        assert_eq!(shipped(10_001, "EUR", 0, "FR"), Ok(991));
        assert_eq!(shipped(20_000, "EUR", 0, "FR"), Ok(990 + 50));
    }

    #[test]
    fn ships_dear_pieces_free_at_home_unless_heavy() {
        assert_eq!(shipped(15_000, "EUR", 20_000, "DE"), Ok(25));
        assert_eq!(shipped(15_000, "EUR", 20_001, "DE"), Ok(490 + 21 * 50 + 25));
    }

    #[test]
    fn refuses_unknown_countries_currencies_and_ranges() {
        assert_eq!(shipped(1, "EUR", 1, "XX"), Err(ShippingError::CountryNotServed("XX".into())));
        assert_eq!(shipped(1, "JPY", 1, "JP"), Err(ShippingError::CurrencyNotServed("JPY".into())));
        assert_eq!(shipped(-1, "EUR", 1, "DE"), Err(ShippingError::OutOfRange));
        assert_eq!(shipped(1, "EUR", -1, "DE"), Err(ShippingError::OutOfRange));
        assert!(shipped(i64::MAX, "EUR", i32::MAX, "US").is_ok());
    }
}
