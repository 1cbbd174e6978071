//! What a caller proposes: a new product, or a change of one; and the proof that it keeps the rules.

use kit::Money;

use super::Attribute;
use super::content::{Block, check_blocks};
use super::rules::{
    CATEGORY_LENGTH_MAX, DESCRIPTION_LENGTH_MAX, InvalidField, NAME_LENGTH_MAX, check_attributes, check_price,
    check_sku, check_stock, check_text, check_weight,
};

/// A product to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductDraft {
    /// See [`super::Product::sku`].
    pub sku: String,
    /// See [`super::Product::name`].
    pub name: String,
    /// See [`super::Product::description`].
    pub description: String,
    /// See [`super::Product::price`].
    pub price: Money,
    /// See [`super::Product::category`].
    pub category: String,
    /// See [`super::Product::attributes`].
    pub attributes: Vec<Attribute>,
    /// See [`super::Product::weight_grams`].
    pub weight_grams: i32,
    /// Pieces that there are of it from the start.
    pub stock: i32,
}

impl ProductDraft {
    /// Everything about this draft that breaks a rule; empty when it may be stored.
    #[must_use]
    pub fn check(&self) -> Vec<InvalidField> {
        let mut found = Vec::new();
        check_sku(&self.sku, &mut found);
        check_text("name", &self.name, 1..=NAME_LENGTH_MAX, &mut found);
        check_text("description", &self.description, 0..=DESCRIPTION_LENGTH_MAX, &mut found);
        check_price(&self.price, &mut found);
        check_text("category", &self.category, 1..=CATEGORY_LENGTH_MAX, &mut found);
        check_attributes(&self.attributes, &mut found);
        check_weight(self.weight_grams, &mut found);
        check_stock(self.stock, &mut found);
        found
    }
}

/// New values for a product; `None` keeps what is there. The price has a command of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProductChange {
    /// See [`super::Product::name`].
    pub name: Option<String>,
    /// See [`super::Product::description`].
    pub description: Option<String>,
    /// See [`super::Product::category`].
    pub category: Option<String>,
    /// See [`super::Product::attributes`]; the whole list anew.
    pub attributes: Option<Vec<Attribute>>,
    /// See [`super::Product::weight_grams`].
    pub weight_grams: Option<i32>,
    /// See [`super::Product::blocks`]; the whole list anew.
    pub blocks: Option<Vec<Block>>,
}

impl ProductChange {
    /// Everything about this change that breaks a rule; empty when it may be stored.
    #[must_use]
    pub fn check(&self) -> Vec<InvalidField> {
        let mut found = Vec::new();
        if let Some(name) = &self.name {
            check_text("name", name, 1..=NAME_LENGTH_MAX, &mut found);
        }
        if let Some(description) = &self.description {
            check_text("description", description, 0..=DESCRIPTION_LENGTH_MAX, &mut found);
        }
        if let Some(category) = &self.category {
            check_text("category", category, 1..=CATEGORY_LENGTH_MAX, &mut found);
        }
        if let Some(attributes) = &self.attributes {
            check_attributes(attributes, &mut found);
        }
        if let Some(weight_grams) = self.weight_grams {
            check_weight(weight_grams, &mut found);
        }
        if let Some(blocks) = &self.blocks {
            check_blocks(blocks, &mut found);
        }
        found
    }
}
