//! What products of a category say about themselves. A category that nobody has described lets its products say anything.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Attribute;
use super::rules::{
    ATTRIBUTE_NAME_LENGTH_MAX, ATTRIBUTE_VALUE_LENGTH_MAX, ATTRIBUTES_MAX, CATEGORY_LENGTH_MAX, InvalidField,
    check_text,
};

/// Most values that an attribute can be limited to: a list to choose from.
pub const ALLOWED_MAX: usize = 100;
/// Most categories that are described: they are served as a plain list.
pub const CATEGORIES_MAX: usize = 500;

/// A category's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// As its products name it.
    pub name: String,
    /// What its products say about themselves, in the order in which it is shown.
    pub attributes: Vec<AttributeRule>,
    /// Whether they may say nothing else.
    pub is_closed: bool,
    /// Counts the writes, from 1; for optimistic locking.
    pub version: i32,
    /// When it was last written.
    pub updated_at: DateTime<Utc>,
}

/// What a category says of one attribute.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct AttributeRule {
    /// Which: `Capacity`.
    pub name: String,
    /// What its value looks like.
    pub kind: AttributeKind,
    /// Whether every product of the category has it.
    pub required: bool,
    /// The only values that it can have; none: any of its kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<String>,
}

/// What an attribute's value looks like. Values are texts all the same.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeKind {
    /// Anything.
    Text,
    /// A whole number of 64 bits: `-3`.
    Integer,
    /// A number with at most nine digits behind the point: `1.75`.
    Decimal,
    /// `true` or `false`.
    Boolean,
}

impl AttributeKind {
    /// Whether `value` looks like this.
    #[must_use]
    pub fn takes(self, value: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Integer => value.parse::<i64>().is_ok_and(|number| number.to_string() == value),
            Self::Decimal => is_decimal(value),
            Self::Boolean => matches!(value, "true" | "false"),
        }
    }
}

/// Digits, with a sign before and a fraction behind at most.
fn is_decimal(value: &str) -> bool {
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let value = value.strip_prefix('-').unwrap_or(value);
    match value.split_once('.') {
        Some((whole, fraction)) => digits(whole, 18) && digits(fraction, 9),
        None => digits(value, 18),
    }
}

impl Category {
    /// Everything about this schema that breaks a rule, or contradicts itself; empty when it may be stored.
    #[must_use]
    pub fn check(&self) -> Vec<InvalidField> {
        let mut found = Vec::new();
        check_text("name", &self.name, 1..=CATEGORY_LENGTH_MAX, &mut found);
        if self.attributes.len() > ATTRIBUTES_MAX {
            found.push(InvalidField::new("attributes", format!("must have at most {ATTRIBUTES_MAX} entries")));
            return found;
        }
        let names: BTreeSet<&str> = self.attributes.iter().map(|rule| rule.name.as_str()).collect();
        if names.len() < self.attributes.len() {
            found.push(InvalidField::new("attributes", "must not have a name twice"));
        }
        for rule in &self.attributes {
            rule.check(&mut found);
        }
        found
    }

    /// What of `attributes` isn't as this category's products say it.
    #[must_use]
    pub fn check_attributes(&self, attributes: &[Attribute]) -> Vec<InvalidField> {
        let mut found = Vec::new();
        let mut wrong = |message: String| found.push(InvalidField::new("attributes", message));
        for rule in &self.attributes {
            let name = &rule.name;
            match attributes.iter().find(|attribute| attribute.name == *name) {
                None if rule.required => wrong(format!("must have {name} in the category {}", self.name)),
                None => {}
                Some(attribute) if !rule.kind.takes(&attribute.value) => {
                    wrong(format!("must have a value of the kind {:?} for {name}", rule.kind));
                }
                Some(attribute) if !rule.allowed.is_empty() && !rule.allowed.contains(&attribute.value) => {
                    wrong(format!("must have one of the allowed values for {name}"));
                }
                Some(_) => {}
            }
        }
        if self.is_closed {
            for attribute in attributes {
                if self.attributes.iter().all(|rule| rule.name != attribute.name) {
                    wrong(format!("must not have {} in the category {}", attribute.name, self.name));
                }
            }
        }
        found
    }
}

impl AttributeRule {
    fn check(&self, found: &mut Vec<InvalidField>) {
        check_text("attributes", &self.name, 1..=ATTRIBUTE_NAME_LENGTH_MAX, found);
        if self.allowed.len() > ALLOWED_MAX {
            found.push(InvalidField::new("attributes", format!("must allow at most {ALLOWED_MAX} values")));
            return;
        }
        for value in &self.allowed {
            check_text("attributes", value, 0..=ATTRIBUTE_VALUE_LENGTH_MAX, found);
            if !self.kind.takes(value) {
                found.push(InvalidField::new(
                    "attributes",
                    format!("must allow values of the kind of {} only", self.name),
                ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(name: &str, kind: AttributeKind, required: bool, allowed: &[&str]) -> AttributeRule {
        let allowed = allowed.iter().map(|&value| value.to_owned()).collect();
        AttributeRule { name: name.to_owned(), kind, required, allowed }
    }

    fn pots(is_closed: bool) -> Category {
        let attributes = vec![
            rule("Capacity", AttributeKind::Decimal, true, &[]),
            rule("Colour", AttributeKind::Text, false, &["blue", "red"]),
            rule("Dishwasher", AttributeKind::Boolean, false, &[]),
        ];
        Category { name: "Pots".to_owned(), attributes, is_closed, version: 1, updated_at: DateTime::UNIX_EPOCH }
    }

    fn wrong(category: &Category, attributes: &[(&str, &str)]) -> usize {
        let attribute =
            |(name, value): &(&str, &str)| Attribute { name: (*name).to_owned(), value: (*value).to_owned() };
        category.check_attributes(&attributes.iter().map(attribute).collect::<Vec<_>>()).len()
    }

    #[test]
    fn products_say_what_their_category_asks_for() {
        let pots = pots(false);
        assert_eq!(pots.check(), []);
        assert_eq!(wrong(&pots, &[("Capacity", "1.75"), ("Colour", "red"), ("Story", "long")]), 0);
        assert_eq!(wrong(&pots, &[]), 1);
        assert_eq!(wrong(&pots, &[("Capacity", "much"), ("Colour", "green"), ("Dishwasher", "yes")]), 3);
    }

    #[test]
    fn a_closed_category_asks_for_silence_about_the_rest() {
        assert_eq!(wrong(&pots(true), &[("Capacity", "1"), ("Story", "long")]), 1);
    }

    #[test]
    fn kinds_take_one_way_of_writing() {
        for (kind, good, bad) in [
            (AttributeKind::Integer, ["0", "-3"], ["03", "1.0"]),
            (AttributeKind::Decimal, ["-1.50", "7"], ["1.", ".5"]),
            (AttributeKind::Boolean, ["true", "false"], ["True", ""]),
        ] {
            assert!(
                good.iter().all(|value| kind.takes(value)) && !bad.iter().any(|value| kind.takes(value)),
                "{kind:?}"
            );
        }
        assert!(!AttributeKind::Decimal.takes("1e5") && !AttributeKind::Integer.takes("9223372036854775808"));
    }

    #[test]
    fn a_schema_contradicts_itself_nowhere() {
        let mut twice = pots(false);
        twice.attributes.push(rule("Colour", AttributeKind::Text, false, &[]));
        let mut impossible = pots(false);
        impossible.attributes.push(rule("Burners", AttributeKind::Integer, false, &["four"]));
        assert_eq!((twice.check().len(), impossible.check().len()), (1, 1));
    }
}
