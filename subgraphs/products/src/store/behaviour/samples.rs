//! Products and pages to check with.

use chrono::{DateTime, Utc};
use kit::{GlobalId, Money};
use uuid::Uuid;
use wire::bus::Message;

use super::{Failure, Stage};
use crate::domain::{Attribute, Block, Decided, Page, PageDraft, Product, ProductDraft, VariantDraft};
use crate::events::messages;
use crate::{PageId, ProductId, VariantId};

pub(super) fn euro(minor: i64) -> Money {
    Money::new(minor, kit::CurrencyCode::EUR)
}

/// A time to the millisecond, the later the greater the number.
pub(super) fn at(number: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_123 + number * 1_000).unwrap_or_default()
}

pub(super) fn attribute(name: &str, value: &str) -> Attribute {
    Attribute { name: name.to_owned(), value: value.to_owned() }
}

pub(super) fn draft(number: i32) -> ProductDraft {
    ProductDraft {
        sku: format!("POT-{number:03}"),
        name: format!("Pot {number} ÄöÜ"),
        description: "A pot, \"good\" for much.".to_owned(),
        price: euro(1_000 + i64::from(number)),
        category: "Pots".to_owned(),
        attributes: vec![attribute("Colour", "blue"), attribute("$odd.name", "")],
        weight_grams: 900,
        stock: 3,
    }
}

pub(super) fn product(number: i32) -> Decided<Product> {
    Product::add(ProductId::from_uuid(Uuid::now_v7()), draft(number), at(number.into()))
}

pub(super) fn variant(product: &Product, sku: &str) -> Decided<Product> {
    let draft = VariantDraft { sku: sku.to_owned(), price: Some(euro(5)), attributes: vec![attribute("Size", sku)] };
    product.add_variant(VariantId::from_uuid(Uuid::now_v7()), draft, at(100))
}

pub(super) fn page(slug: &str) -> Decided<Page> {
    let blocks = vec![Block::Text { markdown: "Hello".to_owned() }];
    let draft = PageDraft { slug: slug.to_owned(), title: "A page".to_owned(), blocks };
    Page::add(PageId::from_uuid(Uuid::now_v7()), draft, at(1))
}

pub(super) fn told_of(decided: &Decided<Product>) -> Result<Vec<Message>, Failure> {
    Ok(messages(&decided.events, decided.state.version, None, decided.state.updated_at)?)
}

/// Adds a product to the store.
pub(super) async fn added(stage: &dyn Stage, decided: Decided<Product>) -> Result<Product, Failure> {
    let messages = told_of(&decided)?;
    super::same("a product is added", stage.store().product_insert(&decided.state, &messages).await?, true)?;
    Ok(decided.state)
}
