//! Variants: the forms in which one product is sold, each with a SKU of its own, and a price where it isn't the product's.

use std::collections::BTreeSet;

use kit::{GlobalId, Money};
use serde::{Deserialize, Serialize};

use super::rules::{InvalidField, check_attributes, check_price, check_sku};
use super::{Attribute, Product};
use crate::VariantId;

/// Most variants of a product: they are served as a plain list.
pub const VARIANTS_MAX: usize = 100;

/// One form of a product.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Variant {
    /// Its id; never changes.
    pub id: VariantId,
    /// Its stock keeping unit, unique among those of products and variants; never changes.
    pub sku: String,
    /// What one piece costs, if not what the product does; in the product's currency.
    pub price: Option<Money>,
    /// What tells it from the others: `Size`, `Colour`.
    pub attributes: Vec<Attribute>,
}

/// A variant to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantDraft {
    /// See [`Variant::sku`].
    pub sku: String,
    /// See [`Variant::price`].
    pub price: Option<Money>,
    /// See [`Variant::attributes`].
    pub attributes: Vec<Attribute>,
}

impl VariantDraft {
    /// Everything about this draft that breaks a rule, or doesn't go with `product`; empty when it may be added.
    #[must_use]
    pub fn check(&self, product: &Product) -> Vec<InvalidField> {
        let mut found = Vec::new();
        check_sku(&self.sku, &mut found);
        check_attributes(&self.attributes, &mut found);
        if let Some(price) = &self.price {
            check_price(price, &mut found);
            if price.currency != product.price.currency {
                found.push(InvalidField::new("price", "must be in the currency of the product"));
            }
        }
        if product.variants.len() >= VARIANTS_MAX {
            found.push(InvalidField::new("variants", format!("must be at most {VARIANTS_MAX}")));
        }
        // Nobody could tell two such variants from each other.
        let of = |attributes: &[Attribute]| -> BTreeSet<(String, String)> {
            attributes.iter().map(|attribute| (attribute.name.clone(), attribute.value.clone())).collect()
        };
        let mine = of(&self.attributes);
        if product.variants.iter().any(|variant| of(&variant.attributes) == mine) {
            found.push(InvalidField::new("attributes", "must differ from those of the other variants"));
        }
        found
    }
}

impl Variant {
    pub(super) fn on_wire(&self) -> wire::events::products::Variant {
        wire::events::products::Variant {
            variant_id: self.id.uuid().into(),
            sku: self.sku.clone(),
            price: self.price.map(super::decide::wire_money),
        }
    }
}
