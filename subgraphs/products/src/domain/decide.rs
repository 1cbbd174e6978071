//! What a change makes of a product, and what happened by it. Pure: whoever decides has checked, and whoever stores guards the
//! version.

use chrono::{DateTime, Utc};
use kit::{GlobalId, Money};
use wire::events::products::{
    ProductAdded, ProductChanged, ProductEvent, ProductPriceChanged, ProductVariantAdded, ProductVariantRemoved,
    ProductWithdrawn,
};

use super::{Product, ProductChange, ProductDraft, Variant, VariantDraft};
use crate::{ProductId, VariantId};

/// A state, and the events that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided<T> {
    /// What it is now, with its new version.
    pub state: T,
    /// What happened, in order.
    pub events: Vec<ProductEvent>,
}

impl Product {
    /// A new product of a draft that keeps the rules.
    #[must_use]
    pub fn add(id: ProductId, draft: ProductDraft, now: DateTime<Utc>) -> Decided<Self> {
        let added = ProductAdded {
            product_id: id.uuid().into(),
            sku: draft.sku.clone(),
            name: draft.name.clone(),
            category: draft.category.clone(),
            price: wire_money(draft.price),
            variants: Vec::new(),
            initial_stock: u32::try_from(draft.stock).ok().and_then(std::num::NonZeroU32::new),
        };
        Decided { state: Self::of_draft(id, draft, now), events: vec![ProductEvent::Added(added)] }
    }

    /// The product that a draft is of, at its first version.
    #[must_use]
    pub fn of_draft(id: ProductId, draft: ProductDraft, now: DateTime<Utc>) -> Self {
        let ProductDraft { sku, name, description, price, category, attributes, weight_grams, stock: _ } = draft;
        Self {
            id,
            sku,
            name,
            description,
            price,
            category,
            attributes,
            weight_grams,
            variants: Vec::new(),
            blocks: Vec::new(),
            withdrawn_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    /// With those values that `change` has, which keeps the rules. Values that were the same before haven't changed.
    #[must_use]
    pub fn change(&self, change: ProductChange, now: DateTime<Utc>) -> Decided<Self> {
        let mut state = self.written(now);
        let mut fields = Vec::new();
        set(&mut state.name, change.name, "name", &mut fields);
        set(&mut state.description, change.description, "description", &mut fields);
        set(&mut state.category, change.category, "category", &mut fields);
        set(&mut state.attributes, change.attributes, "attributes", &mut fields);
        set(&mut state.weight_grams, change.weight_grams, "weight", &mut fields);
        set(&mut state.blocks, change.blocks, "blocks", &mut fields);
        let changed = ProductChanged { product_id: self.id.uuid().into(), fields };
        let events = if changed.fields.is_empty() { Vec::new() } else { vec![ProductEvent::Changed(changed)] };
        Decided { state, events }
    }

    /// With another price, which keeps the rules.
    #[must_use]
    pub fn change_price(&self, price: Money, now: DateTime<Utc>) -> Decided<Self> {
        let state = Self { price, ..self.written(now) };
        let changed = ProductPriceChanged {
            product_id: self.id.uuid().into(),
            variant_id: None,
            price: wire_money(price),
            price_before: wire_money(self.price),
        };
        let events = if price == self.price { Vec::new() } else { vec![ProductEvent::PriceChanged(changed)] };
        Decided { state, events }
    }

    /// With one variant more, whose draft keeps the rules.
    #[must_use]
    pub fn add_variant(&self, id: VariantId, draft: VariantDraft, now: DateTime<Utc>) -> Decided<Self> {
        let VariantDraft { sku, price, attributes } = draft;
        let variant = Variant { id, sku, price, attributes };
        let added = ProductVariantAdded { product_id: self.id.uuid().into(), variant: variant.on_wire() };
        let mut state = self.written(now);
        state.variants.push(variant);
        Decided { state, events: vec![ProductEvent::VariantAdded(added)] }
    }

    /// With one variant less; `None` if it hasn't this one.
    #[must_use]
    pub fn remove_variant(&self, id: VariantId, now: DateTime<Utc>) -> Option<Decided<Self>> {
        let mut state = self.written(now);
        state.variants.retain(|variant| variant.id != id);
        let removed = ProductVariantRemoved { product_id: self.id.uuid().into(), variant_id: id.uuid().into() };
        (state.variants.len() < self.variants.len())
            .then(|| Decided { state, events: vec![ProductEvent::VariantRemoved(removed)] })
    }

    /// Sold no more; for good.
    #[must_use]
    pub fn withdraw(&self, now: DateTime<Utc>) -> Decided<Self> {
        let state = Self { withdrawn_at: Some(now), ..self.written(now) };
        let withdrawn = ProductWithdrawn { product_id: self.id.uuid().into() };
        Decided { state, events: vec![ProductEvent::Withdrawn(withdrawn)] }
    }

    /// The same, written once more.
    fn written(&self, now: DateTime<Utc>) -> Self {
        Self { version: self.version.saturating_add(1), updated_at: now, ..self.clone() }
    }
}

fn set<T: PartialEq>(value: &mut T, new: Option<T>, name: &str, changed: &mut Vec<String>) {
    if let Some(new) = new.filter(|new| *new != *value) {
        *value = new;
        changed.push(name.to_owned());
    }
}

/// As messages carry it. Both kinds of currency codes are three upper-case letters.
pub(super) fn wire_money(money: Money) -> wire::money::Money {
    let currency = money.currency.as_str().parse().unwrap_or(wire::money::Currency::EUR);
    wire::money::Money::new(money.amount_minor.0, currency)
}
