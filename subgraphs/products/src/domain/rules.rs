//! The bounds of what a product may hold. The database repeats those that it can express.
//!
//! Every rule reports all that is wrong at once, so that a form can show it at once.

use std::collections::BTreeSet;

use kit::Money;

use super::Attribute;

/// Longest name in characters: a headline, not a text.
pub const NAME_LENGTH_MAX: usize = 200;
/// Longest description in characters: about two printed pages.
pub const DESCRIPTION_LENGTH_MAX: usize = 5_000;
/// Longest category in characters.
pub const CATEGORY_LENGTH_MAX: usize = 80;
/// Most attributes of one product; they are served as a plain list.
pub const ATTRIBUTES_MAX: usize = 50;
/// Longest name of an attribute in characters.
pub const ATTRIBUTE_NAME_LENGTH_MAX: usize = 80;
/// Longest value of an attribute in characters.
pub const ATTRIBUTE_VALUE_LENGTH_MAX: usize = 500;
/// Heaviest piece in grams: ten tonnes, above which nobody ships a parcel.
pub const WEIGHT_GRAMS_MAX: i32 = 10_000_000;
/// Most pieces on stock, as the service that keeps it says.
pub const STOCK_MAX: i32 = 1_000_000_000;

/// A value that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidField {
    /// The input field, as the schema names it.
    pub field: &'static str,
    /// What is wrong, in words for the caller.
    pub message: String,
}

impl InvalidField {
    pub(super) fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

/// The form of a name by which lists sort and search.
#[must_use]
pub fn fold_name(name: &str) -> String {
    name.to_lowercase()
}

/// Whether a product can have this SKU; nothing else need be looked up.
#[must_use]
pub fn is_sku(sku: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    (3..=32).contains(&sku.len()) && sku.bytes().all(allowed) && !sku.starts_with('-')
}

pub(super) fn check_sku(sku: &str, found: &mut Vec<InvalidField>) {
    if !is_sku(sku) {
        found.push(InvalidField::new(
            "sku",
            "must be 3 to 32 upper-case letters, digits and hyphens, not starting with a hyphen",
        ));
    }
}

pub(super) fn check_text(
    field: &'static str,
    text: &str,
    length: std::ops::RangeInclusive<usize>,
    found: &mut Vec<InvalidField>,
) {
    let characters = text.trim().chars().count();
    if !length.contains(&characters) || !length.contains(&text.chars().count()) {
        let message = format!("must have {} to {} characters", length.start(), length.end());
        found.push(InvalidField::new(field, message));
    }
    if text.contains('\0') {
        found.push(InvalidField::new(field, "must not contain a null character"));
    }
}

pub(super) fn check_attributes(attributes: &[Attribute], found: &mut Vec<InvalidField>) {
    if attributes.len() > ATTRIBUTES_MAX {
        let message = format!("must have at most {ATTRIBUTES_MAX} entries");
        found.push(InvalidField::new("attributes", message));
        return;
    }
    // Which of two values counts would be anyone's guess.
    let names: BTreeSet<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    if names.len() < attributes.len() {
        found.push(InvalidField::new("attributes", "must not have a name twice"));
    }
    for attribute in attributes {
        check_text("attributes", &attribute.name, 1..=ATTRIBUTE_NAME_LENGTH_MAX, found);
        check_text("attributes", &attribute.value, 0..=ATTRIBUTE_VALUE_LENGTH_MAX, found);
    }
}

pub(super) fn check_weight(weight_grams: i32, found: &mut Vec<InvalidField>) {
    if !(0..=WEIGHT_GRAMS_MAX).contains(&weight_grams) {
        let message = format!("must be 0 to {WEIGHT_GRAMS_MAX} grams");
        found.push(InvalidField::new("weight", message));
    }
}

pub(super) fn check_stock(stock: i32, found: &mut Vec<InvalidField>) {
    if !(0..=STOCK_MAX).contains(&stock) {
        found.push(InvalidField::new("stock", format!("must be 0 to {STOCK_MAX}")));
    }
}

/// A price is never negative, and in a currency that there is. Whether it is one that can be paid with is for who takes the money.
pub(super) fn check_price(price: &Money, found: &mut Vec<InvalidField>) {
    if price.amount_minor.0 < 0 {
        found.push(InvalidField::new("price", "must not be negative"));
    }
    if !price.currency.is_current() {
        found
            .push(InvalidField::new("price", format!("must be in a currency of ISO 4217; {} is none", price.currency)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_name_stands_once() {
        let attribute = |name: &str, value: &str| Attribute { name: name.to_owned(), value: value.to_owned() };
        let check = |attributes: &[Attribute]| {
            let mut found = Vec::new();
            check_attributes(attributes, &mut found);
            found.len()
        };
        assert_eq!(check(&[attribute("Colour", "blue"), attribute("Size", "blue")]), 0);
        assert_eq!(check(&[attribute("Colour", "blue"), attribute("Colour", "red")]), 1);
    }
}
